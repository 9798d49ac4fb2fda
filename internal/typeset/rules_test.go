package typeset_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"persepsi/internal/document"
	"persepsi/internal/testtools"
)

func TestALinkLeadsToItsAddress(t *testing.T) {
	t.Parallel()
	d := &document.Document{Lang: "id", Title: "Tautan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{
		document.Paragraph{Runs: []document.Run{{Text: "Lihat "}, {Text: "hasil hari ini", Address: "https://cendana.example/hasil/a"}}},
	}}}}
	data := written(t, d)
	if n := bytes.Count(data, []byte("/URI (https://cendana.example/hasil/a)")); n != 1 {
		t.Errorf("%d places lead to the address, want 1", n)
	}
}

// A page with room for half of the block moves it whole to the next.
func TestSignaturesStayTogether(t *testing.T) {
	t.Parallel()
	for lines := 28; lines < 48; lines += 2 {
		d := &document.Document{Lang: "id", Title: "Tanda tangan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{
			document.Paragraph{Runs: document.Plain(strings.Repeat("baris\n", lines))},
			document.Signatures{Signers: []document.Signature{{Above: []string{"Cendana, 2 Juli 2026", "Kepala Dinas"}, Name: "Sri Wahyuni", Below: []string{"NIP 19700101"}}}},
		}}}}
		data := written(t, d)
		for i, img := range testtools.PDFPages(t, data, 60) {
			if inked(img, 20, 274, 200, 290) {
				t.Errorf("%d lines: page %d is printed below its frame", lines, i+1)
			}
		}
		for i, p := range testtools.PDFText(t, data) {
			if strings.Contains(p, "Kepala Dinas") != strings.Contains(p, "NIP 19700101") {
				t.Errorf("%d lines: page %d has a part of the signature: %q", lines, i+1, p)
			}
		}
	}
}

func TestAColumnOfAChartThatSaysNothingIsLeftOut(t *testing.T) {
	t.Parallel()
	c := unsur(2)
	c.Table.Columns = append(c.Table.Columns, "Catatan kosong")
	d := &document.Document{Lang: "id", Title: "Bagan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{document.Figure{Chart: c, Data: true}}}}}
	if text := testtools.PDFText(t, written(t, d))[0]; strings.Contains(text, "Catatan kosong") || !strings.Contains(text, "Nilai") {
		t.Errorf("%q", text)
	}
}

func TestARankingSaysOfEachUnitItsValueItsPlacesAndWhyOneIsWithheld(t *testing.T) {
	t.Parallel()
	d := &document.Document{Lang: "id", Title: "Unit", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{document.Figure{Chart: ranking(30)}, document.Figure{Chart: hours()}}}}}
	pages := testtools.PDFText(t, written(t, d))
	text := squeezed(strings.Join(pages, " "))
	for i := range 30 {
		if want := squeezed(fmt.Sprintf("Unit Pelayanan Administrasi Kependudukan %d Dinas", i+1)); !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Count(text, "mungkin5–12") != 29 || strings.Count(text, squeezed("7 jawaban. Nilai ditampilkan mulai 10 jawaban.")) != 1 {
		t.Error("places or the reason are missing")
	}
	for i, p := range pages[:len(pages)-1] {
		if !strings.Contains(p, "Tempat") {
			t.Errorf("page %d has no heads", i+1)
		}
	}
	for _, day := range []string{"Senin", "Jumat"} {
		if !strings.Contains(text, day) {
			t.Errorf("no %s", day)
		}
	}
}

func TestAShortTableIsNotParted(t *testing.T) {
	t.Parallel()
	table := document.Table{Columns: []document.Column{{Title: "Unsur"}, {Title: "Nilai"}}}
	for i := range 12 {
		table.Rows = append(table.Rows, document.Row{Cells: []string{fmt.Sprintf("U%d.", i+1), "3,50"}})
	}
	for lines := 20; lines < 46; lines += 5 {
		d := &document.Document{Lang: "id", Title: "Tabel", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: []document.Block{document.Paragraph{Runs: document.Plain(strings.Repeat("baris\n", lines))}, table}}}}
		for i, p := range testtools.PDFText(t, written(t, d)) {
			if n := strings.Count(p, "3,50"); n != 0 && n != 12 {
				t.Errorf("%d lines: page %d has %d rows of 12", lines, i+1, n)
			}
		}
	}
}
