package analytics

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

// The figures of a unit computed once more, the plain way, by big.Rat alone.

func bigFloat(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}

func bigShown(x *big.Rat, digits int) string { return roundBig(x, digits).FloatString(digits) }

func bigTimes(x *big.Rat, n int64) *big.Rat { return new(big.Rat).Mul(x, big.NewRat(n, 1)) }

func bigGrade(table *GradeTable, ikm *big.Rat) Grade {
	for _, g := range table.Grades {
		if roundBig(ikm, 2).Cmp(g.From.Rat()) >= 0 {
			return g
		}
	}
	return table.Grades[len(table.Grades)-1]
}

// bigMeans returns the aspects' means on the answers' scale, nil where nobody
// answered, and the number of those that somebody did.
func bigMeans(t *Tally, x *survey.FormIndex) (means []*big.Rat, k int64) {
	for _, positions := range x.Positions {
		mean, questions := new(big.Rat), int64(0)
		for _, p := range positions {
			if s, n := t.Question(p); n > 0 {
				mean.Add(mean, big.NewRat(s, n))
				questions++
			}
		}
		if questions == 0 {
			means = append(means, nil)
			continue
		}
		means = append(means, mean.Quo(mean, big.NewRat(questions, 1)))
		k++
	}
	return means, k
}

// bigUsed returns the method that k answered aspects are computed by.
func bigUsed(m *survey.Method, k int64) string {
	if m.Aspects != 0 && int64(m.Aspects) != k {
		return "exact"
	}
	return m.Name
}

func bigWeight(m *survey.Method, k int64) *big.Rat {
	if m.Weight != nil && bigUsed(m, k) == m.Name {
		return m.Weight
	}
	return big.NewRat(1, k)
}

func bigConvert(mean *big.Rat, m *survey.Method) *big.Rat {
	x := new(big.Rat).Mul(mean, m.Slope)
	return x.Add(x, m.Offset)
}

func bigCombine(means []*big.Rat, k int64, m *survey.Method) *big.Rat {
	sum := new(big.Rat)
	for _, mean := range means {
		if mean != nil {
			sum.Add(sum, bigConvert(mean, m))
		}
	}
	return sum.Mul(sum, bigWeight(m, k))
}

func bigValue(code string, mean *big.Rat) *big.Rat {
	if code == IKM {
		return bigTimes(mean, hundred)
	}
	return mean
}

// bigIndex returns what Calculation.Index does. The interval is no exact
// figure: it is taken over.
func bigIndex(calc *Calculation, t *Tally, i int, served Population) *Index {
	x, m, table := &calc.Form.Indexes[i], calc.Chosen[i], calc.Grades
	means, k := bigMeans(t, x)
	if k == 0 {
		return nil
	}
	mean := bigCombine(means, k, m)
	value := bigValue(x.Code, mean)
	grade := bigGrade(table, bigTimes(mean, hundred))
	out := &Index{
		Value: bigFloat(value), Mean: bigFloat(mean), Shown: bigShown(value, 2), Mutu: grade.Mutu, Kinerja: grade.Kinerja,
		Method: fmt.Sprintf("%s@%d", bigUsed(m, k), m.Version), GradeTable: fmt.Sprintf("%s@%d", table.Name, table.Version),
		Reliability: t.Reliability(i), Reconciliation: []Reconciliation{}, ExactMean: RatioOf(mean), ExactValue: RatioOf(value),
	}
	out.Answered, out.N = t.Respondents(i)
	out.AspectsAnswered, out.AspectsAll = int(k), len(x.Aspects)
	out.SampleFault = served.fault(t.N)
	population := served.People
	if out.SampleFault == "" {
		needed := calc.Samples.KrejcieMorgan(int(population))
		out.Needed, out.Adequate = &needed, out.N >= int64(needed) && int(k) == len(x.Aspects)
	} else {
		population = 0
	}
	if bigUsed(m, k) != m.Name {
		out.Chosen = m.Ref()
	}
	out.Basis = calc.Bases.Of(&x.Index)
	out.Regulation = out.Basis["id"]
	for n, aspect := range x.Aspects {
		a := AspectResult{Code: aspect.Code, Name: aspect.Name}
		for _, p := range x.Positions[n] {
			s, count := t.Question(p)
			a.Sum, a.N = a.Sum+s, a.N+count
		}
		if means[n] != nil {
			exact := bigConvert(means[n], m)
			at100 := bigTimes(exact, hundred)
			told := [...]float64{bigFloat(exact), bigFloat(new(big.Rat).Mul(exact, bigWeight(m, k))), bigFloat(at100)}
			a.Mean, a.Weighted, a.Value100 = &told[0], &told[1], &told[2]
			a.Mutu, a.Exact = bigGrade(table, at100).Mutu, RatioOf(exact)
			a.Shown = bigShown(exact, 2)
		}
		out.Aspects = append(out.Aspects, a)
	}
	out.CI95Method = intervalMethod
	by := newConversion(m, k)
	out.CI95, out.Stability = carried(t.evidence(i, population), x.Code, by, RatioOf(mean), table)
	if int(k) == len(x.Aspects) {
		out.Chances = calc.chances(x.Code, t.evidence(i, population), by, true)
	}
	for _, other := range calc.Methods.Alternatives(&x.Index, len(x.Aspects), nil) {
		if other.Name == bigUsed(m, k) || other.Name != bigUsed(other, k) {
			continue
		}
		mean := bigCombine(means, k, other)
		by := bigValue(x.Code, mean)
		out.Reconciliation = append(out.Reconciliation, Reconciliation{
			Method: other.Ref(), Value: bigFloat(by), Shown: bigShown(by, 2),
			Difference: bigFloat(new(big.Rat).Sub(by, value)), ShownDifference: bigShown(new(big.Rat).Sub(by, value), 2), Mutu: bigGrade(table, bigTimes(mean, hundred)).Mutu,
		})
	}
	out.Explanation = bigExplanation(calc, i, out, mean, value, k)
	return out
}

func bigExplanation(calc *Calculation, i int, out *Index, mean, value *big.Rat, k int64) *Explanation {
	x, chosen := &calc.Form.Indexes[i], calc.Chosen[i]
	m, err := calc.Methods.For(&x.Index, bigUsed(chosen, k))
	if err != nil {
		panic(err)
	}
	name, weight := strings.ToUpper(x.Code), "1/k"
	e := &Explanation{
		Basis: out.Basis.In("en"), Source: m.Source.In("en"), Rounding: "half up, 2 decimals, for display and for the grade only", By: m.Source,
		Weight: bigWeight(m, k).RatString(), Averages: make([]string, len(out.Aspects)),
		Mean: bigShown(mean, 6), Value: bigShown(value, 6), At100: bigShown(bigTimes(mean, hundred), 2),
	}
	if m.Weight != nil {
		weight = m.Weight.FloatString(4)
		e.Weight = weight
	}
	conversion := "NRR"
	if m.Slope.Cmp(big.NewRat(1, 1)) != 0 || m.Offset.Sign() != 0 {
		e.Slope, e.Offset = m.Slope.RatString(), m.Offset.RatString()
		conversion = fmt.Sprintf("(%s × NRR + %s)", e.Slope, e.Offset)
	}
	e.Formula = fmt.Sprintf("NRR = Σ/n; mean = Σ %s × %s; %s = mean", conversion, weight, name)
	if x.Code == IKM {
		e.Factor = "25"
		e.Formula += " × 25"
	}
	for n, a := range out.Aspects {
		if !a.Exact.Known() {
			e.Steps = append(e.Steps, fmt.Sprintf("%s: n = 0, left out", a.Code))
			continue
		}
		e.Averages[n] = bigShown(a.Exact.Rat(), 6)
		e.Steps = append(e.Steps, fmt.Sprintf("%s: %d / %d → %s", a.Code, a.Sum, a.N, e.Averages[n]))
	}
	if all := len(x.Aspects); int64(all) != k {
		e.Steps = append(e.Steps, fmt.Sprintf("%d of %d aspects have answers", k, all))
	}
	if m != chosen {
		e.Chosen = chosen.Source
		e.Steps = append(e.Steps, fmt.Sprintf("%s is meant for %d aspects: exact is used", chosen.Name, chosen.Aspects))
	}
	e.Steps = append(e.Steps,
		fmt.Sprintf("k = %d, weight = %s", k, bigWeight(m, k).RatString()), fmt.Sprintf("mean = %s = %s", mean.RatString(), e.Mean))
	if x.Code == IKM {
		e.Steps = append(e.Steps, fmt.Sprintf("%s = %s × %s = %s", name, e.Mean, e.Factor, e.Value))
	}
	e.Steps = append(e.Steps, fmt.Sprintf("%s → %s", e.Value, out.Shown), fmt.Sprintf("mutu: %s → %s (%s)", e.At100, out.Mutu, out.GradeTable))
	return e
}

// told writes all of an index: its JSON, and what pages show beside.
func told(t *rapid.T, x *Index) string {
	t.Helper()
	data, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	if x == nil {
		return string(data)
	}
	out := fmt.Sprintf("%s\n%s %s", data, x.ExactMean, x.ExactValue)
	for _, a := range x.Aspects {
		out += " " + a.Exact.String()
	}
	if e := x.Explanation; e != nil {
		out += fmt.Sprintf("\n%v %v %q", e.By, e.Chosen, append([]string{e.Weight, e.Slope, e.Offset, e.Mean, e.Factor, e.Value, e.At100}, e.Averages...))
	}
	return out
}

// Few answers fit machine integers, very many and those with gaps don't: both ways are drawn,
// and whichever is taken, its bytes are those of big rationals.
func TestAUnitsFiguresAreTheSameBytesByBigRationals(t *testing.T) {
	t.Parallel()
	methods, table, samples, bases := testMethods(t), testTable(t), testSamples(t), testBases(t)
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		calc := &Calculation{Form: form, Period: &survey.Period{}, Methods: methods, Grades: table, Samples: samples, Bases: bases}
		for i := range form.Indexes {
			calc.Chosen = append(calc.Chosen, rapid.SampledFrom(calc.Methods.Alternatives(&form.Indexes[i].Index, len(form.Indexes[i].Aspects), nil)).Draw(t, "method"))
		}
		tally := drawnTally(t, form, rapid.SliceOfN(drawn(form), 0, 15).Draw(t, "responses"))
		for range rapid.IntRange(0, 20).Draw(t, "times two") {
			tally = merged(t, tally, tally, drawnTally(t, form, rapid.SliceOfN(drawn(form), 0, 1).Draw(t, "one more")))
		}
		served := Population{People: rapid.SampledFrom([]int64{0, 100, 100_000_000}).Draw(t, "population")}
		for i := range form.Indexes {
			x := calc.Index(tally, i, served)
			if x != nil {
				x.Explanation = calc.Explanation(i, x)
			}
			if got, want := told(t, x), told(t, bigIndex(calc, tally, i, served)); got != want {
				t.Fatalf("got  %s\nwant %s", got, want)
			}
		}
	})
}

// A sheet's points, distances and texts.
func TestASheetsPointsAreThoseOfBigRationals(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	rapid.Check(t, func(t *rapid.T) {
		num, den := rapid.Int64Range(0, 1<<40).Draw(t, "num"), rapid.Int64Range(1<<38, 1<<62).Draw(t, "den")
		index := big.NewRat(num, den)
		got, err := table.Score(LKEInput{IPAK: RatioOf(index)})
		if err != nil {
			t.Fatal(err)
		}
		points := new(big.Rat).Mul(index, big.NewRat(35, 8))
		if got.IA.Exact.Rat().Cmp(points) != 0 || got.IA.Points != bigFloat(points) || got.IA.Shown != bigShown(points, 2) {
			t.Fatalf("%s: got %s points", index, got.IA.Exact)
		}
		distance := new(big.Rat).Sub(points, big.NewRat(63, 4)) // I.a of WBK: 15.75
		short := new(big.Rat).Mul(distance, big.NewRat(8, 35))
		for _, x := range got.WBK.Tests {
			if x.Row == "I.a" && (*x.Distance != bigFloat(distance) || *x.IndexDistance != bigFloat(short) || *x.Passed != (distance.Sign() >= 0)) {
				t.Fatalf("%s: got %+v, want a distance of %s", index, x, distance)
			}
		}
	})
}

func TestAMeanOfManyValuesIsTheNearestFloat(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var got sum
		want := new(big.Rat)
		list := rapid.SliceOfN(drawnRat(), 1, 40).Draw(t, "values")
		for _, x := range list {
			got.add(RatioOf(x))
			want.Add(want, x)
		}
		same(t, "sum", got.ratio(), want)
		if mean := bigFloat(want.Quo(want, big.NewRat(int64(len(list)), 1))); got.mean() != mean {
			t.Fatalf("got mean %v, want %v", got.mean(), mean)
		}
	})
}
