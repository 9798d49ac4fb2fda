package analytics

import (
	"math/rand/v2"
	"testing"

	"persepsi/survey"
)

// BenchmarkDesk computes what the desk shows of 600 units with three indexes each: changes,
// levers, pace, limits, forecasts and ranks. It is to take less than 300 ms on one core.
func BenchmarkDesk(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	table := testTable(b)
	form := testForm(b, "skm-9@1")
	tally := answersOf(b, form, append(many(40, "433443344"), many(20, "334334433")...)...)
	x := spanCalculation(b, form).Index(tally, 0, Population{})
	units := make([]*Figure, 600)
	courses := make([]Course, 600)
	before := make([]*Figure, 600)
	for u := range units {
		value := 75 + 20*r.Float64()
		units[u], before[u] = steady(value, 12, 50+r.IntN(300)), steady(value-1, 12, 200)
		courses[u] = quarter(units[u], value-1, value+1, value, value-0.5, value+0.5)
	}
	in := Intake{From: halfYear[0], To: halfYear[1], Today: monday, Needed: 217, SoFar: 118, Count: constant(1, 5, 3), Open: weekdays}
	part := func(name string, each func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				each()
			}
		})
	}
	three := func(each func(u int)) func() {
		return func() {
			for range 3 {
				for u := range units {
					each(u)
				}
			}
		}
	}
	var drift Drift
	ahead := Ahead{AsOf: survey.Date(20_600), To: survey.Date(20_650), Further: 80}
	part("Change", three(func(u int) { Changed(before[u], units[u]) }))
	part("Lever", three(func(int) { Levers(IKM, x) }))
	part("Pace", func() {
		for range units {
			PaceOf(in)
		}
	})
	part("Drift", func() {
		for range 3 {
			drift = DriftOf(courses)
		}
	})
	part("Forecast", three(func(u int) { table.Forecast(courses[u], ahead, drift) }))
	part("Control", three(func(u int) {
		var months []*Figure
		for _, s := range courses[u].Months {
			months = append(months, s.Figure)
		}
		Controlled(before[u], months, months)
	}))
	part("Ranks", func() {
		for range 3 {
			RanksOf(units)
		}
	})
}
