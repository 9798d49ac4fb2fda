package export

import (
	"bytes"
	_ "embed" // the columns are data
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

//go:embed flat.yaml
var flatData []byte

// Mapping says which of our values goes into which column of a flat table that another
// application takes.
type Mapping struct {
	Columns []MappedColumn `yaml:"columns"`
}

// MappedColumn is one column.
type MappedColumn struct {
	Name  string `yaml:"name"`  // its head
	Value string `yaml:"value"` // which of ours
	// Digits rounds a number half up to so many decimals; nil: unrounded.
	Digits *int `yaml:"digits"`
	// Buckets take the place of a number: the first whose bound it reaches, unrounded. Their
	// bounds fall. Below all of them the cell is empty.
	Buckets []Bucket `yaml:"buckets"`
}

// Bucket is what an application has instead of a number from a bound on.
type Bucket struct {
	From analytics.Ratio `yaml:"from"`
	Text string          `yaml:"text"`
}

// maxDigits is how many decimals a number may be rounded to.
const maxDigits = 12

// ReadMapping reads a mapping; nil is that of satker, tahun, ipak, capaian_kinerja and ipkp.
// Errors: Invalid names each column that is wrong.
func ReadMapping(data []byte) (*Mapping, error) {
	if data == nil {
		data = flatData
	}
	m := new(Mapping)
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(m); err != nil && !errors.Is(err, io.EOF) {
		return nil, &survey.Error{Code: survey.Invalid, Message: "the mapping cannot be read: " + err.Error(), Cause: err}
	}
	var faults []survey.Fault
	seen := map[string]bool{}
	known := slices.Sorted(maps.Keys(flatValues()))
	for i, c := range m.Columns {
		bad := func(field, code, message string) {
			faults = append(faults, survey.Fault{Field: fmt.Sprintf("columns[%d].%s", i, field), Code: code, Message: message})
		}
		if strings.TrimSpace(c.Name) == "" {
			bad("name", "required", "is required")
		} else if seen[c.Name] {
			bad("name", "twice", "is the name of another column too")
		}
		seen[c.Name] = true
		if !slices.Contains(known, c.Value) {
			bad("value", "unknown", "is none of "+strings.Join(known, ", "))
		}
		if c.Digits != nil && (*c.Digits < 0 || *c.Digits > maxDigits) {
			bad("digits", "out_of_range", fmt.Sprintf("must be from 0 to %d", maxDigits))
		}
		for k, b := range c.Buckets {
			switch {
			case !b.From.Known():
				bad(fmt.Sprintf("buckets[%d].from", k), "wrong_type", "must be a number in quotes such as \"3.60\"")
			case k > 0 && c.Buckets[k-1].From.Known() && b.From.Cmp(c.Buckets[k-1].From) >= 0:
				bad(fmt.Sprintf("buckets[%d].from", k), "order", "must be less than the bound before it")
			}
		}
	}
	if len(m.Columns) == 0 {
		faults = append(faults, survey.Fault{Field: "columns", Code: "required", Message: "is required"})
	}
	return m, survey.Faulty("the mapping has faults", faults)
}

// flatValues are the values that a column may hold: a text, or an exact number.
func flatValues() map[string]func(*report.UnitResult, int) any {
	index := func(code string) func(*report.UnitResult, int) any {
		return func(u *report.UnitResult, _ int) any {
			if x := u.Indexes[code]; x != nil {
				return x.ExactValue
			}
			return nil
		}
	}
	points := func(of func(*analytics.LKE) *analytics.LKEFigure) func(*report.UnitResult, int) any {
		return func(u *report.UnitResult, _ int) any {
			if f := of(&u.LKE); f != nil {
				return f.Exact
			}
			return nil
		}
	}
	verdict := func(of func(*analytics.LKE) analytics.Verdict) func(*report.UnitResult, int) any {
		return func(u *report.UnitResult, _ int) any { return passed(of(&u.LKE).Passed) }
	}
	return map[string]func(*report.UnitResult, int) any{
		"unit": func(u *report.UnitResult, _ int) any { return u.Unit }, "unit_name": func(u *report.UnitResult, _ int) any { return u.UnitName },
		"agency": func(u *report.UnitResult, _ int) any { return u.Agency }, "agency_name": func(u *report.UnitResult, _ int) any { return u.AgencyName },
		"year":      func(_ *report.UnitResult, year int) any { return analytics.NewRatio(int64(year), 1) },
		"responses": func(u *report.UnitResult, _ int) any { return analytics.NewRatio(u.Responses.Valid, 1) },
		"capaian_kinerja": func(u *report.UnitResult, _ int) any {
			if u.LKE.IB == nil {
				return nil
			}
			return u.LKE.IB.Level
		},
		analytics.IKM: index(analytics.IKM), analytics.IPKP: index(analytics.IPKP), analytics.IPAK: index(analytics.IPAK),
		"points_ia": points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.IA) }), "points_ib": points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.IB) }),
		"points_i": points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.I) }), "points_ii": points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.II) }),
		"hasil": points(func(l *analytics.LKE) *analytics.LKEFigure { return l.Hasil }), "pengungkit": points(func(l *analytics.LKE) *analytics.LKEFigure { return l.Pengungkit }),
		"total": points(func(l *analytics.LKE) *analytics.LKEFigure { return l.Total }),
		"wbk":   verdict(func(l *analytics.LKE) analytics.Verdict { return l.WBK }), "wbbm": verdict(func(l *analytics.LKE) analytics.Verdict { return l.WBBM }),
	}
}

// FlatCSV writes one row for each unit in the columns of a mapping, for another application.
// year is the year for which the figures are handed in.
func FlatCSV(w io.Writer, r *report.Results, year int, m *Mapping) error {
	out := csv.NewWriter(w)
	heads := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		heads[i] = inert(c.Name)
	}
	rows := [][]string{heads}
	values := flatValues()
	for _, u := range r.Units {
		row := make([]string, len(m.Columns))
		for i, c := range m.Columns {
			row[i] = c.cell(values[c.Value](u, year))
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the flat table: %w", err)
	}
	return nil
}

// FlatXLSX writes the same table as a workbook of one sheet: its head in the first row, numbers
// as such, rounded where the mapping says so.
func FlatXLSX(w io.Writer, r *report.Results, year int, m *Mapping, say Say) error {
	widths, heads := make([]float64, len(m.Columns)), make([]string, len(m.Columns))
	for i, c := range m.Columns {
		heads[i], widths[i] = c.Name, max(14, float64(len(c.Name))+3)
	}
	b := newBook(say)
	s, err := b.add(page{title: r.Period, widths: widths, frozen: 1, foot: r.PeriodName})
	if err == nil {
		err = s.heads(0, heads...)
	}
	values := flatValues()
	for i := 0; err == nil && i < len(r.Units); i++ {
		row := make([]value, len(m.Columns))
		for k := range m.Columns {
			c := &m.Columns[k]
			row[k] = c.written(values[c.Value](r.Units[i], year))
		}
		err = s.write(0, row...)
	}
	if err == nil {
		err = b.end(w)
	}
	if err != nil {
		return fmt.Errorf("write the flat table: %w", err)
	}
	return nil
}

// written is a value as a workbook has it.
func (c *MappedColumn) written(v any) value {
	x, number := v.(analytics.Ratio)
	switch {
	case !number:
		return value{content: v}
	case len(c.Buckets) > 0:
		for _, b := range c.Buckets {
			if x.Cmp(b.From) >= 0 {
				return value{content: b.Text}
			}
		}
		return value{}
	case !x.Known():
		return value{}
	case c.Digits != nil:
		format := "0"
		if *c.Digits > 0 {
			format += "." + strings.Repeat("0", *c.Digits)
		}
		half, ok := analytics.ParseRatio(analytics.Shown(x, *c.Digits))
		if !ok {
			return value{}
		}
		return value{content: half.Float64(), look: look{format: format}}
	}
	return value{content: x.Float64()}
}

// cell writes a value as the column has it.
func (c *MappedColumn) cell(v any) string {
	x, number := v.(analytics.Ratio)
	if !number {
		return text(v)
	}
	if len(c.Buckets) > 0 {
		for _, b := range c.Buckets {
			if x.Cmp(b.From) >= 0 {
				return inert(b.Text)
			}
		}
		return ""
	}
	if c.Digits != nil {
		return analytics.Shown(x, *c.Digits)
	}
	return text(x.Float64())
}
