package account_test

import (
	"fmt"
	"strings"
	"testing"

	"persepsi/survey"
)

func TestABrowserKeepsOneMarkOfAnAccountAndFiveAtTheMost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	marks, first := "", ""
	for i := range 6 {
		p := d.person(fmt.Sprintf("p%d@kota.example", i), good)
		var before string
		for range 2 {
			before = marks
			in, err := d.try(p.Email, good, "192.0.2.1", marks)
			if err != nil {
				t.Fatal(err)
			}
			marks = in.Marks
		}
		if marks != before {
			t.Errorf("account %d: a second sign-in changes the marks", i)
		}
		if n := strings.Count(marks, ".") + 1; n != min(i+1, 5) {
			t.Errorf("%d marks after %d accounts", n, i+1)
		}
		if i == 0 {
			first = marks
		}
	}
	if strings.Contains(marks, first) {
		t.Error("the oldest mark stays")
	}
}

func TestAMarkHasOneSpelling(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := d.half()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := in.Marks[len(in.Marks)-1]
	other := in.Marks[:len(in.Marks)-1] + string(alphabet[strings.IndexByte(alphabet, last)^1])
	for range 10 {
		_, _ = d.try(d.siti.Email, "salah", "192.0.2.1", in.Marks)
	}
	for range 11 { // what is no mark counts with all strangers
		_, _ = d.try(d.siti.Email, "salah", "192.0.2.1", other)
	}
	if _, err := d.try(d.siti.Email, "salah", "192.0.2.1", other); survey.CodeOf(err) != survey.RateLimited {
		t.Fatal(err)
	}
	if _, err := d.try(d.siti.Email, good, "192.0.2.1", ""); survey.CodeOf(err) != survey.RateLimited {
		t.Errorf("another spelling of a mark has a count of its own: %v", err)
	}
}
