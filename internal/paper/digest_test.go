package paper

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"persepsi/survey"
)

// cityReader reads for a period of three units, none of them named beforehand.
func cityReader(t testing.TB) *Reader {
	t.Helper()
	p := reader(t)
	dinas, balai := &survey.Agency{Code: "dukcapil", Name: "Dinas Kependudukan"}, &survey.Agency{Code: "pkm", Name: "Dinas Kesehatan"}
	p.Units = []survey.Place{
		{Agency: dinas, Unit: p.Assignment.Unit},
		{Agency: balai, Unit: &survey.Unit{Code: "pkm-utara", Name: "Puskesmas Utara", Services: []survey.Service{{Code: "umum", Name: "Poli Umum"}}}},
		{Agency: balai, Unit: &survey.Unit{Code: "pkm-selatan", Name: "Puskesmas Selatan"}},
	}
	p.Units[0].Unit.Name = "Loket Dukcapil"
	p.Units[0].Unit.Services = []survey.Service{{Code: "ktp", Name: "KTP-el"}, {Code: "akta", Name: "Akta kelahiran"}}
	p.Assignment.Place = survey.Place{}
	return p
}

func TestTheSameRowsHaveTheSameDigestInEveryFormat(t *testing.T) {
	t.Parallel()
	const rows = "prosedur,waktu,date,service,sex,comment\n4,3,2026-02-03,akta,P,\"Baik,\nsekali\"\n4,3,2026-02-03,akta,P,\"Baik,\nsekali\"\n2,,,,,\n"
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(rows)
	if err != nil {
		t.Fatal(err)
	}
	book := workbookOf(t, [][]any{
		{"service", "comment", "prosedur", "waktu", "date", "sex"},
		{nil, nil, 2},
		{"akta", "Baik,\r\nsekali ", 4, 3, 46056, "P"},
		{"akta", "Baik,\nsekali", 4, 3, "3/2/2026", "P"},
	})
	files := map[string][2]string{
		"commas":        {"a.csv", rows},
		"a mark":        {"a.csv", "\ufeff" + rows},
		"line ends":     {"a.csv", strings.ReplaceAll(rows, "\n", "\r\n")},
		"semicolons":    {"a.csv", "prosedur;waktu;date;service;sex;comment\n4;3;2026-02-03;akta;P;\"Baik,\nsekali\"\n4;3;2026-02-03;akta;P;\"Baik,\nsekali\"\n2;;;;;\n"},
		"tabs":          {"a.txt", "prosedur\twaktu\tdate\tservice\tsex\tcomment\n4\t3\t2026-02-03\takta\tP\t\"Baik,\nsekali\"\n4\t3\t2026-02-03\takta\tP\t\"Baik,\nsekali\"\n2\t\t\t\t\t\n"},
		"UTF-16":        {"a.csv", wide},
		"another order": {"a.csv", "waktu,prosedur,tanggal,layanan,sex,saran\n,2,,,,\n3,4,3/2/2026,akta,P,\"Baik,\nsekali\"\n3,4,03-02-2026,akta,P,\"Baik,\nsekali\"\n"},
		"ids":           {"a.csv", "id,prosedur,waktu,date,service,sex,comment\n0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b,4,3,2026-02-03,akta,P,\"Baik,\nsekali\"\n,4,3,2026-02-03,akta,P,\"Baik,\nsekali\"\n,2,,,,,\n"},
		"a workbook":    {"a.xlsx", string(book)},
	}
	want, err := reader(t).Read("a.csv", []byte(rows))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		got, err := reader(t).Read(file[0], []byte(file[1]))
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case len(got.Digests) != 1 || got.Digests["u"] != want.Digests["u"] || !got.Dated:
			t.Errorf("%s: dated %v, another digest: %+v", name, got.Dated, got.Responses)
		}
	}
	for name, change := range map[string][2]string{
		"a row less": {"2,,,,,\n", ""}, "a row twice": {"2,,,,,\n", "2,,,,,\n2,,,,,\n"}, "a day": {"2,,,,,", "2,,2026-06-30,,,"},
		"a service": {"2,,,,,", "2,,,ktp,,"}, "a respondent": {"2,,,,,", "2,,,,L,"}, "a comment": {"2,,,,,", "2,,,,,x"}, "an answer": {"2,,,,,", ",2,,,,"},
	} {
		got, err := reader(t).Read("a.csv", []byte(strings.Replace(rows, change[0], change[1], 1)))
		if err != nil || got.Digests["u"] == want.Digests["u"] {
			t.Errorf("%s has the same digest, or %v", name, err)
		}
	}
}

// A file without dates gets the day of its import, which is no part of its rows.
func TestADayThatNobodyWroteIsNoPartOfTheRows(t *testing.T) {
	t.Parallel()
	early, late := reader(t), reader(t)
	early.Now = early.Now.AddDate(0, -4, 0)
	a, errA := early.Read("a.csv", []byte("prosedur\n4\n"))
	b, errB := late.Read("a.csv", []byte("prosedur\n4\n"))
	if errA != nil || errB != nil || a.Responses[0].Day == b.Responses[0].Day || a.Digests["u"] != b.Digests["u"] || a.Dated {
		t.Errorf("%v, %v: days %v and %v should differ, digests not", errA, errB, a.Responses[0].Day, b.Responses[0].Day)
	}
}

func TestRowsThatAreWantedAgainGetOtherIDs(t *testing.T) {
	t.Parallel()
	ids := map[string]int{}
	for again := range 3 {
		p := reader(t)
		p.Again = again
		got, err := p.Read("a.csv", []byte("prosedur\n4\n3\n"))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got.Responses {
			ids[r.ID.String()]++
		}
	}
	if len(ids) != 6 {
		t.Errorf("%d ids of six rows", len(ids))
	}
	// Ids of earlier imports: a file that was imported must be recognised.
	if ids["1bfa013d-a47c-555b-8421-977c127cdedd"] == 0 {
		t.Errorf("the ids of a first import changed: %v", ids)
	}
}

// Who knows the file and not the key does not find its rows' ids, who has both does.
func TestIDsOfRowsAreMadeWithAKey(t *testing.T) {
	t.Parallel()
	id := func(key string, again int) string {
		p := reader(t)
		p.Key, p.Again = []byte(key), again
		got, err := p.Read("a.csv", []byte("prosedur\n4\n"))
		if err != nil {
			t.Fatal(err)
		}
		return got.Responses[0].ID.String()
	}
	if first, again := id("k", 0), id("k", 0); first != again {
		t.Error("the same row has two ids")
	}
	ids := map[string]bool{id("", 0): true, id("k", 0): true, id("k", 1): true, id("l", 0): true}
	if len(ids) != 4 {
		t.Errorf("%d ids, want that of no key, of two keys, and of one that is wanted again", len(ids))
	}
}

func TestAFileMayHoldSeveralUnits(t *testing.T) {
	t.Parallel()
	const text = "Unit,service,prosedur\npkm-utara,umum,4\nPUSKESMAS SELATAN,,3\nu,ktp,2\npuskesmas utara,,1\n"
	got, err := cityReader(t).Read("a.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var units []string
	for _, r := range got.Responses {
		units = append(units, r.Unit+" "+r.Service)
	}
	if want := []string{"pkm-utara umum", "pkm-selatan ", "u ktp", "pkm-utara "}; !slices.Equal(units, want) || len(got.Digests) != 3 {
		t.Errorf("units %q with %d digests, want %q", units, len(got.Digests), want)
	}
	alone := cityReader(t)
	alone.Assignment.Place = alone.Units[1]
	one, err := alone.Read("b.csv", []byte("prosedur,service\n1,\n4,umum\n"))
	if err != nil || one.Digests["pkm-utara"] != got.Digests["pkm-utara"] {
		t.Errorf("%v: the rows of a unit have another digest beside those of others", err)
	}
}

func TestTheUnitOfARowMustBeClear(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text, unit, code string
		change           func(*Reader)
	}{
		"no unit":                   {text: "prosedur\n4\n", code: "no_unit"},
		"an empty cell":             {text: "unit,prosedur\n,4\n", code: "required"},
		"a dash":                    {text: "unit,prosedur\n-,4\n", code: "required"},
		"unknown":                   {text: "unit,prosedur\nrsud,4\n", code: "unknown_unit"},
		"a service of another unit": {text: "unit,service,prosedur\npkm-utara,ktp,4\n", code: "unknown_service"},
		"another one":               {text: "unit,prosedur\npkm-utara,4\n", code: "other_unit", change: func(p *Reader) { p.Assignment.Place = p.Units[0] }},
		"two of a name":             {text: "unit,prosedur\nPuskesmas Utara,4\n", code: "ambiguous_unit", change: func(p *Reader) { p.Units[2].Unit.Name = "Puskesmas utara" }},
	} {
		p := cityReader(t)
		if tc.change != nil {
			tc.change(p)
		}
		_, err := p.Read("a.csv", []byte(tc.text))
		if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Code != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	_, err := cityReader(t).Read("a.csv", []byte("unit,prosedur\n-,9\n"))
	if faults := faultsOf(t, err); len(faults) != 2 || faults[0].Code != "out_of_scale" || faults[1].Code != "required" {
		t.Errorf("a dash beside another fault: %v, want both told", err)
	}
	p := cityReader(t)
	p.Assignment.Place = p.Units[1]
	if got, err := p.Read("a.csv", []byte("unit,prosedur\n,4\nPuskesmas Utara,3\n")); err != nil || len(got.Responses) != 2 {
		t.Errorf("%v, %v: a cell that is empty, or names the unit that was named, contradicts nothing", got, err)
	}
}
