package chart_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/chart"
)

func est(mean, low, high float64) *chart.Estimate {
	return &chart.Estimate{Mean: value(mean), Low: value(low), High: value(high)}
}

// count returns how many marks have a role.
func count(d chart.Drawing, role chart.Role) (n int) {
	for _, c := range d.Commands {
		switch c := c.(type) {
		case chart.Path:
			if c.Role == role {
				n++
			}
		case chart.Rect:
			if c.Role == role {
				n++
			}
		case chart.Circle:
			if c.Role == role {
				n++
			}
		}
	}
	return n
}

func strip(x *chart.Estimate, grade string) chart.Drawing {
	return chart.Strip(chart.StripInput{Head: head(), From: value(65), To: value(100), Grades: grades(), Index: x, Grade: grade}, chart.Slot).Drawings[0]
}

func TestALimitInsideTheBandIsDrawnOverIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		x              *chart.Estimate
		inside, limits int
	}{
		{"one", est(87, 85, 89), 1, 1}, {"none", est(83, 82, 84), 0, 2}, {"both", est(80, 70, 90), 2, 0}, {"at its end", est(80, 76.61, 84), 0, 2}, {"without a value", nil, 0, 2},
	} {
		d := strip(tt.x, "B")
		if got := count(d, chart.Inside); got != tt.inside || count(d, chart.Limiting) != tt.limits {
			t.Errorf("%s: %d inside", tt.name, got)
		}
		last := -1
		for i, c := range d.Commands {
			if r, ok := c.(chart.Rect); ok && r.Role == chart.Band {
				last = i
			}
			if p, ok := c.(chart.Path); ok && p.Role == chart.Inside && i < last {
				t.Errorf("%s: the limit is beneath the band", tt.name)
			}
		}
	}
}

func TestOnlyTheOwnLetterIsBoldAndAValueBelowTheAxisHasItsNumber(t *testing.T) {
	t.Parallel()
	if got := texts(strip(est(87, 85, 89), "B"), chart.Strong); !slices.Equal(got, []string{"B"}) {
		t.Errorf("bold are %q", got)
	}
	d := strip(est(58.2, 50, 70), "D")
	if got := texts(d, chart.Strong); !slices.Equal(got, []string{"D 58,20"}) || dots(d)[0].X != 10 {
		t.Errorf("below the axis: %q at %v", got, dots(d))
	}
}

func TestWhatIsWithheldIsAnAxisWithoutADot(t *testing.T) {
	t.Parallel()
	const why = "7 jawaban"
	h := head()
	aspect := chart.Aspect{Name: "Waktu", Withheld: why}
	for name, c := range map[string]*chart.Chart{
		"strip":   chart.Strip(chart.StripInput{Head: h, From: value(65), To: value(100), Grades: grades(), Withheld: why}),
		"aspects": chart.Aspects(chart.AspectsInput{Head: h, From: 1, To: 4, Rows: []chart.Aspect{aspect}}),
		"trend":   chart.Trend(chart.TrendInput{Head: h, Spans: []chart.Span{{Points: []chart.Release{{Label: "Jan", Withheld: why}}}}}),
		"multiples": chart.Multiples(chart.MultiplesInput{
			Head: h, Periods: []string{"2025"}, Series: []chart.Series{{Name: "Dinas", Points: []*chart.Estimate{nil}, Withheld: why}},
		}),
	} {
		d := c.Drawings[len(c.Drawings)-1]
		if len(dots(d)) != 0 || count(d, chart.Band) != 0 || count(d, chart.Axis)+count(d, chart.Rule) == 0 {
			t.Errorf("%s draws a value that is withheld, or no axis", name)
		}
		if !strings.Contains(fmt.Sprint(c.Table.Rows), why) || name != "strip" && !strings.Contains(strings.Join(texts(d), " "), why) {
			t.Errorf("%s does not say why: %q, %v", name, texts(d), c.Table.Rows)
		}
	}
	c := chart.Ranks(chart.RanksInput{Head: h, From: value(65), To: value(100), Units: []chart.RankedUnit{{Name: "a", Withheld: why}, {Name: "b", Index: est(80, 79, 81)}}})
	if rows := c.Ranking.Rows; rows[1].Name != "a" || rows[1].Drawings != nil || len(rows[0].Drawings) != 1 {
		t.Errorf("a unit that may not be shown does not stand last: %v", rows)
	}
}

func TestALineNeverJoinsOverAGapOrAChangeOfTheForm(t *testing.T) {
	t.Parallel()
	point := chart.Release{Label: "Jan", Group: "2026", Index: est(85, 84, 86)}
	gap := chart.Release{Label: "Feb", Group: "2026", Withheld: "7 jawaban, tidak ditampilkan"}
	in := chart.TrendInput{Head: head(), Spans: []chart.Span{
		{Name: "formulir lama", Points: []chart.Release{point, point, gap, gap, point, point}},
		{Name: "formulir baru", Points: []chart.Release{point, point, point, gap}, Control: &chart.Controls{Lower: value(83), Upper: value(87)}},
	}}
	d := chart.Trend(in, chart.Full).Drawings[0]
	if count(d, chart.Course) != 3 || count(d, chart.Band) != 3 || count(d, chart.Break) != 1 || count(d, chart.Control) != 2 {
		t.Errorf("%d lines, %d bands, %d changes, %d control limits", count(d, chart.Course), count(d, chart.Band), count(d, chart.Break), count(d, chart.Control))
	}
	said := strings.Join(texts(d), "|")
	for _, want := range []string{"formulir lama", "formulir baru", "batas kendali", "2026"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	if n := strings.Count(strings.Join(texts(d), " "), "7 jawaban"); n != 2 {
		t.Errorf("two gaps are explained %d times: %q", n, texts(d))
	}
}

func TestAPointBeyondItsLimitsIsADiamondWithNumberAndNote(t *testing.T) {
	t.Parallel()
	in := chart.TrendInput{Head: head(), Spans: []chart.Span{{Points: []chart.Release{
		{Label: "Jan", Index: est(85, 84, 86)}, {Label: "Feb", Index: est(81.2, 80, 82), Beyond: true, Note: "sistem padam 3 hari"}, {Label: "Mar", Index: est(85, 84, 86)},
	}}}}
	for _, d := range chart.Trend(in).Drawings {
		if count(d, chart.Outside) != 1 || !slices.Equal(texts(d, chart.Amber), []string{"81,20 di luar batas"}) {
			t.Errorf("at %v: %q", d.Width, texts(d, chart.Amber))
		}
	}
	c := chart.Trend(in)
	if !slices.Contains(texts(c.Drawings[2]), "sistem padam 3 hari") || c.Table.Rows[1][6] != "di luar batas; sistem padam 3 hari" {
		t.Errorf("the note is not told: %v", c.Table.Rows)
	}
}

func TestAPhoneShowsTheRunningYear(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ old, now, want int }{{12, 11, 11}, {12, 2, 12}, {3, 2, 5}, {0, 24, 12}} {
		in := chart.TrendInput{Head: head(), Spans: []chart.Span{{}}}
		for i := range tt.old + tt.now {
			in.Spans[0].Points = append(in.Spans[0].Points, chart.Release{Label: "x", Group: fmt.Sprint(i >= tt.old), Index: est(85, 84, 86)})
		}
		all := chart.Trend(in).Drawings
		if got := len(dots(all[0])); got != tt.want || len(dots(all[2])) != tt.old+tt.now {
			t.Errorf("of %d and %d points a phone shows %d, want %d", tt.old, tt.now, got, tt.want)
		}
	}
}

func TestTheBracketJoinsTheLowestThatCannotBeToldApart(t *testing.T) {
	t.Parallel()
	rows := []chart.Aspect{{Name: "c", Index: est(3.6, 3.5, 3.7)}, {Name: "a", Index: est(3.2, 3.1, 3.3), Lowest: true}, {Name: "none", Withheld: "7"}, {Name: "b", Index: est(3.3, 3.2, 3.4), Lowest: true}}
	c := chart.Aspects(chart.AspectsInput{Head: head(), From: 1, To: 4, Rows: rows}, chart.Half)
	var order []string
	for _, row := range c.Table.Rows {
		order = append(order, row[0]+row[4])
	}
	if want := []string{"a", "btidak dibedakan", "c", "none"}; !slices.Equal(order, want) {
		t.Errorf("%q, want %q", order, want)
	}
	d := c.Drawings[0]
	if count(d, chart.Bracket) != 3 || count(d, chart.BandWarn) != 2 || count(d, chart.Band) != 1 {
		t.Errorf("bracket %d, amber %d", count(d, chart.Bracket), count(d, chart.BandWarn))
	}
	rows[3].Lowest = false
	if d := chart.Aspects(chart.AspectsInput{Head: head(), From: 1, To: 4, Rows: rows}, chart.Half).Drawings[0]; count(d, chart.Bracket) != 0 {
		t.Error("one alone has a bracket")
	}
}

func TestASampleLooksTheSameWhenItIsReached(t *testing.T) {
	t.Parallel()
	need, pace := value(217), value(300)
	meter := func(n float64, needed *chart.Value) chart.Drawing {
		return chart.Meter(chart.MeterInput{Head: head(), SoFar: value(n), Pace: &pace, Needed: needed, NeededWords: "perlu 217", PaceWords: "perkiraan 300"}, chart.Slot).Drawings[0]
	}
	short, reached, unknown := meter(118, &need), meter(250, &need), meter(118, nil)
	for _, d := range []chart.Drawing{short, reached} {
		if count(d, chart.Fill) != 1 || count(d, chart.Paced) != 1 || count(d, chart.Needed) != 1 || len(texts(d)) != 2 {
			t.Errorf("%+v", d)
		}
	}
	if count(unknown, chart.Fill) != 0 || count(unknown, chart.Rail) != 1 {
		t.Error("a sample of unknown need has a length")
	}
}

func TestForecastsFillTheDotsOfTodaysGradeAndKeepEachInItsOwn(t *testing.T) {
	t.Parallel()
	in := chart.ForecastInput{Head: head(), Grades: grades(), Now: "B", Most: 100}
	for i := range 25 {
		in.Values = append(in.Values, 86.4+float64(i)*0.1) // 20 up to 88.30, then 5
	}
	c := chart.Forecast(in)
	if got := fmt.Sprint(c.Table.Rows); got != "[[B 20 dari 25] [A 5 dari 25]]" {
		t.Errorf("%s", got)
	}
	for _, d := range c.Drawings {
		if count(d, chart.Dot) != 20 || count(d, chart.Hollow) != 5 || count(d, chart.Target) != 1 {
			t.Errorf("%d filled, %d hollow", count(d, chart.Dot), count(d, chart.Hollow))
		}
		if said := strings.Join(texts(d, chart.Strong), " · "); !strings.Contains(said, "B: 20 dari 25") || !strings.Contains(said, "A: 5 dari 25") {
			t.Errorf("it says %q", said)
		}
		limit := 0.0
		for _, c := range d.Commands {
			if p, ok := c.(chart.Path); ok && p.Role == chart.Target {
				limit = p.Points[0].X
			}
		}
		for _, c := range d.Commands {
			if o, ok := c.(chart.Circle); ok && (o.Role == chart.Hollow) != (o.X > limit) {
				t.Errorf("a dot of %s is at %v, the limit at %v", o.Role, o.X, limit)
			}
		}
	}
}

func TestAnEmptyOpenDayLooksOtherwiseThanAClosedOne(t *testing.T) {
	t.Parallel()
	zero := chart.Value{Text: "0"}
	c := chart.Days(chart.DaysInput{Head: head(), Days: []chart.Day{{Label: "1", N: value(5)}, {Label: "2", N: zero}, {Label: "3", N: zero, Closed: true}}})
	if d := c.Drawings[0]; count(d, chart.Fill) != 1 || count(d, chart.Ghost) != 1 || c.Table.Rows[1][2] != "" || c.Table.Rows[2][2] != "tutup" {
		t.Errorf("%v", c.Table.Rows)
	}
	var hours []chart.HoursCount
	for _, n := range []int{0, 1, 5, 6, 15, 16, 24, 25} {
		hours = append(hours, chart.HoursCount{N: n, Text: fmt.Sprint(n)})
	}
	hours = append(hours, chart.HoursCount{Text: "0", Closed: true}, chart.HoursCount{N: 1, Text: "1", Closed: true})
	var steps []int
	cells := chart.Hours(chart.HoursInput{Head: head(), Days: []chart.HoursDay{{Name: "Sen", Counts: hours}}}).Grid.Rows[0].Cells
	for _, cell := range cells {
		steps = append(steps, cell.Step)
	}
	if !slices.Equal(steps, []int{0, 1, 1, 2, 3, 4, 5, 5, 0, 1}) || cells[8].Closed != "tutup" || cells[9].Closed != "" {
		t.Errorf("%v, %+v", steps, cells)
	}
}

func TestANameWithoutRoomIsTheNumberOfItsRow(t *testing.T) {
	t.Parallel()
	in := chart.ImportanceInput{Head: head(), MiddleScore: 3, MiddleLink: 0, Corners: [4]string{"Dahulukan", "Pertahankan", "Nanti", "Cukup"}}
	for i := range 25 {
		in.Items = append(in.Items, chart.Important{Name: "Penanganan pengaduan", Score: *est(3+float64(i%5)/10, 2.9, 3.6), Link: value(float64(i/5) / 10), First: i == 7})
	}
	c := chart.Importance(in, chart.Slot)
	said := texts(c.Drawings[0], chart.Plain)
	if !slices.ContainsFunc(said, func(s string) bool { return len(s) <= 2 }) || c.Table.Rows[24][0] != "25. Penanganan pengaduan" {
		t.Errorf("%q", said)
	}
	if got := texts(c.Drawings[0], chart.Amber); len(got) != 1 || got[0] != "Penanganan pengaduan" {
		t.Errorf("the first is called %q", got)
	}
}

// Limits of a point's own are a step of their own; where there are none, nothing is drawn.
func TestLimitsOfAPointStandAcrossThatPointAlone(t *testing.T) {
	t.Parallel()
	index := func() *chart.Estimate {
		return &chart.Estimate{Mean: value(85), Low: value(84), High: value(86)}
	}
	few, many := &chart.Controls{Lower: value(80), Upper: value(90)}, &chart.Controls{Lower: value(82), Upper: value(88)}
	c := chart.Trend(chart.TrendInput{Head: head(), Spans: []chart.Span{{Points: []chart.Release{
		{Label: "Jan", Index: index()}, {Label: "Feb", Index: index(), Control: few}, {Label: "Mar", Index: index(), Control: many}, {Label: "Apr", Index: index(), Control: many},
	}}}}, chart.Full)
	lines := map[float64]float64{} // by height, how long
	for _, command := range c.Drawings[0].Commands {
		if p, ok := command.(chart.Path); ok && p.Role == chart.Control {
			lines[p.Points[0].Y] += p.Points[1].X - p.Points[0].X
		}
	}
	if len(lines) != 4 {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	var heights []float64
	for y := range lines {
		heights = append(heights, y)
	}
	slices.Sort(heights) // 90, 88, 82, 80 from above
	if a, b := lines[heights[0]], lines[heights[1]]; a != lines[heights[3]] || b != lines[heights[2]] || b < 1.9*a {
		t.Errorf("%v", lines)
	}
	for i, want := range [][]string{{"", ""}, {"80,00", "90,00"}, {"82,00", "88,00"}} {
		if got := c.Table.Rows[i][4:6]; !slices.Equal(got, want) {
			t.Errorf("row %d has the limits %q, want %q", i, got, want)
		}
	}
}
