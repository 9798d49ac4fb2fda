package lkebook

import (
	"bytes"
	"encoding/json"
	"strconv"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/survey"
)

// Seen writes down what changes somebody was shown, so that exactly these are taken later
// (ReadSeen, Compare, Take) and nothing has to be kept meanwhile.
func Seen(changes []Change) (string, error) {
	out := make([]Sheet, len(changes))
	for i := range changes {
		c := &changes[i]
		s := Sheet{Period: c.Draft.Period, Unit: c.Draft.Unit, Version: *c.Draft.Version, Entered: map[string]string{}, Cells: map[string]string{}}
		for _, d := range c.Differences {
			s.Name, s.Entered[d.Field], s.Cells[d.Field] = d.Sheet, d.Theirs, d.Cell
		}
		out[i] = s
	}
	text, err := json.Marshal(out)
	return string(text), err
}

// ReadSeen reads what Seen wrote. It came from a browser, so it is no more trusted than a
// workbook. Malformed: nothing that Seen writes.
func ReadSeen(text string, table *analytics.LKETable) ([]Sheet, error) {
	wrong := survey.Errorf(survey.Malformed, "the differences are not as they were shown")
	in := json.NewDecoder(bytes.NewReader([]byte(text)))
	in.DisallowUnknownFields()
	var out []Sheet
	if err := in.Decode(&out); err != nil || in.More() || len(out) > MaxSheets {
		return nil, wrong
	}
	cells := lke.CellsByField(table)
	units := map[string]bool{}
	for _, s := range out {
		if units[s.Unit] || s.Version < 0 || len(s.Cells) != len(s.Entered) {
			return nil, wrong
		}
		units[s.Unit] = true
		for field, value := range s.Entered {
			if _, named := s.Cells[field]; !named || cells[field] == nil || !written(table, cells[field], value) {
				return nil, wrong
			}
		}
	}
	return out, nil
}

// written reports whether a value is one that a cell enters, as it is written.
func written(table *analytics.LKETable, c *lke.SheetCell, value string) bool {
	if value == "" {
		return true
	}
	if c.Note {
		code, _ := lke.NoteFault(value)
		return code == "" && value == lke.Note(value)
	}
	if c.Key == lke.RowLevel {
		_, ok := table.Levels[value]
		return ok
	}
	x, _ := strconv.ParseFloat(value, 64) // of what is no number it is 0 or infinite, which is written otherwise
	return strconv.FormatFloat(x, 'f', -1, 64) == value
}
