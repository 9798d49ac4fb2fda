// Package sheet reads the tables that offices bring: CSV as spreadsheets write
// it, and XLSX. It turns their rows into responses, or names every fault by
// row and column; nothing is stored here.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"persepsi/survey"
)

// Table is a sheet: a header and rows of texts.
type Table struct {
	Header []string
	Rows   []Row
	// Excel tells that a date may come as the number of days since 1900.
	Excel bool
}

// Row is one line of a table with the number that a person sees beside it,
// the header being row 1. Faults are what makes it unreadable; they are told
// together with those of the other rows.
type Row struct {
	Number int
	Cells  []string
	Faults []survey.Fault
}

// Limits of a table: far above any office's paper, far below what would hurt.
const (
	MaxBytes = 64 << 20
	MaxRows  = 200_000
)

// Read reads a table by the ending of its name: .csv, .txt or .xlsx. Errors are
// survey.Invalid for what is no table at all, or survey.Unsupported; faults of
// single rows stay with their rows.
func Read(name string, data []byte) (*Table, error) {
	if len(data) > MaxBytes {
		return nil, survey.Errorf(survey.TooLarge, "the file is larger than %d MB", MaxBytes>>20)
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
	if len(t.Rows) > MaxRows {
		return nil, survey.Errorf(survey.TooLarge, "the file has more than %d rows", MaxRows)
	}
	return t, nil
}

func fault(field, code, format string, args ...any) error {
	return survey.Faulty("the file cannot be imported", []survey.Fault{{Field: field, Code: code, Message: fmt.Sprintf(format, args...)}})
}

// plain gives the text as UTF-8 without a byte order mark; a mark of UTF-16,
// which spreadsheets write as "Unicode text", is understood.
func plain(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fault("file", "encoding", "the file is neither UTF-8 nor UTF-16 text")
		}
		return out, nil
	}
	data = bytes.TrimPrefix(data, []byte{0xef, 0xbb, 0xbf})
	if !utf8.Valid(data) {
		line := 1
		for i := 0; i < len(data); {
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			i += n
		}
		return nil, fault(fmt.Sprintf("row %d", line), "encoding", "is not UTF-8 text; save the file as CSV UTF-8")
	}
	return data, nil
}

// separator finds what separates the columns: the sign that the header has
// most of. Spreadsheets with Indonesian settings write semicolons.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func readCSV(data []byte) (*Table, error) {
	data, err := plain(data)
	if err != nil {
		return nil, err
	}
	// Excel's own hint about the separator is not a row.
	offset := 0
	if line, rest, ok := bytes.Cut(data, []byte("\n")); ok && len(line) < 8 && bytes.HasPrefix(line, []byte("sep=")) {
		data, offset = rest, 1
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = separator(data)
	r.FieldsPerRecord = -1
	t := &Table{}
	for {
		record, err := r.Read()
		if err != nil {
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				return nil, fault(fmt.Sprintf("row %d", pe.Line+offset), "not_csv", "cannot be read as CSV: %s", pe.Err)
			}
			break // io.EOF: a bytes.Reader has no other error
		}
		line, _ := r.FieldPos(0)
		line += offset
		switch {
		case t.Header == nil:
			t.Header = record
		case blank(record):
		default:
			t.Rows = append(t.Rows, Row{Number: line, Cells: record, Faults: overlong(line, record, len(t.Header))})
		}
	}
	if t.Header == nil {
		return nil, fault("file", "empty", "the file is empty")
	}
	return t, nil
}

// overlong gives the fault of a row that has cells beyond the header.
func overlong(row int, cells []string, width int) []survey.Fault {
	if len(cells) <= width || blank(cells[width:]) {
		return nil
	}
	return []survey.Fault{{
		Field: fmt.Sprintf("row %d", row), Code: "columns",
		Message: fmt.Sprintf("has %d columns, the header has %d", len(cells), width),
	}}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// readXLSX reads the first sheet. A formula is refused: what it shows depends
// on the program that opened it last, and an answer must be what was typed.
func readXLSX(data []byte) (*Table, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: 512 << 20})
	if err != nil {
		return nil, fault("file", "not_xlsx", "cannot be read as XLSX")
	}
	defer f.Close()
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil {
		return nil, fault("file", "not_xlsx", "sheet %q cannot be read", name)
	}
	t := &Table{Excel: true}
	width := 0
	for i, cells := range rows {
		if i == 0 {
			t.Header, width = cells, len(cells)
		}
		faults := overlong(i+1, cells, width)
		for col := range max(width, len(cells)) {
			cell, err := excelize.CoordinatesToCellName(col+1, i+1)
			if err != nil {
				return nil, fmt.Errorf("name cell: %w", err)
			}
			if formula, err := f.GetCellFormula(name, cell); err == nil && formula != "" {
				faults = append(faults, survey.Fault{
					Field: place(i+1, header(t.Header, col)), Code: "formula",
					Message: fmt.Sprintf("cell %s holds a formula; paste it as a value", cell),
				})
			} else if kind, err := f.GetCellType(name, cell); err == nil && kind == excelize.CellTypeBool {
				// Stored as 1 or 0, it would pass for an answer.
				faults = append(faults, survey.Fault{
					Field: place(i+1, header(t.Header, col)), Code: "wrong_type",
					Message: fmt.Sprintf("cell %s holds TRUE or FALSE and no answer", cell),
				})
			}
		}
		if len(faults) > 0 || i > 0 && !blank(cells) {
			t.Rows = append(t.Rows, Row{Number: i + 1, Cells: cells, Faults: faults})
		}
	}
	if t.Header == nil {
		return nil, fault("file", "empty", "the first sheet is empty")
	}
	return t, nil
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
