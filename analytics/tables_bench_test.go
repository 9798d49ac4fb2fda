package analytics

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"persepsi/survey"
)

// BenchmarkMakeTables makes the tables of a busy unit: four in a hundred answers
// are missing, and one in seven people was served by staff.
func BenchmarkMakeTables(b *testing.B) {
	form := testForm(b, "terpadu-16@1")
	for _, n := range []int{300, 11_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(3, 4))
			people := make([]survey.Response, n)
			for p := range people {
				values, respondent := make([]int, len(form.Questions)), make([]int, len(form.Fields))
				for q := range values {
					if form.Questions[q].Scored && r.IntN(100) >= 4 {
						values[q] = 1 + r.IntN(4)
					}
				}
				for f := range respondent {
					respondent[f] = r.IntN(len(form.Fields[f].Categories) + 1)
				}
				people[p] = survey.Response{
					Form: form.ID, Mode: survey.ModeQR, Service: string(rune('a' + r.IntN(6))), Point: string(rune('a' + r.IntN(4))),
					Day: survey.NewDate(2026, 3, 2) + survey.Date(r.IntN(5)), Hour: uint8(8 + r.IntN(8)),
					Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(respondent),
				}
				if r.IntN(7) == 0 {
					people[p].Mode = survey.ModePaper
				}
			}
			steps := min(n/12, 130)
			for b.Loop() {
				if _, err := MakeTables(form, people, func(p, _ int) int { return p * steps / n }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
