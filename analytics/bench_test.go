package analytics

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"persepsi/survey"
)

// sampled makes answers as a city gets them: mostly good, each respondent with
// a mood, by every mode; a share of the scored questions is left out.
func sampled(form *survey.Form, seed uint64, n int, gaps float64) []survey.Response {
	rng := rand.New(rand.NewPCG(seed, 1))
	quality := 0.5 + 0.45*rng.Float64()
	out := make([]survey.Response, n)
	answers, respondent := make([]int, len(form.Questions)), make([]int, len(form.Fields))
	for i := range out {
		mood := rng.NormFloat64() * 0.13
		for q := range answers {
			steps := len(form.Questions[q].Options)
			level := quality + mood + 0.03*float64(q%5-2) + rng.NormFloat64()*0.16
			answers[q] = min(max(1+int(level*float64(steps)), 1), steps)
			if rng.Float64() < gaps || !form.Questions[q].Scored && rng.Float64() < 0.1 {
				answers[q] = 0
			}
		}
		for f := range respondent {
			respondent[f] = rng.IntN(len(form.Fields[f].Categories) + 1)
		}
		out[i] = survey.Response{
			Form: form.ID, Mode: survey.Mode(min(int(rng.ExpFloat64()), int(survey.ModeCount)-1)),
			Service: fmt.Sprintf("layanan-%d", rng.IntN(4)), Point: fmt.Sprintf("DK%02d", rng.IntN(2)),
			Day: survey.NewDate(2026, time.March, 2+rng.IntN(5)), Hour: uint8(8 + rng.IntN(7)),
			Answers: survey.MakeMarks(answers), Respondent: survey.MakeMarks(respondent),
		}
	}
	return out
}

func sampledTally(t testing.TB, form *survey.Form, seed uint64, n int, gaps float64) *Tally {
	t.Helper()
	tally := NewTally(form)
	list := sampled(form, seed, n, gaps)
	for i := range list {
		if err := tally.Add(&list[i]); err != nil {
			t.Fatal(err)
		}
	}
	return tally
}

func benchCalculation(t testing.TB, form *survey.Form) *Calculation {
	t.Helper()
	methods := testMethods(t)
	calc := &Calculation{Form: form, Period: &survey.Period{Population: map[string]int{}}, Methods: methods, Grades: testTable(t), Samples: testSamples(t)}
	for i := range form.Indexes {
		m, err := methods.For(&form.Indexes[i].Index, form.Indexes[i].Method)
		if err != nil {
			t.Fatal(err)
		}
		calc.Chosen = append(calc.Chosen, m)
	}
	return calc
}

// One unit's three indexes. With gaps, every aspect has another number of
// answers, so that the sum of their means has no short denominator.
func BenchmarkUnit(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	for _, c := range []struct {
		name              string
		explain, interval bool
		gaps              float64
	}{
		{"figures", false, false, 0},
		{"explained", true, false, 0},
		{"explained, interval", true, true, 0},
		{"explained, gaps", true, false, 0.05},
		{"explained, gaps, interval", true, true, 0.05},
	} {
		b.Run(c.name, func(b *testing.B) {
			calc, tally := benchCalculation(b, form), sampledTally(b, form, 1, 16_000, c.gaps)
			b.ReportAllocs()
			for b.Loop() {
				for i := range form.Indexes {
					if c.interval {
						x := calc.Index(tally, i, Population{People: 100_000})
						x.Explanation = calc.Explanation(i, x)
						continue
					}
					out, _ := figures(tally, &form.Indexes[i], calc.Chosen[i], calc.Methods, calc.Grades)
					if c.explain {
						out.Explanation = calc.Explanation(i, out)
					}
				}
			}
		})
	}
}

// A city of 600 units in 30 agencies: indexes with explanations, sheets of
// evaluation, sample sizes, pooled indexes of the agencies and of the city.
func BenchmarkCity(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	lke, samples := testLKE(b), testSamples(b)
	for name, gaps := range map[string]float64{"answered": 0, "gaps": 0.05} {
		b.Run(name, func(b *testing.B) {
			calc := benchCalculation(b, form)
			units := make([]*Tally, 600)
			for u := range units {
				units[u] = sampledTally(b, form, uint64(u), 500+u, gaps)
				calc.Period.Population[fmt.Sprint(u)] = 20_000
			}
			b.ReportAllocs()
			for b.Loop() {
				city := calc.NewGroup("", "kota")
				var agency *Group
				for u, tally := range units {
					if u%20 == 0 {
						agency = calc.NewGroup("dinas", "dinas")
					}
					unit := fmt.Sprint(u)
					CountResponses(tally)
					indexes, in := map[string]*Index{}, LKEInput{Achievement: "B"}
					for i := range form.Indexes {
						x := calc.Index(tally, i, Population{People: 20_000})
						x.Explanation = calc.Explanation(i, x)
						indexes[form.Indexes[i].Code] = x
						switch form.Indexes[i].Code {
						case IPAK:
							in.IPAK = x.ExactMean
						case IPKP:
							in.IPKP = x.ExactMean
						}
					}
					samples.Of(calc.Period, unit, tally.N, indexes)
					if _, err := lke.Score(in); err != nil {
						b.Fatal(err)
					}
					for _, g := range []*Group{agency, city} {
						if err := g.Add(unit, tally, indexes); err != nil {
							b.Fatal(err)
						}
					}
					if u%20 == 19 {
						agency.Result()
					}
				}
				city.Result()
			}
		})
	}
}

// Answers into one tally, which stays in the processor's cache, and into those
// of 600 units in turn, as a recount meets them.
func BenchmarkTallyAddCity(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	list := sampled(form, 1, 4096, 0)
	for _, n := range []int{1, 600} {
		b.Run(fmt.Sprint("tallies ", n), func(b *testing.B) {
			tallies := make([]*Tally, n)
			for i := range tallies {
				tallies[i] = NewTally(form)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if err := tallies[i*7919%n].Add(&list[i%len(list)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

// A day's tallies of 600 units, 70 answers each, into those of the month.
func BenchmarkTallyMerge(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	days, months := make([]*Tally, 600), make([]*Tally, 600)
	for i := range days {
		days[i], months[i] = sampledTally(b, form, uint64(i), 70, 0), NewTally(form)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := months[i].Merge(days[i]); err != nil {
			b.Fatal(err)
		}
		i = (i + 1) % len(days)
	}
}

func BenchmarkTallyEncode(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	tally := sampledTally(b, form, 1, 70, 0)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = tally.AppendEncode(buf[:0])
	}
}

func BenchmarkTallyDecode(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	data, into := sampledTally(b, form, 1, 70, 0).Encode(), NewTally(form)
	b.ReportAllocs()
	for b.Loop() {
		if err := into.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTallyCounts(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	data, read := sampledTally(b, form, 1, 70, 0).Encode(), NewCountsReader(form)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
