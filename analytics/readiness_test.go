package analytics

import (
	"slices"
	"strings"
	"testing"
)

// surveyed is an index of so many people of a mean on 0..4, which is also their answers'.
func surveyed(t testing.TB, mean string, n, served int64) *Index {
	t.Helper()
	x := exactly(t, mean)
	e := evidenceOf(intervalInput{Mean: x.Float64(), Variance: 0.25, Lo: 1, Hi: 4, N: n, Population: served})
	return &Index{
		Mean: x.Float64(), Value: x.Float64(), ExactMean: x, ExactValue: x, N: n, Answered: n, AspectsAnswered: 5, AspectsAll: 5, evidence: e,
		by: conversion{slope: whole(1), offset: whole(0), weight: NewRatio(1, 5), k: 5},
	}
}

// sheet is a unit whose readiness is asked for. What is empty is missing.
type sheet struct {
	ipak, ipkp, level, share string // share of each area's weight
	total                    string // of the pengungkit
	n, served, further       int64
	over, short, withheld    bool
	unasked                  bool // the form has no IPAK
}

// closed is a sheet of a closed period just at every minimum of WBK.
func closed() sheet {
	return sheet{ipak: "3.6", ipkp: "3.2", level: "B", share: "0.75", n: 300, served: 1000, over: true}
}

func (s sheet) with(change func(*sheet)) sheet {
	change(&s)
	return s
}

func (s sheet) ready(t testing.TB, wbbm bool) Readiness {
	t.Helper()
	table := testLKE(t)
	in := LKEInput{Achievement: s.level, ShortIPAK: s.short, ShortIPKP: s.short}
	p := Prospect{AsksIPAK: !s.unasked, AsksIPKP: true, Withheld: s.withheld, Over: s.over, Further: s.further}
	if s.ipak != "" {
		p.IPAK = surveyed(t, s.ipak, s.n, s.served)
		in.IPAK = p.IPAK.ExactMean
	}
	if s.ipkp != "" {
		p.IPKP = surveyed(t, s.ipkp, s.n, s.served)
		in.IPKP = p.IPKP.ExactMean
	}
	if s.share != "" {
		in.Areas = areas(table, exactly(t, s.share))
	}
	if s.total != "" {
		in.Pengungkit = exactly(t, s.total)
	}
	filled, err := table.Score(in)
	if err != nil {
		t.Fatal(err)
	}
	return table.Ready(wbbm, &filled, p)
}

func distanceOf(t testing.TB, r Readiness, name string) Distance {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(d Distance) bool { return d.Row == name })
	if i < 0 {
		t.Fatalf("there is no row %s", name)
	}
	return r.Rows[i]
}

func lost(r Readiness) string {
	var out []string
	for _, d := range r.Rows {
		if d.Lost {
			out = append(out, d.Row)
		}
	}
	return strings.Join(out, " ")
}

func TestWhoPassesForCertainWhoMayAndWhoCannot(t *testing.T) {
	t.Parallel()
	running := func(s *sheet) { s.over, s.further = false, 100 }
	for name, c := range map[string]struct {
		sheet
		wbbm bool
		want Ready
		lost string
	}{
		"closed, each minimum reached exactly":            {closed(), false, ReadyCertain, ""},
		"closed, IPAK just below":                         {closed().with(func(s *sheet) { s.ipak = "3.5999" }), false, ReadyCannot, "I.a"},
		"closed, IPKP just below":                         {closed().with(func(s *sheet) { s.ipkp = "3.1999" }), false, ReadyCannot, "II"},
		"closed, IPKP at the minimum of WBK, not of WBBM": {closed(), true, ReadyCannot, "II"},
		"closed, best of all, WBBM":                       {closed().with(func(s *sheet) { s.ipkp, s.share, s.level = "3.6", "0.9", "A" }), true, ReadyCertain, ""},
		"closed, row I of WBBM just reached by A":         {closed().with(func(s *sheet) { s.ipkp, s.share, s.level = "3.6", "1", "B" }), true, ReadyCertain, ""},
		"closed, level missing":                           {closed().with(func(s *sheet) { s.level = "" }), false, ReadyMay, ""},
		"closed, level too low":                           {closed().with(func(s *sheet) { s.level = "D" }), false, ReadyMay, ""},
		"closed, pengungkit missing":                      {closed().with(func(s *sheet) { s.share = "" }), false, ReadyMay, ""},
		"closed, an area below its share":                 {closed().with(func(s *sheet) { s.share, s.total = "", "45" }), false, ReadyMay, ""},
		"closed, areas at their share, total too low":     {closed().with(func(s *sheet) { s.share = "0.6" }), false, ReadyMay, ""},
		"closed, total just below":                        {closed().with(func(s *sheet) { s.share = "0.69" }), false, ReadyMay, ""},
		"closed, sample inadequate":                       {closed().with(func(s *sheet) { s.short = true }), false, ReadyMay, ""},
		"closed, sample inadequate and IPAK below":        {closed().with(func(s *sheet) { s.short, s.ipak = true, "3.59" }), false, ReadyCannot, "I.a"},
		"closed without answers":                          {closed().with(func(s *sheet) { s.ipak, s.ipkp = "", "" }), false, ReadyCannot, "total I I.a II"},
		"closed and withheld":                             {closed().with(func(s *sheet) { s.ipak, s.ipkp, s.withheld = "", "", true }), false, ReadyUntold, ""},
		"running, each minimum reached exactly":           {closed().with(running), false, ReadyMay, ""},
		"running, IPAK below":                             {closed().with(running).with(func(s *sheet) { s.ipak = "3.5" }), false, ReadyMay, ""},
		"running without answers":                         {closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp = "", "" }), false, ReadyMay, ""},
		"running and withheld":                            {closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp, s.withheld = "", "", true }), false, ReadyUntold, ""},
		"running, IPAK out of reach of all served":        {closed().with(running).with(func(s *sheet) { s.ipak, s.n, s.served = "3.4", 300, 440 }), false, ReadyCannot, "I.a"},
		"running, IPAK just within reach of all":          {closed().with(running).with(func(s *sheet) { s.ipak, s.n, s.served = "3.4", 300, 460 }), false, ReadyMay, ""},
		"running, nothing can fall below a minimum":       {closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp, s.n, s.served = "3.9", "3.9", 300, 310 }), false, ReadyCertain, ""},
		"running, the rest could still pull it down":      {closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp, s.n, s.served = "3.9", "3.9", 300, 400 }), false, ReadyMay, ""},
		"running, people served not known":                {closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp, s.served = "3.9", "3.9", 0 }), false, ReadyMay, ""},
		"running, IPAK is not asked":                      {closed().with(running).with(func(s *sheet) { s.ipak, s.unasked = "", true }), false, ReadyCannot, "I I.a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.ready(t, c.wbbm)
			if c.withheld {
				if got.State != ReadyUntold || got.Chance != nil {
					t.Errorf("%+v, want untold", got)
				}
				return
			}
			if got.State != c.want || lost(got) != c.lost {
				t.Errorf("%s, lost %q; want %s, lost %q", got.State, lost(got), c.want, c.lost)
			}
		})
	}
}

func TestADistanceIsToldToFourDecimalsAndSoFarThatItTellsApart(t *testing.T) {
	t.Parallel()
	got := distanceOf(t, closed().with(func(s *sheet) { s.ipak = "3.58" }).ready(t, false), "I.a")
	if got.Told != "15.6625" || got.Away != "0.0875" || got.IndexAway != "0.0200" || got.OK() || got.Max != 17.5 {
		t.Errorf("IPAK 3.58: %+v", got)
	}
	got = distanceOf(t, closed().with(func(s *sheet) { s.ipak = "3.599999" }).ready(t, false), "I.a")
	if got.Told != "15.749996" || got.OK() || got.IndexAway == "0.0000" {
		t.Errorf("IPAK 3.599999: %+v", got)
	}
	got = distanceOf(t, closed().ready(t, false), "I.a")
	if got.Told != "15.7500" || got.Away != "0.0000" || !got.OK() {
		t.Errorf("IPAK 3.60: %+v", got)
	}
}

func TestWhatIsMissingTellsWhatItNeedsAtLeast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sheet
		wbbm                        bool
		level, pengungkit, together string
	}{
		// I.a 15.75 and II 14: I needs 2.50, the total 45.25.
		"both at the minima":                     {closed().with(func(s *sheet) { s.level, s.share = "", "" }), false, "C", "40.25", "45.25"},
		"the level alone":                        {closed().with(func(s *sheet) { s.level = "" }), false, "C", "", ""},
		"pengungkit by A":                        {closed().with(func(s *sheet) { s.level, s.share = "A", "" }), false, "A", "40.25", ""},
		"pengungkit by C":                        {closed().with(func(s *sheet) { s.level, s.share = "C", "" }), false, "C", "42.75", ""},
		"a low pengungkit":                       {closed().with(func(s *sheet) { s.level, s.share = "", "0.69" }), false, "A", "", ""},
		"indexes that do it all":                 {closed().with(func(s *sheet) { s.ipak, s.ipkp, s.level, s.share = "4", "4", "", "" }), false, "C", "40.00", ""},
		"an index that has to rise by itself":    {closed().with(func(s *sheet) { s.over, s.ipak, s.level, s.share = false, "3.1", "", "" }), false, "C", "40.25", "45.25"},
		"the total is out of reach by any level": {closed().with(func(s *sheet) { s.level, s.share = "", "0.6" }), false, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.ready(t, c.wbbm)
			level := distanceOf(t, got, "I.b").LeastLevel
			if c.sheet.level != "" {
				level = c.sheet.level
			}
			if p := distanceOf(t, got, "pengungkit").Least; level != c.level || p != c.pengungkit || got.Together != c.together {
				t.Errorf("level %s, pengungkit %s, together %s; want %s, %s, %s", level, p, got.Together, c.level, c.pengungkit, c.together)
			}
		})
	}
	if got := distanceOf(t, closed().with(func(s *sheet) { s.share = "" }).ready(t, false), "pengungkit.pengawasan").Least; got != "9.00" {
		t.Errorf("60 %% of 15: %s", got)
	}
}

func TestAChanceIsToldOnlyWhereAnswersStillDecide(t *testing.T) {
	t.Parallel()
	near := closed().with(func(s *sheet) {
		s.over, s.further, s.n, s.ipak, s.ipkp, s.share, s.level = false, 99, 118, "3.58", "3.55", "0.8", "A"
	})
	got := near.ready(t, false)
	ia, ii := distanceOf(t, got, "I.a").Chance, distanceOf(t, got, "II").Chance
	if ia == nil || ii == nil || *ia < 0.1 || *ia > 0.4 || *ii < 0.99 {
		t.Fatalf("I.a %v, II %v", ia, ii)
	}
	if got.Chance == nil || got.Chance[1] != *ia || got.Chance[0] > got.Chance[1] || got.Chance[0] < *ia-0.02 {
		t.Errorf("passing: %v, I.a %v", got.Chance, *ia)
	}
	for name, other := range map[string]sheet{
		"closed":              near.with(func(s *sheet) { s.over = true }),
		"level missing":       near.with(func(s *sheet) { s.level = "" }),
		"level too low":       near.with(func(s *sheet) { s.level = "D" }),
		"no pace":             near.with(func(s *sheet) { s.further = 0 }),
		"too few respondents": near.with(func(s *sheet) { s.n = 29 }),
		"withheld":            near.with(func(s *sheet) { s.withheld = true }),
	} {
		if got := other.ready(t, false); got.Chance != nil {
			t.Errorf("%s: a chance of passing, %v", name, *got.Chance)
		}
	}
	// The total is reached only where an index is above its minimum: the least is not known.
	if got := near.with(func(s *sheet) { s.share, s.level, s.ipkp = "0.7", "C", "3.6" }).ready(t, false); got.Chance == nil || got.Chance[0] != 0 || distanceOf(t, got, "total").Chance != nil {
		t.Errorf("a total that the minima do not reach: %+v", got.Chance)
	}
	// Row I asks for more than I.a where the level is C: the higher bound counts.
	wbbm := near.with(func(s *sheet) { s.ipkp, s.share, s.level = "3.9", "0.95", "B" })
	got = wbbm.ready(t, true)
	if i := distanceOf(t, got, "I").Chance; i == nil || *i > *distanceOf(t, got, "I.a").Chance {
		t.Errorf("I: %v", i)
	}
}

func TestWhatIsSaidFirstIsWhatAsksForSomething(t *testing.T) {
	t.Parallel()
	running := func(s *sheet) { s.over, s.further = false, 100 }
	for want, s := range map[ReadyCause]sheet{
		CauseIndex:   closed().with(running).with(func(s *sheet) { s.ipak, s.level = "3.5", "D" }),
		CauseEntry:   closed().with(func(s *sheet) { s.level, s.share = "D", "0.5" }),
		CauseSum:     closed().with(func(s *sheet) { s.share = "0.69" }),
		CauseMissing: closed().with(func(s *sheet) { s.level = "" }),
		CauseSurvey:  closed().with(running).with(func(s *sheet) { s.ipak, s.ipkp = "", "" }),
		CauseSample:  closed().with(func(s *sheet) { s.short = true }),
		CauseOpen:    closed().with(running),
		CauseUntold:  closed().with(func(s *sheet) { s.ipak, s.ipkp, s.withheld = "", "", true }),
		CauseLost:    closed().with(func(s *sheet) { s.ipak = "3.5" }),
		CauseReached: closed(),
	} {
		if got := s.ready(t, false); got.Cause != want {
			t.Errorf("%s, want %s", got.Cause, want)
		}
	}
}
