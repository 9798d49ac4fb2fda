package paper

import (
	"bytes"
	"errors"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// workbookOf writes rows of cells as a workbook, as a spreadsheet would.
func workbookOf(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() // only memory
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// faultsOf returns the faults of an error that a person may read.
func faultsOf(t testing.TB, err error) []survey.Fault {
	t.Helper()
	var e *survey.Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v, want one with faults", err)
	}
	return e.Faults
}
