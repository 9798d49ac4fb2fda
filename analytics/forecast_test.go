package analytics

import (
	"math"
	"slices"
	"testing"
)

// steady makes a month of IKM by so many people.
func steady(value, deviation float64, n int) *Figure {
	mean := value / 25
	f := ofPeople(mean, deviation*deviation/625, n)
	f.Code, f.answered = IKM, int64(n)
	f.exact = on100(f.exact)
	f.Value = f.exact.Float64()
	return f
}

// quarter is the course of three months of those values.
func quarter(now *Figure, values ...float64) Course {
	c := Course{Now: now}
	for m, v := range values {
		from, to := monthOf(m)
		c.Months = append(c.Months, Stretch{steady(v, 12, 40), from, to})
	}
	return c
}

func documentedForecast(t *testing.T, d *documented) {
	t.Helper()
	table := testTable(t)
	_, asOf := monthOf(2)
	_, to := monthOf(5)
	ahead := Ahead{AsOf: asOf, To: to, Further: 120}
	calm := table.Forecast(quarter(steady(80, 12, 120), 80, 80, 80), ahead, Drift{})
	near := table.Forecast(quarter(steady(87.5, 12, 120), 87.5, 87.5, 87.5), ahead, Drift{})
	d.says("three months of IKM 80.00, 40 answers each with a deviation of 12, and 120 to come: %s %.3f, certain with %d more; of 87.50: %s %.3f, A %.3f, certain with %d more.",
		calm.Now, calm.Chances["B"], *calm.Certain, near.Now, near.Chances["B"], near.Chances["A"], *near.Certain)
}

func TestAForecastOfNothingToComeIsTheGradeOfNow(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	_, to := monthOf(2)
	for value, grade := range map[float64]string{88.30: "B", 88.31: "A", 76.6: "C", 64.99: "D"} {
		f := table.Forecast(quarter(steady(value, 12, 120), 80, 90, 85), Ahead{AsOf: to, To: to}, Drift{})
		if f.Now != grade || f.Chances[grade] != 1 || len(f.Chances) != 1 || f.Further != 0 {
			t.Errorf("%v: %+v", value, f)
		}
	}
	if f := table.Forecast(quarter(steady(80, 12, 120)), Ahead{AsOf: to, To: to + 30, Further: -3}, Drift{}); f.Further != 0 || f.Chances["B"] != 1 {
		t.Errorf("fewer than are released: %+v", f)
	}
}

// The 25 values of a forecast lie among the grades as its chances do, on the figure's scale.
func TestTheValuesOfAForecastLieWhereItsChancesAre(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	_, asOf := monthOf(2)
	_, to := monthOf(5)
	f := table.Forecast(quarter(steady(87.5, 12, 120), 87.5, 87.5, 87.5), Ahead{AsOf: asOf, To: to, Further: 120}, Drift{})
	best := 0
	for i, v := range f.Values {
		if i > 0 && v <= f.Values[i-1] {
			t.Errorf("%v is not above %v", v, f.Values[i-1])
		}
		if v >= 88.305 {
			best++
		}
	}
	if got, want := float64(best)/25, f.Chances["A"]; got < want-0.04 || got > want+0.04 || best == 0 {
		t.Errorf("%d of 25 are A, whose chance is %v", best, want)
	}
	if f.Values[12] < 87.4 || f.Values[12] > 87.6 {
		t.Errorf("the middle one is %v", f.Values[12])
	}
	if off := f.Values[0] + f.Values[24] - 2*87.5; off < -0.02 || off > 0.02 {
		t.Errorf("the ends are %v and %v", f.Values[0], f.Values[24])
	}
	still := table.Forecast(quarter(steady(80, 12, 120), 80), Ahead{AsOf: to, To: to}, Drift{})
	if still.Values[0] != 80 || still.Values[24] != 80 {
		t.Errorf("of nothing to come: %v", still.Values)
	}
}

func TestAForecastNeedsAWholeFigure(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	partial, point := steady(80, 12, 120), steady(80, 12, 120)
	partial.partial, point.evidence = true, evidence{}
	for name, f := range map[string]*Figure{"none": nil, "partial": partial, "a point": point} {
		if got := table.Forecast(Course{Now: f}, Ahead{To: 90, Further: 100}, Drift{}); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAForecastGoesByTheMonthsThatAreAlikeMade(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	_, asOf := monthOf(2)
	ahead := Ahead{AsOf: asOf, To: asOf + 90, Further: 120}
	now := steady(84, 12, 120)
	chance := func(c Course, d Drift) float64 { return table.Forecast(c, ahead, d).Chances["A"] }
	even, up, down := chance(quarter(now, 84, 84, 84), Drift{}), chance(quarter(now, 78, 84, 90), Drift{}), chance(quarter(now, 90, 84, 78), Drift{})
	if up < 4*even || up < 4*down {
		t.Errorf("A by a rise %v, evenly %v, by a fall %v", up, even, down)
	}
	other := quarter(now, 84, 84, 84, 95)
	other.Months[3].Figure.Method = "w0.11@1"
	other.Months = append(other.Months, Stretch{nil, asOf, asOf})
	if got := chance(other, Drift{}); got != even {
		t.Errorf("a month of another method makes it %v, not %v", got, even)
	}
	if got := chance(Course{Now: now}, Drift{}); got <= 0 || got >= 0.5 {
		t.Errorf("without months %v", got)
	}
	// Fewer answers to come move less.
	few := ahead
	few.Further = 12
	if got := table.Forecast(quarter(now, 78, 84, 90), few, Drift{}).Chances["A"]; got >= up/2 {
		t.Errorf("A by twelve more %v, by 120 %v", got, up)
	}
}

func TestDriftIsLearntFromTheMonthsOfManyUnits(t *testing.T) {
	t.Parallel()
	city := func(values ...float64) (out []Course) {
		for range 30 {
			c := quarter(steady(84, 12, 1200), values...)
			for m := range c.Months {
				c.Months[m].Figure = steady(values[m], 12, 400)
			}
			out = append(out, c)
		}
		return out
	}
	calm, wild := DriftOf(city(84, 84.1, 84, 83.9, 84)), DriftOf(city(84, 90, 80, 84, 91))
	all := 0.0
	for k := range drifts {
		all += calm.of(k)
	}
	if calm.of(0)+calm.of(1) < 0.85 || wild.of(5) < 0.85 || math.Abs(all-1) > 1e-9 {
		t.Errorf("%v and %v", calm, wild)
	}
	if got := DriftOf([]Course{{}, {Now: steady(84, 12, 100)}}); math.Abs(got.of(0)-got.of(5)) > 1e-9 {
		t.Errorf("nothing is known: %v", got)
	}
	table := testTable(t)
	_, asOf := monthOf(0)
	c, ahead := quarter(steady(86, 12, 40), 86), Ahead{AsOf: asOf, To: asOf + 150, Further: 200}
	if a, b := table.Forecast(c, ahead, calm).Chances["A"], table.Forecast(c, ahead, wild).Chances["A"]; a >= b {
		t.Errorf("A where units are calm %v, where they are wild %v", a, b)
	}
}

// How often forecasts came true is said of cities like those that it was simulated with.
func TestHowOftenForecastsCameIsToldOnlyOfCitiesLikeTheSimulated(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	_, asOf := monthOf(2)
	ahead := Ahead{AsOf: asOf, To: asOf + 90, Further: 120}
	with, alone := quarter(steady(84, 12, 120), 84, 84, 84), quarter(steady(84, 12, 120), 84)
	alone.Months = append(alone.Months, Stretch{nil, asOf, asOf})
	for _, c := range []struct {
		name    string
		courses []Course
		told    bool
	}{
		{"twenty units with months", slices.Repeat([]Course{with}, 20), true},
		{"nineteen", slices.Repeat([]Course{with}, 19), false},
		{"twenty with one month and a gap", slices.Repeat([]Course{alone}, 20), false},
		{"none", nil, false},
	} {
		if got := table.Forecast(with, ahead, DriftOf(c.courses)); (got.Right > 0) != c.told {
			t.Errorf("%s: %d of 100", c.name, got.Right)
		}
	}
	if got := table.Forecast(with, ahead, Drift{}); got.Right != 0 {
		t.Errorf("of nothing that is known: %d of 100", got.Right)
	}
}

func TestALevelIsFollowedAsTheJointDistributionTells(t *testing.T) {
	t.Parallel()
	c := quarter(steady(84, 12, 120), 82, 88, 85)
	const drift = 2.0
	noise := c.Now.spread()/40 + drift*drift/12
	at, last, likely := c.follow(drift)
	// Given the first, the others are 82 + normal with these variances and covariances.
	v2, v3, both := noise+drift*drift+noise, noise+2*drift*drift+noise, noise+drift*drift
	det := v2*v3 - both*both
	y2, y3 := 88-82., 85-82.
	level2, level3 := noise+drift*drift, noise+2*drift*drift // covariances of the last level
	w2, w3 := (level2*v3-level3*both)/det, (level3*v2-level2*both)/det
	mean, variance := 82+w2*y2+w3*y3, level3-w2*level2-w3*level3
	want := -(math.Log(det) + (y2*y2*v3-2*y2*y3*both+y3*y3*v2)/det) / 2
	from, to := monthOf(2)
	if math.Abs(at.mean-mean) > 1e-9 || math.Abs(at.variance-variance) > 1e-9 || math.Abs(likely-want) > 1e-9 || last != float64(from+to+1)/2 {
		t.Errorf("%v, %v on %v, want %v, %v, %v", at, likely, last, mean, variance, want)
	}
}

func TestAGradeIsCertainOnceTheIntervalLiesWithinIt(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	within := func(f *Figure) bool {
		lo, hi := f.evidence.interval()
		return table.gradeFloat(f.hundredths(lo)) == table.gradeFloat(f.hundredths(hi))
	}
	below := func(n int64) int64 { // the number of two digits before one
		step := int64(1)
		for (n-1)/step >= 100 {
			step *= 10
		}
		return n - step
	}
	for _, value := range []float64{80, 84, 86, 86.5, 87, 87.5, 88, 88.4, 89, 90, 70, 50, 64.5, 66, 77, 99} {
		f := steady(value, 12, 40)
		got := table.certain(f, table.gradeFloat(f.at100()))
		if got == nil {
			t.Errorf("%v: never", value)
			continue
		}
		// The same mean and variance of the mean as of so many people.
		more := func(further int64) *Figure {
			n := 40 + further
			out := *f
			out.evidence = evidenceOf(intervalInput{Mean: f.evidence.mean, Variance: 144. / 625, Lo: 1, Hi: 4, N: n})
			return &out
		}
		if !within(more(*got)) || *got > 0 && within(more(below(*got))) {
			t.Errorf("%v: %d more", value, *got)
		}
	}
	if got := table.certain(steady(88.305, 12, 40), "A"); got != nil {
		t.Errorf("at the limit %d", *got)
	}
	if got := table.certain(steady(80, 12, 3000), "B"); got == nil || *got != 0 {
		t.Errorf("of 3000 people %v", got)
	}
	// Of 50 people ten more can be heard, of 45 five.
	f := steady(80, 12, 40)
	f.evidence = evidenceOf(intervalInput{Mean: 3.2, Variance: 144. / 625, Lo: 1, Hi: 4, N: 40, Population: 50})
	got := table.certain(f, "B")
	all := evidenceOf(intervalInput{Mean: 3.2, Variance: 144. / 625, Lo: 1, Hi: 4, N: 50, Population: 50})
	grown := f.evidence.grown(50. / 40)
	if some := f.evidence.grown(1.1).heard; math.Abs(some-44./50) > 1e-9 {
		t.Errorf("44 of 50 heard: %v", some)
	}
	if lo, hi := grown.interval(); got == nil || *got > 10 {
		t.Errorf("of 50 people %v, all: %v..%v", got, lo, hi)
	}
	// Who is near to a limit has to hear everybody, and no more than there are.
	near := steady(88.2, 12, 40)
	near.evidence = evidenceOf(intervalInput{Mean: 3.528, Variance: 144. / 625, Lo: 1, Hi: 4, N: 40, Population: 247})
	if got := table.certain(near, "B"); got == nil || *got != 207 {
		t.Errorf("of 247 people, of whom 40 were heard, %v", got)
	}
	if math.Abs(grown.size-all.size) > 1e-9 || math.Abs(grown.variance-all.variance) > 1e-12 || math.Abs(grown.least-3.2) > 1e-9 || math.Abs(grown.most-3.2) > 1e-9 {
		t.Errorf("all 50: %+v, want %+v", grown, all)
	}
}
