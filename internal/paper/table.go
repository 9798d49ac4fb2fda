// Package paper reads the tables that offices bring: CSV as spreadsheets write
// it, and XLSX. It turns their rows into responses, or names every fault by
// row and column; nothing is stored here.
package paper

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// Table is a sheet: a header and rows of texts.
type Table struct {
	Header []string
	Rows   []Row
	// Excel tells that a date may come as the number of days since 1900.
	Excel bool

	cells  int            // of all rows
	faults []survey.Fault // likewise
}

// Row is one line of a table with the number that a person sees beside it,
// the header being row 1. Faults are what makes it unreadable; they are told
// together with those of the other rows.
type Row struct {
	Number int
	Cells  []string
	Faults []survey.Fault
}

// Read reads a table by the ending of its name: .csv, .txt or .xlsx. Errors are
// survey.Invalid for what is no table at all, or survey.Unsupported; faults of
// single rows stay with their rows.
func Read(name string, data []byte) (*Table, error) {
	if len(data) > MaxBytes {
		return nil, tooLarge("the file is larger than %d MB; import it in parts", MaxBytes>>20)
	}
	var t *Table
	var err error
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".txt":
		t, err = readCSV(data)
	case ".xlsx":
		t, err = readXLSX(data)
	default:
		return nil, survey.Errorf(survey.Unsupported, "files ending in %q are not read; bring .csv or .xlsx", ext)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Rows) == 0 {
		return nil, fault("file", "empty", "the file has no row below the header")
	}
	return t, nil
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func header(names []string, col int) string {
	if col < len(names) && strings.TrimSpace(names[col]) != "" {
		return strings.TrimSpace(names[col])
	}
	name, err := excelize.ColumnNumberToName(col + 1)
	if err != nil {
		return "?"
	}
	return name
}

func place(row int, column string) string {
	return fmt.Sprintf("row %d, column %s", row, survey.Printable(column))
}
