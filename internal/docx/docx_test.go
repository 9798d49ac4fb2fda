package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/docx"
	"persepsi/internal/testtools"
)

func numbers(digits int, x float64) string {
	return strings.Replace(fmt.Sprintf("%.*f", digits, x), ".", ",", 1)
}

func estimate(at float64) *chart.Estimate {
	v := func(x float64) chart.Value { return chart.Value{At: x, Text: numbers(2, x)} }
	return &chart.Estimate{Mean: v(at), Low: v(at - 0.06), High: v(at + 0.06)}
}

func words() chart.Words {
	return chart.Words{
		Name: "Unsur", Value: "Nilai", Low: "Dari", High: "Sampai", Together: "tidak dapat dibedakan", N: "Responden",
		GradeFrom: func(g string) string { return "mulai " + g },
	}
}

func aspects() *chart.Chart {
	in := chart.AspectsInput{Head: chart.Head{Title: "Unsur dari yang terendah", Words: words(), Numbers: numbers}, From: 2.6, To: 4}
	in.Limits = []chart.Limit{{Value: chart.Value{At: 3.0644, Text: "3,06"}, Name: "batas B", Brief: "B"}, {Value: chart.Value{At: 3.5324, Text: "3,53"}, Name: "batas A", Brief: "A"}}
	for i, name := range []string{"Sarana & prasarana", "Penanganan pengaduan", "Waktu penyelesaian", "Persyaratan"} {
		in.Rows = append(in.Rows, chart.Aspect{Name: name, Index: estimate(3.08 + float64(i)*0.16), Lowest: i == 0})
	}
	return chart.Aspects(in, chart.Half)
}

func hours() *chart.Chart {
	in := chart.HoursInput{Head: chart.Head{Title: "Jam", Words: words(), Numbers: numbers}, Hours: []string{"08", "09", "10"}}
	in.Days = []chart.HoursDay{{Name: "Sen", Counts: []chart.HoursCount{{N: 3, Text: "3"}, {N: 12, Text: "12"}, {Text: "0", Closed: true}}}}
	return chart.Hours(in)
}

func arms(t *testing.T) *document.Picture {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 48, 60))); err != nil {
		t.Fatal(err)
	}
	return &document.Picture{Data: out.Bytes(), Type: "image/png", Alt: "Lambang Kota Contoh"}
}

// sample has every block, on sheets upright and on their side.
func sample(t *testing.T) *document.Document {
	t.Helper()
	table := document.Table{Caption: "Tabel 3. Pengolahan per unsur", Note: "Bobot 1/9, tidak dibulatkan.", Columns: []document.Column{
		{Title: "Unsur", Wide: 4}, {Title: "NRR", Align: document.Right, Wide: 1}, {Title: "Mutu", Align: document.Center, Wide: 1},
	}}
	for i := range 40 {
		table.Rows = append(table.Rows, document.Row{Cells: []string{fmt.Sprintf("Unsur nomor %d <dan> \"lain\"", i+1), "3,492", "B"}})
	}
	table.Rows = append(table.Rows, document.Row{Cells: []string{"Jumlah", "3,441", "B"}, Strong: true})
	wide := table
	wide.Caption, wide.Landscape, wide.Rows = "Tabel 4. Melintang", true, table.Rows[:3]
	strip := chart.Strip(chart.StripInput{
		Head: chart.Head{Title: "IKM", Words: words(), Numbers: numbers}, Index: estimate(3.44), From: chart.Value{At: 2.6}, To: chart.Value{At: 4}, Grade: "B",
		Grades: []chart.Limit{{Value: chart.Value{At: 3.0644, Text: "3,06"}, Name: "B", Brief: "B"}, {Value: chart.Value{At: 3.5324, Text: "3,53"}, Name: "A", Brief: "A"}},
	}, chart.Half)
	return &document.Document{
		Lang: "id", Title: "Laporan Survei Kepuasan Masyarakat", Subject: "Unit Pelayanan", Author: "Dinas Contoh & Rekan",
		At: time.Date(2026, 7, 2, 3, 4, 6, 0, time.UTC), Head: [2]string{"Laporan SKM · Unit Pelayanan", "Semester I 2026"},
		Foot: "Angka dirilis 1 Juli 2026", PageOf: func(page, pages int) string { return fmt.Sprintf("%d dari %d", page, pages) },
		Contents: "Daftar isi", Draft: "Angka sementara: periode masih berjalan.",
		Cover: &document.Cover{
			City: "Pemerintah Kota Contoh", Office: "Dinas Contoh", Arms: arms(t), Title: "Laporan Survei Kepuasan Masyarakat", Of: "Unit Pelayanan",
			When: "Semester I 2026, 1 Januari sampai 30 Juni 2026", Finding: []document.Run{{Text: "IKM "}, {Text: "86,02", Bold: true}, {Text: ", mutu B, cukup pasti."}},
			Chart: strip, Note: "Titik: nilai.", Basis: []string{"Dasar: PermenPANRB 14/2017", "Contoh, 2 Juli 2026"},
			Age: &document.Age{Address: "https://contoh.example/hasil/unit", Lines: []string{"Masih yang terbaru?", "Pindai untuk melihat angka hari ini."}},
		},
		Sections: []document.Section{
			{ID: "intro", Title: "I. Pendahuluan", Level: 1, Apart: true, Blocks: []document.Block{
				document.Paragraph{Runs: []document.Run{{Text: "Survei ini menurut "}, {Text: "peraturan", Address: "https://contoh.example/?a=1&b=2"}, {Text: ".", Italic: true}}},
				document.List{Items: [][]document.Run{document.Plain("Butir satu"), document.Plain("Butir dua")}},
				document.List{Numbered: true, Items: [][]document.Run{document.Plain("Langkah satu"), document.Plain("Langkah dua")}},
				document.List{Numbered: true, Items: [][]document.Run{document.Plain("Mulai lagi")}},
			}},
			{ID: "data", Title: "Pengumpulan", Level: 2, Blocks: []document.Block{
				document.Facts{Rows: []document.Fact{{Name: "Masa survei", Value: document.Plain("1 Januari – 30 Juni 2026")}}},
				document.Paragraph{Runs: document.Plain("Petugas ramah."), Quote: true},
				*arms(t),
			}},
			{ID: "result", Title: "III. Hasil", Level: 1, Apart: true, Blocks: []document.Block{
				table, wide,
				document.Figure{Caption: "Gambar 2. Unsur dari yang terendah", Chart: aspects(), Note: "Pita: rentang 95 %.", Data: true},
				document.Figure{Caption: "Gambar 3. Jam", Chart: hours()},
				document.Signatures{Signers: []document.Signature{
					{Above: []string{"Contoh, 2 Juli 2026", "Kepala Dinas"}, Name: "Siti Aminah", Below: []string{"Pembina Tk. I", "NIP 19700101 199503 2 001"}}, {Above: []string{"Ketua Tim"}},
				}},
			}},
		},
	}
}

func write(t *testing.T, d *document.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := docx.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func files(t *testing.T, data []byte) map[string]string {
	t.Helper()
	pack, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range pack.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(write(t, sample(t)), write(t, sample(t))) {
		t.Error("two writings of one document differ")
	}
	// Nor does one differ that lets others have their turn between its blocks and parts.
	rested, rests, least := sample(t), 0, 0
	rested.Rest = func() { rests++ }
	data := write(t, rested)
	for _, s := range rested.Sections {
		least += len(s.Blocks)
	}
	if least += len(files(t, data)); !bytes.Equal(data, write(t, sample(t))) || rests != least {
		t.Errorf("it rests %d times, want %d, or is another document", rests, least)
	}
}

func TestEveryPartIsXMLAndEveryRelationHasItsPart(t *testing.T) {
	t.Parallel()
	all := files(t, write(t, sample(t)))
	for name, content := range all {
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(content))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	text := all["word/document.xml"]
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`Id="(rId\d+)"[^>]* Target="([^"]+)"( TargetMode="External")?`).FindAllStringSubmatch(all["word/_rels/document.xml.rels"], -1) {
		known[m[1]] = true
		if m[3] == "" && all["word/"+m[2]] == "" {
			t.Errorf("%s leads to %s, which is not there", m[1], m[2])
		}
	}
	for _, m := range regexp.MustCompile(`r:(?:id|embed)="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if !known[m[1]] {
			t.Errorf("%s leads nowhere", m[1])
		}
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:docPr|cNvPr|bookmarkStart)[^>]* (?:w:)?id="(\d+)"`).FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
	}
	if len(seen) < 10 {
		t.Errorf("only %d things have a number of their own", len(seen))
	}
}

func TestStylesThatAreUsedAreDeclared(t *testing.T) {
	t.Parallel()
	all := files(t, write(t, sample(t)))
	for _, m := range regexp.MustCompile(`<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"`).FindAllStringSubmatch(all["word/document.xml"]+all["word/header1.xml"]+all["word/footer1.xml"], -1) {
		if !strings.Contains(all["word/styles.xml"], `w:styleId="`+m[1]+`"`) {
			t.Errorf("there is no style %s", m[1])
		}
	}
	if strings.Contains(all["word/styles.xml"], "@") {
		t.Error("a colour of the styles has no value")
	}
}

// Arms and logo are pictures as they were given, in their proportions, as large as 18 mm of
// height, 36 of width and 150 pixels an inch let them be, and say what they show.
func TestArmsAndLogoArePicturesWithWordsForThem(t *testing.T) {
	t.Parallel()
	pixels := func(width, height int) *document.Picture {
		var out bytes.Buffer
		if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
			t.Fatal(err)
		}
		return &document.Picture{Data: out.Bytes(), Type: "image/png", Alt: "Logo <Dinas>"}
	}
	const mm = 36_000
	for _, tc := range []struct{ width, height, w, h int }{
		{300, 400, 18 * mm * 3 / 4, 18 * mm},
		{600, 100, 36 * mm, 6 * mm},
		{48, 60, 48 * 914_400 / 150, 60 * 914_400 / 150},
	} {
		d := sample(t)
		d.Cover.Logo = pixels(tc.width, tc.height)
		all := files(t, write(t, d))
		text := all["word/document.xml"]
		if !strings.Contains(text, `descr="Lambang Kota Contoh"`) || all["word/media/image2.png"] != string(d.Cover.Logo.Data) {
			t.Error("no arms, or no logo")
		}
		m := regexp.MustCompile(`<wp:extent cx="(\d+)" cy="(\d+)"/><wp:docPr id="\d+" name="image2.png" descr="Logo &lt;Dinas&gt;"/>`).FindStringSubmatch(text)
		if m == nil {
			t.Fatal("no logo with words for it")
		}
		w, _ := strconv.Atoi(m[1])
		h, _ := strconv.Atoi(m[2])
		const twip = 635
		if max(w-tc.w, tc.w-w) > 2*twip || max(h-tc.h, tc.h-h) > 2*twip {
			t.Errorf("%d × %d pixels are %.1f × %.1f mm, want %.1f × %.1f", tc.width, tc.height, float64(w)/mm, float64(h)/mm, float64(tc.w)/mm, float64(tc.h)/mm)
		}
	}
}

func TestTheColourOfTheCityIsThatOfRulesAndLinks(t *testing.T) {
	t.Parallel()
	d := sample(t)
	for colour, want := range map[string]string{"": "146c5f", "#7a1f2b": "7a1f2b", "#f5d033": "146c5f"} {
		d.Colour = colour
		if styles := files(t, write(t, d))["word/styles.xml"]; strings.Count(styles, want) < 2 {
			t.Errorf("colour %q: no %s in the styles", colour, want)
		}
	}
}

func TestAPictureThatIsNoneIsNamed(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Sections[1].Blocks = []document.Block{document.Picture{Data: []byte("GIF89a"), Type: "image/gif", Alt: "Lambang"}}
	err := docx.Write(io.Discard, d)
	if err == nil || !strings.Contains(err.Error(), `"data"`) || !strings.Contains(err.Error(), `"Lambang"`) {
		t.Errorf("got %v, want an error that names section and picture", err)
	}
}

// What is made up says so beneath every page, the cover too; what is real doesn't.
func TestEveryPageOfADemonstrationSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	const mark = "Kota peragaan: semua angka dibuat-buat"
	d := sample(t)
	for _, demo := range []string{mark, ""} {
		d.Demo = demo
		parts := files(t, write(t, d))
		for _, name := range []string{"word/footer1.xml", "word/footer2.xml"} {
			if strings.Contains(parts[name], mark) != (demo != "") {
				t.Errorf("%s of a document marked %q: %s", name, demo, parts[name])
			}
		}
	}
}

// LibreOffice is an independent reader: it says what the document says, in that order.
func TestLibreOfficeReadsTheWholeDocument(t *testing.T) {
	t.Parallel()
	office := testtools.Office(t)
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("no pdftotext: what LibreOffice makes of a DOCX is not read")
	}
	dir := t.TempDir()
	if keep := os.Getenv("PERSEPSI_PICTURES"); keep != "" {
		dir = keep
	}
	path := filepath.Join(dir, "sample.docx")
	if err := os.WriteFile(path, write(t, sample(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	//nolint:gosec // the program that was found
	said, err := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", filepath.Join(dir, "sample.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(text)), " ")
	for _, want := range []string{
		"Pemerintah Kota Contoh", "Laporan Survei Kepuasan Masyarakat", "IKM 86,02, mutu B, cukup pasti. B A B A Titik: nilai.", "Dasar: PermenPANRB 14/2017", "Daftar isi", "I. Pendahuluan", "Angka sementara",
		"Survei ini menurut peraturan.", "• Butir satu", "2. Langkah dua", "1. Mulai lagi", "Masa survei 1 Januari – 30 Juni 2026", "Petugas ramah.",
		"Tabel 3. Pengolahan per unsur", `Unsur nomor 40 <dan> "lain" 3,492 B`, "Jumlah 3,441 B", "Bobot 1/9, tidak dibulatkan.", "Tabel 4. Melintang",
		"Gambar 2. Unsur dari yang terendah", "batas B", "Sarana & prasarana", "Pita: rentang 95 %.", "Siti Aminah", "NIP 19700101 199503 2 001",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("LibreOffice doesn't show %q", want)
		}
	}
	if heads := strings.Count(got, "Unsur NRR Mutu"); heads < 3 {
		t.Errorf("the head of the long table stands on %d pages, want one each", heads)
	}
	if !regexp.MustCompile(`2 dari \d`).MatchString(got) {
		t.Error("no page says which it is of how many")
	}
}
