package testtools

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// noting keeps what a test says instead of failing.
type noting struct {
	testing.TB
	said string
}

func (n *noting) Errorf(format string, args ...any) { n.said += fmt.Sprintf(format, args...) }

func TestAGoldenFileIsWrittenWhereAskedForAndComparedAlways(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "golden.txt")
	if err := os.WriteFile(file, []byte("first\nsecond\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		"first\nsecond\n": "", "first\nother\n": "line 2 on: look at it, then -update\n got \"other\"\nwant \"second\"", "first\n": "line 2 on",
		"first\nsecond\nthird": "line 3 on", "first\nsecond\n\n": "has 4 lines, not 3", "first": "has 1 lines, not 3",
	} {
		n := &noting{TB: t}
		Golden(n, false, file, got)
		if (n.said == "") != (want == "") || !strings.Contains(n.said, want) {
			t.Errorf("of %q is said %q, want %q", got, n.said, want)
		}
	}
	Golden(t, true, file, "other")
	Golden(t, false, file, "other")
}
