// Package paper reads the tables that offices bring: CSV as spreadsheets write
// it, and XLSX. It finds the header among titles, understands the columns as offices
// name them, and turns the rows into responses, or names every fault by row and
// column in words that a clerk can act on; nothing is stored here.
package paper

import (
	"slices"
	"strings"
)

// table is a sheet as rows of texts.
type table struct {
	rows []row
	// excel tells that a date may come as the number of days since 1900, or 1904.
	excel, since1904 bool
	// source tells what was read, for the preview.
	source string

	cells int // of all rows
	most  int // rows to be read; 0: all
}

// row is one line of a table.
type row struct {
	number int // what a person sees beside it
	line   int // in a text file, where ids are made of it
	cells  []string
	marks  []mark
}

// mark is a fault of a cell, whichever column it is in.
type mark struct {
	column int
	code   string // of the text that says it
}

// cell returns the text of a cell.
func (r *row) cell(column int) string {
	if column < len(r.cells) {
		return strings.TrimSpace(r.cells[column])
	}
	return ""
}

// take appends a row, unless there are too many of them or of cells. Blank rows
// are none. It reports whether enough rows are read.
func (t *table) take(r row) (enough bool, err error) {
	for len(r.cells) > 0 && strings.TrimSpace(r.cells[len(r.cells)-1]) == "" && !slices.ContainsFunc(r.marks, func(m mark) bool { return m.column >= len(r.cells)-1 }) {
		r.cells = r.cells[:len(r.cells)-1]
	}
	switch {
	case len(r.cells) > MaxColumns:
		return true, fault(atRow(r.number), "columns", "count", len(r.cells), "max", MaxColumns)
	case len(r.cells) == 0 || blank(r.cells) && r.marks == nil:
		return false, nil
	}
	r.cells = slices.Clone(r.cells)
	t.cells += len(r.cells)
	switch {
	case len(t.rows) == MaxRows+maxHead:
		return true, tooLarge("too_many_rows", "max", MaxRows)
	case t.cells > MaxCells:
		return true, tooLarge("too_many_cells", "max", MaxCells)
	}
	t.rows = append(t.rows, r)
	return len(t.rows) == t.most, nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
