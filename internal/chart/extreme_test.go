package chart_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
)

func TestSeveralCoursesNeverJoinOverAMissingPoint(t *testing.T) {
	t.Parallel()
	x := est(80, 79, 81)
	in := chart.MultiplesInput{Head: head(), Periods: []string{"1", "2", "3", "4", "5"}, Series: []chart.Series{
		{Name: "whole", Points: []*chart.Estimate{x, x, x, x, x}},
		{Name: "gap", Points: []*chart.Estimate{x, x, nil, x, x}, Withheld: "ditahan"},
		{Name: "alone", Points: []*chart.Estimate{x, nil, nil, nil, x}},
	}}
	c := chart.Multiples(in)
	for _, d := range c.Drawings {
		if count(d, chart.Course) != 3 || count(d, chart.Band) != 3 {
			t.Errorf("at %v: %d lines of three", d.Width, count(d, chart.Course))
		}
	}
	if got := strings.Join(c.Table.Rows[1], "|"); got != "gap|80,00 (79,00–81,00)|80,00 (79,00–81,00)|ditahan|80,00 (79,00–81,00)|80,00 (79,00–81,00)|" {
		t.Errorf("%s", got)
	}
}

// The newest value at the height of a limit: both are written, one below the other.
func TestWordsAtOneHeightMoveApart(t *testing.T) {
	t.Parallel()
	in := chart.TrendInput{Head: head(), Limits: []chart.Limit{
		{Value: value(88.31), Name: "batas mutu A", Brief: "A"}, {Value: value(88.32), Name: "batas dua", Brief: "2"}, {Value: value(88.33), Name: "batas tiga", Brief: "3"}, {Value: value(88.34), Name: "batas empat", Brief: "4"},
	}, Spans: []chart.Span{{
		Points:  []chart.Release{{Label: "Jan", Index: est(86, 84, 88)}, {Label: "Feb", Index: est(88.31, 87, 88.4)}},
		Control: &chart.Controls{Lower: value(84.5), Upper: value(88.4)},
	}}}
	for _, d := range chart.Trend(in).Drawings {
		limits := []string{"batas mutu A", "batas dua", "batas tiga", "batas empat"}
		if d.Width == chart.Slot {
			limits = []string{"A", "2", "3", "4"}
		}
		for _, want := range append(limits, "88,31", "batas kendali") {
			if !slices.Contains(texts(d), want) {
				t.Errorf("at %v nothing says %q: %q", d.Width, want, texts(d))
			}
		}
	}
}

func TestAWordThatIsTooWideIsCutAndWholeInTheTable(t *testing.T) {
	t.Parallel()
	roles := testtools.Constants(t, ".", "Axis", "Label")
	long := strings.Repeat("Pertanggungjawaban", 5)
	c := chart.Aspects(chart.AspectsInput{Head: head(), From: 1, To: 4, Rows: []chart.Aspect{{Name: long + " unit", Index: est(3, 2.9, 3.1)}}}, chart.Slot)
	if faults := c.Drawings[0].Faults(roles); faults != nil {
		t.Error(faults)
	}
	if said := texts(c.Drawings[0], chart.Plain); !strings.HasSuffix(said[0], "…") || c.Table.Rows[0][0] != long+" unit" {
		t.Errorf("%q, %q", said, c.Table.Rows)
	}
}

// A city of 600 units, of which a page shows eight: those and no others.
func TestARankingHasTheRowsThatItIsGiven(t *testing.T) {
	t.Parallel()
	in := chart.RanksInput{Head: head(), From: value(65), To: value(100), Grades: grades()}
	for i := range 600 {
		in.Units = append(in.Units, chart.RankedUnit{Name: fmt.Sprint("Unit ", i), Index: est(95-float64(i)/20, 60, 97), Places: "mungkin 1–600", N: "120"})
	}
	all := chart.Ranks(in)
	in.Units = in.Units[:8]
	c := chart.Ranks(in)
	if len(all.Ranking.Rows) != 600 || len(all.Table.Rows) != 600 || len(c.Ranking.Rows) != 8 || c.Table.Rows[7][0] != "Unit 7" || c.Table.Rows[7][4] != "mungkin 1–600" {
		t.Errorf("%d and %d rows", len(all.Ranking.Rows), len(c.Ranking.Rows))
	}
	if n := strings.Count(all.Desc, "Unit "); n != 9 {
		t.Errorf("%d rows are read out", n)
	}
}

func TestNothingAtAllIsADrawingToo(t *testing.T) {
	t.Parallel()
	roles := testtools.Constants(t, ".", "Axis", "Label")
	h := head()
	for name, c := range map[string]*chart.Chart{
		"trend": chart.Trend(chart.TrendInput{Head: h}), "aspects": chart.Aspects(chart.AspectsInput{Head: h}), "forecast": chart.Forecast(chart.ForecastInput{Head: h}),
		"importance": chart.Importance(chart.ImportanceInput{Head: h}), "multiples": chart.Multiples(chart.MultiplesInput{Head: h}),
		"distribution": chart.Distribution(chart.DistributionInput{Head: h}), "days": chart.Days(chart.DaysInput{Head: h}),
		"strip": chart.Strip(chart.StripInput{Head: h}), "meter": chart.Meter(chart.MeterInput{Head: h}),
	} {
		for _, d := range c.Drawings {
			if faults := d.Faults(roles); faults != nil || d.Height <= 0 {
				t.Errorf("%s: %v", name, faults)
			}
		}
	}
}
