package typeset_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"persepsi/internal/chart"
	"persepsi/internal/document"
)

func words() chart.Words {
	return chart.Words{Name: "Unsur", Value: "Nilai", Low: "Bawah", High: "Atas", Before: "Sebelumnya", N: "Responden", Ranks: "Tempat", Closed: "tutup", GradeFrom: func(g string) string { return "batas " + g }}
}

func comma(digits int, x float64) string {
	return strings.Replace(fmt.Sprintf("%.*f", digits, x), ".", ",", 1)
}

func estimate(x float64) *chart.Estimate {
	v := func(x float64) chart.Value { return chart.Value{At: x, Text: comma(2, x)} }
	return &chart.Estimate{Mean: v(x), Low: v(x - 0.08), High: v(x + 0.08)}
}

func grades() []chart.Limit {
	return []chart.Limit{{Value: chart.Value{At: 3.0644, Text: "3,06"}, Name: "B", Brief: "3,06"}, {Value: chart.Value{At: 3.5324, Text: "3,53"}, Name: "A", Brief: "3,53"}}
}

// unsur is a chart of n rows.
func unsur(n int) *chart.Chart {
	in := chart.AspectsInput{Head: chart.Head{Title: "Unsur dari yang terendah", Words: words(), Numbers: comma}}
	in.From, in.To, in.Limits = 2.5, 4, grades()
	for i := range n {
		in.Rows = append(in.Rows, chart.Aspect{Name: fmt.Sprintf("Penanganan pengaduan, saran, dan masukan %d", i+1), Index: estimate(3 + float64(i%9)/12), Lowest: i == 0})
	}
	return chart.Aspects(in, document.ChartWidth)
}

// ranking is n units of which the last is withheld.
func ranking(n int) *chart.Chart {
	in := chart.RanksInput{Head: chart.Head{Title: "Unit", Words: words(), Numbers: comma}, From: chart.Value{At: 2.5}, To: chart.Value{At: 4}, Grades: grades()}
	for i := range n {
		u := chart.RankedUnit{Name: fmt.Sprintf("Unit Pelayanan Administrasi Kependudukan %d", i+1), Note: "Dinas Kependudukan dan Pencatatan Sipil", Index: estimate(3.2), Places: "mungkin 5–12", N: "333"}
		if i == n-1 {
			u.Index, u.Withheld = nil, "7 jawaban. Nilai ditampilkan mulai 10 jawaban."
		}
		in.Units = append(in.Units, u)
	}
	return chart.Ranks(in)
}

func hours() *chart.Chart {
	in := chart.HoursInput{Head: chart.Head{Title: "Jawaban menurut jam", Words: words()}}
	for h := 7; h < 17; h++ {
		in.Hours = append(in.Hours, fmt.Sprintf("%02d", h))
	}
	for _, d := range []string{"Senin", "Selasa", "Rabu", "Kamis", "Jumat"} {
		day := chart.HoursDay{Name: d}
		for h := range in.Hours {
			n := (h*7 + len(d)*3) % 23
			day.Counts = append(day.Counts, chart.HoursCount{N: n, Text: fmt.Sprint(n), Closed: n == 0})
		}
		in.Days = append(in.Days, day)
	}
	return chart.Hours(in)
}

func dot(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(20 + x%60), 108, 95, 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const lorem = "Dengan keyakinan 95 %, nilai sebenarnya ada di antara 85,10 dan 86,94, seluruhnya pada mutu B. Sarana dan prasarana nyata lebih rendah daripada semua unsur lain; pengaduan dan waktu penyelesaian tidak dapat dibedakan satu sama lain."

// sample is a report with everything that a document can hold.
func sample(t testing.TB) *document.Document {
	t.Helper()
	d := &document.Document{
		Lang: "id", Title: "Laporan Survei Kepuasan Masyarakat", Subject: "Unit Pelayanan, Semester I 2026", Author: "Dinas Kependudukan dan Pencatatan Sipil",
		At: time.Date(2026, 7, 2, 1, 2, 3, 0, time.UTC), Head: [2]string{"Laporan SKM · Unit Pelayanan Administrasi Kependudukan", "Semester I 2026"},
		Foot: "Angka dirilis 1 Juli 2026 · metode: rata-rata tepat", PageOf: func(n, all int) string { return fmt.Sprintf("%d dari %d", n, all) },
		Contents: "Isi", Draft: "SEMENTARA: periode masih berjalan, angka belum akhir",
		Cover: &document.Cover{
			City: "Pemerintah Kota Cendana", Office: "Dinas Kependudukan dan Pencatatan Sipil", Arms: &document.Picture{Data: dot(t, 80, 100), Type: "image/png", Alt: "Lambang"},
			Title: "Laporan Survei Kepuasan Masyarakat", Of: "Unit Pelayanan Administrasi Kependudukan", When: "Semester I 2026, 1 Januari sampai 30 Juni 2026",
			Finding: []document.Run{{Text: "IKM "}, {Text: "86,02", Bold: true}, {Text: ", mutu "}, {Text: "B (baik)", Bold: true}, {Text: ", cukup pasti. Dari 333 responden; 331 diperlukan. Naik 0,31 dari semester sebelumnya, masih dalam kewajaran. Terendah: sarana dan prasarana."}},
			Chart:   chart.Strip(chart.StripInput{Head: chart.Head{Title: "IKM", Words: words(), Numbers: comma}, From: chart.Value{At: 2.5, Text: "2,5"}, To: chart.Value{At: 4, Text: "4"}, Grades: grades(), Index: estimate(3.4)}, document.CoverWidth),
			Note:    "Titik: nilai. Pita: rentang keyakinan 95 %. Segitiga: semester lalu. Garis tegak: batas mutu.", Basis: []string{"Dasar: PermenPANRB 14/2017", "Cendana, 2 Juli 2026"},
			Age: &document.Age{Address: "https://survei.cendana.example/hasil/dukcapil-loket?c=2026-s1.7", Lines: []string{"Masih yang terbaru?", "Pindai untuk melihat angka hari ini.", "Dicetak 2 Juli 2026."}},
		},
	}
	table := document.Table{Caption: "Tabel 3. Pengolahan per unsur", Note: "333 responden menjawab semua unsur. Bobot 1/9, tidak dibulatkan. Angka tabel dibulatkan hanya untuk ditampilkan.", Columns: []document.Column{
		{Title: "", Wide: 1}, {Title: "Unsur", Wide: 7}, {Title: "Jumlah skor", Align: document.Right, Wide: 2}, {Title: "NRR", Align: document.Right, Wide: 2}, {Title: "NRR tertimbang", Align: document.Right, Wide: 2}, {Title: "NRR × 25", Align: document.Right, Wide: 2}, {Title: "Mutu", Align: document.Center, Wide: 2},
	}}
	for i := range 9 {
		table.Rows = append(table.Rows, document.Row{Cells: []string{fmt.Sprintf("U%d", i+1), "Penanganan pengaduan, saran, dan masukan", "1.163", "3,492", "0,388", "87,31", "B"}})
	}
	table.Rows = append(table.Rows, document.Row{Strong: true, Cells: []string{"", "Jumlah NRR tertimbang × 25 = IKM", "10.312", "", "3,441", "86,02", "B"}})
	wide := document.Table{Caption: "Tabel 4. Tabel olahan", Landscape: true, Columns: []document.Column{{Title: "No", Align: document.Right, Wide: 1}}}
	for i := range 16 {
		wide.Columns = append(wide.Columns, document.Column{Title: fmt.Sprintf("U%d", i+1), Align: document.Right, Wide: 1})
	}
	for i := range 40 {
		r := document.Row{Cells: []string{fmt.Sprint(i + 1)}}
		for k := range 16 {
			r.Cells = append(r.Cells, fmt.Sprint((i*k)%4+1))
		}
		wide.Rows = append(wide.Rows, r)
	}
	d.Sections = []document.Section{
		{ID: "1", Title: "I. Pendahuluan", Level: 1, Blocks: []document.Block{
			document.Paragraph{Runs: []document.Run{{Text: lorem + " "}, {Text: "Lihat hasil hari ini", Address: "https://survei.cendana.example/hasil/dukcapil-loket"}, {Text: ". "}, {Text: "Miring.", Italic: true}}},
			document.List{Numbered: true, Items: [][]document.Run{document.Plain("Tujuan pertama: " + lorem), document.Plain("Tujuan kedua.")}},
			document.List{Items: [][]document.Run{document.Plain("Satu hal."), document.Plain("Hal lain.")}},
		}},
		{ID: "1a", Title: "Masa survei dan pelaksana", Level: 2, Blocks: []document.Block{document.Facts{Rows: []document.Fact{{Name: "Masa survei", Value: document.Plain("1 Januari sampai 30 Juni 2026")}, {Name: "Pelaksana survei di unit pelayanan yang panjang namanya", Value: document.Plain(lorem)}}}}},
		{ID: "3", Title: "III. Hasil pengolahan", Level: 1, Apart: true, Blocks: []document.Block{
			document.Paragraph{Runs: []document.Run{{Text: "Nilai IKM "}, {Text: "86,02", Bold: true}, {Text: " dengan mutu "}, {Text: "B (baik)", Bold: true}, {Text: ". " + lorem}}},
			table,
			document.Figure{Caption: "Gambar 2. Unsur dari yang terendah", Chart: unsur(9), Note: "Titik: nilai rata-rata. Pita: rentang keyakinan 95 %.", Data: true},
		}},
		{ID: "3a", Title: "Yang dapat dan tidak dapat dikatakan", Level: 3, Blocks: []document.Block{
			document.Paragraph{Runs: document.Plain(lorem)},
			document.Paragraph{Quote: true, Runs: document.Plain("“Antreannya panjang sekali, dan kursinya kurang. " + lorem + "”")},
			document.Paragraph{Small: true, Runs: document.Plain("Sumber: jawaban 333 responden.")},
			document.Figure{Caption: "Gambar 3. Unit", Chart: ranking(4)},
			document.Figure{Caption: "Gambar 4. Jam", Chart: hours()},
			document.Picture{Data: dot(t, 600, 300), Type: "image/png", Alt: "Foto pengumuman"},
		}},
		{ID: "4", Title: "IV. Lampiran", Level: 1, Blocks: []document.Block{wide}},
		{ID: "5", Title: "V. Kesimpulan", Level: 1, Blocks: []document.Block{
			document.Paragraph{Runs: document.Plain(lorem + " " + lorem)},
			document.Table{Caption: "Tabel 5. Tindak lanjut", Columns: []document.Column{{Title: "Masalah"}, {Title: "Rencana"}}, Note: "Belum ada tindak lanjut."},
			document.Signatures{Signers: []document.Signature{{Above: []string{"Mengetahui,", "Sekretaris Daerah Kota Cendana"}, Below: []string{"NIP"}}, {Above: []string{"Cendana, 2 Juli 2026", "Kepala Dinas Kependudukan dan Pencatatan Sipil"}, Name: "Dra. Sri Wahyuni, M.Si.", Below: []string{"Pembina Tk. I", "NIP 19700101 199003 2 001"}}}},
		}},
	}
	return d
}
