package paper

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhichRowsAreNoAnswers(t *testing.T) {
	t.Parallel()
	const head = "No,Umur,prosedur,waktu,saran\n"
	for _, tc := range []struct {
		name, text string
		answers    int
		skipped    []string // rows and reasons
		fault      string
	}{
		{"a sum", head + "1,,4,3,\nJumlah,,4,3,\n", 1, []string{"baris 3: " + say(skipTotal)}, ""},
		{"a mean that could be an answer", head + "1,,4,3,\n,Rata-rata,4,3,\n", 1, []string{"baris 3: " + say(skipTotal)}, ""},
		{"a label in place of the first answer", head + "1,,4,3,\n,,NRR,4,\n", 1, []string{"baris 3: " + say(skipTotal)}, ""},
		{"a numbered row is no sum", head + "1,,4,3,\n2,Total,4,3,\n", 0, nil, "unknown_category"},
		{"a remark about a sum", head + "1,,4,3,Jumlah kursi kurang\n2,,4,3,Total\n", 2, nil, ""},
		{"a sum whose word stands among remarks", "saran,prosedur\nbaik,3\nJumlah,4\n", 1, []string{"baris 3: " + say(skipTotal)}, ""},
		{"a numbered remark that is such a word", "No,saran,prosedur\n1,Total,3\n2,Jumlah kursi kurang,4\n", 2, nil, ""},
		{"numbers of columns", head + "1,2,3,4,5\n1,,4,3,\n", 1, []string{"baris 2: " + say(skipNumbering)}, ""},
		{"numbers in brackets", "prosedur,waktu\n(1),(2)\n1,2\n", 1, []string{"baris 2: " + say(skipNumbering)}, ""},
		{"an answer like numbers", "prosedur,waktu,biaya\n1,2,3\n4,4,4\n", 2, nil, ""},
		{"an answer like numbers, numbered", "No,prosedur,waktu\n1,2,3\n2,4,4\n", 2, nil, ""},
		{"an answer like numbers, with a remark", "No,prosedur,waktu,biaya,saran\n1,2,3,4,5\n2,4,4,4,\n", 2, nil, ""},
		{"numbers like an answer", "No,prosedur,waktu\n1,2,3\n1,4,4\n", 1, []string{"baris 2: " + say(skipNumbering)}, ""},
		{"numbers in the second row are an answer", "prosedur,waktu,biaya,produk\n1,1,1,1\n1,2,3,4\n", 2, nil, ""},
		{"lines that were printed and not filled in", head + "1,,4,3,\n2,,,,\n3,,,,\n", 1, []string{"baris 3–4: " + say(skipEmpty)}, ""},
		{"somebody without an answer", head + "1,,4,3,\n2,34,,,\n", 0, nil, "required"},
		{"only dashes", head + "1,,4,3,\n2,,-,-,\n", 0, nil, "required"},
		{"the header again", head + "1,,4,3,\n" + strings.ToUpper(head) + "2,,4,3,\n", 2, []string{"baris 3: " + say(skipRepeat)}, ""},
		{"remarks below", head + "1,,4,3,\nJumlah,,4,3,\nKeterangan: 4 = baik,,,,\n,,,\"Kota, 30 Juni\",\n,34,NIP. 1980,,\n", 1, []string{"baris 3: " + say(skipTotal), "baris 4–6: " + say(skipNote)}, ""},
		{"a remark without a sum", head + "1,,4,3,\nCatatan,34,,,\n", 1, []string{"baris 3: " + say(skipNote)}, ""},
		{"a text as number", head + "R-1,,4,3,\n", 1, nil, ""},
		{"a sum without its word", head + "1,,4,3,\n,,4,3,\n", 0, nil, "not_numbered"},
		{"nothing is numbered", head + ",,4,3,\n,,4,3,\n", 2, nil, ""},
		{"an answer below the sum", "prosedur,waktu\n4,3\nJumlah,3\n4,4\n", 0, nil, "below_total"},
		{"a numbered answer below a sum", head + "1,,4,3,\nJumlah,,4,3,\n2,,1,1,\n", 2, []string{"baris 3: " + say(skipTotal)}, ""},
		{"a sum that is wrongly called", head + "1,,4,3,\nDijumlah,,8,7,\n", 0, nil, "out_of_scale"},
		{"a column without a name", "prosedur,,waktu\n4,,3\n4,x,3\n", 0, nil, "unknown_column"},
		{"an empty column without a name", "prosedur,,waktu\n4,,3\n", 1, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := read(t, "a.csv", tc.text)
			if tc.fault != "" {
				if faults := faultsOf(t, err); faults[0].Code != tc.fault {
					t.Errorf("%v, want %s", err, tc.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var skipped []string
			for _, s := range got.Understood.skipped {
				skipped = append(skipped, s.Rows()+": "+s.Why)
			}
			if len(got.Responses) != tc.answers || !slices.Equal(skipped, tc.skipped) {
				t.Errorf("%d answers, left out %q, want %d, %q", len(got.Responses), skipped, tc.answers, tc.skipped)
			}
		})
	}
}

func TestWordsOfASum(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Jumlah": true, "JUMLAH NILAI": true, "Jumlah Nilai / Unsur": true, "Rata-rata": true, "Rata2": true, "NRR": true, "NRR tertimbang x 0,11": true,
		"IKM Unit Pelayanan": true, "Nilai rata-rata per unsur": true, "Total :": true, "∑": true, "∑ Nilai": true, "Mutu Pelayanan": true, "Jumlah responden = 30": true,
		"Jumlah kursi kurang": false, "Total Jaya": false, "Dijumlah": false, "": false, "34": false, "Ibu Jumlah": false, "Nilainya bagus": false,
	} {
		if got := totalWords(text); got != want {
			t.Errorf("%q is a sum: %v, want %v", text, got, want)
		}
	}
}

// Whatever stands around a table, its answers stay the same.
func TestTitlesAndSumsChangeNoAnswer(t *testing.T) {
	t.Parallel()
	title := rapid.SampledFrom([]string{"LAPORAN SURVEI", "Periode;:;Januari s.d. Juni", "", "Unit;Puskesmas Utara", "Persyaratan", ";;Waktu pelaksanaan;3 Maret 2026", "Tahun 2026;;;", "\"dua\nbaris\""})
	below := rapid.SampledFrom([]string{"Jumlah;;;9;9;9;;", "Rata-rata;;;3,5;4;4;;", "NRR tertimbang;;;0,4;0,4;0,4;;", "Keterangan;;;;;;;", ";;;;;;Mengetahui;", "IKM;;;88,5;;;;"})
	p := reader(t)
	rapid.Check(t, func(t *rapid.T) {
		var rows []string
		n := rapid.IntRange(1, 6).Draw(t, "rows")
		for i := range n {
			cell := func() string {
				return rapid.SampledFrom([]string{"1", "2", "3", "4", "", "Sangat sesuai"}).Draw(t, "answer")
			}
			rows = append(rows, fmt.Sprintf("%d;34;P;%s;4;%s;;Saran %d", i+1, cell(), strings.Replace(cell(), "Sangat sesuai", "2", 1), i))
		}
		const head = "No;Umur;JK;Persyaratan;Prosedur;Waktu;Layanan;Saran"
		plain, err := p.Read("a.csv", []byte(head+"\n"+strings.Join(rows, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		above := rapid.SliceOfN(title, 0, 8).Draw(t, "above")
		under := rapid.SliceOfN(below, 0, 5).Draw(t, "below")
		lines := append(append(append(slices.Clone(above), head), rows...), under...)
		got, err := p.Read("a.csv", []byte(strings.Join(lines, "\r\n")))
		if err != nil {
			t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
		}
		if got.Digests["u"] != plain.Digests["u"] || len(got.Responses) != n {
			t.Fatalf("%d answers of %d, or others:\n%s", len(got.Responses), n, strings.Join(lines, "\n"))
		}
	})
}
