package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
)

// ranked is a city of units that are told apart, and of some that are not: u is the lowest
// of its agency, v the highest; z has too few answers.
func ranked(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, city)
	w.answer(300, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), values: []int{3, 3, 3, 2}})
	w.answer(300, given{unit: "v", point: "P3", service: "x", day: day(3, 30), values: []int{4, 4, 4, 4, 3}})
	w.answer(7, given{unit: "z", point: "P4", service: "x", day: day(3, 30)})
	w.release("2026-s1", "u", 0, false)
	w.release("2026-s1", "v", 0, false)
	return w
}

func rankingOf(t *testing.T, groups []*Group) Ranking {
	t.Helper()
	for _, g := range groups {
		if g.Period.Code == "2026-s1" && len(g.Rankings) == 1 {
			return g.Rankings[0]
		}
	}
	t.Fatal("there is no ranking")
	return Ranking{}
}

func said(r Ranking) string {
	var out []string
	for _, row := range r.Rows {
		out = append(out, fmt.Sprintf("%s %d-%d of %d", row.Unit.Code, row.Best, row.Worst, row.Of))
	}
	return strings.Join(out, ", ")
}

func TestUnitsStandByTheirValueWithEveryPlaceThatIsPossible(t *testing.T) {
	t.Parallel()
	w := ranked(t)
	r := rankingOf(t, w.desk().Whole)
	if got := said(r); got != "v 1-1 of 2, u 2-2 of 2, z 0-0 of 0" && got != "v 1-1 of 2, u 2-2 of 2, z 0-0 of 2" {
		t.Errorf("told apart: %s", got)
	}
	if r.Alike || r.Good != 1 || r.Low != 1 || r.Unsure != 0 || r.None != 1 || r.Rows[2].Index != nil {
		t.Errorf("counted %+v", r)
	}
	// The sets are those of the method, made of the figures that the API has.
	results, err := w.figures.Figures().Results(reportScope("2026-s1"))
	if err != nil {
		t.Fatal(err)
	}
	var figures []*analytics.Figure
	for _, u := range results.Units {
		figures = append(figures, analytics.FigureOf(r.Code, results.Form.InstrumentOf(r.Code).Ref(), u.Indexes[r.Code]))
	}
	for i, want := range analytics.RanksOf(figures) {
		at := slices.IndexFunc(r.Rows, func(row RankedUnit) bool { return row.Unit.Code == results.Units[i].Unit })
		if row := r.Rows[at]; row.Ranks != want || row.Index != nil && row.Index.Figure != results.Units[i].Indexes[r.Code] {
			t.Errorf("%s: %+v, want %+v", results.Units[i].Unit, row.Ranks, want)
		}
	}
	// In an agency they stand among its own.
	if got := said(rankingOf(t, w.desk().Agencies[0].Groups)); got != "v 1-1 of 2, u 2-2 of 2" {
		t.Errorf("in their agency: %s", got)
	}

	// Forty answers each and hardly a difference: nobody is told from anybody.
	alike := newWorld(t, city)
	for i, unit := range []string{"u", "v", "z"} {
		alike.answer(40+i, given{unit: unit, point: []string{"P1", "P3", "P4"}[i], service: []string{"ktp", "x", "x"}[i], day: day(3, 30)})
		alike.release("2026-s1", unit, 0, false)
	}
	for _, row := range rankingOf(t, alike.desk().Whole).Rows {
		if row.Best != 1 || row.Worst != 3 {
			t.Errorf("%s is told apart: %+v", row.Unit.Code, row.Ranks)
		}
	}
	if !rankingOf(t, alike.desk().Whole).Alike {
		t.Error("units that are alike are said to be told apart")
	}
}

// Ranks of a city are dear: they are made anew with a release, not with an answer.
func TestRanksAreMadeAnewWithReleasesAlone(t *testing.T) {
	t.Parallel()
	w := ranked(t)
	before, revision := rankingOf(t, w.desk().Whole), w.desk().Revision
	w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 31)})
	after := rankingOf(t, w.desk().Whole)
	if after.sets != before.sets || after.Rows[1].Unit == before.Rows[1].Unit || after.Rows[1].Unit.Answers != 301 {
		t.Error("an answer makes ranks anew, or leaves its unit as it was")
	}
	w.answer(500, given{unit: "u", point: "P1", service: "ktp", day: day(3, 31), values: []int{4}})
	w.release("2026-s1", "u", 0, false)
	d := w.desk()
	if r := rankingOf(t, d.Whole); r.sets == before.sets || d.Revision == revision {
		t.Error("a release leaves ranks as they were")
	}
}

func TestAGroupCountsWhereItsSamplesLead(t *testing.T) {
	t.Parallel()
	needed := 100
	sample := func(missing int64, state analytics.PaceState) *Unit {
		s := Sample{Needed: &needed, Missing: missing}
		if state != "" {
			s.Pace = &analytics.Pace{State: state}
		}
		return &Unit{Sample: s}
	}
	got := paceOf([]*Unit{
		{},
		sample(0, analytics.PaceReached), sample(0, ""), sample(3, analytics.PaceOnTime), sample(3, analytics.PaceNever), sample(90, analytics.PaceNever),
		sample(3, analytics.PaceUncertain), sample(3, analytics.PaceTooEarly), sample(3, ""),
	})
	if got.Unsure() != 3 {
		t.Errorf("of %d it can't be told", got.Unsure())
	}
	if want := (Pace{Known: 8, Enough: 2, Coming: 1, Short: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestTwoAreComparedByTheMethodOfChanges(t *testing.T) {
	t.Parallel()
	w := ranked(t)
	u, v, z := w.unit("u", "2026-s1"), w.unit("v", "2026-s1"), w.unit("z", "2026-s1")
	ref := w.directory.Form("2026-s1").InstrumentOf(analytics.IKM).Ref()
	want := analytics.Changed(analytics.FigureOf(analytics.IKM, ref, u.Indexes[0].Figure), analytics.FigureOf(analytics.IKM, ref, v.Indexes[0].Figure))
	got := Differences(u.Indexes, v.Indexes)
	if len(got) != 1 || got[0].Change != want || got[0].First != &u.Indexes[0] || got[0].Second != &v.Indexes[0] || want.State != analytics.ChangeReal || want.Difference <= 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if back := Differences(v.Indexes, u.Indexes); back[0].Difference != -want.Difference {
		t.Errorf("the other way round %v, want %v", back[0].Difference, -want.Difference)
	}
	for _, one := range [][]Difference{Differences(z.Indexes, v.Indexes), Differences(v.Indexes, z.Indexes)} {
		if len(one) != 1 || one[0].State != analytics.ChangeNotCompared || one[0].Why != analytics.ApartUnknown || (one[0].First == nil) == (one[0].Second == nil) {
			t.Errorf("with one that has no figure: %+v", one)
		}
	}
}

func TestUnitsAreCountedByWhatIsSureOfTheirGrade(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		grade, could string
		part         bool
		want         Ranking
	}{
		{"A", "", false, Ranking{Good: 1}},
		{"B", "", false, Ranking{Good: 1}},
		{"B", "A", false, Ranking{Good: 1}},
		{"A", "B", false, Ranking{Good: 1}},
		{"B", "C", false, Ranking{Unsure: 1}},
		{"B", "AC", false, Ranking{Unsure: 1}},
		{"C", "B", false, Ranking{Unsure: 1}},
		{"C", "D", false, Ranking{Low: 1}},
		{"D", "", false, Ranking{Low: 1}},
		{"A", "", true, Ranking{Unsure: 1}},
	} {
		x := &Index{Figure: &analytics.Index{Mutu: one.grade, AspectsAnswered: 9, AspectsAll: 9}, Could: strings.Split(one.could, "")}
		if one.part {
			x.Figure.AspectsAnswered--
		}
		var got Ranking
		if got.count(x); got.Good != one.want.Good || got.Low != one.want.Low || got.Unsure != one.want.Unsure || got.None != 0 {
			t.Errorf("%s, could be %q: %+v", one.grade, one.could, got)
		}
	}
}
