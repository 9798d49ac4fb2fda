package report

import (
	"slices"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

func TestFiguresAreOverWhenNoAnswerMovesThemAnyMore(t *testing.T) {
	t.Parallel()
	from, to := survey.NewDate(2026, time.January, 1), survey.NewDate(2026, time.June, 30)
	counted := int64(40)
	for name, c := range map[string]struct {
		today    survey.Date
		unit     UnitResult
		over     bool
		atClose  int64
		furtherN int64
	}{
		"on the last day":               {to, UnitResult{Responses: analytics.Responses{Valid: 50}}, false, 70, 20},
		"fewer than the pace foretells": {from, UnitResult{Responses: analytics.Responses{Valid: 50, Counted: &counted}}, false, 70, 30},
		"more than the pace foretells":  {from, UnitResult{Responses: analytics.Responses{Valid: 50}}, false, 49, 0},
		"the day after, not final yet":  {to + 1, UnitResult{Responses: analytics.Responses{Valid: 50}}, false, 70, 0},
		"the day after, final":          {to + 1, UnitResult{Responses: analytics.Responses{Valid: 50}, Final: true}, true, 70, 0},
		"no release will ever be made":  {to + 1, UnitResult{Responses: analytics.Responses{Valid: 9}}, true, 0, 0},
		"just enough for a release":     {to + 1, UnitResult{Responses: analytics.Responses{Valid: 10}}, false, 0, 0},
		"too few yet, on the last day":  {to, UnitResult{Responses: analytics.Responses{Valid: 9}}, false, 9, 0},
	} {
		h := &Horizon{Period: &survey.Period{From: from, To: to}, Today: c.today, Least: 10, AtClose: func(string) int64 { return c.atClose }}
		if over, further := h.over(&c.unit), h.further(&c.unit); over != c.over || further != c.furtherN {
			t.Errorf("%s: over %v, further %d; want %v, %d", name, over, further, c.over, c.furtherN)
		}
	}
}

// A unit whose pace nobody knows is taken for one that stands still; what a level asks for and
// the survey does not is told apart from what is not there yet.
func TestReadinessIsOfWhatThereIs(t *testing.T) {
	t.Parallel()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	h := &Horizon{Period: &survey.Period{To: survey.NewDate(2026, time.June, 30)}, Today: survey.NewDate(2026, time.March, 1), Least: 10}
	for _, tc := range []struct {
		instrument, answers string
		of                  Audience
		cause               analytics.ReadyCause
	}{
		{"terpadu-16", "4444444444444444-", Live, analytics.CauseMissing},
		{"terpadu-16", "4444444444444444-", Public, analytics.CauseUntold},
		{"skm-9", "444444444", Live, analytics.CauseLost},
	} {
		w := newWorld(t, tc.instrument, "{}")
		w.answer(t, "u1", tc.answers)
		r := w.results(t, Scope{Audience: tc.of})
		ready := r.Readiness(table, h)
		if u := ready[0]; len(ready) != 2 || u.UnitResult != r.Units[0] || u.Over || u.WBK.Further != 0 || u.WBK.Cause != tc.cause || u.At("wbk") != &u.WBK || u.At("wbbm") != &u.WBBM || u.WBBM.Level != "wbbm" {
			t.Errorf("%s, audience %d: %+v", tc.instrument, tc.of, u.WBK)
		}
	}
}

func TestUnitsAreChosenAndCountedByTheirState(t *testing.T) {
	t.Parallel()
	unit := func(agency, code, name string, state analytics.Ready, cause analytics.ReadyCause, chance float64) *Ready {
		r := &Ready{UnitResult: &UnitResult{Agency: agency, AgencyName: "Dinas " + agency, Unit: code, UnitName: name}}
		r.WBK = analytics.Readiness{State: state, Cause: cause}
		r.WBBM = analytics.Readiness{State: analytics.ReadyCannot, Cause: analytics.CauseLost}
		if chance > 0 {
			r.WBK.Chance = &[2]float64{0, chance}
		}
		return r
	}
	all := []*Ready{
		unit("a", "a1", "Loket", analytics.ReadyCertain, analytics.CauseReached, 0),
		unit("a", "a2", "Gerai Satu", analytics.ReadyMay, analytics.CauseMissing, 0),
		unit("b", "b1", "Gerai Dua", analytics.ReadyMay, analytics.CauseIndex, 0.2),
		unit("b", "b2", "Puskesmas", analytics.ReadyMay, analytics.CauseIndex, 0.6),
		unit("b", "b3", "Pustu", analytics.ReadyCannot, analytics.CauseLost, 0),
	}
	for name, c := range map[string]struct {
		ReadyFilter
		want []string
		may  int
	}{
		"all, what asks for something first": {ReadyFilter{Level: "wbk"}, []string{"b2", "b1", "a2", "b3", "a1"}, 3},
		"of a state, all states counted":     {ReadyFilter{Level: "wbk", State: analytics.ReadyCertain}, []string{"a1"}, 3},
		"of the other level":                 {ReadyFilter{Level: "wbbm", State: analytics.ReadyMay}, nil, 0},
		"of an agency":                       {ReadyFilter{Level: "wbk", Agency: "a"}, []string{"a2", "a1"}, 1},
		"by part of a name":                  {ReadyFilter{Level: "wbk", Search: "GERAI"}, []string{"b1", "a2"}, 2},
		"by words of unit and agency":        {ReadyFilter{Level: "wbk", Search: "dinas  gerai b"}, []string{"b1"}, 1},
		"by a code":                          {ReadyFilter{Level: "wbk", Search: "b3"}, []string{"b3"}, 0},
		"that is nowhere":                    {ReadyFilter{Level: "wbk", Search: "tidak ada"}, nil, 0},
	} {
		list, counts := c.Apply(all)
		var got []string
		for _, u := range list {
			got = append(got, u.Unit)
		}
		if !slices.Equal(got, c.want) || counts[analytics.ReadyMay] != c.may {
			t.Errorf("%s: %v, %d may; want %v, %d", name, got, counts[analytics.ReadyMay], c.want, c.may)
		}
	}
}
