package audit

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/survey"
)

func TestWhichEntriesAFilterSelects(t *testing.T) {
	t.Parallel()
	e := &Entry{Actor: "command line", Action: "apply", Subject: "catalogue 5", Detail: "lain", Periods: []string{"2026-s1", "2026-s2"}, Units: []string{"pkm", "rsud-barat"}}
	for _, tc := range []struct {
		filter Filter
		want   bool
	}{
		{Filter{}, true},
		{Filter{Period: "2026-s1"}, true},
		{Filter{Period: "2026-s2"}, true},
		{Filter{Period: "2026-s"}, false},
		{Filter{Units: []string{"pkm"}}, true},
		{Filter{Units: []string{"rsud-barat"}}, true},
		{Filter{Units: []string{"rsud"}}, false},
		{Filter{Units: []string{"2026-s1"}}, false},
		{Filter{Period: "2026-s1", Units: []string{"lain"}}, false},
		{Filter{Period: "lain", Units: []string{"pkm"}}, false},
		{Filter{By: "command line"}, true},
		{Filter{By: "command"}, false},
		{Filter{Action: "apply", Units: []string{"pkm"}}, true},
		{Filter{Action: "import"}, false},
	} {
		if got := tc.filter.Selects(e); got != tc.want {
			t.Errorf("%+v selects it: %v, want %v", tc.filter, got, tc.want)
		}
	}
}

// full has something in every field.
func full() Entry {
	return Prepare([]Entry{{
		ID: "0197a1b2", At: time.Date(2026, 11, 29, 10, 15, 2, 123456789, time.FixedZone("WITA", 8*3600)),
		Actor: "Inspektorat, TPI", Action: "amend", Subject: "2026-s1", Detail: "by catalogue 5", Reason: "lembar lama: “0,11”",
		Periods: []string{"2026-s1"}, Units: []string{"loket", "pkm"},
		Changes: []Change{{"figure 2026-s1 loket ikm", "87.50", "86.63"}, {"periods.2026-s1.methods.ikm", "", "w0.11"}},
	}})[0]
}

// Who checks an audit with a program of their own relies on these bytes.
func TestTheBytesOfAnEntrysHashAreFrozen(t *testing.T) {
	t.Parallel()
	first := full().After(Head{})
	second := Prepare([]Entry{{ID: "x", At: time.Unix(1, 0)}})[0].After(first.Head())
	text, err := first.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got := string(first.canonical()) + "\n" + first.Hash + "\n" + text + "\n\n" + string(second.canonical()) + "\n" + second.Hash + "\n"
	want, err := os.ReadFile("testdata/canonical.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEveryFieldIsInTheHash(t *testing.T) {
	t.Parallel()
	sealed := full().After(Head{3, "aa"})
	for name, change := range map[string]func(*Entry){
		"serial": func(e *Entry) { e.Serial++ }, "id": func(e *Entry) { e.ID += "x" }, "at": func(e *Entry) { e.At = e.At.Add(time.Millisecond) },
		"by": func(e *Entry) { e.Actor += "x" }, "action": func(e *Entry) { e.Action += "x" }, "subject": func(e *Entry) { e.Subject += "x" },
		"detail": func(e *Entry) { e.Detail += "x" }, "reason": func(e *Entry) { e.Reason += "x" }, "previous": func(e *Entry) { e.Previous += "x" },
		"a period":     func(e *Entry) { e.Periods = []string{"2026-s2"} },
		"a unit":       func(e *Entry) { e.Units = e.Units[:1] },
		"moved unit":   func(e *Entry) { e.Periods, e.Units = append(e.Periods, e.Units[0]), e.Units[1:] },
		"what":         func(e *Entry) { e.Changes = append([]Change{}, e.Changes...); e.Changes[0].What += "x" },
		"before":       func(e *Entry) { e.Changes = append([]Change{}, e.Changes...); e.Changes[0].Before += "x" },
		"after":        func(e *Entry) { e.Changes = append([]Change{}, e.Changes...); e.Changes[0].After += "x" },
		"a change":     func(e *Entry) { e.Changes = e.Changes[:1] },
		"moved text":   func(e *Entry) { e.Subject, e.Detail = e.Subject+e.Detail, "" },
		"moved length": func(e *Entry) { e.Subject, e.Detail = e.Subject+","+"14:by catalogue 5", "" },
	} {
		e := sealed
		change(&e)
		if e.sum() == sealed.Hash {
			t.Errorf("another %s has the same hash", name)
		}
	}
	if sealed.sum() != sealed.Hash {
		t.Error("a sealed entry has another hash")
	}
}

func TestAnEntryComesBackFromItsText(t *testing.T) {
	t.Parallel()
	e := Prepare([]Entry{{ID: "a", At: time.Now(), Actor: "a\xffb", Reason: "<&> \u2028", Periods: []string{"\xff"}, Changes: []Change{{"\xff", "\xff", "\xff"}}}})[0].After(Head{})
	text, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got := Decode(e.Serial, e.Hash, text)
	if diff := cmp.Diff(e, got); diff != "" || got.sum() != e.Hash {
		t.Errorf("(-want +got), hash %v:\n%s", got.sum() == e.Hash, diff)
	}
}

// chained returns n entries in a row.
func chained(n int) []Entry {
	var out []Entry
	var head Head
	for range n {
		e := Prepare([]Entry{{At: time.Unix(int64(len(out)), 0), Action: "apply"}})[0].After(head)
		out, head = append(out, e), e.Head()
	}
	return out
}

// retyped returns an entry as it is read from a text that has a word for the serial.
func retyped(e Entry) Entry {
	text, _ := e.Encode()
	return Decode(e.Serial, e.Hash, strings.Replace(text, `"serial":4`, `"serial":"4"`, 1))
}

func TestAChainTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	known := chained(9)
	for name, tc := range map[string]struct {
		spoil func([]Entry) []Entry
		known Head
		want  string
	}{
		"sound":             {func(l []Entry) []Entry { return l }, Head{}, ""},
		"empty":             {func([]Entry) []Entry { return nil }, Head{}, ""},
		"changed":           {func(l []Entry) []Entry { l[3].Reason = "x"; return l }, Head{}, "entry 4 was changed after it was written"},
		"unreadable":        {func(l []Entry) []Entry { l[3] = Decode(4, l[3].Hash, "{"); return l }, Head{}, "entry 4 was changed after it was written"},
		"of a wrong type":   {func(l []Entry) []Entry { l[3] = retyped(l[3]); return l }, Head{}, "entry 4 was changed after it was written"},
		"one missing":       {func(l []Entry) []Entry { return append(l[:3], l[4:]...) }, Head{}, "entry 4 is missing"},
		"several missing":   {func(l []Entry) []Entry { return append(l[:3], l[6:]...) }, Head{}, "entry 4 and those up to 6 are missing"},
		"the first missing": {func(l []Entry) []Entry { return l[1:] }, Head{}, "entry 1 is missing"},
		"written anew":      {func(l []Entry) []Entry { l[3].Reason = "x"; l[3] = l[3].After(l[2].Head()); return l }, Head{}, "entry 5 does not follow the one before: that was written anew, or this one put in"},
		"put in between": {func(l []Entry) []Entry {
			return append(l[:3], append([]Entry{l[0].After(l[2].Head())}, l[3:]...)...)
		}, Head{}, "entry 4 stands in a wrong place; entry 4 does not follow the one before: that was written anew, or this one put in"},
		"swapped":                  {func(l []Entry) []Entry { l[3], l[4] = l[4], l[3]; return l }, Head{}, "entry 4 is missing; entry 4 stands in a wrong place; entry 4 does not follow the one before: that was written anew, or this one put in; entry 5 is missing"},
		"the newest taken away":    {func(l []Entry) []Entry { return l[:8] }, Head{}, ""},
		"told by a known head":     {func(l []Entry) []Entry { return l[:8] }, known[8].Head(), "entry 9 is known and is not there: the newest entries were taken away"},
		"the known head":           {func([]Entry) []Entry { return known }, known[8].Head(), ""},
		"one that came after":      {func([]Entry) []Entry { return known }, known[4].Head(), ""},
		"all written anew, unseen": {func(l []Entry) []Entry { return l }, Head{}, ""},
		"all written anew, known":  {func(l []Entry) []Entry { return l }, known[4].Head(), "entry 5 is another one than the known head"},
	} {
		c := Chain{Known: tc.known}
		for _, e := range tc.spoil(chained(9)) {
			c.Add(&e)
		}
		var got []string
		for _, f := range c.End() {
			got = append(got, f.String())
		}
		if text := strings.Join(got, "; "); text != tc.want {
			t.Errorf("%s: %q, want %q", name, text, tc.want)
		}
	}
}

// Nothing of what very many changes are is lost, and no entry is too large.
func TestVeryManyChangesAreToldInParts(t *testing.T) {
	t.Parallel()
	e := Entry{ID: "one", Detail: "nama baru", Action: "apply", Units: []string{"u"}}
	for range 40_000 {
		e.Changes = append(e.Changes, Change{strings.Repeat("p", 60), strings.Repeat("b", 20), strings.Repeat("a", 20)})
	}
	parts := Prepare([]Entry{e, {ID: "two"}})
	n := 0
	for i, p := range parts[:len(parts)-1] {
		n += len(p.Changes)
		if text, err := p.Encode(); err != nil || len(text) > 3<<20 || len(p.Changes) == 0 || p.Units[0] != "u" || p.Action != "apply" {
			t.Errorf("part %d has %d bytes and %d changes, err = %v", i, len(text), len(p.Changes), err)
		}
	}
	if n != len(e.Changes) || len(parts) != 5 || parts[0].ID != "one" || parts[3].ID != "one/4" || parts[3].Detail != "nama baru (part 4 of 4)" || parts[4].ID != "two" || parts[4].Detail != "" {
		t.Errorf("%d parts with %d changes; the fourth is %s %q", len(parts), n, parts[3].ID, parts[3].Detail)
	}
	large := Prepare([]Entry{{Changes: []Change{{What: "a"}, {What: "b", Before: strings.Repeat("x", mostText+1)}, {What: "c"}}}})
	if len(large) != 3 || len(large[1].Changes) != 1 {
		t.Errorf("a very large change makes %d parts, want one of its own", len(large))
	}
	if parts := Prepare([]Entry{{Changes: []Change{{Before: strings.Repeat("x", mostText+1)}}}}); len(parts) != 1 || parts[0].Detail != "" {
		t.Errorf("one very large change makes %d parts", len(parts))
	}
}

func TestWhatADeclarationIsAbout(t *testing.T) {
	t.Parallel()
	city := &survey.Catalogue{Agencies: []survey.Agency{
		{Code: "dinkes", Units: []survey.Unit{{Code: "pkm"}, {Code: "rsud"}}}, {Code: "dukcapil", Units: []survey.Unit{{Code: "loket"}}},
	}}
	for path, want := range map[string]string{
		"city.name":                              "[] []",
		"agencies.dinkes":                        "[] [pkm rsud]",
		"agencies.dinkes.units.pkm":              "[] [pkm]",
		"agencies.dinkes.units.pkm.points.AA01":  "[] [pkm]",
		"periods.2026-s1":                        "[2026-s1] []",
		"earlier.pkm.ikm.\"Sem. 1 2023\"":        "[] [pkm]",
		"periods.2026-s1.population.rsud":        "[2026-s1] [rsud]",
		"periods.2026-s1.methods.ikm":            "[2026-s1] []",
		"periods.2026-s1.units: pkm → pkm, rsud": "[2026-s1] [rsud]",
	} {
		name, values, _ := strings.Cut(path, ": ")
		before, after, _ := strings.Cut(values, " → ")
		var e Entry
		e.Declare(city, city, []survey.Change{{Path: name, Before: before, After: after}})
		got := "[" + strings.Join(e.Periods, " ") + "] [" + strings.Join(e.Units, " ") + "]"
		if got != want || len(e.Changes) != 1 || e.Changes[0] != (Change{name, before, after}) {
			t.Errorf("%s is about %s, want %s; %+v", path, got, want, e.Changes)
		}
	}
	var kinds Entry
	kinds.Declare(city, city, []survey.Change{
		{Path: "agencies.dinkes.units.pkm", Kind: survey.ChangeRenamed, Before: "p", After: "pkm"},
		{Path: "agencies.dinkes.units.pkm", Kind: survey.ChangeMoved, Before: "agencies.dukcapil", After: "agencies.dinkes"},
		{Path: "agencies.dinkes", Kind: survey.ChangeClosed, After: "Dinas"},
		{Path: "agencies.dinkes", Kind: survey.ChangeReopened, After: "Dinas"},
	})
	if got := fmt.Sprint(kinds.Changes); got != "[{agencies.dinkes.units.pkm.code p pkm} {agencies.dinkes.units.pkm.of agencies.dukcapil agencies.dinkes} "+
		"{agencies.dinkes.closed  true} {agencies.dinkes.closed true }]" {
		t.Errorf("told: %s", got)
	}
	var e Entry
	e.Declare(new(survey.Catalogue), city, []survey.Change{{Path: "agencies.dukcapil", After: "Dinas"}})
	if len(e.Units) != 1 || e.Units[0] != "loket" {
		t.Errorf("a new agency is about %v", e.Units)
	}
}
