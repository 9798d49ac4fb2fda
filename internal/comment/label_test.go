package comment

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/survey"
)

// A reader who knows who was served what on which day (the live counts, a list of who
// stood in the queue), who entered which paper, and how labels are made, is left with the
// answers of one kind that have the comment's label.
func TestNoLabelStandsForFewerThanTen(t *testing.T) {
	t.Parallel()
	monday := survey.NewDate(2026, time.November, 2)
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.IntRange(5, 12).Draw(t, "least")
		n := rapid.IntRange(least, 90).Draw(t, "n")
		services := rapid.IntRange(1, 6).Draw(t, "services")
		days := rapid.IntRange(1, 25).Draw(t, "days")
		rows := make([]Row, n)
		var kinds [survey.KindCount]int
		for i := range rows {
			rows[i] = Row{
				Kind:    survey.Kind(rapid.IntRange(0, int(survey.KindCount)-1).Draw(t, "kind")),
				Service: []string{"ktp", "akta", "kk", "kia", "pindah", ""}[min(rapid.IntRange(0, services*2).Draw(t, "service")/2, services-1)],
				Day:     monday + survey.Date(rapid.IntRange(0, days).Draw(t, "day")),
			}
			kinds[rows[i].Kind]++
		}
		labels := Labels(rows, least)
		wear := map[string]int{}
		for i, l := range labels {
			if !l.Told() {
				if kinds[rows[i].Kind] >= least {
					t.Fatalf("answer %d has no label", i)
				}
				continue
			}
			if kinds[rows[i].Kind] < least {
				t.Fatalf("answer %d of a kind of %d people has the label %v", i, kinds[rows[i].Kind], l)
			}
			wear[fmt.Sprint(rows[i].Kind, l)]++
			if l.Service != "" && l.Service != rows[i].Service || rows[i].Day < l.From || rows[i].Day > l.To {
				t.Fatalf("%v is told of %v", l, rows[i])
			}
		}
		for l, n := range wear {
			if n < least {
				t.Fatalf("%d answers wear the label %s, want %d at least", n, l, least)
			}
		}
	})
}

func TestLabelsTellAsMuchAsTheRuleAllows(t *testing.T) {
	t.Parallel()
	day := func(n int) survey.Date { return survey.NewDate(2026, time.November, 2) + survey.Date(n) } // a Monday
	rows := func(parts ...any) (out []Row) {
		for i := 0; i < len(parts); i += 3 {
			n, _ := parts[i].(int)
			service, _ := parts[i+1].(string)
			d, _ := parts[i+2].(int)
			for range n {
				out = append(out, Row{Service: service, Day: day(d)})
			}
		}
		return out
	}
	for _, c := range []struct {
		name  string
		rows  []Row
		first Label
		last  Label
	}{
		{"ten of a service on a day", rows(10, "ktp", 0, 12, "kk", 1), Label{"ktp", day(0), day(0)}, Label{"kk", day(1), day(1)}},
		{"nine of a service", rows(10, "ktp", 0, 9, "kk", 0), Label{"", day(0), day(0)}, Label{"", day(0), day(0)}},
		{"two services that are left over", rows(10, "ktp", 0, 4, "akta", 0, 6, "kk", 0), Label{"ktp", day(0), day(0)}, Label{"", day(0), day(0)}},
		{"the days of a service are too few each", rows(6, "ktp", 0, 6, "ktp", 2), Label{"ktp", day(0), day(6)}, Label{"ktp", day(0), day(6)}},
		{"one day beside a lone one in another week", rows(10, "ktp", 0, 1, "ktp", 8), Label{"ktp", day(0), day(13)}, Label{"ktp", day(0), day(13)}},
		{"two days, and some in other weeks", rows(10, "ktp", 0, 5, "ktp", 8, 5, "ktp", 15), Label{"ktp", day(0), day(0)}, Label{"ktp", day(0), day(20)}},
		{"ten of a service and ten on a day, but not both", rows(9, "ktp", 0, 1, "ktp", 8, 9, "kk", 8, 1, "kk", 0), Label{"ktp", day(0), day(13)}, Label{"kk", day(0), day(13)}},
		{"a week beside days", rows(10, "ktp", 0, 5, "ktp", 1, 5, "ktp", 2), Label{"ktp", day(0), day(0)}, Label{"ktp", day(0), day(6)}},
	} {
		got := Labels(c.rows, 10)
		if got[0] != c.first || got[len(got)-1] != c.last {
			t.Errorf("%s: %v and %v, want %v and %v", c.name, got[0], got[len(got)-1], c.first, c.last)
		}
	}
}

func TestWhoEnteredAnswersHidesNobody(t *testing.T) {
	t.Parallel()
	day := survey.NewDate(2026, time.November, 2)
	var rows []Row
	for range 9 {
		rows = append(rows, Row{Kind: survey.KindStaff, Service: "kk", Day: day})
	}
	rows = append(rows, Row{Kind: survey.KindCitizen, Service: "kk", Day: day})
	for range 10 {
		rows = append(rows, Row{Kind: survey.KindCitizen, Service: "ktp", Day: day}, Row{Kind: survey.KindStaff, Service: "akta", Day: day})
	}
	labels := Labels(rows, 10)
	if l := labels[9]; l.Service != "" {
		t.Errorf("the one citizen among nine rows of paper is told of: %v", l)
	}
	if l := labels[10]; l.Service != "" {
		t.Errorf("what is told of the ten others tells of the one: %v", l)
	}
}

// What is left over is joined to the smallest of what is told, and no answer loses its label.
func TestTheSmallestPartIsGivenUp(t *testing.T) {
	t.Parallel()
	monday := survey.NewDate(2026, time.November, 2)
	many := func(parts map[string]int) (rows []Row) {
		for service, n := range parts {
			for range n {
				rows = append(rows, Row{Service: service, Day: monday})
			}
		}
		return rows
	}
	for range 20 { // in whichever order a map tells of them
		for _, c := range []struct{ parts, told map[string]int }{
			{map[string]int{"a": 40, "b": 11, "c": 10, "d": 30, "e": 12, "f": 20, "g": 3}, map[string]int{"a": 40, "b": 11, "d": 30, "e": 12, "f": 20, "": 13}},
			{map[string]int{"a": 10, "b": 10, "g": 1}, map[string]int{"b": 10, "": 11}},
			{map[string]int{"a": 10, "": 12, "g": 3}, map[string]int{"a": 10, "": 15}},
		} {
			got := map[string]int{}
			for _, l := range Labels(many(c.parts), 10) {
				if got[l.Service]++; !l.Told() {
					t.Fatalf("of %v one has no label", c.parts)
				}
			}
			if !maps.Equal(got, c.told) {
				t.Fatalf("of %v are told %v, want %v", c.parts, got, c.told)
			}
		}
	}
}
