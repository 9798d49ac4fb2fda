package typeset_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/testtools"
	"persepsi/internal/typeset"
)

func written(t testing.TB, d *document.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := typeset.PDF(&out, d); err != nil {
		t.Fatal(err)
	}
	// For the eye: PERSEPSI_PICTURES names a folder.
	if dir := os.Getenv("PERSEPSI_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// squeezed leaves spaces and ends of lines out: where a line ends is the setter's business.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, two := written(t, sample(t)), written(t, sample(t))
	if !bytes.Equal(one, two) {
		t.Error("two PDFs of one document differ")
	}
}

func TestAPDFSaysItsTitleItsLanguageAndTheTimeOfItsFigures(t *testing.T) {
	t.Parallel()
	data := written(t, sample(t))
	for _, want := range []string{"/Lang (id)", "/CreationDate (D:20260702010203)", "/ModDate (D:20260702010203)", "/PageMode /UseOutlines"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s in it", want)
		}
	}
	title := "\xfe\xff"
	for _, c := range "Laporan Survei Kepuasan Masyarakat" {
		title += "\x00" + string(c)
	}
	if !bytes.Contains(data, []byte("/Title ("+title)) {
		t.Error("it has no title")
	}
}

func TestEveryPageHasItsHeadItsFootAndItsNumber(t *testing.T) {
	t.Parallel()
	d := sample(t)
	pages := testtools.PDFText(t, written(t, d))
	if strings.Contains(pages[0], d.Foot) || strings.Contains(pages[0], "\n1 dari") {
		t.Error("the cover has a foot")
	}
	for i, p := range pages {
		want := []string{d.Draft}
		if i > 0 {
			want = append(want, d.Head[0], d.Head[1], d.Foot, fmt.Sprintf("%d dari %d", i+1, len(pages)))
		}
		for _, w := range want {
			if !strings.Contains(p, w) {
				t.Errorf("page %d doesn't say %q", i+1, w)
			}
		}
	}
	d.Draft = ""
	for i, p := range testtools.PDFText(t, written(t, d)) {
		if strings.Contains(p, "SEMENTARA") {
			t.Errorf("page %d of a final document says that it is none", i+1)
		}
	}
}

// What is made up says so on every page, the cover too; what is real doesn't.
func TestEveryPageOfADemonstrationSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	const mark = "Kota peragaan: semua angka dibuat-buat"
	d := sample(t)
	for _, demo := range []string{mark, ""} {
		d.Demo = demo
		for i, p := range testtools.PDFText(t, written(t, d)) {
			if strings.Contains(p, mark) != (demo != "") || !strings.Contains(p, d.Draft) {
				t.Errorf("page %d of a document marked %q says %q", i+1, demo, p)
			}
		}
	}
}

func TestContentsAndBookmarksLeadToThePageOfTheirSection(t *testing.T) {
	t.Parallel()
	d := sample(t)
	data := written(t, d)
	pages := testtools.PDFText(t, data)
	for _, s := range d.Sections {
		if s.Level > 2 {
			continue
		}
		m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(s.Title) + `\s+(\d+)$`).FindStringSubmatch(pages[1])
		if m == nil {
			t.Fatalf("the contents don't name %q: %s", s.Title, pages[1])
		}
		n, err := strconv.Atoi(m[1])
		if err != nil || n > len(pages) || !strings.Contains("\n"+pages[n-1], "\n"+s.Title+"\n") {
			t.Errorf("%q is not on page %s", s.Title, m[1])
		}
	}
	// A place on a sheet is within it, of those on their side too.
	sheets := map[string]float64{}
	for _, m := range regexp.MustCompile(`(\d+) 0 obj\n<</Type /Page\n/Parent 1 0 R\n(?:/MediaBox \[0 0 [\d.]+ ([\d.]+)\])?`).FindAllSubmatch(data, -1) {
		sheets[string(m[1])] = number(t, string(m[2]), 841.89)
	}
	places := regexp.MustCompile(`/Dest \[(\d+) 0 R /XYZ 0 (-?[\d.]+) null\]`).FindAllSubmatch(data, -1)
	if want := len(d.Sections) + 5; len(places) != want { // a bookmark each, and a line of the contents but for the third level
		t.Errorf("%d places are led to, want %d", len(places), want)
	}
	for _, m := range places {
		high, ok := sheets[string(m[1])]
		if y := number(t, string(m[2]), 0); !ok || y <= 0 || y > high {
			t.Errorf("a bookmark leads to %s of page %s, whose height is %.2f", m[2], m[1], high)
		}
	}
}

func number(t *testing.T, s string, otherwise float64) float64 {
	t.Helper()
	if s == "" {
		return otherwise
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestATableRepeatsItsHeadsAndCutsNoRow(t *testing.T) {
	t.Parallel()
	d := &document.Document{Lang: "id", Title: "Tabel"}
	table := document.Table{Columns: []document.Column{{Title: "Kepala kolom satu", Wide: 1}, {Title: "Kepala kolom dua", Wide: 3}}}
	for i := range 40 {
		table.Rows = append(table.Rows, document.Row{Cells: []string{fmt.Sprintf("[%d]", i), fmt.Sprintf("%s {%d}", lorem, i)}})
	}
	d.Sections = []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{table}}}
	pages := testtools.PDFText(t, written(t, d))
	if len(pages) < 3 {
		t.Fatalf("40 high rows are on %d pages", len(pages))
	}
	row := 0
	for i, p := range pages {
		if strings.Count(p, "Kepala kolom dua") != 1 {
			t.Errorf("page %d has no heads", i+1)
		}
		begun := strings.Count(p, "[")
		for ; begun > 0; begun-- {
			if !strings.Contains(p, fmt.Sprintf("[%d]", row)) || !strings.Contains(p, fmt.Sprintf("{%d}", row)) {
				t.Errorf("row %d is cut at the end of page %d", row, i+1)
			}
			row++
		}
	}
	if row != 40 {
		t.Errorf("%d rows of 40", row)
	}
}

func TestThreeChartsStandOnOnePage(t *testing.T) {
	t.Parallel()
	d := &document.Document{Lang: "id", Title: "Bagan"}
	sec := document.Section{Title: "Bab", Level: 1}
	for i := range 6 {
		sec.Blocks = append(sec.Blocks, document.Figure{Caption: fmt.Sprintf("Gambar %d. Unsur", i+1), Chart: unsur(4), Note: "Titik: nilai."})
	}
	d.Sections = []document.Section{sec}
	pages := testtools.PDFText(t, written(t, d))
	if len(pages) != 2 || strings.Count(pages[0], "Gambar") != 3 {
		t.Errorf("six charts are on %d pages, %d of them on the first", len(pages), strings.Count(pages[0], "Gambar"))
	}
	for i, p := range pages { // no chart without its caption and its note
		if strings.Count(p, "Gambar") != strings.Count(p, "Titik: nilai.") {
			t.Errorf("page %d parts a chart from its words", i+1)
		}
	}
}

func TestTheNumbersOfAChartAreShownWhereThatIsAskedFor(t *testing.T) {
	t.Parallel()
	c := unsur(3)
	for _, data := range []bool{false, true} {
		d := &document.Document{Lang: "id", Title: "Bagan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{document.Figure{Chart: c, Data: data}}}}}
		text := strings.Join(testtools.PDFText(t, written(t, d)), "\n")
		if got := strings.Contains(text, "2,92"); got != data { // the end of an interval stands in the table alone
			t.Errorf("Data %t: the table is there: %t", data, got)
		}
	}
}

func TestTheAgeOfAPrintIsScannedFromItsCover(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: pages are drawn and scanned")
	}
	d := sample(t)
	for _, address := range []string{"https://a.example/h/1", d.Cover.Age.Address, "https://survei.kabupaten-panjang-sekali-namanya.example/hasil/dinas-kependudukan-dan-pencatatan-sipil?c=2026-s1.127"} {
		d.Cover.Age.Address = address
		pages := testtools.PDFPages(t, written(t, d), 150, "-f", "1", "-l", "1")
		if got := testtools.Scan(t, pages[0]); !slices.Equal(got, []string{address}) {
			t.Errorf("scanned %q, want %q", got, address)
		}
	}
}

// inked tells whether anything is printed in a part of a page, in millimetres.
func inked(img image.Image, x0, y0, x1, y1 float64) bool {
	k := float64(img.Bounds().Dx()) / 210
	for y := int(y0 * k); y < int(y1*k); y++ {
		for x := int(x0 * k); x < int(x1*k); x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0xf000 {
				return true
			}
		}
	}
	return false
}

func TestNothingIsPrintedBeyondTheMargins(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: every page is drawn")
	}
	d := sample(t)
	d.Cover.Title, d.Cover.Of = strings.Repeat("Kepuasan ", 9), strings.Repeat("PelayananAdministrasiKependudukan", 6)
	d.Cover.City, d.Cover.Office = strings.Repeat("Kabupaten Penajam Paser Utara ", 6), strings.Repeat("Pencatatan ", 40)
	d.Head[0], d.Head[1], d.Foot, d.Draft = strings.Repeat("kepala ", 60), strings.Repeat("kanan ", 60), strings.Repeat("kaki ", 90), strings.Repeat("SEMENTARA ", 60)
	d.Demo = strings.Repeat("peragaan ", 60)
	long := strings.Repeat("katayangtakberakhir", 30)
	d.Sections = append(d.Sections, document.Section{Title: long, Level: 1, Blocks: []document.Block{
		document.Paragraph{Runs: document.Plain(long)},
		document.Table{Caption: long, Note: long, Columns: []document.Column{{Title: long}, {Title: "b"}, {Title: long}}, Rows: []document.Row{{Cells: []string{long, "1", long}}}},
		document.Facts{Rows: []document.Fact{{Name: long, Value: document.Plain(long)}}},
		document.Figure{Caption: long, Chart: ranking(3), Note: long},
		document.List{Items: [][]document.Run{document.Plain(long)}},
		document.Signatures{Signers: []document.Signature{{Above: []string{long[:190]}, Name: long[:190], Below: []string{long[:190]}}, {}, {Name: "c"}}},
	}})
	for i, img := range testtools.PDFPages(t, written(t, d), 60) {
		if img.Bounds().Dx() > img.Bounds().Dy() {
			continue
		}
		if inked(img, 0, 0, 23, 297) || inked(img, 194, 0, 210, 297) || inked(img, 0, 291.2, 210, 297) {
			t.Errorf("page %d is printed beyond its margins", i+1)
		}
	}
}

func TestWhatCantBeDrawnIsNamed(t *testing.T) {
	t.Parallel()
	broken := sample(t)
	broken.Sections[0].Blocks = append(broken.Sections[0].Blocks, document.Picture{Data: []byte("no picture"), Type: "image/png", Alt: "Foto pengumuman"})
	vector := sample(t)
	vector.Cover.Arms.Type = "image/svg+xml"
	long := sample(t)
	long.Cover.Finding = document.Plain(strings.Repeat(lorem, 40))
	for want, d := range map[string]*document.Document{`"Foto pengumuman"`: broken, `"Lambang"`: vector, "cover": long} {
		if err := typeset.PDF(&bytes.Buffer{}, d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v doesn't name %s", err, want)
		}
	}
	full := errors.New("disk full")
	if err := typeset.PDF(failing{full}, sample(t)); !errors.Is(err, full) {
		t.Errorf("error %v isn't the writer's", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestAChartDrawnForNoPageIsStillShown(t *testing.T) {
	t.Parallel()
	big := &chart.Chart{Drawings: []chart.Drawing{{Width: 2000, Height: 4000, Commands: []chart.Command{chart.Text{Role: chart.Plain, X: 1900, Y: 3990, Anchor: chart.End, Words: "ujung"}}}}}
	d := &document.Document{Lang: "id", Title: "Bagan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{document.Figure{Chart: big}}}}}
	if text := strings.Join(testtools.PDFText(t, written(t, d)), ""); !strings.Contains(text, "ujung") {
		t.Errorf("the end of the chart is lost: %q", text)
	}
}

// Whoever makes hundreds lets others have their turn in between.
func TestADocumentIsWrittenInPiecesAndIsTheSame(t *testing.T) {
	t.Parallel()
	d := sample(t)
	whole, rests := written(t, d), 0
	d.Rest = func() { rests++ }
	if !bytes.Equal(written(t, d), whole) {
		t.Error("it is another one")
	}
	blocks := 0
	for _, s := range d.Sections {
		blocks += len(s.Blocks)
	}
	if least := blocks + bytes.Count(whole, []byte("/Type /Page\n")); rests < least || least < 10 {
		t.Errorf("it rests %d times, want at least %d", rests, least)
	}
}
