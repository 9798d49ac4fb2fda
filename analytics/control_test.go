package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// monthly draws a month of a stable unit, whose months differ by a normal number.
func monthly(r *rand.Rand, level, between float64, n int) *Figure {
	good, bad, low := [4]float64{0, 0, .1, .9}, [4]float64{0, .2, .6, .2}, 75.0
	at := min(max(level+between*r.NormFloat64(), low), 97.5)
	share := (at - low) / 22.5
	k := kind{items: 9, groups: []people{{share, 0, good}, {1 - share, 0, bad}}}
	rows := emptyRows(n, 9)
	for i := range rows {
		k.draw(r, rows[i])
	}
	return ikmOf(rows)
}

// pooled makes the figure of a period out of its months.
func pooled(months []*Figure) *Figure {
	n, mean, square := 0.0, 0.0, 0.0
	for _, f := range months {
		n += f.evidence.size
		mean += f.evidence.size * f.evidence.mean
		square += f.evidence.size * (f.evidence.variance*f.evidence.size + f.evidence.mean*f.evidence.mean)
	}
	mean /= n
	return &Figure{Code: IKM, Instrument: "skm-9@1", Method: "exact@1", slope: 25, answered: int64(n), evidence: evidenceOf(intervalInput{Mean: mean, Variance: square/n - mean*mean, Lo: 1, Hi: 4, N: int64(n)})}
}

// TestControlLimitsAreSeldomPassedByLuck judges five months of stable units, and one in which
// they fell by six points.
func TestControlLimitsAreSeldomPassedByLuck(t *testing.T) {
	t.Parallel()
	each := *samplesEach / 2
	if wholeRun() {
		each = 4 * *samplesEach
	}
	for _, level := range []float64{84, 95} {
		for _, between := range []float64{0, 1, 2} {
			for _, closed := range []bool{true, false} {
				t.Run(fmt.Sprintf("IKM %v, months differ by %v, closed period %v", level, between, closed), func(t *testing.T) {
					t.Parallel()
					var row strings.Builder
					for _, n := range []int{15, 40, 150} {
						r := rand.New(rand.NewPCG(uint64(level), uint64(n)))
						judged, out, fell := 0, 0, 0
						for range each {
							var months []*Figure
							for range 11 {
								months = append(months, monthly(r, level, between, n))
							}
							months = append(months, monthly(r, level-6, between, n))
							var of *Figure
							if closed {
								of = pooled(months[:6])
							}
							got := Controlled(of, months[:6], months[6:])
							for _, c := range got[:5] {
								if c.Signal == SignalAbove || c.Signal == SignalBelow {
									out++
								}
								if c.Signal != SignalBaseline {
									judged++
								}
							}
							if got[5].Signal == SignalBelow {
								fell++
							}
						}
						alarms := float64(out) / float64(judged)
						fmt.Fprintf(&row, " | %.1f, %.0f", 100*alarms, 100*float64(fell)/float64(each))
						most := 0.015
						if !closed {
							most = 0.04
						}
						if alarms > most+2*math.Sqrt(most/float64(judged)) {
							t.Errorf("months of %d: %.2f %% are out by luck", n, 100*alarms)
						}
					}
					t.Logf("| %v | %v | %v%s |", level, between, closed, row.String())
				})
			}
		}
	}
}

func documentedControl(t *testing.T, d *documented) {
	t.Helper()
	of, before := steady(80, 12, 240), []*Figure{}
	for range 6 {
		before = append(before, steady(80, 12, 40))
	}
	got := Controlled(of, before, []*Figure{steady(80, 12, 40), steady(80, 12, 160), steady(74, 12, 160)})
	d.says("IKM 80.00 by 240 people of deviation 12, six months of 40 all the same: %.2f..%.2f for a month of 40, %.2f..%.2f for one of 160; 74.00 by 160 is %s.",
		got[0].Lower, got[0].Upper, got[1].Lower, got[1].Upper, got[2].Signal)
}

// signals tells the signals and baselines of months.
func signals(list []Control) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %d", c.Signal, c.Baseline))
	}
	return strings.Join(out, ", ")
}

func TestABaselineStaysUntilNothingCanBeComparedWithIt(t *testing.T) {
	t.Parallel()
	at := func(value float64) *Figure { return steady(value, 12, 200) }
	other := func(value float64) *Figure {
		f := at(value)
		f.Method = "w0.11@1"
		return f
	}
	six := []*Figure{at(80), at(80), at(80), at(80), at(80), at(80)}
	for name, c := range map[string]struct {
		closed         *Figure
		before, months []*Figure
		want           string
	}{
		"of the closed period":            {steady(80, 12, 1200), six, []*Figure{at(81), at(70), at(70), at(70), at(70), at(70), at(90)}, "within 0, below 0, below 0, below 0, below 0, below 0, above 0"},
		"a gap":                           {steady(80, 12, 1200), six, []*Figure{nil, at(80), nil}, "gap 0, within 0, gap 0"},
		"of its own":                      {nil, nil, []*Figure{at(80), nil, at(80), at(80), at(80), at(80), at(70)}, "baseline 1, gap 1, baseline 1, baseline 1, baseline 1, within 1, below 1"},
		"the closed has too few months":   {steady(80, 12, 1200), six[:3], []*Figure{at(80), at(80), at(80), at(80), at(70)}, "baseline 1, baseline 1, baseline 1, baseline 1, below 1"},
		"the closed has another method":   {steady(80, 12, 1200), six, []*Figure{other(80), other(80), other(80), other(80), other(70)}, "baseline 1, baseline 1, baseline 1, baseline 1, below 1"},
		"months before of another method": {steady(80, 12, 1200), []*Figure{other(80), at(80), at(80), at(80), nil, at(80)}, []*Figure{at(80)}, "within 0"},
		"another method from then on":     {steady(80, 12, 1200), six, []*Figure{at(70), other(70), other(70), other(70), other(70), other(80)}, "below 0, baseline 1, baseline 1, baseline 1, baseline 1, above 1"},
		"too few yet":                     {nil, nil, []*Figure{at(80), at(80), at(70)}, "waiting 1, waiting 1, waiting 1"},
		"too few of one method":           {nil, nil, []*Figure{at(80), at(80), other(80), other(80), other(80), other(80), other(70)}, "waiting 1, waiting 1, baseline 2, baseline 2, baseline 2, baseline 2, below 2"},
		"nothing":                         {nil, nil, nil, ""},
	} {
		got := Controlled(c.closed, c.before, c.months)
		if signals(got) != c.want {
			t.Errorf("%s: %s, want %s", name, signals(got), c.want)
		}
		for _, x := range got {
			if has := x.Signal != SignalGap && x.Signal != SignalWaiting; has != (x.Upper > x.Centre && x.Centre > x.Lower) {
				t.Errorf("%s: %+v", name, x)
			}
		}
	}
}

func TestLimitsAreWiderForFewAndWhereMonthsDiffer(t *testing.T) {
	t.Parallel()
	limits := func(n int, months ...float64) Control {
		var before []*Figure
		for _, v := range months {
			before = append(before, steady(v, 12, 100))
		}
		return Controlled(steady(80, 12, 100*len(months)), before, []*Figure{steady(80, 12, n)})[0]
	}
	width := func(c Control) float64 { return c.Upper - c.Lower }
	even := []float64{80, 80, 80, 80, 80, 80}
	few, many, apart := limits(25, even...), limits(400, even...), limits(400, 77, 83, 80, 76, 84, 80)
	if width(few) < 2.2*width(many) || width(apart) < 2*width(many) {
		t.Errorf("few %v, many %v, months apart %v", width(few), width(many), width(apart))
	}
	// Of months that differ no more than people do, six times 144/100 the variance of people.
	if short := limits(400, 80, 80, 80, 80); width(short) <= width(many) {
		t.Errorf("four months %v, six %v", width(short), width(many))
	}
	top := Controlled(steady(98, 6, 600), []*Figure{steady(98, 6, 100), steady(98, 6, 100), steady(98, 6, 100), steady(98, 6, 100)}, []*Figure{steady(98, 6, 20)})[0]
	if top.Upper > 100 || top.Upper-top.Centre > top.Centre-top.Lower {
		t.Errorf("near the top %+v", top)
	}
}

func TestTheMomentEstimateIsThatOfDerSimonianAndLaird(t *testing.T) {
	t.Parallel()
	months := []*Figure{steady(76, 12, 100), steady(84, 12, 200), steady(80, 12, 100), steady(81, 12, 400)}
	of := steady(80, 12, 800)
	b := baselineOf(of, months)
	w, y := []float64{100, 200, 100, 400}, []float64{76, 84, 80, 81}
	spread := b.spread * 75 * 75
	sw, sw2, swy, q := 0.0, 0.0, 0.0, 0.0
	for i := range w {
		sw, sw2, swy = sw+w[i]/spread, sw2+w[i]*w[i]/spread/spread, swy+w[i]/spread*y[i]
	}
	for i := range w {
		q += w[i] / spread * (y[i] - swy/sw) * (y[i] - swy/sw)
	}
	want := (q - 3) / (sw - sw2/sw) * 1.25 * 9.219 * 9.219 / 9
	if got := b.between * 75 * 75; math.Abs(got-want) > 1e-6 {
		t.Errorf("%v, want %v", got, want)
	}
	if math.Abs(b.centre-55./75) > 1e-9 || math.Abs(b.shared-b.spread/800) > 1e-12 {
		t.Errorf("%+v", b)
	}
}

func TestPointsAreWhereTheirDistributionsHaveThem(t *testing.T) {
	t.Parallel()
	const seldom = 0.0013498980316301
	for i, point := range student3 {
		n := float64(i + controlLeast - 1)
		up, _ := math.Lgamma((n + 1) / 2)
		down, _ := math.Lgamma(n / 2)
		tail, steps := 0.0, 100_000
		for k := range steps {
			u := (float64(k) + 0.5) / float64(steps)
			x := point + u/(1-u)
			tail += math.Exp(up-down) / math.Sqrt(n*math.Pi) * math.Pow(1+x*x/n, -(n+1)/2) / (1 - u) / (1 - u) / float64(steps)
		}
		if math.Abs(tail-seldom) > 2e-6 {
			t.Errorf("%v degrees of freedom: %v is passed by %v", n, point, tail)
		}
	}
	for _, mean := range []float64{0.05, 0.5, 0.9, 0.99} {
		variance := mean * (1 - mean) / 50
		lower, upper := betaLimits(mean, variance)
		off := 2e-3 * math.Sqrt(variance)
		if betaBelow(lower-off, mean, variance) > seldom || betaBelow(lower+off, mean, variance) < seldom {
			t.Errorf("mean %v: %v below %v", mean, betaBelow(lower, mean, variance), lower)
		}
		if betaBelow(1-upper-off, 1-mean, variance) > seldom || betaBelow(1-upper+off, 1-mean, variance) < seldom {
			t.Errorf("mean %v: %v above %v", mean, betaBelow(1-upper, 1-mean, variance), upper)
		}
	}
	for n, want := range map[float64]float64{0: 12.706, 1: 12.706, 4: 2.776, 9: 2.262, 19: 2.093, 1e6: 1.960} {
		if got := student975(n); math.Abs(got-want) > 0.02*want && n > 1 {
			t.Errorf("%v degrees of freedom: %v, want %v", n, got, want)
		}
	}
	if lower, upper := betaLimits(1, 0); lower != 1 || upper != 1 {
		t.Errorf("at the top %v..%v", lower, upper)
	}
}
