package desk

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

func TestASplitNamesItsGroupsInTheOrderOfTheCatalogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	form := w.directory.Form("2026-s1")
	field := &form.Fields[0]
	m := &detailMaker{d: w.directory, form: form, unit: &Unit{Code: "u"}}
	cell := func(code string, hidden bool, of ...string) analytics.CellResult {
		out := analytics.CellResult{Code: code, Suppressed: hidden}
		for _, index := range of {
			if out.Means == nil {
				out.Means = map[string]float64{}
			}
			out.Means[index] = 3
		}
		return out
	}
	for _, tc := range []struct {
		by      string
		cells   []analytics.CellResult
		groups  string // code, name, mode, label
		title   string
		hidden  int
		indexes []string
	}{
		{
			ByService,
			[]analytics.CellResult{cell("", false), cell("kk", false), cell("ktp", true), cell("akta", false, "ikm", "another")},
			"[ktp|KTP|| akta|Akta|| kk|KK|| |||]", "", 1,
			[]string{"ikm"},
		},
		{ByPoint, []analytics.CellResult{cell("P2", true), cell("", true), cell("P1", false)}, "[P1|Loket 1|| P2|Loket 2|| |||]", "", 2, nil},
		{ByMode, []analytics.CellResult{cell("qr", false)}, "[qr||qr|]", "", 0, nil},
		{
			field.Code,
			[]analytics.CellResult{cell(field.Categories[1].Code, false)},
			fmt.Sprintf("[%s|||%s]", field.Categories[1].Code, field.Categories[1].Label.In("id")), field.Text.In("id"), 0, nil,
		},
	} {
		got := m.split(&report.Breakdown{By: tc.by, State: "final", Cells: tc.cells})
		var groups []string
		for _, g := range got.Groups {
			groups = append(groups, g.Code+"|"+g.Name+"|"+g.Mode+"|"+g.Label.In("id"))
		}
		if fmt.Sprint(groups) != tc.groups || got.Title.In("id") != tc.title || got.Hidden != tc.hidden || !slices.Equal(got.Indexes, tc.indexes) || !got.Scores || got.By != tc.by {
			t.Errorf("by %s: %q, %+v, want %s", tc.by, groups, got, tc.groups)
		}
	}
}

func TestRelationsAreThoseOfAFinalRelease(t *testing.T) {
	t.Parallel()
	w := halves(t)
	w.refresh()
	details, err := NewDetails(w.figures, cache.New(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	d := w.builder.Desk().For(evaluator())
	for _, tc := range []struct {
		unit, period string
		want         int
	}{{"u", "2025-s2", 9}, {"u", "2026-s1", 0}, {"v", "2025-s2", 0}} {
		u, ok := d.Unit(tc.unit, tc.period)
		if !ok {
			t.Fatalf("no unit %s in %s", tc.unit, tc.period)
		}
		if tc.unit == "v" { // as in figures of before its final release was made
			u = &Unit{Code: u.Code, Period: u.Period, State: Final}
		}
		if got, err := details.Relations(d, u); err != nil || len(got["ikm"]) != tc.want {
			t.Errorf("%s in %s: %d relations, %v, want %d", tc.unit, tc.period, len(got["ikm"]), err, tc.want)
		}
	}
}

func TestNothingIsToldOfAUnitBeforeTheFirstFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	details, err := NewDetails(w.figures, cache.New(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	d, u := w.builder.Desk().For(evaluator()), &Unit{Code: "u", Period: &Period{Code: "2026-s1"}, State: Final}
	if got, err := details.Of(t.Context(), d, u, ""); got != nil || !errors.Is(err, report.ErrNotLoaded) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := details.Relations(d, u); got != nil || !errors.Is(err, report.ErrNotLoaded) {
		t.Errorf("relations: %+v, %v", got, err)
	}
}

// A period that is over and has no final figures yet makes no limits.
func TestControlLimitsWaitForFinalFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	for m := time.July; m <= time.December; m++ {
		w.month("2025-s2", "u", 2025, m, 4, 3, 4)
	}
	w.month("2026-s1", "u", 2026, time.January, 4, 3)
	if x := &w.detail("u", "2026-s1", "").Figures[0]; x.Baseline != nil || len(x.Spans) != 1 || len(x.Spans[0].Months) != 7 {
		t.Errorf("limits of %+v, %q", x.Baseline, signals(x))
	}
}

func TestADeskOfOnePeriodTellsOfItAlone(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.answer(10, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp", day: survey.NewDate(2025, 12, 30)})
	w.release("2025-s2", "u", 0, true)
	w.refresh()
	d := w.builder.Desk().For(evaluator())
	of := func(period string) (out []Item) {
		for _, i := range d.Attention {
			if i.Period.Code == period {
				out = append(out, i)
			}
		}
		return out
	}
	for _, period := range []string{"2025-s2", "2026-s1"} {
		narrow, ok := d.In(period)
		if !ok || len(narrow.Attention) == 0 {
			t.Fatalf("nothing is told of %s", period)
		}
		wantKinds(t, period, narrow.Attention, kinds(of(period))...)
	}
	officer := w.builder.Desk().For(actor(access.Officer, access.Unit("a", "v")))
	if narrow, ok := officer.In("2026-s1"); !ok || narrow.Revision == officer.Revision {
		t.Errorf("one period has the revision of all: %v", ok)
	}
}

func TestPeriodsOfAUnitAreForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.refresh()
	for name, tc := range map[string]struct {
		who  access.Actor
		unit string
		want string
	}{
		"an evaluator":                {evaluator(), "u", "[2026-s2 2026-s1 2025-s2]"},
		"a manager of another agency": {actor(access.Manager, access.Agency("b")), "u", "[]"},
		"a unit that is not there":    {evaluator(), "x", "[]"},
	} {
		var got []string
		for _, p := range w.builder.Desk().For(tc.who).PeriodsOf(tc.unit) {
			got = append(got, p.Code)
		}
		if fmt.Sprint(got) != tc.want {
			t.Errorf("%s: %v, want %s", name, got, tc.want)
		}
	}
}
