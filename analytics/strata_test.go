package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// bureau is one unit of a simulated city.
type bureau struct {
	kind   string
	served int
	asked  int
}

func groupOf(t *testing.T, code string, of map[string]int, rows map[string][]string) *Index {
	t.Helper()
	form := testForm(t, map[string]string{IPAK: "spak-5@1", IKM: "skm-9@1"}[code])
	c := calculation(t, form, of)
	g := c.NewGroup("", "")
	for _, unit := range []string{"one", "other", "third"} {
		var tally *Tally
		indexes := map[string]*Index{}
		if rows[unit] != nil {
			tally = answersOf(t, form, rows[unit]...)
			indexes[code] = c.Index(tally, 0, PopulationOf(c.Period, unit))
		}
		if err := g.Add(unit, tally, indexes); err != nil {
			t.Fatal(err)
		}
	}
	return g.Result().Indexes[code]
}

func TestTheStratifiedFigureWeighsUnitsByThePeopleServed(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{"one": many(10, "33333"), "other": many(10, "44444"), "third": many(30, "22222")}
	x := groupOf(t, IPAK, map[string]int{"one": 500, "other": 20_000}, rows)
	s := x.Stratified
	if s.Exact.Cmp(NewRatio(81_500, 20_500)) != 0 || s.Value != s.Mean || s.Shown != "3.98" || s.Mutu != "A" || s.Units != 2 || s.LeftOut != 1 || s.Population != 20_500 {
		t.Errorf("500 people with 3 and 20,000 with 4, a third unit's unknown: %+v", s)
	}
	if x.Shown != "2.60" || s.CI95[0] > 3.96 || s.CI95[0] < 3 || s.CI95[1] < s.Value {
		t.Errorf("pooled %s, stratified %v of %v", x.Shown, s.Value, s.CI95)
	}
	if x := groupOf(t, IPAK, map[string]int{"one": 9, "other": 0}, rows); x.Stratified != nil {
		t.Errorf("no sound population: %+v", x.Stratified)
	}
	nine := map[string][]string{"one": many(12, "444444444"), "other": many(12, "333333333")}
	if s := groupOf(t, IKM, map[string]int{"one": 30, "other": 90, "third": 40}, nine).Stratified; s.Value != 81.25 || s.Mean != 3.25 || s.Mutu != "B" || s.LeftOut != 1 || s.Population != 120 {
		t.Errorf("IKM of 30 and 90 people, of nobody in a third unit: %+v", s)
	}
}

func TestAGroupOfOneUnitHasItsInterval(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, map[string]int{"one": 300})
	tally := answersOf(t, form, append(many(20, "444444443"), many(20, "333333333")...)...)
	unit := c.Index(tally, 0, PopulationOf(c.Period, "one"))
	g := c.NewGroup("", "")
	if err := g.Add("one", tally, map[string]*Index{IKM: unit}); err != nil {
		t.Fatal(err)
	}
	got := g.Result().Indexes[IKM]
	if got.CI95 != unit.CI95 || got.Stratified.CI95 != unit.CI95 || got.Stratified.Value != unit.Value || got.Chances.Minima != nil {
		t.Errorf("group %v, stratified %v, unit %v", got.CI95, got.Stratified.CI95, unit.CI95)
	}
}

// TestCoverageOfAGroupIsHighEnough draws samples of each office of a city and asks whether
// the stratified interval holds the citizens' mean, and the pooled one the mean that
// weighs by answers. It tells also how often the pooled one holds the citizens' mean.
func TestCoverageOfAGroupIsHighEnough(t *testing.T) {
	t.Parallel()
	many := make([]bureau, 40)
	r := rand.New(rand.NewPCG(6, 6))
	for u := range many {
		many[u] = bureau{[]string{"mostly 3 and 4", "at the ceiling", "corruption, nearly all 4", "one in ten unhappy"}[u%4], 100 + r.IntN(3000), 2 + r.IntN(60)}
	}
	for name, city := range map[string][]bureau{
		"50 of 20,000 and 300 of 500":         {{"one in ten unhappy", 20_000, 50}, {"at the ceiling", 500, 300}},
		"50 of 20,000 and 300 of 500, all 4":  {{"1 % all 1, rest 4", 20_000, 50}, {"all 4", 500, 300}},
		"40 offices of 2 to 61 respondents":   many,
		"forty offices, one of ten times all": append(slices.Clone(many), bureau{"mostly 3 and 4", 400_000 / 10, 30}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(len(city))))
			people := make([]served, len(city))
			byAnswers, byPeople, asked, all := 0.0, 0.0, 0.0, 0.0
			for u, o := range city {
				people[u] = kinds()[o.kind].served(o.served)
				byPeople += people[u].truth * float64(o.served)
				byAnswers += people[u].truth * float64(o.asked)
				asked, all = asked+float64(o.asked), all+float64(o.served)
			}
			byPeople, byAnswers = byPeople/all, byAnswers/asked
			each, noise := samples()
			units := make([]evidence, len(city))
			weights := make([]float64, len(city))
			var stratified, pooled, wrong, width float64
			var together [][]float64
			for range each {
				together = together[:0]
				for u, o := range city {
					rows := people[u].sample(r, o.asked, none, nil)
					units[u], weights[u] = observed(rows, 4, o.served), float64(o.served)/all
					together = append(together, pad(rows)...)
				}
				lo, hi := pooledEvidence(units, weights).interval()
				stratified += within(byPeople, lo, hi) / float64(each)
				width += (hi - lo) / float64(each)
				lo, hi = observed(together, 4, 0).interval()
				pooled += within(byAnswers, lo, hi) / float64(each)
				wrong += within(byPeople, lo, hi) / float64(each)
			}
			t.Logf("| %s | %.1f (%.3f) | %.1f | %.1f |", name, 100*stratified, width, 100*pooled, 100*wrong)
			if stratified < covered-noise || pooled < covered-noise {
				t.Errorf("stratified %v, pooled %v; want at least %v", stratified, pooled, covered)
			}
			if name == "50 of 20,000 and 300 of 500" && wrong > 0.5 {
				t.Errorf("the pooled interval holds the citizens' mean in %v: the document says it does not", wrong)
			}
		})
	}
}

// pad makes rows of five or nine questions such of 45 that have the same mean, so that
// offices with other forms can be pooled.
func pad(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for len(out[i]) < 45 {
			out[i] = append(out[i], row...)
		}
	}
	return out
}

// TestThePooledIntervalHoldsThePooledMeanWhereUnitsLeaveOutOtherQuestions draws two offices,
// of which one hardly answers the question that the other is bad at.
func TestThePooledIntervalHoldsThePooledMeanWhereUnitsLeaveOutOtherQuestions(t *testing.T) {
	t.Parallel()
	a, b := kinds()["corruption, nearly all 4"].served(20_000), kinds()["4, and 1 of the last by 20 %"].served(20_000)
	for share, least := range map[float64]float64{0: covered, 0.03: covered, 0.4: covered, 0.7: covered} {
		t.Run(fmt.Sprintf("%v", share), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(3, 3))
			a, b := served{slices.Clone(a.answers), a.truth}, served{slices.Clone(b.answers), b.truth}
			lacking := func(_ *rand.Rand, i, n, q, k int) bool { return q < k-1 || float64(i) < share*float64(n) }
			answered := map[bool]float64{true: 300 * share, false: 300}
			truth := 0.0
			for q := range 5 {
				ofA, ofB, n := 0.0, 0.0, answered[q == 4]
				for i := range a.answers {
					ofA, ofB = ofA+a.answers[i][q]/20_000, ofB+b.answers[i][q]/20_000
				}
				truth += (ofA*n + ofB*100) / (n + 100) / 5
			}
			each, noise := samples()
			held, form := 0.0, testForm(t, "spak-5@1")
			for range each {
				g := calculation(t, form, map[string]int{"one": 20_000, "other": 20_000}).NewGroup("", "")
				for unit, rows := range map[string][][]float64{"one": a.sample(r, 300, lacking, nil), "other": b.sample(r, 100, none, nil)} {
					if err := g.Add(unit, answersOf(t, form, written(rows)...), nil); err != nil {
						t.Fatal(err)
					}
				}
				x := g.Result().Indexes[IPAK]
				held += within(truth, x.CI95[0], x.CI95[1]) / float64(each)
				if x.CI95[0] >= x.Value || x.CI95[1] <= x.Value {
					t.Fatalf("%v has an end at %v", x.CI95, x.Value)
				}
			}
			if t.Logf("%.1f %%", 100*held); held < least-noise {
				t.Errorf("the pooled interval holds the pooled mean in %v", held)
			}
		})
	}
}

// written writes answers as answersOf reads them.
func written(rows [][]float64) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		for _, x := range row {
			out[i] += string("-1234"[int(x)])
		}
	}
	return out
}

func within(x, lo, hi float64) float64 {
	if lo-1e-9 <= x && x <= hi+1e-9 {
		return 1
	}
	return 0
}

func TestUnitsOfFewWhoAgreeAreNotTakenForCertain(t *testing.T) {
	t.Parallel()
	sure := evidence{lo: 1, hi: 4, mean: 3.5, size: 1, least: 1, most: 4}
	spread := evidence{lo: 1, hi: 4, mean: 3.5, size: 101, variance: 0.3 / 101, least: 1, most: 4}
	got := pooledEvidence([]evidence{sure, spread}, []float64{0.5, 0.5})
	if want := 0.25*0.3 + 0.25*0.3/101; math.Abs(got.variance-want) > 1e-9 || math.Abs(got.size-1/(0.25+0.25/101)) > 1e-9 {
		t.Errorf("%s, want a variance of %v", fmt.Sprintf("%+v", got), want)
	}
}

// A printed weight counts only where all nine unsur have answers, so that one period can
// have units computed by two formulas.
func TestAGroupTellsTheMethodsOfItsUnitsWhereTheyAreSeveral(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, map[string]int{"one": 50, "other": 60})
	printed, err := c.Methods.For(&form.Indexes[0].Index, "w0.11")
	if err != nil {
		t.Fatal(err)
	}
	c.Chosen[0] = printed
	for name, tc := range map[string]struct {
		units                map[string]string // the answers of each unit
		unitMean, stratified string
	}{
		"one method":                  {map[string]string{"one": "444444444", "other": "333333333"}, "[]", "[]"},
		"two methods":                 {map[string]string{"one": "444444444", "other": "333-33333"}, "[exact@1 w0.11@1]", "[exact@1 w0.11@1]"},
		"only the left out is by two": {map[string]string{"one": "444444444", "unknown": "333-33333"}, "[exact@1 w0.11@1]", "[]"},
	} {
		g := c.NewGroup("", "")
		for unit, row := range tc.units {
			tally := answersOf(t, form, many(12, row)...)
			if err := g.Add(unit, tally, map[string]*Index{IKM: c.Index(tally, 0, PopulationOf(c.Period, unit))}); err != nil {
				t.Fatal(err)
			}
		}
		x := g.Result().Indexes[IKM]
		if a, b := fmt.Sprint(x.Methods), fmt.Sprint(x.Stratified.Methods); a != tc.unitMean || b != tc.stratified {
			t.Errorf("%s: unit mean by %s, stratified by %s; want %s and %s", name, a, b, tc.unitMean, tc.stratified)
		}
	}
}
