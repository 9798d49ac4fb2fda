package paper

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

func reader(t testing.TB) *Reader {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("skm-9@1")
	if err != nil {
		t.Fatal(err)
	}
	return &Reader{
		Assignment: survey.Assignment{
			Place:  survey.Place{Unit: &survey.Unit{Code: "u", Services: []survey.Service{{Code: "ktp"}, {Code: "akta"}}}},
			Period: &survey.Period{Code: "p", From: survey.NewDate(2026, 1, 1), To: survey.NewDate(2026, 6, 30)},
			Form:   form,
		},
		Zone: time.UTC, Now: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC),
	}
}

const header9 = "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana"

func read(t testing.TB, name, text string) (*Reading, error) {
	t.Helper()
	return reader(t).Read(name, []byte(text))
}

func TestColumnsAndDatesAsOfficersWriteThem(t *testing.T) {
	t.Parallel()
	for _, written := range []string{"2026-02-01", "01/02/2026", "1/2/2026", "1-2-2026"} {
		got, err := read(t, "a.csv", header9+",Tanggal,Layanan,Saran\n4,4,4,4,4,4,4,4,3,"+written+",akta,Terima kasih\n")
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		r := got.Responses[0]
		if r.Day != survey.NewDate(2026, time.February, 1) || r.Service != "akta" || r.Comment != "Terima kasih" {
			t.Errorf("%s: %+v", written, r)
		}
	}
	for text, want := range map[string]string{
		header9 + ",date\n4,4,4,4,4,4,4,4,3,01/31/2026\n":              "baris 2, kolom date",
		header9 + ",date,tanggal\n4,4,4,4,4,4,4,4,3,2026-01-31,\n":     "baris 1, kolom tanggal",
		header9 + ",tanggal\n4,4,4,4,4,4,4,4,3,31 Februari\n":          "baris 2, kolom tanggal",
		header9 + ",saran,comment\n4,4,4,4,4,4,4,4,3,Baik,Baik juga\n": "baris 1, kolom comment",
	} {
		if _, err := read(t, "a.csv", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s named", text, err, want)
		}
	}
}

func TestAnIgnoredColumnIsTheOneThatWasNamed(t *testing.T) {
	t.Parallel()
	text := header9 + ",tanggal,date,saran,komentar\n4,4,4,4,4,4,4,4,3,kemarin,2026-02-01,Baik,diketik Ani\n"
	p := reader(t)
	p.Ignore = []string{"Tanggal", "komentar"}
	got, err := p.Read("a.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if r := got.Responses[0]; r.Day != survey.NewDate(2026, time.February, 1) || r.Comment != "Baik" {
		t.Errorf("%+v", r)
	}
}

func TestTablesAsSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	utf16 := []byte{0xff, 0xfe}
	for _, r := range header9 + "\n" + strings.Repeat("4,", 8) + "3\n" {
		utf16 = append(utf16, byte(r), 0)
	}
	rows := header9 + "\n4,4,4,4,4,4,4,4,3\n"
	for name, text := range map[string]string{
		"commas":           rows,
		"semicolons":       strings.ReplaceAll(rows, ",", ";"),
		"tabs":             strings.ReplaceAll(rows, ",", "\t"),
		"byte order mark":  "\xef\xbb\xbf" + rows,
		"CRLF":             strings.ReplaceAll(rows, "\n", "\r\n"),
		"UTF-16":           string(utf16),
		"Excel's hint":     "sep=;\n" + strings.ReplaceAll(rows, ",", ";"),
		"quotes":           strings.ReplaceAll(rows, "prosedur", `"prosedur"`),
		"capitals, spaces": strings.Replace(rows, "prosedur", " Prosedur ", 1),
		"empty lines":      rows + ",,,,,,,,\n\n",
		"empty columns":    strings.Replace(rows, "3\n", "3,,\n", 1),
	} {
		got, err := read(t, "a.csv", text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.Responses) != 1 || got.Responses[0].Answers != "444444443-" || got.Responses[0].Mode != survey.ModePaper {
			t.Errorf("%s: %+v", name, got.Responses)
		}
	}
}

func TestEveryFaultIsNamedByRowAndColumn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, field, code string }{
		{"nothing", "", "berkas", "empty"},
		{"only a header", header9 + "\n", "berkas", "empty"},
		{"five on four", header9 + "\n4,4,4,4,4,4,4,4,4\n4,5,4,4,4,4,4,4,4\n", "baris 3, kolom prosedur", "out_of_scale"},
		{"zero", header9 + "\n0,4,4,4,4,4,4,4,4\n", "baris 2, kolom persyaratan", "out_of_scale"},
		{"a fraction", header9 + "\n3.5,4,4,4,4,4,4,4,4\n", "baris 2, kolom persyaratan", "wrong_type"},
		{"a word", header9 + "\n4,4,baik,4,4,4,4,4,4\n", "baris 2, kolom waktu", "wrong_type"},
		{"unknown column", header9 + ",nama\n4,4,4,4,4,4,4,4,4,Budi\n", "baris 1, kolom nama", "unknown_column"},
		{"a column twice", header9 + ",prosedur\n4,4,4,4,4,4,4,4,4,4\n", "baris 1, kolom prosedur", "duplicate_column"},
		{"no question", "id,sex\nx,L\n", "berkas", "no_question"},
		{"a cell too many", header9 + "\n4,4,4,4,4,4,4,4,4,4\n", "baris 2", "columns"},
		{"unknown category", header9 + ",sex\n4,4,4,4,4,4,4,4,4,X\n", "baris 2, kolom sex", "unknown_category"},
		{"no UUID", header9 + ",id\n4,4,4,4,4,4,4,4,4,12\n", "baris 2, kolom id", "bad_id"},
		{"unknown service", header9 + ",service\n4,4,4,4,4,4,4,4,4,sim\n", "baris 2, kolom service", "unknown_service"},
		{"outside the period", header9 + ",date\n4,4,4,4,4,4,4,4,4,2026-07-01\n", "baris 2, kolom date", "out_of_period"},
		{"no date", header9 + ",date\n4,4,4,4,4,4,4,4,4,kemarin\n", "baris 2, kolom date", "wrong_date"},
		{"an open quote", header9 + "\n\"4,4\n", "baris 2", "not_csv"},
		{"no text", header9 + "\n4,4,4,4,4,4,4,4,\xe9\x01\n", "baris 2", "encoding"},
		{"two encodings", header9 + "\n4,4,4,4,4,4,4,4,4\n\"é\",4,4,4,4,4,4,4,\xe9\n", "baris 3", "encoding"},
		{"row without an answer", header9 + ",sex\n4,4,4,4,4,4,4,4,4,L\n,,,,,,,,,L\n", "baris 3", "required"},
		{"the same id", header9 + ",id\n" + strings.Repeat("4,4,4,4,4,4,4,4,4,0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\n", 2), "baris 3, kolom id", "duplicate_id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, "a.csv", tc.text)
			var e *survey.Error
			if !errors.As(err, &e) || e.Code != survey.Invalid {
				t.Fatalf("err = %v, want Invalid", err)
			}
			if len(e.Faults) != 1 || e.Faults[0].Field != tc.field || e.Faults[0].Code != tc.code {
				t.Errorf("faults = %+v, want %s at %s", e.Faults, tc.code, tc.field)
			}
		})
	}
}

func TestAllFaultsOfAFileAreTold(t *testing.T) {
	t.Parallel()
	_, err := read(t, "a.csv", header9+"\n5,4,4,4,4,4,4,4,x\n4,4,4,4,4,4,4,4,4\n4,4,4,4,4,4,4,4,4,4\n4,4,4,9,4,4,4,4,4\n")
	var e *survey.Error
	if !errors.As(err, &e) || len(e.Faults) != 4 || e.Faults[2].Field != "baris 4" || e.Faults[3].Field != "baris 5, kolom biaya" {
		t.Errorf("err = %v, want four faults in the order of the rows", err)
	}
}

func TestImportingAFileTwiceMakesTheSameResponses(t *testing.T) {
	t.Parallel()
	text := header9 + "\n4,4,4,4,4,4,4,4,4\n4,4,4,4,4,4,4,4,4\n"
	a, err := read(t, "a.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := read(t, "a.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	other, err := read(t, "a.csv", text+"3,3,3,3,3,3,3,3,3\n")
	if err != nil {
		t.Fatal(err)
	}
	if a.Responses[0].ID != b.Responses[0].ID || a.Responses[0].ID == a.Responses[1].ID || a.Responses[0].ID == other.Responses[0].ID {
		t.Error("ids must follow the file's content and the row, and nothing else")
	}
}

func TestPaperCountsOnItsDayAndMayLeaveAnswersOut(t *testing.T) {
	t.Parallel()
	_, err := read(t, "a.csv", "prosedur,date,service\n4,2026-02-03,akta\n3,,\n,,ktp\n")
	var e *survey.Error
	if !errors.As(err, &e) || len(e.Faults) != 1 {
		t.Fatalf("err = %v, want the row without an answer named", err)
	}
	got, err := read(t, "a.csv", "prosedur,date,service\n4,2026-02-03,akta\n3,,\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.Responses[0].Day.String() != "2026-02-03" || got.Responses[0].Service != "akta" || got.Responses[1].Day.String() != "2026-06-30" || len(got.Absent) != 8 {
		t.Errorf("responses = %+v, absent %v", got.Responses, got.Absent)
	}
}

func TestColumnsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	p := reader(t)
	p.Ignore = []string{"Nama"}
	if got, err := p.Read("a.csv", []byte("nama,prosedur\nBudi,4\n")); err != nil || len(got.Responses) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

func workbook(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range append(strings.Split(header9, ","), "date") {
		set(t, f, i, 1, name)
		if name == "date" {
			set(t, f, i, 2, time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC))
		} else {
			set(t, f, i, 2, 4)
		}
	}
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func set(t *testing.T, f *excelize.File, col, row int, v any) {
	t.Helper()
	cell, err := excelize.CoordinatesToCellName(col+1, row)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbooks(t *testing.T) {
	t.Parallel()
	got, err := read(t, "a.xlsx", string(workbook(t, func(*excelize.File) {})))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Responses) != 1 || got.Responses[0].Answers != "444444444-" || got.Responses[0].Day.String() != "2026-02-03" {
		t.Errorf("responses = %+v", got.Responses)
	}
	_, err = read(t, "a.xlsx", string(workbook(t, func(f *excelize.File) {
		if err := f.SetCellFormula("Sheet1", "B2", "2+2"); err != nil {
			t.Fatal(err)
		}
	})))
	if err == nil || !strings.Contains(fmt.Sprint(err), "baris 2, kolom prosedur: sel B2 berisi rumus") {
		t.Errorf("err = %v, want the formula named", err)
	}
	_, err = read(t, "a.xlsx", string(workbook(t, func(f *excelize.File) {
		if err := f.SetCellBool("Sheet1", "C2", true); err != nil {
			t.Fatal(err)
		}
	})))
	if err == nil || !strings.Contains(fmt.Sprint(err), "baris 2, kolom waktu: sel C2 berisi TRUE atau FALSE") {
		t.Errorf("err = %v, want the truth value named", err)
	}
	if _, err := read(t, "a.xlsx", "hello"); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("err = %v, want Invalid", err)
	}
	if _, err := read(t, "a.ods", "hello"); survey.CodeOf(err) != survey.Unsupported {
		t.Errorf("err = %v, want Unsupported", err)
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add("a.csv", header9+"\n4,4,4,4,4,4,4,4,4\n")
	f.Add("a.csv", "\"\n;;\n")
	p := reader(f)
	f.Fuzz(func(_ *testing.T, name, text string) {
		_, _ = p.Read(name, []byte(text))
	})
}

func TestADayThatIsNotOverYetIsRefused(t *testing.T) {
	t.Parallel()
	p := reader(t)
	p.Now = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	for day, want := range map[string]bool{"2026-02-02": true, "2026-02-03": true, "2026-02-04": false} {
		if _, err := p.Read("a.csv", []byte("prosedur,date\n4,"+day+"\n")); (err == nil) != want {
			t.Errorf("%s on 2026-02-03: err = %v, accepted should be %v", day, err, want)
		}
	}
}
