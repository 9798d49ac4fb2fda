package paper

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"persepsi/survey"
)

const (
	sheetHead = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetTail = `</sheetData></worksheet>`
	sstHead   = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	headRow   = `<row r="1"><c r="A1" t="inlineStr"><is><t>persyaratan</t></is></c></row>`
)

// bomb packs a workbook by hand, as no spreadsheet program would.
func bomb(t testing.TB, write func(add func(name string, pieces ...string))) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	parts := map[string]bool{}
	add := func(name string, pieces ...string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		parts[name] = true
		for _, p := range pieces {
			if _, err := io.WriteString(w, p); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(add)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
	} {
		if !parts[name] {
			add(name, text)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repeated cuts a long repetition into pieces, so that the attack costs the
// test itself nothing.
func repeated(s string, n int) []string {
	per := max(1, 1<<20/len(s))
	piece := strings.Repeat(s, per)
	var out []string
	for ; n >= per; n -= per {
		out = append(out, piece)
	}
	return append(out, strings.Repeat(s, n))
}

func sandwich(head string, middle []string, tail string) []string {
	return append(append([]string{head}, middle...), tail)
}

func sheetOf(pieces ...string) func(func(string, ...string)) {
	return func(add func(string, ...string)) {
		add("xl/worksheets/sheet1.xml", sandwich(sheetHead, pieces, sheetTail)...)
	}
}

// most is what may be allocated in all while a file is read; what is held at
// once is a fraction of it. It is counted, and so the same on every machine.
func most(file []byte) uint64 { return 64<<20 + 700*uint64(len(file)) }

// TestASmallFileCannotTakeMuchMemory plays the attacks on a spreadsheet's
// reader: each file is small, and was made to unpack, or to count, to far more.
func TestASmallFileCannotTakeMuchMemory(t *testing.T) {
	if testing.Short() { // the race detector allocates on its own, and short runs are for quick answers
		t.Skip("a short run weighs no attack")
	}
	deep := strings.Repeat("<x>", 100_000) + strings.Repeat("</x>", 100_000)
	// What a workbook may unpack to grows with it: this makes a small one large.
	ballast := func(add func(string, ...string)) {
		random := make([]byte, 2<<20)
		_, _ = rand.NewChaCha8([32]byte{}).Read(random) // it never fails
		add("ballast.bin", string(random))
	}
	for _, tc := range []struct {
		name  string
		write func(add func(string, ...string))
		place string // of the first fault, and its code; empty: the file is read
	}{
		{"a cell in the last corner", sheetOf(headRow, `<row r="1048576"><c r="XFD1048576"><v>4</v></c></row>`), "baris 1048576"},
		{"a cell in the last row", sheetOf(headRow, `<row r="1048576"><c r="A1048576"><v>4</v></c></row>`), "baris 1048576"},
		{"a cell in the last column", sheetOf(headRow, `<row r="2"><c r="XFD2"><v>4</v></c></row>`), "baris 2"},
		{"a header cell in the last column", sheetOf(`<row r="1"><c r="XFD1"><v>4</v></c></row>`), "baris 1"},
		{"a formula in the last corner", sheetOf(headRow, `<row r="1048576"><c r="XFD1048576"><f>1+1</f></c></row>`), "baris 1048576"},
		{"a row beyond every sheet", sheetOf(headRow, `<row r="99999999999999999999"><c><v>4</v></c></row>`), "berkas not_xlsx"},
		{"a cell beyond every sheet", sheetOf(headRow, `<row r="2"><c r="ZZZZZZZZZZZZZZZ2"><v>4</v></c></row>`), "berkas not_xlsx"},
		{"three far cells in each of many rows", func(add func(string, ...string)) {
			rows := []string{sheetHead, `<row r="1">` + strings.Repeat(`<c t="inlineStr"><is><t>x</t></is></c>`, 500) + `</row>`}
			for i := 2; i < 40_000; i++ {
				rows = append(rows, fmt.Sprintf(`<row r="%d"><c r="SF%d"><v>4</v></c></row>`, i, i))
			}
			add("xl/worksheets/sheet1.xml", append(rows, sheetTail)...)
		}, "berkas too_large"},
		{"a million rows of nothing", sheetOf(append([]string{headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`}, repeated(`<row s="1"/>`, 1_000_000)...)...), "berkas too_large"},
		{"zeros unpacked", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", sandwich(sheetHead+headRow, repeated(" ", 30<<20), sheetTail)...)
		}, "berkas too_large"},
		{"one text of 30 MB", sheetOf(sandwich(headRow+`<row r="2"><c r="A2" t="inlineStr"><is><t>`, repeated("x", 30<<20), `</t></is></c></row>`)...), "berkas too_large"},
		{"one text of 100,000 letters", sheetOf(headRow, `<row r="2"><c r="A2" t="inlineStr"><is><t>`+strings.Repeat("x", 100_000)+`</t></is></c></row>`), "baris 2, kolom persyaratan too_long"},
		{"a text of many runs", sheetOf(sandwich(headRow+`<row r="2"><c r="A2" t="inlineStr"><is>`, repeated(`<r><t>xxxxxxxxx</t></r>`, 100_000), `</is></c></row>`)...), "baris 2, kolom persyaratan too_long"},
		{"a text of long runs", func(add func(string, ...string)) {
			ballast(add)
			sheetOf(sandwich(headRow+`<row r="2"><c r="A2" t="inlineStr"><is>`, repeated(`<r><t>`+strings.Repeat("x", 30_000)+`</t></r>`, 2_500), `</is></c></row>`)...)(add)
		}, "baris 2, kolom persyaratan too_long"},
		{"more text than is kept", func(add func(string, ...string)) {
			ballast(add)
			sheetOf(append([]string{headRow}, repeated(`<row><c t="str"><v>`+strings.Repeat("x", 30_000)+`</v></c></row>`, 2_500)...)...)(add)
		}, "berkas too_large"},
		{"one attribute of 30 MB", sheetOf(sandwich(`<row r="`, repeated("1", 30<<20), `"/>`)...), "berkas too_large"},
		{"a million attributes", sheetOf(sandwich(`<row `, repeated(`a="" `, 1_000_000), `/>`)...), "berkas too_large"},
		{"a remark of 30 MB", sheetOf(sandwich(`<!--`, repeated("x", 30<<20), `-->`)...), "berkas too_large"},
		{"a name of 30 MB", sheetOf(sandwich(`<`, repeated("x", 30<<20), `/>`)...), "berkas too_large"},
		{"a hundred thousand levels", sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`, deep), "berkas not_xlsx"},
		{"shared texts without end", func(add func(string, ...string)) {
			add("xl/sharedStrings.xml", sandwich(sstHead, repeated(`<si><t/></si>`, 20_000_000), `</sst>`)...)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas too_large"},
		{"a shared text of 30 MB", func(add func(string, ...string)) {
			add("xl/sharedStrings.xml", sandwich(sstHead+`<si><t>`, repeated(`x`, 30<<20), `</t></si></sst>`)...)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas too_large"},
		{"entities within entities", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>`+sheetHead+`<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>`+sheetTail)
		}, "berkas not_xlsx"},
		{"a document type", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", `<!DOCTYPE x>`+sheetHead+headRow+`<row r="2"><c r="A2"><v>4</v></c></row>`+sheetTail)
		}, "berkas not_xlsx"},
		{"sheets without end", func(add func(string, ...string)) {
			add("xl/workbook.xml", sandwich(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`, repeated(`<sheet name="a" sheetId="1" r:id="rId1"/>`, 1_000_000), `</sheets></workbook>`)...)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas too_large"},
		{"relations without end", func(add func(string, ...string)) {
			add("xl/_rels/workbook.xml.rels", sandwich(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`, repeated(`<Relationship Id="x" Type="y" Target="z"/>`, 1_000_000), `</Relationships>`)...)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas too_large"},
		{"merged cells and formats without end", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", sandwich(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ><cols><col min="1" max="16384" style="1"/></cols><sheetData>`+headRow+`<row r="2"><c r="A2"><v>4</v></c></row></sheetData><mergeCells>`,
				repeated(`<mergeCell ref="A1:XFD1048576"/>`, 1_000_000), `</mergeCells></worksheet>`)...)
		}, "berkas too_large"},
		{"styles without end", func(add func(string, ...string)) {
			add("xl/styles.xml", repeated(`<xf/>`, 20_000_000)...)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, ""}, // nothing of it is read
		{"entries without end", func(add func(string, ...string)) {
			for i := range 12_000 {
				add(fmt.Sprint(i))
			}
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas not_xlsx"},
		{"a part that is there twice", func(add func(string, ...string)) {
			sheetOf(headRow, `<row r="2"><c r="A2"><v>3</v></c></row>`)(add)
			sheetOf(headRow, `<row r="2"><c r="A2"><v>4</v></c></row>`)(add)
		}, "berkas not_xlsx"},
		{"faults without end", func(add func(string, ...string)) {
			add("xl/worksheets/sheet1.xml", sandwich(sheetHead+headRow, repeated(`<row><c><f/></c><c><f/></c></row>`, 50_000), sheetTail)...)
		}, "baris 2, kolom persyaratan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := bomb(t, tc.write)
			if len(data) > 3<<20 {
				t.Fatalf("the attack has %d bytes: it should be small", len(data))
			}
			place, used := attacked(t, "a.xlsx", data)
			if used > most(data) {
				t.Errorf("%d MB allocated for a file of %d bytes, want at most %d", used>>20, len(data), most(data)>>20)
			}
			if !strings.HasPrefix(place, tc.place) || (place == "") != (tc.place == "") {
				t.Errorf("the first fault is at %q, want %q", place, tc.place)
			}
		})
	}
}

func TestATextFileCannotTakeMuchMemory(t *testing.T) {
	const n = 4 << 20
	for _, tc := range []struct {
		name, text string
		most       uint64 // bytes allocated for each of the file's
		place      string
	}{
		{"a header of four million columns", strings.Repeat(",", n) + "\n4\n", 40, "baris 1"},
		{"a header of a thousand columns", strings.Repeat("x,", 1000) + "\n4\n", 5000, "baris 1"},
		{"a row of four million columns", "persyaratan\n4\n" + strings.Repeat(",", n), 40, "baris 3"},
		{"a row of a hundred thousand columns", "persyaratan\n4\n" + strings.Repeat("4,", 100_000), 200, "baris 3"},
		{"a quotation mark that is not closed", "persyaratan\n4\n\"" + strings.Repeat("x\n", n/2), 10, "baris 3"},
		{"a quoted text of 4 MB", "persyaratan\n4\n4\n\"" + strings.Repeat("x", n) + "\"\n", 10, "baris 4"},
		{"a header of 4 MB", strings.Repeat("x", n), 10, "baris 1"},
		{"a text of 100,000 letters", "persyaratan\n4\n" + strings.Repeat("x", 100_000) + "\n", 20, "baris 3, kolom persyaratan too_long"},
		{"a million rows", "persyaratan\n" + strings.Repeat("4\n", 1_000_000), 100, "berkas too_large"},
		{"many cells without anything", header9 + strings.Repeat(",", 500) + "\n" + strings.Repeat(strings.Repeat(",", 508)+"4\n", 13_000), 100, "berkas too_large"},
		{"two million lines of nothing", "persyaratan\n" + strings.Repeat(",\n", n/2) + "4\n", 120, ""},
		{"faults without end", "persyaratan\n" + strings.Repeat("x\n", 100_000), 500, "baris 2, kolom persyaratan"},
		{"rows that are too long without end", "persyaratan\n" + strings.Repeat("4,4\n", 100_000), 200, "baris 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			place, used := attacked(t, "a.csv", []byte(tc.text))
			if limit := 4<<20 + tc.most*uint64(len(tc.text)); used > limit {
				t.Errorf("%d MB allocated for a file of %d kB, want at most %d", used>>20, len(tc.text)>>10, limit>>20)
			}
			if !strings.HasPrefix(place, tc.place) || (place == "") != (tc.place == "") {
				t.Errorf("the first fault is at %q, want %q", place, tc.place)
			}
		})
	}
}

// attacked reads a file, and returns place and code of its first fault and the bytes
// that were allocated meanwhile.
func attacked(t testing.TB, name string, data []byte) (place string, used uint64) {
	t.Helper()
	p := reader(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := p.Read(name, data)
	runtime.ReadMemStats(&after)
	used = after.TotalAlloc - before.TotalAlloc
	var e *survey.Error
	switch {
	case err == nil:
		return "", used
	case !errors.As(err, &e):
		t.Fatalf("err = %v, want one that a person may read", err)
	case len(e.Faults) == 0:
		return string(e.Code), used
	case len(e.Faults) > MaxFaults+1:
		t.Errorf("%d faults are told", len(e.Faults))
	}
	return e.Faults[0].Field + " " + e.Faults[0].Code, used
}
