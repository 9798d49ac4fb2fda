package wording

import (
	"fmt"
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/chart"
)

// Strip returns the picture of an index on a unit's result page: nil where its grades are
// not known. Its axis begins where the lowest grade but one does: at 65 of 100 by the
// table of 2017.
func (s *Speaker) Strip(x *NamedIndex) (*chart.Chart, error) {
	if len(x.Grades) == 0 {
		return nil, nil //nolint:nilnil // there is no picture, and no fault
	}
	in, err := s.stripInput(x)
	return chart.Strip(in, publicStrip), err
}

// stripInput returns what a strip is drawn of: without a value where there is no index.
func (s *Speaker) stripInput(x *NamedIndex) (chart.StripInput, error) {
	scale := 1.0 // of the index's own scale
	if !x.Hundred() {
		scale = 1.0 / 25
	}
	value := func(v float64, text string) chart.Value { return chart.Value{At: v, Text: s.Shown(text)} }
	brief := func(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.2f", v), ".00") }
	title, err := s.Say("result.strip")
	in := chart.StripInput{Head: s.Head(title, ""), To: chart.Value{At: 100 * scale, Text: strconv.Itoa(int(100 * scale))}}
	if x.Index != nil && err == nil {
		low, high := x.CI95[0], x.CI95[1]
		in.Index = &chart.Estimate{
			Mean: value(x.Mean*25*scale, x.Shown), Low: value(low, analytics.ShownFloat(low, 2)), High: value(high, analytics.ShownFloat(high, 2)),
		}
		in.Grade = x.Mutu
		in.Desc, err = s.Say("result.strip.desc", "Value", in.Index.Mean.Text, "Low", in.Index.Low.Text, "High", in.Index.High.Text, "Grade", x.Mutu)
	} else if err == nil {
		in.Withheld, err = s.Say("chart.withheld")
	}
	for i := len(x.Grades) - 1; i >= 0; i-- {
		from := x.Grades[i].From.Float64() * scale
		in.Grades = append(in.Grades, chart.Limit{Value: value(from, x.Limit(x.Grades[i])), Name: x.Grades[i].Mutu, Brief: s.Shown(brief(from))})
	}
	in.From = chart.Value{At: in.Grades[0].At, Text: in.Grades[0].Brief}
	return in, err
}

// publicStrip is the width of a strip on the result page: that of a card on a phone.
const publicStrip = chart.Part

// Limit returns the lowest value of a grade on the index's scale: 76.61, or 3.0644 of 4.
func (x *NamedIndex) Limit(g analytics.Grade) string {
	if x.Hundred() {
		return fmt.Sprintf("%.2f", g.From.Float64())
	}
	return fmt.Sprintf("%.4f", g.From.Float64()/25)
}
