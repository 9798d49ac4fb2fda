package analytics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// made makes a figure of IPAK with some interval.
func made(t testing.TB, value string, lo, hi float64) *Figure {
	t.Helper()
	x := exactly(t, value)
	return &Figure{
		Code: IPAK, Instrument: "spak-5@1", Method: "exact@1", Value: x.Float64(), CI95: [2]float64{lo, hi}, N: 100, exact: x,
		evidence: evidence{lo: 1, hi: 4, mean: x.Float64(), size: 100}, slope: 25,
	}
}

func TestAChangeIsRealWhereItsIntervalLeavesNothingOut(t *testing.T) {
	t.Parallel()
	before, after := made(t, "3.50", 3.40, 3.58), made(t, "3.62", 3.54, 3.68)
	got := Changed(before, after)
	if got.State != ChangeReal || got.ShownDifference != "+0.12" || got.Difference != 0.12 || got.CI95 != [2]float64{0.0068, 0.2367} || got.Method != changeMethod {
		t.Errorf("%+v", got)
	}
	got = Changed(after, before)
	if got.State != ChangeReal || got.ShownDifference != "-0.12" || got.CI95 != [2]float64{-0.2367, -0.0068} {
		t.Errorf("the other way: %+v", got)
	}
	if got = Changed(made(t, "3.51", 3.40, 3.58), made(t, "3.62", 3.53, 3.68)); got.State != ChangeUsual {
		t.Errorf("0 is within: %+v", got)
	}
	for _, from := range [][2]*Figure{{made(t, "3.50", 3.5, 3.5), made(t, "3.75", 3.5, 3.75)}, {made(t, "3.75", 3.5, 3.75), made(t, "3.50", 3.5, 3.5)}} {
		if got = Changed(from[0], from[1]); got.State != ChangeUsual || got.CI95[0] != 0 && got.CI95[1] != 0 {
			t.Errorf("0 is an end: %+v", got)
		}
	}
	if got = Changed(before, made(t, "3.504", 3.4, 3.6)); got.ShownDifference != "0.00" || got.State != ChangeUsual {
		t.Errorf("less than is shown has no sign: %+v", got)
	}
	if got = Changed(before, made(t, "3.496", 3.4, 3.6)); got.ShownDifference != "-0.00" && got.ShownDifference != "0.00" {
		t.Errorf("less than is shown: %+v", got)
	}
}

func documentedChange(t *testing.T, d *documented) {
	t.Helper()
	got := Changed(made(t, "3.50", 3.40, 3.58), made(t, "3.62", 3.54, 3.68))
	d.says("3.50 (3.40..3.58), then 3.62 (3.54..3.68): %s (%.4f..%.4f), %s.", got.ShownDifference, got.CI95[0], got.CI95[1], got.State)
}

func TestWhatWasMadeAnotherWayIsNotCompared(t *testing.T) {
	t.Parallel()
	plain := made(t, "3.50", 3.4, 3.6)
	for why, change := range map[string]func(f *Figure){
		ApartForm:    func(f *Figure) { f.Instrument = "spak-5@2" },
		ApartMethod:  func(f *Figure) { f.Method = "ratio@1" },
		ApartAspects: func(f *Figure) { f.aspects = f.aspects.with(3) },
		ApartUnknown: func(f *Figure) { f.evidence = evidence{} },
	} {
		other := *plain
		change(&other)
		for _, pair := range [][2]*Figure{{plain, &other}, {&other, plain}} {
			if got := Changed(pair[0], pair[1]); got.State != ChangeNotCompared || got.Why != why || got.ShownDifference != "" {
				t.Errorf("%s: %+v", why, got)
			}
		}
	}
	for name, change := range map[string]func(f *Figure){
		"another index": func(f *Figure) { f.Code = IPKP }, "no form": func(f *Figure) { f.Instrument = "" }, "no conversion": func(f *Figure) { f.slope = 0 },
	} {
		other := *plain
		change(&other)
		if got := Changed(plain, &other); got.Why != ApartUnknown {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := Changed(nil, plain); got.Why != ApartUnknown {
		t.Errorf("nothing before: %+v", got)
	}
	if got := Changed(plain, nil); got.Why != ApartUnknown {
		t.Errorf("nothing after: %+v", got)
	}
}

func TestAFigureHasWhatItsIndexHas(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	c := calculation(t, form, nil)
	x := c.Index(answersOf(t, form, append(many(30, "44444444-"), many(20, "33333333-")...)...), 0, Population{People: 703})
	f := FigureOf(IKM, "skm-9@1", x.Published())
	if f.Value != x.Value || f.CI95 != x.CI95 || f.N != 50 || f.Method != "exact@1" || f.Mutu != x.Mutu || f.Shown != x.Shown || !f.partial || !f.sure() {
		t.Errorf("%+v of %+v", f, x)
	}
	for a := range 9 {
		if f.aspects.has(a) != (a < 8) {
			t.Errorf("aspects %b", f.aspects)
		}
	}
	if FigureOf(IKM, "skm-9@1", nil) != nil {
		t.Error("a figure of nothing")
	}
	for end, lo := range []bool{true, false} {
		l, h := f.evidence.interval()
		v := h
		if lo {
			v = l
		}
		if got := f.value(v); math.Abs(got-f.CI95[end]) > 1e-9 || math.Abs((got*f.unit()-f.offset)/f.slope-v) > 1e-9 {
			t.Errorf("%v of the answers is %v, the interval ends at %v", v, got, f.CI95[end])
		}
	}
	if FigureOf(IKM, "skm-9@1", c.Point(answersOf(t, form, many(30, "444444444")...), 0)).sure() {
		t.Error("a point has no interval")
	}
}

// TestCoverageOfTheIntervalOfAChangeIsHighEnough draws the people of two periods, apart
// from each other, and compares. The truths are those of two finite populations.
func TestCoverageOfTheIntervalOfAChangeIsHighEnough(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"mostly 3 and 4", "mostly 3 and 4"},
		{"mostly 3 and 4", "at the ceiling"},
		{"at the ceiling", "at the ceiling"},
		{"3 % all 1, rest mostly 4", "at the ceiling"},
		{"all 4", "all 4"},
		{"1 % all 1, rest 4", "5 % all 1, rest 4"},
		{"straight-liners", "half 3, half 4"},
		{"one in ten unhappy", "mostly 3 and 4"},
	} {
		t.Run(strings.Join(pair[:], ", then "), func(t *testing.T) {
			t.Parallel()
			var row strings.Builder
			each, noise := samples()
			was, is := kinds()[pair[0]].served(20_000), kinds()[pair[1]].served(19_000)
			for _, n := range [][2]int{{29, 29}, {29, 300}, {100, 100}, {300, 29}, {300, 300}} {
				got, width := coverageOfChange(was, is, n, each)
				fmt.Fprintf(&row, " | %.1f (%.2f)", 100*got, width)
				if got < covered-noise {
					t.Errorf("n = %v: the interval holds the difference in %.1f %% of the samples, want at least %v %%", n, 100*got, 100*covered)
				}
			}
			t.Logf("| %s | %s%s |", pair[0], pair[1], row.String())
		})
	}
}

func coverageOfChange(was, is served, n [2]int, samples int) (share, width float64) {
	r := rand.New(rand.NewPCG(uint64(n[0]), uint64(n[1])))
	was.answers, is.answers = slices.Clone(was.answers), slices.Clone(is.answers)
	var seen [][]float64
	ends := func(s served, n int) (float64, [2]float64) {
		seen = s.sample(r, n, none, seen)
		e := observed(seen, 4, len(s.answers))
		lo, hi := e.interval()
		return e.mean, [2]float64{lo, hi}
	}
	hit := 0
	for range samples {
		a, ofA := ends(was, n[0])
		b, ofB := ends(is, n[1])
		got := mover(a, ofA, b, ofB)
		if d := is.truth - was.truth; got[0] <= d+1e-9 && d <= got[1]+1e-9 {
			hit++
		}
		width += got[1] - got[0]
	}
	return float64(hit) / float64(samples), width / float64(samples)
}

func TestTheIntervalOfAChangeHoldsTheDifferenceAndLiesWithinThatOfTheEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var mean [2]float64
		var ends [2][2]float64
		for i := range mean {
			lo := rapid.Float64Range(1, 4).Draw(t, "lo")
			mean[i] = rapid.Float64Range(lo, 4).Draw(t, "mean")
			ends[i] = [2]float64{lo, rapid.Float64Range(mean[i], 4).Draw(t, "hi")}
		}
		got := mover(mean[0], ends[0], mean[1], ends[1])
		d := mean[1] - mean[0]
		if got[0] > d || got[1] < d || got[0] < ends[1][0]-ends[0][1]-1e-3 || got[1] > ends[1][1]-ends[0][0]+1e-3 {
			t.Fatalf("%v of %v in %v", got, d, ends)
		}
	})
}
