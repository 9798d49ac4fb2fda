package paper

import (
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// Limits of a table: far above any office's paper, far below what would hurt
// the machine that reads it. They hold for what is read, whatever the file
// claims about itself.
const (
	MaxBytes   = 64 << 20  // of the file, and of all texts in a workbook
	MaxRows    = 200_000   // below the header
	MaxColumns = 512       // of any row
	MaxCells   = 6_000_000 // in all rows together: MaxRows of 30 columns
	MaxText    = 32_767    // characters in one cell: the most that Excel takes
	MaxFaults  = 10_000    // told of one file
	MaxSheets  = 100       // of a workbook
	maxHead    = 100       // rows among which the header is looked for
)

// maxStretch is the most bytes of one record of a CSV file, and of one tag,
// text or remark of a workbook: what a parser must hold in memory at once. A
// text of MaxText characters fits, however they are escaped.
const maxStretch = 512 << 10

var (
	errStretch = errors.New("more at one place than is read")
	errBudget  = errors.New("more in all than is read")
)

// limitReader bounds what a parser takes from its source: between two marks, so that
// no single piece fills the memory, and in all.
type limitReader struct {
	r       io.Reader
	stretch int64  // bytes left until the next mark
	budget  *int64 // bytes left in all
}

// mark says that the parser begins with a new piece.
func (g *limitReader) mark() { g.stretch = maxStretch }

// Read reads on; errStretch and errBudget say that a limit is reached.
func (g *limitReader) Read(p []byte) (int, error) {
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

// newFault makes a fault with a text of texts.yaml. Its code is the text's name,
// unless several texts say the same rule.
func newFault(field, text string, args ...any) survey.Fault {
	code := text
	if known, ok := codes()[text]; ok {
		code = known
	}
	return survey.Fault{Field: field, Code: code, Message: say(text, args...)}
}

func codes() map[string]string {
	return map[string]string{
		"empty_file": "empty", "mixed_encoding": "encoding", "kind": "unsupported_media", "old_excel": "not_xlsx", "far_cell": "too_large",
		"too_large_file": "too_large", "too_many_rows": "too_large", "too_many_cells": "too_large", "unpacks_too_large": "too_large",
		"long_record": "too_long", "long_text": "too_long", "no_header": "no_question", "no_name": "unknown_column", "too_wide": "columns",
		"no_answer": "required", "unit_missing": "required", "not_answer": "wrong_type", "boolean": "wrong_type", "error_value": "wrong_type",
		"not_age": "unknown_category", "wide_age": "unknown_category", "wrong_weekday": "wrong_date", "no_services": "unknown_service",
	}
}

// fault makes an error of one fault.
func fault(field, text string, args ...any) error {
	return Refused([]survey.Fault{newFault(field, text, args...)})
}

// tooLarge makes an error of a limit that a file as a whole goes over.
func tooLarge(text string, args ...any) error {
	return &survey.Error{Code: survey.TooLarge, Message: say("refusal"), Faults: []survey.Fault{newFault(say("file"), text, args...)}}
}

// told returns the error of many faults: all, or the first and that there are
// more. Nobody mends ten thousand cells one by one.
func told(faults []survey.Fault) error {
	if len(faults) > MaxFaults {
		faults = append(faults[:MaxFaults:MaxFaults], newFault(say("file"), "more_faults"))
	}
	return survey.Faulty(say("refusal"), faults)
}

// overlong reports whether a cell's text is longer than any cell can be.
func overlong(text string) bool {
	return len(text) > MaxText && utf8.RuneCountInString(text) > MaxText
}

func atRow(row int) string { return say("row", "row", row) }

func atCell(row int, column string) string { return say("cell", "row", row, "column", quoted(column)) }

// letter is what a spreadsheet calls a column, the first being 0.
func letter(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return "?"
	}
	return name
}

func cellName(row, column int) string { return letter(column) + strconv.Itoa(row) }
