package paper

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"persepsi/internal/testtools"
	"persepsi/survey"
)

var update = flag.Bool("update", false, "write testdata anew")

// shape is a file as an office has it, and how it is brought.
type shape struct {
	name, file string
	data       []byte
	form       string // skm-9@1 unless named
	change     func(*Reader)
}

// TestFilesAsOfficesWriteThem reads files of every shape that is promised, and
// compares all that is told of them, and all that would be stored, with testdata.
func TestFilesAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	for _, s := range shapes(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			p := cityReader(t)
			p.Assignment.Place = p.Units[0]
			if s.form != "" {
				p.Assignment.Form = formOf(t, s.form)
			}
			if s.change != nil {
				s.change(p)
			}
			got, err := p.Read(s.file, s.data)
			compare(t, filepath.Join("testdata", s.name+".txt"), account(t, got, err))
		})
	}
}

// account tells all of a reading: what is told, then what would be stored.
func account(t testing.TB, got *Reading, err error) string {
	t.Helper()
	var b strings.Builder
	for _, line := range got.Understood.Lines() {
		fmt.Fprintf(&b, "%s: %s\n", line.Label, line.Text)
	}
	var bad *survey.Error
	if errors.As(err, &bad) {
		fmt.Fprintf(&b, "\n%s %s\n", bad.Code, bad.Message)
		for _, f := range bad.Faults {
			fmt.Fprintf(&b, "  %s: %s [%s]\n", f.Field, f.Message, f.Code)
		}
	}
	for i, r := range got.Responses {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s|%s|%s|%s|%s|%q\n", r.Unit, r.Service, r.Day, r.Answers, r.Respondent, r.Comment)
	}
	if text := b.String(); strings.ContainsAny(text, "{}") || strings.Contains(text, "%!") || strings.Contains(text, "<nil>") {
		t.Errorf("a name was not filled in:\n%s", text)
	}
	return b.String()
}

func compare(t testing.TB, name, got string) {
	t.Helper()
	testtools.Golden(t, *update, name, got)
}

func formOf(t testing.TB, id string) *survey.Form {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID(id)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// file makes a workbook of cells by their names.
func file(t testing.TB, fill func(f *excelize.File, set func(sheet, cell string, v any))) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() // only memory
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	fill(f, func(sheet, cell string, v any) {
		if list, ok := v.([]any); ok {
			check(f.SetSheetRow(sheet, cell, &list))
			return
		}
		if text, ok := v.(string); ok && strings.HasPrefix(text, "=") {
			check(f.SetCellFormula(sheet, cell, text[1:]))
			return
		}
		check(f.SetCellValue(sheet, cell, v))
	})
	var out bytes.Buffer
	check(f.Write(&out))
	return out.Bytes()
}

func shapes(t testing.TB) []shape {
	t.Helper()
	day := time.Date(2026, time.March, 3, 0, 0, 0, 0, time.UTC)
	names := []any{"Persyaratan", "Sistem, Mekanisme dan Prosedur", "Waktu Penyelesaian", "Biaya/Tarif", "Produk Spesifikasi Jenis Pelayanan", "Kompetensi Pelaksana", "Perilaku Pelaksana", "Penanganan Pengaduan, Saran dan Masukan", "Sarana dan Prasarana"}
	numbers := []any{"U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9"}
	row := func(before []any, more ...any) []any { return append(append([]any{}, before...), more...) }
	four := func(n int) []any {
		out := make([]any, n)
		for i := range out {
			out[i] = 4 - i%2
		}
		return out
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("Rekap kuesioner\r\n\r\nNo\tTgl\tPersyaratan\tProsedur\tKritik & Saran\r\n1\t3-3-26\t4\t3\t\"Bagus,\nterus \"\"tingkatkan\"\"\"\r\n2\tSelasa, 3 Maret 2026\t4\t4\t\r\n")
	if err != nil {
		t.Fatal(err)
	}
	old, err := charmap.Windows1252.NewEncoder().String("PEMERINTAH KOTA CONTOH;;;;\r\nPeriode – Januari s.d. Juni;;;;\r\n;;;;\r\nNo.;JK;Pend. Terakhir;Persyaratan;Saran/Komentar\r\n1;L;D-III;4;Café “bersih”\r\n2;P;S-1;3;\r\nRata-rata;;;3,5;\r\n")
	if err != nil {
		t.Fatal(err)
	}
	return []shape{
		{name: "recap", file: "rekap.xlsx", change: func(p *Reader) { p.Order = "unsur" }, data: file(t, func(f *excelize.File, set func(string, string, any)) {
			set("Sheet1", "A1", "PENGOLAHAN DATA SURVEI KEPUASAN MASYARAKAT")
			set("Sheet1", "A2", `="PERIODE "&2026`)
			set("Sheet1", "A3", "UNIT PELAYANAN : LOKET DUKCAPIL")
			_ = f.MergeCell("Sheet1", "A1", "L1") // how it looks is no matter
			set("Sheet1", "A5", row([]any{"NO", "JENIS KELAMIN", "USIA"}, numbers...))
			set("Sheet1", "A6", []any{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
			set("Sheet1", "A7", row([]any{1, "Laki-laki", 34}, four(9)...))
			set("Sheet1", "A8", row([]any{1, "Perempuan", "17 tahun"}, four(9)...))
			set("Sheet1", "A8", "=A7+1")
			set("Sheet1", "A9", []any{3})
			set("Sheet1", "A10", []any{4})
			for i, label := range []string{"Nilai / Unsur", "NRR / Unsur", "NRR tertbg / unsur", "IKM Unit pelayanan"} {
				set("Sheet1", fmt.Sprintf("A%d", 11+i), label)
				set("Sheet1", fmt.Sprintf("D%d", 11+i), "=SUM(D7:D10)")
			}
			set("Sheet1", "A16", "Keterangan :")
			set("Sheet1", "A17", "- U1 s.d. U9 = Unsur-unsur pelayanan")
			set("Sheet1", "A18", "- NRR = Nilai rata-rata")
			set("Sheet1", "J20", "Balikpapan, 30 Juni 2026")
			set("Sheet1", "J23", "NIP. 19800101 200501 1 001")
		})},
		{name: "names-above-numbers", file: "a.xlsx", data: file(t, func(_ *excelize.File, set func(string, string, any)) {
			set("Sheet1", "A1", "Rekapitulasi")
			set("Sheet1", "A2", row([]any{"No", "Umur"}, names...))
			set("Sheet1", "C3", numbers)
			set("Sheet1", "A4", row([]any{1, 40}, four(9)...))
		})},
		{name: "numbers-below-names", file: "a.xlsx", data: file(t, func(_ *excelize.File, set func(string, string, any)) {
			set("Sheet1", "B2", []any{nil, nil, "Persyaratan", "Prosedur", "Waktu", "Biaya", "Produk", "Kompetensi", "Perilaku", "Sarana", "Pengaduan"})
			set("Sheet1", "A3", row([]any{"No", "Jenis Kelamin", "Pendidikan"}, numbers...))
			set("Sheet1", "A4", row([]any{1, "P", "Strata 1"}, four(9)...))
		})},
		{name: "groups", file: "a.xlsx", data: file(t, func(_ *excelize.File, set func(string, string, any)) {
			set("Sheet1", "A1", []any{"No", "Data Responden", nil, nil, "Persyaratan", "Prosedur", "Waktu"})
			set("Sheet1", "B2", []any{"JK", "Usia", "Pekerjaan"})
			set("Sheet1", "A3", []any{1, "Pria", "18 s.d. 25", "PNS/ASN", 4, 4, 3})
			set("Sheet1", "A4", []any{2, "Wanita", "> 65 tahun", "Ibu Rumah Tangga", 4, 4.0, "-"})
		})},
		{name: "online-form", file: "a.csv", data: []byte("Timestamp,Jenis Kelamin,Usia,Pendidikan Terakhir,Pekerjaan,Jenis Layanan,1. Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?,2. Bagaimana pendapat Saudara tentang kemudahan prosedur pelayanan di unit ini?,8. Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?,9. Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?,Saran\n" +
			"03/03/2026 10:22:33,Laki-laki,26-35 tahun,SLTA,Wiraswasta,KTP-el,Sangat sesuai,Mudah,Baik,Dikelola dengan baik,\"Mantap,\n\nlanjutkan\"\n" +
			"4/3/2026 9.05.00,Perempuan,Di atas 65 tahun,Diploma 3,Mahasiswa,akta kelahiran,4 - Sangat sesuai,3. Mudah,Sangat baik (4),tidak tahu,\n")},
		{name: "several-units", file: "a.xlsx", change: func(p *Reader) { p.Assignment.Place = survey.Place{} }, data: file(t, func(_ *excelize.File, set func(string, string, any)) {
			set("Sheet1", "A1", []any{"Satker", "Layanan", "Tanggal", "Persyaratan", "Waktu"})
			set("Sheet1", "A2", []any{"Puskesmas Utara", "poli umum", day, 4, 3})
			set("Sheet1", "A3", []any{"PUSKESMAS  SELATAN", nil, "3 Maret 2026", 4, 4})
			set("Sheet1", "A4", []any{"Dinas Kependudukan", "ktp", day.Add(14 * time.Hour), 2, 1})
			set("Sheet1", "A5", []any{"Jumlah", nil, nil, 10, 8})
		})},
		{name: "old-text", file: "a.csv", data: []byte(old)},
		{name: "wide-text", file: "a.txt", data: []byte(wide)},
		{name: "integrated-form", file: "a.csv", form: "terpadu-16@1", data: []byte("Informasi pelayanan;Persyaratan;Prosedur;Waktu penyelesaian;Tarif;Produk;Kompetensi pelaksana;Perilaku pelaksana;Respons petugas;Penanganan pengaduan;Sarana prasarana;Tidak ada diskriminasi;Tidak ada pelayanan di luar prosedur;Tidak ada imbalan;Tidak ada pungutan liar;Tidak ada percaloan;Apakah ada yang menyuruh atau mengarahkan jawaban Anda?\n" + strings.Repeat("4;", 11) + "Tidak pernah ada;Jarang ada;4;4;3;Tidak ada\n")},
		{name: "six-steps", file: "a.csv", form: "spak-5-s6@1", change: func(p *Reader) { p.Order = OrderForm }, data: []byte("Pertanyaan 1\tP2\tP3\tP4\tP5\n6\t6\t5\t6\t1\n")},
		{name: "days-since-1904", file: "a.xlsx", data: file(t, func(f *excelize.File, set func(string, string, any)) {
			yes := true
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
				t.Fatal(err)
			}
			set("Sheet1", "A1", []any{"Tanggal", "Prosedur"})
			set("Sheet1", "A2", []any{44622, 4}) // 3 March 2026, 1462 days less than since 1900
			set("Sheet1", "A3", []any{44622.6, 3})
		})},
		{name: "pages", file: "a.csv", data: []byte("No,Persyaratan,Prosedur\n1,4,4\n2,3,4\nJumlah,7,8\nNo,Persyaratan,Prosedur\n3,2,4\n4,4,1\nJumlah,6,5\nTotal keseluruhan,13,13\n")},
		{name: "sheets", file: "a.xlsx", data: file(t, func(f *excelize.File, set func(string, string, any)) {
			for _, name := range []string{"Data", "Rekap", "Lama"} {
				if _, err := f.NewSheet(name); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.SetSheetVisible("Lama", false); err != nil {
				t.Fatal(err)
			}
			set("Sheet1", "A1", "Sampul")
			set("Data", "A3", []any{"Persyaratan", "Prosedur", "Jumlah", "Jam"})
			set("Data", "A4", []any{4, 4, "=A4+B4", "08.15"})
			set("Rekap", "A1", []any{"IKM", 81.25})
			set("Lama", "A1", []any{"Persyaratan"})
			set("Lama", "A2", []any{1})
		})},
		{name: "unnumbered-mean", file: "a.csv", data: []byte("No,Persyaratan,Prosedur\n1,4,4\n2,4,4\n,4,4\n")},
		{name: "swapped-numbers", file: "a.csv", data: []byte("U1,U8,U9\n4,4,3\n")},
		{name: "all-wrong", file: "a.csv", data: []byte("No;Umur;JK;Pendidikan;Pekerjaan;Layanan;Tanggal;Persyaratan;Waktu;id;Saran\n" +
			"1;abc;X;SLTA/D3;TNI/Polri;SIM;31 Februari 2026;5;mungkin;12;a\n" +
			"2;17-30;L;S1;PNS;KTP-el;Rabu, 3 Maret 2026;4 - tidak sesuai;3,5;;b\n" +
			"3;1990;L;S1;PNS;KTP-el;3 Juli 2026;4;0;;" + strings.Repeat("x", 2001) + "\n" +
			"4;;P;;;;;;;;kosong\n")},
	}
}
