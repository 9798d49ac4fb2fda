package survey

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestWhatAUnitImprovedIsDeclaredAndReplaced(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	today := NewDate(2026, 5, 27)
	// The period has answers, and later it is over: neither asks for a reason.
	put := func(now *Catalogue, day Date, text string) *ApplyResult {
		t.Helper()
		a, err := Apply(now, []byte(text), lib, methods, codes(), &held{answers: map[heldAt]int64{{NewDate(2026, 2, 1), "dukcapil-loket"}: 9}}, day)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Amended) > 0 {
			t.Errorf("it amends %v", a.Amended)
		}
		return a
	}
	base := mustApply(t, &Catalogue{}, cityYAML)
	const both = `periods: [{code: 2026-s1, improved: {dukcapil-loket: [{aspect: waktu, text: {id: Loket sore dibuka, en: Open in the afternoon}, done: 2026-02-16}, {text: Kursi, done: 2026-05-27}]}}]`
	first := put(base, today, both)
	list := first.Catalogue.Periods[0].Improved["dukcapil-loket"]
	if len(list) != 2 || list[0].Aspect != "waktu" || list[0].Text.In("en") != "Open in the afternoon" || list[0].Done != NewDate(2026, 2, 16) || list[1].Text.In("en") != "Kursi" || base.Periods[0].Improved != nil {
		t.Errorf("%+v, before %+v", list, base.Periods[0].Improved)
	}
	if got, want := strings.Join(lines(first.Changes), "\n"), "added periods.2026-s1.improved.dukcapil-loket.1: 2026-02-16 waktu: Loket sore dibuka / Open in the afternoon\n"+
		"added periods.2026-s1.improved.dukcapil-loket.2: 2026-05-27: Kursi"; got != want {
		t.Errorf("it tells\n%s", got)
	}
	if again := put(first.Catalogue, today, both); again.Changed {
		t.Error("the same again changes something")
	}
	if other := put(first.Catalogue, NewDate(2027, 1, 1), `periods: [{code: 2026-s1, improved: {dukcapil-mpp: [{text: Kursi, done: 2026-12-31}]}}]`); len(other.Catalogue.Periods[0].Improved) != 2 {
		t.Errorf("another unit's leaves %+v", other.Catalogue.Periods[0].Improved)
	}
	for name, text := range map[string]string{
		"text":     strings.Replace(both, "Kursi", "Meja", 1),
		"language": strings.Replace(both, "en: Open", "en: Not open", 1),
		"day":      strings.Replace(both, "2026-02-16", "2026-02-17", 1),
		"aspect":   strings.Replace(both, "waktu", "biaya", 1),
	} {
		if a := put(first.Catalogue, today, text); !a.Changed || len(a.Changes) != 1 || !strings.HasPrefix(a.Changes[0].String(), "changed periods.2026-s1.improved.dukcapil-loket.") {
			t.Errorf("another %s: %v", name, lines(a.Changes))
		}
	}
	gone := put(first.Catalogue, NewDate(2027, 1, 1), `periods: [{code: 2026-s1, improved: {dukcapil-loket: []}}]`)
	if len(gone.Catalogue.Periods[0].Improved) != 0 || len(gone.Changes) != 2 || !strings.HasPrefix(gone.Changes[0].String(), "removed ") || len(first.Catalogue.Periods[0].Improved) != 1 {
		t.Errorf("taken away: %v, it leaves %+v", lines(gone.Changes), gone.Catalogue.Periods[0].Improved)
	}
}

// It follows a unit that gets another code, which a file may name by either.
func TestWhatAUnitImprovedFollowsIt(t *testing.T) {
	t.Parallel()
	c := apply(t, mustApply(t, &Catalogue{}, cityYAML), `periods: [{code: 2026-s1, improved: {dukcapil-loket: [{text: Kursi, done: 2026-02-16}]}}]`).Catalogue
	renamed := apply(t, c, `agencies: [{code: dukcapil, units: [{code: muka, was: dukcapil-loket}]}]`)
	if list := renamed.Catalogue.Periods[0].Improved; len(list["muka"]) != 1 || len(list) != 1 || len(c.Periods[0].Improved["dukcapil-loket"]) != 1 {
		t.Errorf("%+v, before %+v", list, c.Periods[0].Improved)
	}
	if len(renamed.Changes) != 1 {
		t.Errorf("the new code tells %v", lines(renamed.Changes))
	}
	if a := apply(t, renamed.Catalogue, `periods: [{code: 2026-s1, improved: {dukcapil-loket: []}}]`); len(a.Catalogue.Periods[0].Improved) != 0 {
		t.Errorf("by the former code: %+v", a.Catalogue.Periods[0].Improved)
	}
}

func TestWhatIsNotDoneYetOrAboutNothingIsRefused(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, &Catalogue{}, cityYAML)
	const ok = "{text: Kursi, done: 2026-02-16}"
	for name, tc := range map[string]struct{ list, want string }{
		"six":                {"[" + strings.Repeat(ok+", ", 5) + ok + "]", ".improved.dukcapil-loket wrong_number"},
		"five":               {"[" + strings.Repeat(ok+", ", 4) + ok + "]", ""},
		"no list":            {"Kursi", ".improved.dukcapil-loket wrong_type"},
		"six words":          {"{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}", ".improved.dukcapil-loket wrong_type"},
		"no text":            {"[{done: 2026-02-16}]", ".improved.dukcapil-loket[0].text required"},
		"no day":             {"[" + ok + ", {text: Kursi}]", ".improved.dukcapil-loket[1].done required"},
		"a long text":        {"[{text: " + strings.Repeat("k", 201) + ", done: 2026-02-16}]", ".improved.dukcapil-loket[0].text wrong_text"},
		"English alone":      {"[{text: {en: Chairs}, done: 2026-02-16}]", ".improved.dukcapil-loket[0].text.id required"},
		"no aspect of these": {"[{aspect: parkir, text: Kursi, done: 2026-02-16}]", ".improved.dukcapil-loket[0].aspect unknown_aspect"},
		"one of an index":    {"[{aspect: pungli, text: Kursi, done: 2026-02-16}]", ""},
		"before the period":  {"[{text: Kursi, done: 2025-12-31}]", ".improved.dukcapil-loket[0].done too_early"},
		"its first day":      {"[{text: Kursi, done: 2026-01-01}]", ""},
		"tomorrow":           {"[{text: Kursi, done: 2026-02-17}]", ".improved.dukcapil-loket[0].done not_done"},
		"today":              {"[{text: Kursi, done: 2026-02-16}]", ""},
		"something else":     {"[{text: Kursi, done: 2026-02-16, by: saya}]", ".improved.dukcapil-loket[0].by unknown_key"},
	} {
		_, err := Apply(base, []byte("periods: [{code: 2026-s1, improved: {dukcapil-loket: "+tc.list+"}}]"), lib, methods, codes(), nil, NewDate(2026, 2, 16))
		got := faultLines(t, err)
		var want []string
		if tc.want != "" {
			want = []string{"periods[0]" + tc.want}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for list, want := range map[string]string{
		"{nowhere: [" + ok + "]}": "periods[0].improved.nowhere unknown_unit",
		"[" + ok + "]":            "periods[0].improved wrong_type",
	} {
		if got := faultsOf(t, base, "periods: [{code: 2026-s1, improved: "+list+"}]", nil); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", list, got, want)
		}
	}
	const about = "improved: {dukcapil-loket: [{aspect: parkir, text: Kursi, done: 2026-02-16}]}"
	for period, want := range map[string]string{
		"code: lagi, from: 2026-01-01, to: 2026-06-30, overlaps: [2026-s1], instrument: [skm-9, terpadu-16], ": "periods[0].instrument cannot_combine",
		"code: lagi, from: 2026-01-01, to: 2026-06-30, overlaps: [2026-s1], ":                                  "periods[0].instrument required",
	} { // of what there is no form it has no aspects either
		if got := faultsOf(t, base, "periods: [{"+period+about+"}]", nil); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %s", period, got, want)
		}
	}
	_, err := Apply(base, []byte("periods: [{code: 2026-s1, "+about+"}]"), lib, methods, codes(), nil, NewDate(2026, 2, 16))
	if got := faultsIn(err); len(got) != 1 || !strings.Contains(got[0].Message, "biaya, perilaku, prosedur and 9 more") {
		t.Errorf("the aspects that there are: %v", got)
	}
	renamed := apply(t, base, `agencies: [{code: dukcapil, units: [{code: muka, was: dukcapil-loket}]}]`).Catalogue
	if got := faultsOf(t, renamed, "periods: [{code: 2026-s1, improved: {muka: ["+ok+"], dukcapil-loket: []}}]", nil); !slices.Equal(got, []string{"periods[0].improved.muka duplicate_code"}) {
		t.Errorf("a unit by both codes: %q", got)
	}
}

// faultLines returns the places and codes of an apply's faults.
func faultLines(t *testing.T, err error) []string {
	t.Helper()
	var e *Error
	if err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
	var out []string
	if e != nil {
		for _, f := range e.Faults {
			out = append(out, f.Field+" "+f.Code)
		}
	}
	return out
}
