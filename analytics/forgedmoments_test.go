package analytics

import (
	"errors"
	"math"
	"testing"

	"persepsi/survey"
)

// oneForm finds one form, whatever it is asked for.
type oneForm struct{ form *survey.Form }

func (f oneForm) FormByID(string) (*survey.Form, error) { return f.form, nil }

// A stored tally whose sums over respondents are not those of any answers is refused, also where
// its checksum is right.
func TestSumsThatNoAnswersHaveAreRefused(t *testing.T) {
	t.Parallel()
	nine, uneven := shapes(t)["nine of one"], shapes(t)["one and two"] // whose answers have no sum of their own
	for name, tc := range map[string]struct {
		form  *survey.Form
		rows  []string
		forge func(m *moments)
		right bool
	}{
		"nothing is forged":                          {nine, []string{"444444444", "321432143", "222222222", "4321-3214"}, func(*moments) {}, true},
		"nor here":                                   {uneven, []string{"122", "3-3", "3--"}, func(*moments) {}, true},
		"more who answered than there are":           {nine, []string{"444444444"}, func(m *moments) { m.answered = 2 }, false},
		"more who answered all than who answered":    {nine, []string{"444444444"}, func(m *moments) { m.n = 2 }, false},
		"more of the others than there are":          {nine, []string{"444444444", "4321-3214"}, func(m *moments) { m.spread = 2 }, false},
		"answers of nobody":                          {nine, []string{"444444444"}, func(m *moments) { m.answered, m.n = 0, 0 }, false},
		"one more of a sum":                          {nine, []string{"444444444", "222222222"}, func(m *moments) { m.sums[0]++; m.sums[18]-- }, false},
		"a person more":                              {nine, []string{"444444444", "222222222"}, func(m *moments) { m.sums[0]++ }, false},
		"another sum":                                {nine, []string{"444444444", "222222222"}, func(m *moments) { m.sums[18]--; m.sums[19]++ }, false},
		"sums that are nearer to each other":         {nine, []string{"444444444", "222222222"}, func(m *moments) { m.sums[18]--; m.sums[19]++; m.sums[36]--; m.sums[35]++ }, false},
		"sums of other answers with their squares":   {nine, []string{"222222221", "222222223"}, func(m *moments) { m.sums[17]--; m.sums[11]++; m.sums[19]--; m.sums[23]++ }, false},
		"a sum beyond the highest":                   {nine, []string{"444444444"}, func(m *moments) { m.sums = append(m.sums, 0, 0, 1) }, false},
		"more low answers to a question than people": {uneven, []string{"111", "1-1", "1--"}, func(m *moments) { m.answered, m.spread = 2, 0 }, false},
		"another product":                            {nine, []string{"444444444", "222222222"}, func(m *moments) { m.products[m.place(0, 1)] -= 1 << 32 }, false},
		"fewer answers than the widest gave":         {uneven, []string{"122", "3-3", "3--"}, func(m *moments) { m.n = 2 }, false},
		"more answers to a question than people":     {uneven, []string{"122", "3-3", "3--"}, func(m *moments) { m.answered, m.spread = 2, 0 }, false},
		"more of a pair than of one of it":           {uneven, []string{"122", "3-3", "3--"}, func(m *moments) { pair(m, 0, 2, 1, 0) }, false},
		"a pair that nobody answered":                {uneven, []string{"122", "3-3", "3--"}, func(m *moments) { pair(m, 0, 1, 1, 0) }, false},
		"less than one for an answer":                {uneven, []string{"122", "3-3"}, func(m *moments) { pair(m, 0, 0, 0, 1) }, false},
		"more than the highest for an answer":        {uneven, []string{"422", "3-3"}, func(m *moments) { pair(m, 0, 0, 0, math.MaxUint64); pair(m, 0, 2, 0, math.MaxUint64) }, false},
		"a square that is less than its root":        {uneven, []string{"322", "2-2"}, func(m *moments) { pair(m, 0, 0, 0, 7<<32) }, false},
		"a square that is more than the highest's":   {uneven, []string{"422", "3-3"}, func(m *moments) { pair(m, 0, 0, 0, low<<32) }, false},
	} {
		tally := answersOf(t, tc.form, tc.rows...)
		tally.moments[0].room()
		tc.forge(&tally.moments[0])
		_, err := DecodeTotals(oneForm{tc.form}, tally.Encode())
		if (err == nil) != tc.right || err != nil && !errors.Is(err, errContradicting) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

// pair adds to the words of a pair of items.
func pair(m *moments, q, r int, toCount, toProduct uint64) {
	count, product := m.pairsOf(q)
	count[r-q] += toCount
	product[r-q] += toProduct
}

// Three units of half a respondent, of two and of five, by hand: their own spreads are 0, 0.02 and
// 1, together 1.02 on 5 degrees of freedom, so 0.204 is added to each.
func TestUnitsArePooledAsStrata(t *testing.T) {
	t.Parallel()
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	units := []evidence{
		{lo: 1, hi: 4, mean: 2, least: 1, most: 4, variance: 9, size: 0.5, heard: 0.5},
		{lo: 1, hi: 4, mean: 3, least: 2, most: 3.5, variance: 0.01, size: 2, heard: 0.25},
		{lo: 1, hi: 4, mean: 4, least: 3, most: 4, variance: 0.05, size: 5, heard: 0},
	}
	got := pooledEvidence(units, []float64{0.25, 0.25, 0.5})
	near("mean", got.mean, 3.25)
	near("least", got.least, 2.25)
	near("most", got.most, 3.875)
	near("size", got.size, 1/(0.0625/0.5+0.0625/2+0.25/5))
	first, second, third := 0.0625*0.204/0.5, 0.0625*(0.02+0.204)/2/2, 0.25*(1+0.204)/5/5
	near("variance", got.variance, first+second+third)
	near("heard", got.heard, 1-(first*0.5+second*0.75+third)/(first+second+third))
	if got.lo != 1 || got.hi != 4 {
		t.Errorf("a scale of %v to %v", got.lo, got.hi)
	}
	// One each: nothing is known of their spread.
	one := evidence{lo: 1, hi: 4, mean: 2, variance: 3, size: 1, heard: 1}
	if got := pooledEvidence([]evidence{one, one}, []float64{0.5, 0.5}); got.variance != 0 || got.size != 2 {
		t.Errorf("two of one respondent: %+v", got)
	}
	if got := pooledEvidence([]evidence{one}, []float64{1}); got.variance != 3 {
		t.Errorf("one unit alone: %+v", got)
	}
}

// What is wrong with one unit's number of people is wrong with the sum, and that it is unknown
// is said before all else.
func TestTheFaultOfOneUnitsPeopleIsTheGroups(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	three := answersOf(t, form, "444444444", "333333333", "222222222")
	known, few, zero, unknown := Population{People: 30}, Population{People: 2}, Population{Fault: PopulationZero}, Population{}
	type unit struct {
		served Population
		tally  *Tally
	}
	for name, tc := range map[string]struct {
		units []unit
		want  Population
	}{
		"all are known":                            {[]unit{{known, three}, {known, nil}}, Population{People: 60}},
		"as many as answered":                      {[]unit{{Population{People: 3}, three}}, Population{People: 3}},
		"fewer than answered":                      {[]unit{{few, three}, {known, three}}, Population{32, PopulationBelowN}},
		"fewer, then none":                         {[]unit{{few, three}, {zero, three}}, Population{2, PopulationBelowN}},
		"fewer, then unknown":                      {[]unit{{few, three}, {unknown, three}}, Population{2, PopulationUnknown}},
		"unknown, then fewer":                      {[]unit{{unknown, nil}, {few, three}}, Population{2, PopulationUnknown}},
		"none although there are answers":          {[]unit{{zero, three}, {known, three}}, Population{30, PopulationZero}},
		"none, and no answers":                     {[]unit{{zero, nil}, {known, three}}, Population{People: 30}},
		"unknown, of one that has no answers":      {[]unit{{known, three}, {unknown, nil}}, Population{30, PopulationUnknown}},
		"known, of one that has no answers at all": {[]unit{{known, nil}}, Population{People: 30}},
	} {
		g := new(Group)
		for _, u := range tc.units {
			g.serve(u.served, u.tally)
		}
		if g.served != tc.want {
			t.Errorf("%s: %+v, want %+v", name, g.served, tc.want)
		}
	}
}
