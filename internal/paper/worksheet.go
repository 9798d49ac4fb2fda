package paper

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetReader turns the rows of a sheet into a table.
type sheetReader struct {
	*book

	table  *table
	row    int      // its number, from 1
	column int      // likewise
	cells  []string // up to the last that holds something
	marks  []mark
	// kinds marks texts too, for who must tell them from numbers.
	kinds bool
}

func (s *sheetReader) sheet(p *part) error {
	return p.path(func(tag xml.StartElement) error {
		n, err := number(attr(tag, "r", false), s.row)
		if err != nil {
			return err
		}
		s.row, s.column, s.cells, s.marks = n, 0, s.cells[:0], nil
		if err := p.path(func(tag xml.StartElement) error { return s.cell(p, tag) }, "c"); err != nil {
			return err
		}
		return s.finish()
	}, "worksheet", "sheetData", "row")
}

// number returns the number of a row or column: the written one or, where none is written,
// the next. Error: it is not above the last. Twice the same place, or another order, could be
// read either way, and no spreadsheet program writes it.
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
	case s.row > MaxRows+maxHead, s.column > MaxColumns:
		return fault(atRow(s.row), "far_cell", "cell", name, "rows", MaxRows+maxHead, "columns", MaxColumns)
	}
	for len(s.cells) < s.column-1 {
		s.cells = append(s.cells, "")
	}
	s.cells = append(s.cells, text)
	switch {
	case formula:
		s.marks = append(s.marks, mark{s.column - 1, "formula"})
	case kind == "b": // stored as 1 or 0, it would pass for an answer
		s.marks = append(s.marks, mark{s.column - 1, "boolean"})
	case kind == "e":
		s.marks = append(s.marks, mark{s.column - 1, "error_value"})
	case overlong(text):
		s.marks = append(s.marks, mark{s.column - 1, "long_text"})
	case s.kinds && kind != "" && kind != "n":
		s.marks = append(s.marks, mark{s.column - 1, string(Text)})
	}
	return nil
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
	enough, err := s.table.take(row{number: s.row, line: s.row, cells: s.cells, marks: s.marks})
	if err == nil && enough {
		return errEnough
	}
	return err
}
