package wording

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/survey"
)

// DeskIndex is an index on the desk, with the limits of its grades.
type DeskIndex struct {
	*desk.Index // nil: an axis alone
	Grades      []analytics.Grade
	Before      *analytics.Index // the period before, where both may be compared
}

// NewDeskIndex returns an index on its axis.
func NewDeskIndex(x *desk.Index, table *analytics.GradeTable) DeskIndex {
	out := DeskIndex{Index: x}
	if table != nil {
		out.Grades = table.Limits()
	}
	if x != nil && x.Change != nil && x.Change.State != analytics.ChangeNotCompared {
		out.Before = x.Change.Before
	}
	return out
}

// Hundred reports whether the index is told out of 100, not out of 4.
func (x DeskIndex) Hundred() bool { return x.Index == nil || x.Code == analytics.IKM }

// Rose reports whether the index is higher than before.
func (x DeskIndex) Rose() bool { return x.Change.Difference > 0 }

// deskWidths has the widths of a strip on the desk: beside a value on a phone, and in a card.
var deskWidths = [...]int{chart.Slim, chart.Card}

// DeskStrip returns the picture of an index on the desk.
func (s *Speaker) DeskStrip(x DeskIndex) (*chart.Chart, error) { return s.StripAt(x, deskWidths[:]...) }

// StripAt returns the picture of an index with that of the period before, at some widths.
func (s *Speaker) StripAt(x DeskIndex, widths ...int) (*chart.Chart, error) {
	if len(x.Grades) == 0 {
		return nil, nil //nolint:nilnil // there is no picture, and no fault
	}
	named := &NamedIndex{Code: analytics.IKM, Grades: x.Grades}
	if x.Index != nil {
		named.Code, named.Index = x.Code, x.Figure
	}
	in, err := s.stripInput(named)
	if err != nil {
		return nil, err
	}
	in.From.Text, in.To.Text = "", ""
	for i := range in.Grades {
		in.Grades[i].Brief = ""
	}
	if x.Before != nil {
		in.Before = &chart.Value{At: x.Before.Value, Text: s.Shown(x.Before.Shown)}
	}
	return chart.Strip(in, widths...), nil
}

// DeskMeter returns the picture of a sample.
func (s *Speaker) DeskMeter(of desk.Sample) (*chart.Chart, error) {
	in, err := s.meterInput(of)
	return chart.Meter(in, deskWidths[:]...), err
}

// meterInput returns what the picture of a sample is drawn of.
func (s *Speaker) meterInput(of desk.Sample) (in chart.MeterInput, err error) {
	title, err := s.Say("desk.sample")
	if err != nil {
		return in, err
	}
	count := func(n int64) chart.Value { return chart.Value{At: float64(n), Text: s.Whole(n)} }
	in = chart.MeterInput{Head: s.Head(title, ""), SoFar: count(of.SoFar)}
	if of.Needed != nil {
		needed := count(int64(*of.Needed))
		in.Needed = &needed
		if in.NeededWords, err = s.Say("desk.sample.needed", "N", needed.Text); err != nil {
			return in, err
		}
		if p := of.Pace; p != nil && of.Missing > 0 && p.Days > 0 {
			pace := count(p.AtClose)
			in.Pace = &pace
			in.PaceWords, err = s.Say("desk.sample.pace", "N", pace.Text)
		}
	}
	return in, err
}

// Weekday writes a day with the day of the week and without the year.
func (s *Speaker) Weekday(d survey.Date) (string, error) {
	name, err := s.Say("desk.weekday." + strconv.Itoa(int(d.Time().Weekday())))
	if err != nil {
		return "", err
	}
	day, err := s.DayMonth(d)
	return name + ", " + day, err
}

// DayMonth writes a day without the year.
func (s *Speaker) DayMonth(d survey.Date) (string, error) {
	month, err := s.Say("month." + strconv.Itoa(int(d.Time().Month())))
	return fmt.Sprintf("%d %s", d.Time().Day(), month), err
}

// Near writes a day as it is told from today: today, yesterday, tomorrow, else with the
// day of the week.
func (s *Speaker) Near(d, today survey.Date) (string, error) {
	switch d - today {
	case -1, 0, 1:
		return s.Say("desk.day." + strconv.Itoa(int(d-today)))
	}
	return s.Weekday(d)
}

// Rate writes a number of answers by time: whole, but with one decimal below 10.
func (s *Speaker) Rate(x float64) string {
	if x < 9.95 && math.Abs(x-math.Round(x)) >= 0.05 {
		return s.Fixed(1, x)
	}
	return s.Whole(int64(math.Round(x)))
}

// Could lists the grades that an index could have too, as in "A atau C".
func (s *Speaker) Could(grades []string) (string, error) {
	out := slices.Clone(grades)
	if len(out) < 2 {
		return strings.Join(out, ""), nil
	}
	or, err := s.Say("desk.or")
	last := len(out) - 1
	return strings.Join(out[:last], ", ") + " " + or + " " + out[last], err
}

// AspectName returns the name of the aspect that fell most of an index.
func (s *Speaker) AspectName(x *desk.Index) string {
	for i := range x.Figure.Aspects {
		if a := &x.Figure.Aspects[i]; a.Code == x.Change.Aspect {
			return s.Lower(s.Text(a.Name))
		}
	}
	return x.Change.Aspect
}

// Lower writes the first letter of a name small, as within a sentence.
func (s *Speaker) Lower(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if next, _ := utf8.DecodeRuneInString(name[size:]); unicode.IsUpper(next) { // an abbreviation
		return name
	}
	return string(unicode.ToLower(r)) + name[size:]
}

// Clock writes a time of day, by the clock of its zone.
func (s *Speaker) Clock(at time.Time) string {
	if s.lang == survey.Languages()[0] {
		return at.Format("15.04")
	}
	return at.Format("15:04")
}

// Civil returns the last day whose answers figures up to a moment may hold.
func Civil(at *time.Time) survey.Date {
	return survey.DateOf(at.Add(-time.Nanosecond), at.Location())
}

// Signed writes a difference with its sign, a real minus.
func (s *Speaker) Signed(difference string) string {
	return s.Shown(strings.Replace(difference, "-", "−", 1))
}

// By writes a difference without its sign.
func (s *Speaker) By(difference string) string {
	return s.Shown(strings.TrimLeft(difference, "+-−"))
}
