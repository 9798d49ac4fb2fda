package export

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// resultsBook is the workbook of results that is being written.
type resultsBook struct {
	*book
	results *report.Results
	zone    *time.Location
	foot    string // beneath every page
	placed  map[string]map[string]indexCellRefs
}

// ResultsXLSX writes a workbook for officers: a summary of the units, a table of each index,
// its processing table with live formulas, agencies and city, respondents, and how it was
// computed. The results need explanations (Scope.Explain); moments are shown in the city's zone.
// ResultsCSV and JSON are for programs.
func ResultsXLSX(w io.Writer, r *report.Results, zone *time.Location, say Say) error {
	b := &resultsBook{
		book: newBook(say), results: r, zone: zone, placed: map[string]map[string]indexCellRefs{},
		foot: r.CityName + " – " + r.PeriodName,
	}
	defer b.file.Close() // only memory
	err := b.write()
	if err == nil {
		err = b.end(w)
	}
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// write writes the sheets. The first of them points into those behind it: it is begun
// first and filled last.
func (r *resultsBook) write() error {
	for _, u := range r.results.Units {
		for _, x := range u.Indexes {
			if x != nil && x.Explanation == nil {
				return errors.New("a workbook is of results that tell how they came about")
			}
		}
	}
	summary, err := r.newTable("sheet.summary", "sheet.summary.title", r.summaryColumns())
	if err != nil {
		return err
	}
	codes := analytics.Order(r.results.Form)
	tables := make([]*table, len(codes))
	for i, code := range codes {
		if tables[i], err = r.newTable("sheet.table", "sheet.table.title", r.indexColumns(code), "Index", strings.ToUpper(code)); err != nil {
			return err
		}
	}
	if err := r.computed(codes); err != nil {
		return err
	}
	if err := summary.units(r.results.Units); err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.units(r.results.Units); err != nil {
			return err
		}
	}
	if err := r.groups(); err != nil {
		return err
	}
	if err := r.respondents(); err != nil {
		return err
	}
	return r.about(codes)
}

// computed writes the processing tables, and the grades that they look up.
func (r *resultsBook) computed(codes []string) error {
	grades, err := r.grades()
	if err != nil {
		return err
	}
	for _, code := range codes {
		if r.placed[code], err = r.processing(code, grades); err != nil {
			return err
		}
	}
	return nil
}

// line tells beneath a sheet's title what its figures are of.
func (r *resultsBook) line() string {
	parts := []string{r.results.CityName, r.results.PeriodName, r.state()}
	if r.results.Demo {
		parts = append(parts, r.say("sheet.demo"))
	}
	return strings.Join(parts, " · ")
}

func (r *resultsBook) state() string { return r.say("sheet.state." + r.results.State) }

// column is one of a table of units.
type column struct {
	head  string
	width float64
	of    func(n int, u *report.UnitResult) value
}

// table is a sheet with a row for each unit.
type table struct {
	*sheet
	columns []column
}

// newTable begins a sheet of units with its heads; args complete the messages of its name
// and title.
func (r *resultsBook) newTable(name, title string, columns []column, args ...any) (*table, error) {
	widths := make([]float64, len(columns))
	heads := make([]string, len(columns))
	for i, c := range columns {
		widths[i], heads[i] = c.width, c.head
	}
	s, err := r.add(page{title: r.say(name, args...), widths: widths, frozen: 3, fixed: 3, foot: r.foot})
	if err != nil {
		return nil, err
	}
	if err := s.title(r.say(title, args...), r.line()); err != nil {
		return nil, err
	}
	return &table{s, columns}, s.heads(44, heads...)
}

func (t *table) units(units []*report.UnitResult) error {
	for i, u := range units {
		cells := make([]value, len(t.columns))
		for k, c := range t.columns {
			cells[k] = c.of(i+1, u)
		}
		if err := t.write(0, cells...); err != nil {
			return err
		}
	}
	return nil
}
