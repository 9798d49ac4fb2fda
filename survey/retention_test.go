package survey

import (
	"strings"
	"testing"
	"time"
)

func TestAPeriodExpiresOnTheDayAfterItsLastMonths(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		to     string
		months int
		first  string // day on which it is expired
	}{
		"half a year":                    {"2026-06-30", 6, "2026-12-31"},
		"into a short month":             {"2026-08-31", 6, "2027-03-01"},
		"into that of a leap year":       {"2027-08-31", 6, "2028-03-01"},
		"the fewest":                     {"2026-01-31", 1, "2026-03-01"},
		"over a year":                    {"2026-12-31", 24, "2029-01-01"},
		"from a month's last to a later": {"2026-02-28", 1, "2026-03-29"},
	} {
		to, err := ParseDate(tc.to)
		if err != nil {
			t.Fatal(err)
		}
		first, err := ParseDate(tc.first)
		if err != nil {
			t.Fatal(err)
		}
		n, p := &Notice{RetentionMonths: tc.months}, &Period{To: to}
		if n.Expired(p, first-1) || !n.Expired(p, first) || !n.Expired(p, first+400) || n.Expired(p, to) {
			t.Errorf("%s: it does not expire on %s", name, first)
		}
		if (&Notice{}).Expired(p, first+40000) {
			t.Errorf("%s: what is kept without limit expires", name)
		}
	}
}

func TestTheDayOfExpiryIsTheCitys(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, &Catalogue{}, cityYAML)
	c.City.Notice.RetentionMonths = 1
	p := c.Periods[0]
	for zone, offset := range map[string]time.Duration{"Asia/Jakarta": 7 * time.Hour, "Asia/Makassar": 8 * time.Hour, "Asia/Jayapura": 9 * time.Hour} {
		c.City.TimeZone = zone
		d, err := NewDirectory(c, lib, methods)
		if err != nil {
			t.Fatal(err)
		}
		until, _ := c.City.Notice.KeptUntil(&p)
		midnight := (until + 1).Time().Add(-offset)
		if d.City().Notice.Expired(&p, d.Today(midnight.Add(-time.Millisecond))) || !d.City().Notice.Expired(&p, d.Today(midnight)) {
			t.Errorf("in %s it does not expire at midnight", zone)
		}
	}
}

func TestWhatWasErasedIsNotCompared(t *testing.T) {
	t.Parallel()
	stored := Response{Unit: "u", Answers: "123", Respondent: "21-", Comment: "panjang", Lang: "id"}
	whole, erased := stored, stored
	erased.Erase()
	if erased.Respondent.At(0) != 0 || erased.Comment != "" || !erased.Erased() || whole.Erased() || erased.Answers != "123" {
		t.Errorf("erased: %+v", erased)
	}
	if !erased.Same(&whole) || !whole.Same(&erased) || !erased.Same(&erased) {
		t.Error("an erased answer is not the same as before")
	}
	for _, change := range []func(*Response){
		func(r *Response) { r.Answers = "124" },
		func(r *Response) { r.Lang = "en" },
		func(r *Response) { r.Service = "ktp" },
	} {
		other := whole
		if change(&other); erased.Same(&other) {
			t.Errorf("%+v is the same as %+v", other, erased)
		}
	}
	other := whole
	if other.Comment = "lain"; whole.Same(&other) {
		t.Error("another comment is the same while it is there")
	}
	untold := Response{Respondent: MakeMarks([]int{0, 0})}
	if untold.Erased() || (&Response{}).Erased() {
		t.Error("who told nothing was erased")
	}
	var n Erasable
	for _, r := range []*Response{&whole, &erased, &untold, {Comment: "x"}} {
		n.Count(r)
	}
	if n != (Erasable{Answers: 3, Comments: 2, Told: 1}) {
		t.Errorf("counted %+v", n)
	}
	e := Erasure{Period: "2026-s1", Day: NewDate(2026, time.July, 31)}
	if err := e.Refuse("an undo"); CodeOf(err) != Conflict || !strings.Contains(err.Error(), "2026-07-31") {
		t.Error(err)
	}
}

func TestDigestsThatWereRemovedAreNotTheSame(t *testing.T) {
	t.Parallel()
	of := func(digests ...string) *Import {
		i := &Import{Period: "2026-s1"}
		for n, d := range digests {
			i.Units = append(i.Units, ImportedUnit{Unit: string(rune('a' + n)), Rows: 3, Digest: d})
		}
		return i
	}
	a, b := of("11", "22"), of("11", "33")
	if got := a.Repeats(b); len(got) != 1 || got[0] != "a" {
		t.Errorf("repeated are %q", got)
	}
	for _, i := range []*Import{a, b, of("11", ""), of("", "22")} { // the last two were broken off
		i.File, i.Key = "5ea1", "0f"
		if !i.Erase() || i.Units[0].Digest+i.Units[1].Digest+i.File+i.Key != "" || i.Rows() != 6 || i.Erase() {
			t.Errorf("erased is %+v", i.Units)
		}
	}
	if i := (&Import{File: "5ea1"}); !i.Erase() || i.File != "" { // of an earlier program
		t.Errorf("erased is %+v", i)
	}
	if got := a.Repeats(b); len(got) > 0 {
		t.Errorf("%q are taken for the same rows of which nothing is known", got)
	}
}

func TestAnswersMayHaveLostSomethingFromTheSealOn(t *testing.T) {
	t.Parallel()
	for of, want := range map[Erasure]bool{{}: false, {Sealed: true}: true, {Done: true}: true, {Earlier: true}: true} {
		if got := of.Removes(); got != want {
			t.Errorf("%+v removes: %v", of, got)
		}
	}
}
