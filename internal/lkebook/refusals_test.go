package lkebook_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/internal/paper"
	"persepsi/survey"
)

// rewritten is a workbook whose first sheet of a unit has another text at one place.
func rewritten(t *testing.T, book []byte, at *regexp.Regexp, by string) []byte {
	t.Helper()
	const name = "xl/worksheets/sheet2.xml"
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := in.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	out := at.ReplaceAll(text, []byte(by))
	if bytes.Equal(out, text) {
		t.Fatalf("the sheet has no %v: %.2000s", at, text)
	}
	return part(t, book, name, string(out))
}

func TestWhatNobodyEntersInASpreadsheetIsRefused(t *testing.T) {
	t.Parallel()
	book := written(t, memoryStore{}, "u")
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"links to other workbooks", part(t, book, "xl/externalLinks/externalLink1.xml", "<externalLink/>"), "invalid; file links"},
		{"macros", part(t, book, "xl/vbaProject.bin", "x"), "invalid; file links"},
		{"as large a file as may be, and no workbook", bytes.Repeat([]byte("PK"), lkebook.MaxBytes/2), "invalid; berkas not_xlsx"},
		{"a file of a byte more", bytes.Repeat([]byte("P"), lkebook.MaxBytes+1), "too_large; file too_large"},
		{"no workbook", []byte("satker,ipak\n"), "invalid; berkas not_xlsx"},
		{"an error as an answer", rewritten(t, book, regexp.MustCompile(`<c r="K8"([^>]*?)/?>(</c>)?`), `<c r="K8"$1 t="e"><v>#N/A</v></c>`), "invalid; u!K8 wrong_type"},
		{"an error as a note", rewritten(t, book, regexp.MustCompile(`<c r="N8"([^>]*?)/?>(</c>)?`), `<c r="N8"$1 t="e"><v>#N/A</v></c>`), "invalid; u!N8 wrong_type"},
		{"a text that no spreadsheet takes", rewritten(t, book, regexp.MustCompile(`<c r="K8"([^>]*?)/?>(</c>)?`), `<c r="K8"$1 t="inlineStr"><is><t>`+strings.Repeat("x", paper.MaxText+1)+`</t></is></c>`), "invalid; u!K8 too_long"},
		{"the only sheet of a unit without its hidden columns", changed(t, book, func(f *excelize.File) error { return f.RemoveCol("u", "V") }), "invalid; u!V1 foreign_sheet"},
		{"a formula that shows the name of its row", rewritten(t, book, regexp.MustCompile(`(<c r="V8"[^>]*>)`), `$1<f>A1</f>`), "invalid; u!V8 rows"},
	} {
		_, err := lkebook.Read(tc.data, table(t))
		if got := told(err); got != tc.want {
			t.Errorf("%s: it says %q, want %q", tc.name, got, tc.want)
		}
	}
	removed := changed(t, book, func(f *excelize.File) error { return f.RemoveRow("u", 9) })
	var e *survey.Error
	if _, err := lkebook.Read(removed, table(t)); !errors.As(err, &e) || !strings.Contains(e.Faults[0].Message, "row 9 should be ") {
		t.Errorf("a row that was removed: %v", err)
	}
}

func TestTheSheetOfAUnitIsReadWithoutTheSummaryBeforeIt(t *testing.T) {
	t.Parallel()
	book := changed(t, written(t, memoryStore{}, "u"), func(f *excelize.File) error { return f.DeleteSheet(f.GetSheetList()[0]) })
	sheets, err := lkebook.Read(changed(t, book, set("K17", "A")), table(t))
	if err != nil || len(sheets) != 1 || sheets[0].Entered[lke.Achievement] != "A" {
		t.Errorf("it is read as %+v (%v)", sheets, err)
	}
}

// What stands in a cell as it was written is nobody's entry: somebody else may have stored
// another one since.
func TestWhatNobodyChangedIsNotEntered(t *testing.T) {
	t.Parallel()
	s := memoryStore{"u": {{Period: "p", Unit: "u", Version: 1, Achievement: "B", Areas: map[string]string{"sdm": "7.5"}}}}
	sheets, err := lkebook.Read(changed(t, written(t, s, "u"), set("K8", 7)), table(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(sheets) != 1 || len(sheets[0].Entered) != 1 {
		t.Errorf("entered are %v", sheets)
	}
}

// away is a store that cannot be read.
type away struct{ memoryStore }

var errAway = survey.Errorf(survey.Unavailable, "the store is away")

func (away) EvaluationHistory(context.Context, string, string) ([]analytics.Evaluation, error) {
	return nil, errAway
}

func TestNothingIsTakenWithoutAReasonOrAStore(t *testing.T) {
	t.Parallel()
	s := memoryStore{}
	entries := &lke.Entries{Store: s, Now: time.Now, Table: table(t), Check: func(analytics.Evaluation) error { return nil }}
	changes := func() []lkebook.Change {
		level := "C"
		return []lkebook.Change{{Unit: &survey.Unit{Code: "u"}, Draft: lke.Draft{Period: "p", Unit: "u", Version: new(int), Achievement: &level}}}
	}
	_, err := lkebook.Take(t.Context(), entries, changes(), "Sari", "Sari", "")
	if got, want := told(err), "invalid; why required"; got != want || len(s) != 0 {
		t.Errorf("without a reason it says %q, want %q; stored are %v", got, want, s)
	}
	entries.Store = away{s}
	if _, err := lkebook.Take(t.Context(), entries, changes(), "Sari", "Sari", "rapat TPI"); !errors.Is(err, errAway) || !strings.Contains(err.Error(), "unit u") || len(s) != 0 {
		t.Errorf("without a store: %v; stored are %v", err, s)
	}
}
