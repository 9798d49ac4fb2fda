package desk

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/access"
)

// Who watches a desk while answers come learns no more than how many: two worlds whose
// releases and counts are the same show the same, whatever is not released yet.
func TestNothingOnADeskTellsOfAnswersThatAreNotReleased(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		worlds := [2]*world{newWorld(t, city), newWorld(t, city)}
		score := rapid.IntRange(0, 4) // 0: not answered
		for _, unit := range []struct{ code, point, service string }{{"u", "P1", "ktp"}, {"v", "P3", "x"}, {"z", "P4", "x"}} {
			released := rapid.SampledFrom([]int{0, 10, 40}).Draw(r, "released")
			before := rapid.SampledFrom([]int{0, 60}).Draw(r, "before")
			waiting := rapid.IntRange(0, 40).Draw(r, "waiting")
			hour := rapid.IntRange(8, 15).Draw(r, "hour")
			known := rapid.SliceOfN(score, 9, 9).Draw(r, "known")
			old := rapid.SliceOfN(rapid.IntRange(1, 4), 9, 9).Draw(r, "old")
			final := rapid.Bool().Draw(r, "final")
			for _, w := range worlds {
				hidden := rapid.SliceOfN(score, 9, 9).Draw(r, "hidden")
				if before > 0 {
					w.answer(before, given{period: "2025-s2", unit: unit.code, point: unit.point, service: unit.service, day: day(-5, 3), hour: hour, values: old})
					w.release("2025-s2", unit.code, before, final)
				}
				w.answer(released, given{unit: unit.code, point: unit.point, service: unit.service, day: day(3, 26), hour: hour, values: known})
				w.answer(waiting, given{unit: unit.code, point: unit.point, service: unit.service, day: day(3, 31), hour: hour, values: hidden})
				if released > 0 {
					w.release("2026-s1", unit.code, released, false)
				}
			}
		}
		for _, who := range []access.Actor{evaluator(), actor(access.Manager, access.Agency("a")), actor(access.Viewer, access.Unit("b", "z"))} {
			var shown [2]string
			for i, w := range worlds {
				w.refresh()
				d := w.builder.Desk().For(who)
				for _, period := range []string{"", "2025-s2", "2026-s1"} {
					if period != "" {
						d, _ = d.In(period)
					}
					text, err := json.Marshal(d)
					if err != nil {
						r.Fatal(err)
					}
					shown[i] += string(text)
				}
				if len(d.Agencies) == 0 {
					r.Fatal("there is nothing to be seen")
				}
			}
			if shown[0] != shown[1] {
				r.Fatalf("%s is shown\n%s\nor\n%s", who.Grants[0], shown[0], shown[1])
			}
		}
	})
}
