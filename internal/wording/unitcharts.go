package wording

import (
	"fmt"
	"strconv"
	"time"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/survey"
)

// estimate returns a value and its interval as charts take them.
func (s *Speaker) estimate(value float64, shown string, ends [2]float64) *chart.Estimate {
	end := func(v float64) chart.Value { return chart.Value{At: v, Text: s.Fixed(2, v)} }
	return &chart.Estimate{Mean: chart.Value{At: value, Text: s.Shown(shown)}, Low: end(ends[0]), High: end(ends[1])}
}

// limits returns where grades begin, the lowest first, on the scale of an index; named tells
// them by words, as beside a line, not by their letter.
func (s *Speaker) limits(x *UnitIndex, scale float64, named bool) ([]chart.Limit, error) {
	var out []chart.Limit
	for i := len(x.Grades) - 1; i >= 0; i-- {
		g := x.Grades[i]
		l := chart.Limit{Value: chart.Value{At: g.From.Float64() * scale, Text: s.Fixed(4, g.From.Float64()*scale)}, Name: g.Mutu, Brief: g.Mutu}
		if scale == 1 {
			l.Text = s.Fixed(2, l.At)
		}
		if named {
			name, err := s.Say("desk.limit", "Grade", g.Mutu)
			if err != nil {
				return nil, err
			}
			l.Name = name
		}
		out = append(out, l)
	}
	return out, nil
}

// scale is what 1 of 100 is on the scale of an index.
func (x *UnitIndex) scale() float64 {
	if x.Hundred() {
		return 1
	}
	return 1.0 / 25
}

// Trend returns the course of an index by months, at some widths; none: those of a page.
func (s *Speaker) Trend(x *UnitIndex, title string, widths ...int) (*chart.Chart, error) {
	limits, err := s.limits(x, x.scale(), true)
	if err != nil {
		return nil, err
	}
	gap, err := s.Say("desk.trend.gap")
	if err != nil {
		return nil, err
	}
	in := chart.TrendInput{Head: s.Head(title, ""), Limits: limits}
	for i := range x.Detail.Spans {
		of := &x.Detail.Spans[i]
		span := chart.Span{}
		if span.Name, err = s.spanName(x.Detail.Spans, i); err != nil {
			return nil, err
		}
		for k := range of.Months {
			m := &of.Months[k]
			r := chart.Release{Group: strconv.Itoa(m.First.Time().Year())}
			if r.Label, err = s.shortMonths(m.First, m.Last); err != nil {
				return nil, err
			}
			if m.HistoryFigure == nil || m.CI95 == nil {
				r.Withheld = gap
			} else {
				r.Index = s.estimate(m.Value, m.Shown, *m.CI95)
			}
			if m.Signal != analytics.SignalWaiting && m.Signal != analytics.SignalGap && m.Signal != "" {
				r.Control = &chart.Controls{Lower: chart.Value{At: m.Lower, Text: s.Fixed(2, m.Lower)}, Upper: chart.Value{At: m.Upper, Text: s.Fixed(2, m.Upper)}}
			}
			r.Beyond = m.Signal == analytics.SignalBelow || m.Signal == analytics.SignalAbove
			span.Points = append(span.Points, r)
		}
		in.Spans = append(in.Spans, span)
	}
	return chart.Trend(in, widths...), nil
}

// spanName names what begins with a span.
func (s *Speaker) spanName(all []desk.Span, i int) (string, error) {
	of := &all[i]
	switch {
	case i == 0 && len(all) > 1 && all[1].Anew:
		return s.Say("desk.span.old")
	case i == 0:
		return "", nil
	case of.Anew:
		return s.Say("desk.span.form", "N", of.Questions)
	default:
		return s.Say("desk.span.method")
	}
}

// shortMonths writes a month by its first letters, or the first and last of several.
func (s *Speaker) shortMonths(first, last survey.Date) (string, error) {
	one := func(d survey.Date) (string, error) {
		return s.Say("month.short." + strconv.Itoa(int(d.Time().Month())))
	}
	from, err := one(first)
	if err != nil || first == last {
		return from, err
	}
	to, err := one(last)
	return from + "–" + to, err
}

// OwnAspect returns what an unsur is called on a page.
func (s *Speaker) OwnAspect(a NamedAspect) (string, error) {
	if a.Plain != "" {
		return s.Say("aspect." + a.Plain)
	}
	return s.Text(a.Name), nil
}

// Unsur returns the unsur of an index, the lowest first; widths as those of Trend.
func (s *Speaker) Unsur(x *UnitIndex, title string, widths ...int) (*chart.Chart, error) {
	limits, err := s.limits(x, 1.0/25, true)
	if err != nil {
		return nil, err
	}
	withheld, err := s.Say("result.how.few")
	if err != nil {
		return nil, err
	}
	in := chart.AspectsInput{Head: s.Head(title, ""), From: 2.6, To: 4, Limits: limits[1:]} // the limit of C lies at the axis' end
	for _, u := range x.Detail.Unsur {
		row := chart.Aspect{Lowest: u.Low}
		if row.Name, err = s.OwnAspect(x.How.Aspect(u.AspectResult)); err != nil {
			return nil, err
		}
		if u.Mean == nil {
			row.Withheld = withheld
		} else {
			row.Index = s.estimate(*u.Mean, u.Shown, u.CI95)
			in.From = min(in.From, u.CI95[0])
		}
		in.Rows = append(in.Rows, row)
	}
	return chart.Aspects(in, widths...), nil
}

// Forecast returns what an index may be at the period's end.
func (s *Speaker) Forecast(x *UnitIndex, table *analytics.GradeTable, title string) (*chart.Chart, error) {
	f := x.Detail.Forecast
	in := chart.ForecastInput{Head: s.Head(title, ""), Values: f.Values[:], Now: f.Now, Most: 100 * x.scale()}
	for i := len(table.Grades) - 1; i >= 0; i-- {
		g := table.Grades[i]
		from := g.From.Float64() - 0.005 // what is rounded to the lowest value of a grade has it
		in.Grades = append(in.Grades, chart.Limit{Value: chart.Value{At: from * x.scale(), Text: s.Fixed(2, g.From.Float64()*x.scale())}, Name: g.Mutu})
	}
	return chart.Forecast(in), nil
}

// The hours of a working day have a column each; what came earlier or later than these has
// one for all of it, so that a night doesn't make the table too wide for a phone.
const (
	firstHour = 8
	lastHour  = 15
	hoursADay = 24
)

// Hours returns the table of answers by weekday and hour, from Monday on; of Saturday and
// Sunday those that have some.
func (s *Speaker) Hours(u *desk.Unit, title string) (*chart.Chart, error) {
	columns := hourColumns(u)
	in := chart.HoursInput{Head: s.Head(title, "")}
	for _, c := range columns {
		in.Hours = append(in.Hours, c.head)
	}
	for i := range len(u.Hours) {
		day := (i + 1) % len(u.Hours) // Sunday is 0, and last
		name, err := s.Say("desk.weekday.short." + strconv.Itoa(day))
		if err != nil {
			return nil, err
		}
		row, some := chart.HoursDay{Name: name}, false
		for _, c := range columns {
			n := int64(0)
			for hour := c.from; hour <= c.to; hour++ {
				n += u.Hours[day][hour]
			}
			some = some || n > 0
			row.Counts = append(row.Counts, chart.HoursCount{N: int(n), Text: s.Whole(n)})
		}
		if some || day != int(time.Saturday) && day != int(time.Sunday) {
			in.Days = append(in.Days, row)
		}
	}
	return chart.Hours(in), nil
}

// hourColumn is a column of the table of hours.
type hourColumn struct {
	head     string
	from, to int
}

func hourColumns(u *desk.Unit) []hourColumn {
	early, late := false, false
	for day := range u.Hours {
		for hour, n := range u.Hours[day] {
			early, late = early || n > 0 && hour < firstHour, late || n > 0 && hour > lastHour
		}
	}
	var out []hourColumn
	if early {
		out = append(out, hourColumn{fmt.Sprintf("<%02d", firstHour), 0, firstHour - 1})
	}
	for hour := firstHour; hour <= lastHour; hour++ {
		out = append(out, hourColumn{fmt.Sprintf("%02d", hour), hour, hour})
	}
	if late {
		out = append(out, hourColumn{fmt.Sprintf("≥%02d", lastHour+1), lastHour + 1, hoursADay - 1})
	}
	return out
}

// Days returns the answers of each day.
func (s *Speaker) Days(u *desk.Unit, title string) (*chart.Chart, error) {
	in := chart.DaysInput{Head: s.Head(title, "")}
	for _, d := range u.Counts.Days {
		month, err := s.Say("month." + strconv.Itoa(int(d.Day.Time().Month())))
		if err != nil {
			return nil, err
		}
		in.Days = append(in.Days, chart.Day{
			Label: strconv.Itoa(d.Day.Time().Day()), Group: month, N: chart.Value{At: float64(d.Answers), Text: s.Whole(int64(d.Answers))}, Closed: !d.Open,
		})
	}
	return chart.Days(in), nil
}

// Spread returns how often each score of a question was given.
func (s *Speaker) Spread(d desk.Spread) (*chart.Chart, error) {
	in := chart.DistributionInput{Head: s.Head(s.Text(d.Text), "")}
	for i := len(d.Counts) - 1; i >= 0; i-- {
		in.Rows = append(in.Rows, chart.Share{
			Name: strconv.Itoa(d.Options[i].Value) + " " + s.Text(d.Options[i].Label),
			N:    chart.Value{At: float64(d.Counts[i]), Text: s.Whole(d.Counts[i])}, Percent: s.Fixed(0, 100*float64(d.Counts[i])/float64(d.N)) + " %",
		})
	}
	return chart.Distribution(in), nil
}

// SampleMeter returns the picture of a sample, with its numbers.
func (s *Speaker) SampleMeter(of desk.Sample) (*chart.Chart, error) {
	in, err := s.meterInput(of)
	return chart.Meter(in), err
}

// IndexName returns what an index is called.
func (s *Speaker) IndexName(x DeskIndex) (string, error) {
	if name := x.Figure.Name; name != nil {
		return s.Text(name), nil
	}
	return s.Say("desk.index." + x.Code)
}

// NameOf returns what an index is called of which only the code is known: one of a city's
// own has none but that.
func (s *Speaker) NameOf(code string) string {
	if name, err := s.Say("desk.index." + code); err == nil {
		return name
	}
	return code
}

// Mean writes a group's mean of an index, which is on 0-4, on the index's own scale, as all
// else tells it; empty where it has none.
func (s *Speaker) Mean(of map[string]float64, code string) string {
	if x, ok := of[code]; ok {
		if code == analytics.IKM {
			x *= 25
		}
		return s.Fixed(2, x)
	}
	return ""
}
