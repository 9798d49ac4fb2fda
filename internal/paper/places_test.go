package paper

import (
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

func TestUnitsAreFoundByWhatOfficesCallThem(t *testing.T) {
	t.Parallel()
	p := cityReader(t)
	for text, want := range map[string]string{
		"pkm-utara": "pkm-utara", "PKM-Utara": "pkm-utara", "Puskesmas  utara": "pkm-utara", "Dinas Kesehatan - Puskesmas Utara": "pkm-utara", "Puskesmas Utara, Dinas Kesehatan": "pkm-utara",
		"Dinas Kependudukan": "u", "dukcapil": "u", "Dinas Kesehatan": "ambiguous_unit", "pkm": "ambiguous_unit", "Puskesmas": "unknown_unit", "...": "unknown_unit",
	} {
		for range 2 { // what is kept says the same
			if place, fault := newPlaces(p.Units, survey.Place{}).unit(text); fault.fault != want && (place.Unit == nil || place.Unit.Code != want) {
				t.Errorf("%q is %v %s, want %s", text, place.Unit, fault.fault, want)
			}
		}
	}
	// A code goes before a name, even that of another unit.
	p.Units[2].Unit.Name = "pkm-utara"
	if place, fault := newPlaces(p.Units, survey.Place{}).unit("pkm-utara"); fault.fault != "" || place.Unit.Code != "pkm-utara" {
		t.Errorf("a code that is a name too: %+v, %v", place.Unit, fault)
	}
}

func TestServicesAreFoundByWhatOfficesCallThem(t *testing.T) {
	t.Parallel()
	unit := &survey.Unit{Code: "u", Services: []survey.Service{{Code: "ktp", Name: "KTP-el"}, {Code: "ktp2", Name: "KTP el (baru)"}, {Code: "a1", Name: "Akta"}, {Code: "a2", Name: "AKTA", Closed: true}, {Code: "akta", Name: "Lainnya"}}}
	for text, want := range map[string]string{
		"ktp": "ktp", "KTP": "ktp", "ktp el": "ktp", "KTP EL BARU": "ktp2", "akta": "akta", "a2": "a2", "Akta": "ambiguous_service", "SIM": "unknown_service", "?": "unknown_service",
	} {
		if code, fault := newPlaces(nil, survey.Place{}).service(unit, text); code != want && fault.fault != want {
			t.Errorf("%q is %s %s, want %s", text, code, fault.fault, want)
		}
	}
	_, fault := findService(unit, "Akta")
	if text := say(fault.fault, fault.args...); text != "“Akta” dapat berarti a1 (Akta) atau a2 (AKTA) atau akta (Lainnya); tulis kodenya" {
		t.Errorf("the choices are told as %s", text)
	}
	if _, fault := findService(&survey.Unit{Code: "v"}, "ktp"); fault.fault != "no_services" {
		t.Errorf("a unit without services: %v", fault)
	}
	// Each row's service is one of its own unit.
	_, err := cityReader(t).Read("a.csv", []byte("unit,layanan,prosedur\npkm-utara,KTP-el,4\nu,KTP-el,4\nu,Poli Umum,3\n"))
	if faults := faultsOf(t, err); len(faults) != 2 || faults[0].Field != "baris 2, kolom layanan" || faults[1].Field != "baris 4, kolom layanan" {
		t.Errorf("faults %+v", faults)
	}
}

func TestARowOfAnotherUnitIsOneFault(t *testing.T) {
	t.Parallel()
	p := cityReader(t)
	p.Assignment.Place = p.Units[0]
	_, err := p.Read("a.csv", []byte("unit,layanan,prosedur\npkm-utara,Poli Umum,4\n"))
	if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Code != "other_unit" {
		t.Errorf("faults %+v", faults)
	}
}

func TestWhichSheetIsRead(t *testing.T) {
	t.Parallel()
	book := func(hidden ...string) []byte {
		return file(t, func(f *excelize.File, set func(string, string, any)) {
			for i, name := range []string{"Januari", "Februari", "Catatan"} {
				if _, err := f.NewSheet(name); err != nil {
					t.Fatal(err)
				}
				if name != "Catatan" {
					set(name, "A1", []any{"Prosedur"})
					set(name, "A2", []any{i + 1})
				}
			}
			for _, name := range hidden {
				if err := f.SetSheetVisible(name, false); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, tc := range []struct {
		name, sheet string
		data        []byte
		want        string // answers, or the fault's code
	}{
		{"two with answers", "", book(), "several_sheets"},
		{"one of them named", "februari", book(), "-2--------"},
		{"one of them hidden", "", book("Februari"), "-1--------"},
		{"both hidden", "", book("Januari", "Februari"), "hidden_sheet"},
		{"a hidden one named", "Februari", book("Januari", "Februari"), "-2--------"},
		{"one that there is not", "Maret", book(), "no_sheet"},
		{"one without answers named", "Catatan", book(), "no_question"},
	} {
		p := reader(t)
		p.Sheet = tc.sheet
		got, err := p.Read("a.xlsx", tc.data)
		switch {
		case err != nil && faultsOf(t, err)[0].Code != tc.want:
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		case err == nil && string(got.Responses[0].Answers) != tc.want:
			t.Errorf("%s: %s, want %s", tc.name, got.Responses[0].Answers, tc.want)
		}
	}
	long := file(t, func(f *excelize.File, set func(string, string, any)) {
		for _, name := range []string{"Januari", "Catatan"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		set("Januari", "A1", []any{"Prosedur"})
		for row := range 2 * maxHead {
			set("Januari", "A"+strconv.Itoa(row+2), []any{4})
		}
	})
	if got, err := reader(t).Read("a.xlsx", long); err != nil || len(got.Responses) != 2*maxHead {
		t.Errorf("a sheet of more rows than its head is looked for in: %v", err)
	}
	many := file(t, func(f *excelize.File, _ func(string, string, any)) {
		for i := range MaxSheets {
			if _, err := f.NewSheet(letter(i)); err != nil {
				t.Fatal(err)
			}
		}
	})
	if _, err := reader(t).Read("a.xlsx", many); survey.CodeOf(err) != survey.TooLarge {
		t.Errorf("%d sheets: %v", MaxSheets+1, err)
	}
}

// What a person sees beside a row counts cells with line breaks as one row and empty
// lines as rows; ids go on being made of the line in the file.
func TestRowsAreCountedAsASpreadsheetDoes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"prosedur,saran\n4,\"a\nb\nc\"\n5,\n":              "baris 3",
		"prosedur,saran\n\n\n5,\n":                         "baris 4",
		"sep=,\nprosedur,saran\n5,\n":                      "baris 2",
		"\n\"Judul\n2026\"\n\nprosedur,saran\n4,x\n\n5,\n": "baris 7",
		"prosedur,saran\r\n4,\"a\r\nb\"\r\n\r\n5,\r\n":     "baris 4",
	} {
		_, err := read(t, "a.csv", text)
		if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Field != want+", kolom prosedur" {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	a, errA := read(t, "a.csv", "prosedur,saran\n4,\"a\nb\"\n3,\n")
	if errA != nil || a.Responses[1].ID.String() != "5afee5e0-731a-5ae9-85e5-31e2164e896c" {
		t.Errorf("%v: the id of a row below a line break changed: %s", errA, a.Responses[1].ID)
	}
}

func TestTheSeparatorIsThatOfTheHeader(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Survei, 2026, Kota, Contoh\nprosedur;waktu\n4;3\n",
		"Survei; 2026; Kota\nprosedur\twaktu\n4\t3\n",
		"sep=;\nprosedur;waktu\n4;3\n",
		"Laporan \"bersama\" tahun 2026\nprosedur,waktu\n4,3\n",
	} {
		got, err := read(t, "a.csv", text)
		if strings.Contains(text, `"`) {
			if faults := faultsOf(t, err); faults[0].Code != "not_csv" || faults[0].Field != "baris 1" {
				t.Errorf("%q: %v, want the quotation marks named", text, err)
			}
			continue
		}
		if err != nil || got.Responses[0].Answers[1:3] != "43" {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func FuzzATitleChangesNoAnswer(f *testing.F) {
	for _, title := range []string{"LAPORAN", "a;b;c;d;e;f;g", "Persyaratan", "sep=;", "\"\n\t", "U8"} {
		f.Add(title)
	}
	p := reader(f)
	const table = "No,Prosedur,Waktu,Umur\n1,4,3,34\n2,2,1,70\n"
	want, err := p.Read("a.csv", []byte(table))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title string) {
		if len(title) > 1000 || strings.ContainsRune(title, '\ufffd') || strings.ToValidUTF8(title, "") != title {
			return
		}
		text := `"` + strings.ReplaceAll(title, `"`, `""`) + "\"\n" + table
		got, err := p.Read("a.csv", []byte(text))
		if err != nil || got.Digests["u"] != want.Digests["u"] {
			t.Fatalf("%q above: %v", title, err)
		}
	})
}
