package main

import (
	"slices"
	"testing"
	"time"

	"persepsi/survey"
)

func TestAnswersAreSpreadUnevenlyAndExactlyOverUnitsAndDays(t *testing.T) {
	t.Parallel()
	for _, answers := range []int64{0, 1, 999, 1_000_000} {
		c := City{Answers: answers, Units: 100, Seed: 1, Today: survey.NewDate(2026, 3, 2)}
		units, days := make([]int64, c.Units), map[survey.Date]int64{}
		var sum int64
		last := survey.Date(0)
		for cell := range c.cells() {
			if cell.day < last || cell.n < 1 {
				t.Fatalf("cell %+v after day %s", cell, last)
			}
			last = cell.day
			units[cell.unit] += cell.n
			days[cell.day] += cell.n
			sum += cell.n
		}
		if sum != answers {
			t.Errorf("%d answers, want %d", sum, answers)
		}
		if answers < 1_000_000 {
			continue
		}
		if least, most := slices.Min(units), slices.Max(units); least == 0 || most < 10*least {
			t.Errorf("units have %d to %d answers, want them skewed", least, most)
		}
		for day := range days {
			if day < c.first() || day >= c.Today || day.Weekday() == time.Sunday {
				t.Errorf("answers on %s", day)
			}
		}
	}
}
