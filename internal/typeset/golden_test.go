package typeset_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the checksums of pages that are expected")

// of returns a document of one section.
func of(blocks ...document.Block) *document.Document {
	return &document.Document{Lang: "id", Title: "Laporan", Sections: []document.Section{{Title: "Bab", Level: 1, Blocks: blocks}}}
}

// A page changes only on purpose: many a line and space on it follows from no rule that a test
// could state. Whoever moves one looks at it (PERSEPSI_PICTURES names a folder for the files),
// then writes the checksums anew by -update.
func TestPagesAreSetAsTheyWere(t *testing.T) {
	t.Parallel()
	bare := sample(t)
	bare.Cover = &document.Cover{City: "Pemerintah Kota Cendana", Title: "Laporan", Of: "Unit", When: "2026", Basis: []string{"Dasar: PermenPANRB 14/2017"}, Logo: &document.Picture{Data: dot(t, 200, 50), Type: "image/png", Alt: "Logo"}}
	bare.Sections, bare.Demo, bare.Colour, bare.PageOf = bare.Sections[:1], "Kota peragaan", "#7a1f2b", nil
	bare.Head, bare.Foot = [2]string{strings.Repeat("kepala ", 30), strings.Repeat("kanan ", 20)}, strings.Repeat("kaki ", 60)
	crowded := sample(t)
	crowded.Sections, crowded.Contents, crowded.Head = nil, "", [2]string{}
	crowded.Cover.City, crowded.Cover.Office = strings.Repeat("Kabupaten Penajam Paser Utara ", 6), strings.Repeat("Pencatatan Sipil ", 12)
	crowded.Cover.Finding = document.Plain(strings.Repeat(lorem+" ", 4))
	uneven := document.Table{Columns: []document.Column{{Title: "No"}, {Title: "Uraian panjang dari yang dikerjakan", Wide: 2}, {Title: "Nilai", Align: document.Right}}}
	for i := range 30 {
		uneven.Rows = append(uneven.Rows, document.Row{Cells: []string{fmt.Sprint(i), strings.Repeat("kata ", 1+i*7%31), "3,5"}[:3-i%7/6], Strong: i == 29})
	}
	tall := document.Table{Columns: []document.Column{{}, {}}, Rows: []document.Row{{Cells: []string{strings.Repeat("kata ", 900), "a"}}}}
	rowless := *unsur(2)
	rowless.Table.Columns = nil
	open := hours() // at an hour at which nobody came
	open.Grid.Rows[0].Cells[0] = chart.GridCell{Text: "0"}
	var got strings.Builder
	for _, one := range []struct {
		name string
		doc  *document.Document
	}{
		{"sample", sample(t)},
		{"bare cover", bare},
		{"crowded cover", crowded},
		{"uneven table", of(uneven, tall)},
		{"charts", of(document.Figure{Caption: "Unit", Chart: ranking(34), Note: "Catatan."}, document.Figure{Chart: open}, document.Figure{Chart: ranking(1)}, document.Figure{Chart: &rowless, Data: true}, document.Figure{Note: "Catatan saja."})},
		{"wide chart", of(document.Figure{Chart: &chart.Chart{Drawings: []chart.Drawing{{Width: 1000, Height: 300, Commands: []chart.Command{chart.Rect{Role: chart.Band, Width: 1000, Height: 300}}}}}})},
		{"three signatures and one", of(document.Signatures{Signers: []document.Signature{
			{Above: []string{"Mengetahui,", "Sekretaris Daerah"}, Name: "Sri Wahyuni", Below: []string{"NIP 1"}}, {Name: "Budi"}, {Above: []string{"Ketua"}}, {Name: "Kepala Dinas"},
		}})},
		{"parts", func() *document.Document {
			d := of(document.Paragraph{Runs: document.Plain(lorem)})
			d.Contents = "Isi"
			for i := range 4 {
				d.Sections = append(d.Sections, document.Section{Title: strings.Repeat("Judul yang panjang sekali ", 5), Level: i, Blocks: []document.Block{document.Facts{Rows: []document.Fact{
					{Name: "Nama", Value: document.Plain("nilai")}, {Name: "Panjang", Value: document.Plain(strings.Repeat("baris\n", 50))},
				}}}})
			}
			return d
		}()},
	} {
		fmt.Fprintln(&got, one.name)
		for i, page := range testtools.Drawn(t, written(t, one.doc)) {
			fmt.Fprintf(&got, "  page %d: %s\n", i+1, testtools.DrawnSum(page))
		}
	}
	testtools.Golden(t, *update, filepath.Join("testdata", "pages.txt"), got.String())
}
