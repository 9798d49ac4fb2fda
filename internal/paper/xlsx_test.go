package paper

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// TestAWorkbookIsReadAsExcelizeReadsIt writes workbooks with excelize, and reads
// them with it and with this package.
func TestAWorkbookIsReadAsExcelizeReadsIt(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "", "4", "Tidak ada", "_x000D_", "_x005F_x000D_", "a\r\nb", " x ", "<&>\"'", "😀", "0012"}), rapid.StringN(0, 20, -1))
	rapid.Check(t, func(t *rapid.T) {
		f := excelize.NewFile()
		defer f.Close() // only memory
		for range rapid.IntRange(1, 30).Draw(t, "cells") {
			cell, err := excelize.CoordinatesToCellName(rapid.IntRange(1, 12).Draw(t, "column"), rapid.IntRange(1, 9).Draw(t, "row"))
			if err != nil {
				t.Fatal(err)
			}
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				err = f.SetCellInt("Sheet1", cell, int64(rapid.IntRange(-5, 50_000).Draw(t, "number")))
			case 1:
				err = f.SetCellFloat("Sheet1", cell, rapid.Float64Range(-1e6, 1e6).Draw(t, "fraction"), -1, 64)
			case 2:
				err = f.SetCellStr("Sheet1", cell, text.Draw(t, "text"))
			case 3:
				err = f.SetCellRichText("Sheet1", cell, []excelize.RichTextRun{{Text: text.Draw(t, "run")}, {Text: text.Draw(t, "run"), Font: &excelize.Font{Bold: true}}})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellStr("Sheet1", "L1", "last"); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		back, err := excelize.OpenReader(bytes.NewReader(out.Bytes()), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		defer back.Close() // only memory
		want, err := back.GetRows("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		b, err := openBook(out.Bytes(), MaxSheets)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.table(&b.sheets[0], 0)
		if err != nil {
			t.Fatal(err)
		}
		rows := map[int][]string{}
		for _, row := range got.rows {
			rows[row.number] = row.cells
		}
		for i, cells := range want {
			for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
				cells = cells[:len(cells)-1]
			}
			if !blank(cells) && !slices.Equal(rows[i+1], cells) {
				t.Fatalf("row %d: %q, want %q", i+1, rows[i+1], cells)
			}
		}
	})
}

// TestWorkbooksOfOtherPrograms are what LibreOffice, Google and the strict form
// of the standard do otherwise than Excel.
func TestWorkbooksOfOtherPrograms(t *testing.T) {
	t.Parallel()
	row := `<row r="2"><c r="A2"><v>4</v></c></row>`
	for _, tc := range []struct {
		name  string
		write func(add func(string, ...string))
	}{
		{"an empty last row with a style", sheetOf(headRow, row, `<row r="1048576" s="1" customFormat="1"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>`)},
		{"no places", sheetOf(`<row><c t="inlineStr"><is><t>persyaratan</t></is></c></row><row><c><v>4</v></c></row>`)},
		{"a prefix for every tag", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>persyaratan</x:v></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>`)
		}},
		{"texts with hints for pronunciation", func(add func(string, ...string)) {
			add("xl/sharedStrings.xml", sstHead+`<si><t>persya</t><rPh sb="0" eb="1"><t>xx</t></rPh><r><t>ratan</t></r></si></sst>`)
			sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, row)(add)
		}},
		{"a tag of somebody's own in a value", sheetOf(headRow, `<row r="2"><c r="A2"><v>4<ext>2</ext></v></c></row>`)},
		{"other names of parts", func(add func(string, ...string)) {
			add("_rels/.rels", `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/Book.xml"/></Relationships>`)
			add(`xl\book.xml`, `<workbook xmlns:q="x"><sheets><sheet name="Jawaban" q:id="b"/><sheet name="Lain" q:id="c"/></sheets></workbook>`)
			add("xl/_rels/book.xml.rels", `<Relationships><Relationship Id="c" Type="x/worksheet" Target="none.xml"/><Relationship Id="b" Type="x/worksheet" Target="/xl/Eins.XML"/></Relationships>`)
			add("xl/eins.xml", sheetHead+headRow+row+sheetTail)
		}},
	} {
		data := bomb(t, tc.write)
		got, err := read(t, "a.xlsx", string(data))
		if err != nil || len(got.Responses) != 1 || !strings.HasPrefix(string(got.Responses[0].Answers), "4") {
			t.Errorf("%s: %v, %v", tc.name, got, err)
		}
	}
}

func TestAWorkbookThatCanBeReadTwoWaysIsRefused(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string]string{
		"a row twice":                    headRow + `<row r="2"><c r="A2"><v>4</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>`,
		"rows in another order":          headRow + `<row r="3"><c r="A3"><v>4</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>`,
		"a cell twice":                   headRow + `<row r="2"><c r="A2"><v>4</v></c><c r="A2"><v>3</v></c></row>`,
		"a cell that is of another row":  headRow + `<row r="2"><c r="A9"><v>4</v></c></row>`,
		"a shared text that isn't there": headRow + `<row r="2"><c r="A2" t="s"><v>7</v></c></row>`,
		"a tag that is not closed":       headRow + `<row r="2"><c r="A2"><v>4</v></row>`,
		"tags that cross":                headRow + `<row r="2"><c r="A2"><v>4</v></row></c>`,
		"a row number below one":         `<row r="0"><c><v>4</v></c></row>`,
	} {
		_, err := reader(t).Read("a.xlsx", bomb(t, sheetOf(rows)))
		if survey.CodeOf(err) != survey.Invalid || !strings.Contains(err.Error(), "tidak dapat dibaca sebagai Excel") {
			t.Errorf("%s: err = %v, want that it cannot be read", name, err)
		}
	}
	if _, err := reader(t).Read("a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")); err == nil || !strings.Contains(err.Error(), "kata sandi") {
		t.Errorf("err = %v, want the password named", err)
	}
	data := bomb(t, sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`, strings.Repeat(" ", 1000)))
	data[bytes.Index(data, []byte("xl/worksheets/sheet1.xml"))+30] ^= 1
	if _, err := reader(t).Read("a.xlsx", data); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("err = %v, want a damaged file refused", err)
	}
}

func FuzzWorkbooksNeverPanic(f *testing.F) {
	f.Add(headRow + `<row r="2"><c r="A2" t="s"><v>0</v></c></row>`)
	f.Add(`<row r="1"><c r="B1" t="b"><f>1</f><v>1</v></c></row>`)
	p := reader(f)
	f.Fuzz(func(t *testing.T, rows string) {
		data := bomb(t, sheetOf(rows))
		_, _ = p.Read("a.xlsx", data)
	})
}

// What a spreadsheet shows where it could not compute is no remark of a citizen.
func TestAnErrorOfASpreadsheetIsNoText(t *testing.T) {
	t.Parallel()
	rows := `<row r="1"><c r="A1" t="str"><v>prosedur</v></c><c r="B1" t="str"><v>saran</v></c></row><row r="2"><c r="A2"><v>4</v></c><c r="B2" t="e"><v>#N/A</v></c></row>`
	_, err := reader(t).Read("a.xlsx", bomb(t, sheetOf(rows)))
	if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Field != "baris 2, kolom saran" || !strings.Contains(faults[0].Message, "#N/A") {
		t.Errorf("faults %+v", faults)
	}
}
