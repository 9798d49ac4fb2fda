package paper

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"persepsi/survey"
)

// Limits of a table: far above any office's paper, far below what would hurt
// the machine that reads it. They hold for what is read, whatever the file
// claims about itself.
const (
	MaxBytes   = 64 << 20  // of the file, and of all texts in a workbook
	MaxRows    = 200_000   // below the header
	MaxColumns = 512       // of the header
	MaxCells   = 6_000_000 // in all rows together: MaxRows of 30 columns
	MaxText    = 32_767    // characters in one cell: the most that Excel takes
	MaxFaults  = 10_000    // told of one file
)

// maxStretch is the most bytes of one record of a CSV file, and of one tag,
// text or remark of a workbook: what a parser must hold in memory at once. A
// text of MaxText characters fits, however they are escaped.
const maxStretch = 512 << 10

var (
	errStretch = errors.New("more at one place than is read")
	errBudget  = errors.New("more in all than is read")
)

// gauge bounds what a parser takes from its source: between two marks, so that
// no single piece fills the memory, and in all.
type gauge struct {
	r       io.Reader
	stretch int64  // bytes left until the next mark
	budget  *int64 // bytes left in all
}

// mark says that the parser begins with a new piece.
func (g *gauge) mark() { g.stretch = maxStretch }

// Read reads on; errStretch and errBudget say that a limit is reached.
func (g *gauge) Read(p []byte) (int, error) {
	if g.stretch <= 0 {
		return 0, errStretch
	}
	if *g.budget <= 0 {
		return 0, errBudget
	}
	n, err := g.r.Read(p[:min(int64(len(p)), g.stretch, *g.budget)])
	g.stretch -= int64(n)
	*g.budget -= int64(n)
	return n, err
}

func fault(field, code, format string, args ...any) error {
	return survey.Faulty(refusal, []survey.Fault{{Field: field, Code: code, Message: fmt.Sprintf(format, args...)}})
}

const refusal = "the file cannot be imported"

func tooLarge(format string, args ...any) error {
	return survey.Errorf(survey.TooLarge, format, args...)
}

// told is what is told of many faults: all, or the first and that there are
// more. Nobody mends ten thousand cells one by one.
func told(faults []survey.Fault) error {
	if len(faults) > MaxFaults {
		faults = append(faults[:MaxFaults:MaxFaults], survey.Fault{Field: "file", Code: "more_faults", Message: "has more faults than are told; mend these first"})
	}
	return survey.Faulty(refusal, faults)
}

// take takes a row below the header into the table, with what is wrong with its
// cells. Blank rows are none.
func (t *Table) take(number int, cells []string, faults []survey.Fault) error {
	width := len(t.Header)
	if len(cells) > width && !blank(cells[width:]) {
		faults = slices.Insert(faults, 0, survey.Fault{
			Field: fmt.Sprintf("row %d", number), Code: "columns",
			Message: fmt.Sprintf("has %d columns, the header has %d", len(cells), width),
		})
	}
	switch {
	case faults != nil:
		return t.grow(Row{Number: number, Faults: faults}) // its cells are not looked at
	case blank(cells):
		return nil
	}
	return t.grow(Row{Number: number, Cells: slices.Clone(cells[:min(len(cells), width)])})
}

// grow appends a row, unless there are too many of them, of cells or of faults.
func (t *Table) grow(row Row) error {
	t.cells += len(row.Cells)
	t.faults = append(t.faults, row.Faults...)
	switch {
	case len(t.faults) > MaxFaults:
		return told(t.faults)
	case len(t.Rows) == MaxRows:
		return tooLarge("the file has more than %d rows; import it in parts", MaxRows)
	case t.cells > MaxCells:
		return tooLarge("the file has more than %d cells; import it in parts", MaxCells)
	}
	t.Rows = append(t.Rows, row)
	return nil
}

// overlong reports whether a cell's text is longer than any cell can be.
func overlong(text string) bool {
	return len(text) > MaxText && utf8.RuneCountInString(text) > MaxText
}

const longText = "is longer than %d characters"
