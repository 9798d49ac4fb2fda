package analytics

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/survey"
)

func TestCountsTellWhereAndWhenAndNoScore(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	tally := NewTally(form)
	add := func(n int, mode survey.Mode, service, point string, day survey.Date, hour uint8) {
		t.Helper()
		for range n {
			values := make([]int, len(form.Questions))
			for q := range values {
				values[q] = 1
			}
			if err := tally.Add(&survey.Response{Form: form.ID, Mode: mode, Service: service, Point: point, Day: day, Hour: hour, Answers: survey.MakeMarks(values)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	monday := survey.NewDate(2026, time.March, 2)
	add(3, 0, "ktp", "P2", monday, 9)
	add(1, 0, "akta", "P1", monday+6, 14)
	add(2, survey.ModePaper, "ktp", "", monday, 0)
	want := Counts{
		N: 6, Services: []NamedCount{{"akta", 1}, {"ktp", 5}}, Points: []NamedCount{{"P1", 1}, {"P2", 3}},
		Hours: []HourCount{{0, 14, 1}, {1, 9, 3}},
	}
	if diff := cmp.Diff(want, tally.Counts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	totals := NewTotals(form)
	if diff := cmp.Diff(Counts{}, totals.Counts()); diff != "" {
		t.Errorf("of nothing (-want +got):\n%s", diff)
	}
}
