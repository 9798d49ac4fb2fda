package paper

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"persepsi/survey"
)

func TestASheetTellsWhatEachCellHolds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", MaxText+1)
	data := bomb(t, func(add func(string, ...string)) {
		add("xl/worksheets/sheet1.xml", sheetHead, `<row r="2">`+
			`<c r="A2" t="inlineStr"><is><t>teks</t></is></c><c r="B2"><v>8.75</v></c><c r="C2" t="n"><v>3</v></c><c r="D2" t="b"><v>1</v></c>`+
			`<c r="E2" t="e"><v>#N/A</v></c><c r="F2"><f>1+1</f><v>2</v></c><c r="G2"><f>A1</f></c><c r="H2" t="str"><v></v></c><c r="I2" s="3"/>`+
			`<c r="J2" t="inlineStr"><is><t>`+long+`</t></is></c></row>`,
			`</sheetData><mergeCells><mergeCell ref="A4:B5"/><mergeCell ref="C1:C2"/></mergeCells></worksheet>`)
	})
	want := map[string]Cell{
		"A2": {"teks", Text}, "B2": {"8.75", Number}, "C2": {"3", Number}, "D2": {"1", Boolean}, "E2": {"#N/A", Broken}, "F2": {"2", Formula}, "G2": {"", Formula}, "J2": {long, Long},
	}
	sheets := 0
	if err := EachSheet(data, 1, 10, func(s *Sheet) {
		sheets++
		if s.Name != "Sheet1" || !maps.Equal(s.Cells, want) || fmt.Sprint(s.Merged) != "[A4:B5 C1:C2]" {
			t.Errorf("%s, merged %v: %.500v", s.Name, s.Merged, s.Cells)
		}
	}); err != nil || sheets != 1 {
		t.Errorf("%d sheets, %v", sheets, err)
	}
}

func TestASheetThatIsNotReadIsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, field, code string
		data              []byte
	}{
		{"more rows than are read", "Sheet1", "too_large", bomb(t, sheetOf(headRow, `<row r="2"><c r="A2"><v>1</v></c></row>`, `<row r="3"><c r="A3"><v>1</v></c></row>`))},
		{"a broken sheet", "Sheet1, berkas", "not_xlsx", bomb(t, sheetOf(`<row r="1"><c r="A1"><v>4</v></row>`))},
		{"a cell right of the last column", "Sheet1, berkas", "not_xlsx", bomb(t, sheetOf(`<row r="1"><c r="XFD1"/><c><v>4</v></c></row>`))},
		{"no workbook", "berkas", "not_xlsx", []byte("satker,ipak\n")},
	} {
		err := EachSheet(tc.data, 1, 2, func(*Sheet) { t.Errorf("%s is read", tc.name) })
		if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Field != tc.field || faults[0].Code != tc.code {
			t.Errorf("%s: %v, want %s %s", tc.name, err, tc.field, tc.code)
		}
	}
	linked := bomb(t, func(add func(string, ...string)) {
		sheetOf(headRow)(add)
		add("xl/externalLinks/externalLink1.xml", "<externalLink/>")
	})
	if err := EachSheet(linked, 1, 2, func(*Sheet) {}); !errors.Is(err, ErrLinked) {
		t.Errorf("links: %v", err)
	}
}

func TestEveryLimitOfAWorkbookIsToldAsOne(t *testing.T) {
	t.Parallel()
	for _, limit := range []error{errBudget, errStretch, errText} {
		if err := refusal(nil, fmt.Errorf("sheet: %w", limit)); survey.CodeOf(err) != survey.TooLarge {
			t.Errorf("%v: %v, want TooLarge", limit, err)
		}
	}
	if err := refusal(nil, errXML); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("%v, want Invalid", err)
	}
}
