package analytics

import (
	"strings"
	"testing"

	"persepsi/survey"
)

// Three people answered the IKM and the IPAK, one left out a question of the latter.
func TestAnIndexIsAdequateByThoseWhoAnsweredAllOfIt(t *testing.T) {
	t.Parallel()
	form := testForm(t, "terpadu-16@1")
	c := calculation(t, form, nil)
	full := strings.Repeat("3", 16) // the scored questions
	ipak := form.Index(IPAK).Positions[0][0]
	gap := full[:ipak] + "-" + full[ipak+1:]
	tally := answersOf(t, form, full, full, gap)
	for _, tc := range []struct {
		served   Population
		fault    string
		needed   int // 0: none
		adequate bool
	}{
		{Population{}, PopulationUnknown, 0, false},
		{Population{Fault: PopulationZero}, PopulationZero, 0, false},
		{Population{People: 2}, PopulationBelowN, 0, false},
		{Population{People: 3}, "", 3, true},
		{Population{People: 400}, "", 196, false},
	} {
		all := c.Index(tally, 0, Population{}).CI95
		for i := range form.Indexes {
			code := form.Indexes[i].Code
			x := c.Index(tally, i, tc.served)
			n, short := int64(3), false
			if code == IPAK {
				n, short = 2, tc.adequate
			}
			if x.N != n || x.Answered != 3 || x.SampleFault != tc.fault || x.Adequate != (tc.adequate && !short) {
				t.Errorf("%s of %+v: n = %d of %d, fault %q, adequate %v", code, tc.served, x.N, x.Answered, x.SampleFault, x.Adequate)
			}
			if (x.Needed == nil) != (tc.needed == 0) || x.Needed != nil && *x.Needed != tc.needed {
				t.Errorf("%s of %+v: needed %v, want %d", code, tc.served, x.Needed, tc.needed)
			}
			if x.CI95[1]-x.CI95[0] <= 0 {
				t.Errorf("%s of %+v: an interval of no width: %v", code, tc.served, x.CI95)
			}
			if i == 0 && tc.fault != "" && x.CI95 != all {
				t.Errorf("%s of %+v: %v, want that of an unknown number, %v", code, tc.served, x.CI95, all)
			}
			if x.AspectsAnswered != x.AspectsAll || x.AspectsAll != len(form.Indexes[i].Aspects) {
				t.Errorf("%s: %d of %d aspects answered", code, x.AspectsAnswered, x.AspectsAll)
			}
		}
	}
}

func TestADeclaredPopulationOfNobodyIsAFault(t *testing.T) {
	t.Parallel()
	p := &survey.Period{Population: map[string]int{"one": 3, "none": 0}}
	for unit, want := range map[string]string{"one": "", "none": PopulationZero, "undeclared": PopulationUnknown} {
		if got := PopulationOf(p, unit).fault(3); got != want {
			t.Errorf("%s: got fault %q, want %q", unit, got, want)
		}
		if got := testSamples(t).Of(p, unit, 3, nil); got.Fault != want || got.Adequate != (want == "") {
			t.Errorf("%s: sample %+v, want fault %q", unit, got, want)
		}
	}
	if got := testSamples(t).Of(p, "one", 4, nil); got.Fault != PopulationBelowN || got.Adequate {
		t.Errorf("4 of 3: %+v", got)
	}
}

// A unit's wrong number makes that of the group wrong; a unit that served nobody and
// has no answers doesn't.
func TestAGroupTellsWhatIsWrongWithItsPopulation(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	answers := answersOf(t, form, "444444444", "443444444")
	for name, tc := range map[string]struct {
		population map[string]int
		want       string
	}{
		"all right":                      {map[string]int{"one": 2, "other": 2, "silent": 0}, ""},
		"one unknown":                    {map[string]int{"one": 2, "other": 2}, PopulationUnknown},
		"one zero":                       {map[string]int{"one": 0, "other": 9, "silent": 1}, PopulationZero},
		"one below its answers":          {map[string]int{"one": 1, "other": 9, "silent": 1}, PopulationBelowN},
		"one zero, a later one unknown":  {map[string]int{"one": 0, "other": 9}, PopulationUnknown},
		"one below, an earlier one zero": {map[string]int{"one": 0, "other": 1, "silent": 1}, PopulationZero},
	} {
		g := calculation(t, form, tc.population).NewGroup("a", "")
		for _, unit := range []string{"one", "other", "silent"} {
			tally := answers
			if unit == "silent" {
				tally = nil
			}
			if err := g.Add(unit, tally, nil); err != nil {
				t.Fatal(err)
			}
		}
		x := g.Result().Indexes[IKM]
		if x.SampleFault != tc.want || x.Adequate != (tc.want == "") {
			t.Errorf("%s: fault %q, adequate %v, want %q", name, x.SampleFault, x.Adequate, tc.want)
		}
	}
}
