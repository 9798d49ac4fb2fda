package little

import (
	"os"
	"testing"
	"time"
)

func TestLarger(t *testing.T) {
	if Larger(1, 2) != 2 || Larger(2, 1) != 2 {
		t.Fail()
	}
}

func TestParts(t *testing.T) {
	for _, c := range []struct {
		name string
		test func() bool
	}{
		{"counts to three", func() bool { return Count(3) == 6 }},
		{"finds none", func() bool { n, _ := First(nil); return n == 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			time.Sleep(600 * time.Millisecond) // both together take long
			if !c.test() {
				t.Fail()
			}
		})
	}
}

func TestNamed(t *testing.T) {
	if !Named(2) || Named(3) {
		t.Fail()
	}
}

func TestBroken(t *testing.T) { t.Fail() }

func TestSkipped(t *testing.T) { t.Skip(os.Args[0]) }
