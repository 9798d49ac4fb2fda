package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
)

func TestAWorkbookRoundsHalfUpToFifteenDigits(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{
		11.0 / 3: "3.66666666666667", 7.0 / 18: "0.388888888888889", 275.0 / 3: "91.6666666666667", -11.0 / 3: "-3.66666666666667", 1.0 / 30000: "0.0000333333333333333",
		1 + 1.0/(1<<15): "1.00003051757813", // exactly …8125: a tie
		3.385:           "3.385", 0: "0", 4: "4", 3.9999999999999996: "4", 12345678901234567: "12345678901234600", 123456789012345: "123456789012345",
	} {
		if got := strconv.FormatFloat(rounded(value), 'f', -1, 64); got != want {
			t.Errorf("%v is written as %s, want %s", value, got, want)
		}
	}
}

// The figures of the workbook are read from its bytes: what reads workbooks may round.
func TestNoFigureOfAWorkbookIsCutOff(t *testing.T) {
	t.Parallel()
	r := reported(t)
	x := r.Units[0].Indexes[analytics.IPAK]
	x.Value = 11.0 / 3
	var book bytes.Buffer
	if err := ResultsXLSX(&book, r, time.UTC, keys); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "<v>3.66666666666667</v>") {
		t.Error("11/3 is not written as 3.66666666666667")
	}
	var comma bytes.Buffer
	if err := ResultsCSV(&comma, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(comma.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := named(rows)["ipak"]; got != "3.6666666666666665" {
		t.Errorf("CSV has %s, want the whole number", got)
	}
}
