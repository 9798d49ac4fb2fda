package paper

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// sheetReader turns the rows of a sheet into a table.
type sheetReader struct {
	*book

	table  *Table
	row    int      // its number, from 1
	column int      // likewise
	cells  []string // up to the last that holds something
	faults []survey.Fault
}

func (s *sheetReader) sheet(p *part) error {
	return p.path(func(tag xml.StartElement) error {
		n, err := number(attr(tag, "r", false), s.row)
		if err != nil {
			return err
		}
		s.row, s.column, s.cells, s.faults = n, 0, s.cells[:0], nil
		if err := p.path(func(tag xml.StartElement) error { return s.cell(p, tag) }, "c"); err != nil {
			return err
		}
		return s.finish()
	}, "worksheet", "sheetData", "row")
}

// number is that of a row or column: the written one, or where none is written
// the next. Two of the same place, or in another order, could be read either
// way, and no spreadsheet program writes them.
func number(written string, last int) (int, error) {
	if written == "" {
		return last + 1, nil
	}
	n, err := strconv.Atoi(written)
	if err != nil || n <= last || n > math.MaxInt32 {
		return 0, errXML
	}
	return n, nil
}

// cell reads one cell; an empty one only has a place.
func (s *sheetReader) cell(p *part, tag xml.StartElement) error {
	column := ""
	if ref := attr(tag, "r", false); ref != "" {
		col, row, err := excelize.CellNameToCoordinates(ref)
		if err != nil || row != s.row {
			return errXML
		}
		column = strconv.Itoa(col)
	}
	var err error
	if s.column, err = number(column, s.column); err != nil {
		return err
	}
	formula := false
	p.buffer = p.buffer[:0]
	err = p.children(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "f":
			formula = true
		case "v":
			return p.text()
		case "is":
			return p.rich()
		}
		return nil
	})
	if err != nil {
		return err
	}
	kind := attr(tag, "t", false)
	text, err := s.value(kind, string(p.buffer))
	if err != nil || text == "" && !formula {
		return err
	}
	name, err := excelize.CoordinatesToCellName(s.column, s.row)
	switch {
	case err != nil:
		return errXML // no sheet is so large
	case s.row > MaxRows+1:
		return fault(fmt.Sprintf("row %d", s.row), "too_large", "cell %s is not empty; rows up to %d are read", name, MaxRows+1)
	case s.column > MaxColumns:
		return fault(fmt.Sprintf("row %d", s.row), "too_large", "cell %s is not empty; %d columns are read", name, MaxColumns)
	}
	for len(s.cells) < s.column-1 {
		s.cells = append(s.cells, "")
	}
	s.cells = append(s.cells, text)
	switch {
	case formula:
		s.bad("formula", "cell %s holds a formula; paste it as a value", name)
	case kind == "b": // stored as 1 or 0, it would pass for an answer
		s.bad("wrong_type", "cell %s holds TRUE or FALSE and no answer", name)
	case overlong(text):
		s.bad("too_long", longText, MaxText)
	}
	return nil
}

// bad notes what is wrong with the cell that was read last.
func (s *sheetReader) bad(code, format string, args ...any) {
	names := s.table.Header
	if s.row == 1 {
		names = s.cells
	}
	s.faults = append(s.faults, survey.Fault{Field: place(s.row, header(names, s.column-1)), Code: code, Message: fmt.Sprintf(format, args...)})
}

// value is what a cell of a kind holds.
func (s *sheetReader) value(kind, text string) (string, error) {
	switch kind {
	case "s":
		if text == "" {
			return "", nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(s.shared) {
			return "", errXML
		}
		return s.shared[i], nil
	case "inlineStr":
		text = unescaped(text)
	}
	return s.keep(text)
}

// finish takes the row into the table.
func (s *sheetReader) finish() error {
	if s.row == 1 && len(s.cells) > 0 {
		s.table.Header = slices.Clone(s.cells)
	}
	switch {
	case len(s.cells) == 0:
		return nil
	case s.table.Header == nil:
		return fault("row 1", "empty", "is empty: the names of the columns belong there")
	case s.row > 1:
		return s.table.take(s.row, s.cells, s.faults)
	case s.faults != nil:
		return s.table.grow(Row{Number: 1, Faults: s.faults})
	}
	return nil
}
