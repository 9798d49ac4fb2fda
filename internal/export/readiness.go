package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Readiness is a list of units with how far each is from a level.
type Readiness struct {
	Results *report.Results
	Period  *survey.Period
	Level   string // wbk or wbbm
	Units   []*report.Ready
}

// ReadinessWriter writes such a list.
type ReadinessWriter func(io.Writer, *Readiness, *wording.Speaker) error

// row returns the cells of a unit: text, or float64; nil where there is none. Points,
// distances and chances are unrounded, as the API has them.
func (r *Readiness) row(u *report.Ready, s *wording.Speaker) ([]any, error) {
	of := u.At(r.Level)
	words, err := s.Ready(u, r.Level, r.Period.To)
	if err != nil {
		return nil, err
	}
	state, err := s.Say("ready.state." + string(of.State))
	if err != nil {
		return nil, err
	}
	out := []any{u.Agency, u.AgencyName, u.Unit, u.UnitName, r.Level, string(of.State), state, words}
	for _, code := range []string{analytics.IPAK, analytics.IPKP} {
		if x := u.Indexes[code]; x != nil {
			out = append(out, x.Value)
		} else {
			out = append(out, nil)
		}
	}
	for _, name := range readinessRows() {
		d := of.Row(name)
		if d.Missing {
			out = append(out, nil, nil)
		} else {
			out = append(out, *d.Points, *d.Distance)
		}
	}
	if c := of.Chance; c != nil {
		return append(out, c[0], c[1], float64(of.Further)), nil
	}
	return append(out, nil, nil, nil), nil
}

// readinessRows are the rows that a list has, each with its points and its distance.
func readinessRows() []string { return []string{"I.a", "I.b", "I", "II", "pengungkit", "total"} }

// readinessHeads are the heads of the columns.
func readinessHeads() []string {
	out := []string{"agency", "agency_name", "unit", "unit_name", "level", "state", "state_shown", "what_would_change_it", "ipak", "ipkp"}
	for _, name := range readinessRows() {
		out = append(out, name, name+"_distance")
	}
	return append(out, "chance_least", "chance_most", "further_answers")
}

// ReadinessCSV writes a list as CSV: codes as heads, numbers unrounded with a point.
func ReadinessCSV(w io.Writer, r *Readiness, s *wording.Speaker) error {
	out := csv.NewWriter(w)
	rows := [][]string{readinessHeads()}
	for _, u := range r.Units {
		cells, err := r.row(u, s)
		if err != nil {
			return fmt.Errorf("write the table of readiness: %w", err)
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = text(c)
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the table of readiness: %w", err)
	}
	return nil
}

// ReadinessXLSX writes the same list as a workbook, without the codes.
func ReadinessXLSX(w io.Writer, r *Readiness, s *wording.Speaker) error {
	b := newBook(Spoken(s))
	defer b.file.Close() // only memory
	err := r.sheet(b, s)
	if err == nil {
		err = b.end(w)
	}
	if err != nil {
		return fmt.Errorf("write the workbook of readiness: %w", err)
	}
	return nil
}

// codesOf are the columns of readinessHeads that the workbook leaves out: codes.
func codesOf() []int { return []int{0, 2, 4, 5} }

func (r *Readiness) sheet(b *book, s *wording.Speaker) error {
	heads := []string{b.say("sheet.agency"), b.say("sheet.unit"), b.say("ready.states"), b.say("ready.change"), "IPAK", "IPKP"}
	widths := []float64{26, 28, 16, 60, 8, 8}
	for _, name := range readinessRows() {
		heads, widths = append(heads, b.say("lke.row."+name), b.say("sheet.distance")), append(widths, 11, 10)
	}
	heads, widths = append(heads, b.say("sheet.chance.least"), b.say("sheet.chance.most"), b.say("sheet.further")), append(widths, 12, 12, 10)
	title := b.say("ready.title")
	out, err := b.add(page{title: strings.ToUpper(r.Level), widths: widths, frozen: 3, fixed: 2, foot: r.Results.CityName + " – " + r.Results.PeriodName})
	if err != nil {
		return err
	}
	line := r.Results.CityName + " · " + r.Results.PeriodName + " · " + b.say("sheet.state."+r.Results.State)
	if r.Results.Demo {
		line += " · " + b.say("sheet.demo")
	}
	if err := out.title(title, line); err != nil {
		return err
	}
	if err := out.heads(44, heads...); err != nil {
		return err
	}
	for _, u := range r.Units {
		cells, err := r.row(u, s)
		if err != nil {
			return err
		}
		var row []value
		for i, c := range cells {
			if slices.Contains(codesOf(), i) {
				continue
			}
			switch c := c.(type) {
			case string:
				row = append(row, wrapped(c))
			case float64:
				row = append(row, number(c, formatOf(i, len(cells))))
			default:
				row = append(row, plain(""))
			}
		}
		if err := out.write(0, row...); err != nil {
			return err
		}
	}
	return nil
}

// formatOf is how the number of a column is shown: the last three are two chances and a
// count.
func formatOf(i, columns int) string {
	switch columns - i {
	case 1:
		return formatCount
	case 2, 3:
		return formatPercent
	}
	return formatFine
}
