package docx_test

import (
	"errors"
	"flag"
	"image/color"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/docx"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the parts that are expected")

func grey(t *testing.T, width, height int) *document.Picture {
	t.Helper()
	return &document.Picture{Data: testtools.PNG(t, width, height, color.Gray{Y: 0x80}), Type: "image/png", Alt: "Logo"}
}

// varied is a short document of what the sample has not.
func varied(t *testing.T) *document.Document {
	d := sample(t)
	d.Cover.Arms, d.Cover.Logo, d.Cover.Age, d.Cover.Office, d.Draft = nil, grey(t, 300, 400), nil, "", ""
	shapes := &chart.Chart{Title: "Bentuk", Desc: "Segala bentuk", Drawings: []chart.Drawing{{Width: 100, Height: 10}, {Width: 600, Height: 100, Commands: []chart.Command{
		chart.Rect{Role: chart.Band, X: 10, Y: 20, Width: 60, Height: 30, Round: 6},
		chart.Rect{Role: chart.Band, X: 80, Y: 20, Width: 4, Height: 0.5, Round: 6},
		chart.Circle{Role: chart.Hollow, X: 150, Y: 25, Radius: 20},
		chart.Path{Role: chart.Paced, Points: []chart.Point{{X: 5, Y: 90}, {X: 150, Y: 60}, {X: 190, Y: 80}}},
		chart.Path{Role: chart.Control, Points: []chart.Point{{X: 5, Y: 10}, {X: 190, Y: 10}}},
		chart.Path{Role: chart.Target, Points: []chart.Point{{X: 50, Y: 5}, {X: 50, Y: 95}}},
		chart.Path{Role: chart.Fill, Closed: true, Points: []chart.Point{{X: 100, Y: 50}, {X: 90, Y: 60}, {X: 110, Y: 60}}},
		chart.Text{Role: chart.Plain, X: 10, Y: 80, Words: "awal"},
		chart.Text{Role: chart.Strong, X: 100, Y: 80, Anchor: chart.Middle, Words: "tengah"},
		chart.Text{Role: chart.Amber, X: 190, Y: 80, Anchor: chart.End, Words: "akhir"},
	}}, {Width: 900, Height: 10}}}
	facts := chart.Table{Rows: [][]string{{"Nilai", "3,44"}, {"Bawah", "3,38"}}}
	wide := hours()
	wide.Grid.Columns = append(wide.Grid.Columns, "11", "12", "13")
	wide.Grid.Rows[0].Cells = append(wide.Grid.Rows[0].Cells, chart.GridCell{Text: "0"}, chart.GridCell{Text: "9", Step: 2}, chart.GridCell{Text: "1", Step: 1})
	link := document.Run{Text: "sama", Address: "https://contoh.example/sama"}
	d.Sections = []document.Section{
		{Title: "Melintang", Level: 1, Blocks: []document.Block{
			document.Table{Landscape: true, Columns: []document.Column{{Title: "a"}, {Title: "b", Wide: 2}}, Rows: []document.Row{{Cells: []string{"1", "2"}}, {Cells: []string{"3", "4"}}, {Cells: []string{"5", "6"}}}},
		}},
		{Title: "Bentuk", Level: 3, Blocks: []document.Block{
			document.Figure{Caption: "Bentuk", Chart: shapes},
			document.Figure{Chart: &chart.Chart{Title: "Angka", Table: facts}, Note: "Catatan."},
			document.Figure{Chart: shapes, Data: true},
			document.Figure{Chart: wide},
			document.Paragraph{Runs: []document.Run{link, {Text: " dan ", Bold: true, Italic: true}, link}, Small: true},
			document.Signatures{},
			document.Signatures{Signers: []document.Signature{{Above: []string{"Kepala"}, Name: "Siti", Below: []string{"NIP 1"}}}},
			*grey(t, 3000, 100),
		}},
	}
	return d
}

// What Word is given changes only on purpose: many a length and property of it follows from no
// rule that a test could state. -update writes testdata anew, an element of the text a line, to
// be looked at.
func TestDocumentsAreWrittenAsTheyWere(t *testing.T) {
	t.Parallel()
	d := sample(t)
	for i, b := range d.Sections[2].Blocks {
		if table, ok := b.(document.Table); ok && len(table.Rows) > 4 {
			table.Rows = append(table.Rows[:3:3], table.Rows[len(table.Rows)-1])
			d.Sections[2].Blocks[i] = table
		}
	}
	line := regexp.MustCompile(`<(w:p|w:tbl|w:tr|w:tc|w:sectPr|wps:wsp|w:drawing|Relationship|w:num|w:abstractNum)[ >]`)
	for name, d := range map[string]*document.Document{"sample": d, "varied": varied(t)} {
		all := files(t, write(t, d))
		var got strings.Builder
		for _, part := range []string{
			"docProps/core.xml", "word/document.xml", "word/_rels/document.xml.rels", "word/numbering.xml",
			"word/header1.xml", "word/header2.xml", "word/footer1.xml", "word/footer2.xml",
		} {
			got.WriteString("== " + part + "\n" + line.ReplaceAllString(all[part], "\n$0") + "\n")
		}
		testtools.Golden(t, *update, filepath.Join("testdata", name+".txt"), got.String())
	}
}

// failing takes so many bytes.
type failing struct{ left int }

var errFull = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWhatCannotBeWrittenIsAFault(t *testing.T) {
	t.Parallel()
	broken := document.Picture{Data: []byte("no picture"), Type: "image/png", Alt: "Lambang rusak"}
	for name, spoil := range map[string]func(d *document.Document){
		"Lambang rusak": func(d *document.Document) { d.Cover.Arms = &broken },
		"Logo":          func(d *document.Document) { d.Cover.Logo = grey(t, 1, 1); d.Cover.Logo.Type = "image/gif" },
		"symbol":        func(d *document.Document) { d.Cover.Age.Address = strings.Repeat("x", 3000) },
		`"intro"`:       func(d *document.Document) { d.Sections[0].Blocks = []document.Block{broken} },
		"be written":    func(d *document.Document) { d.Sections[0].Blocks = []document.Block{nil} },
	} {
		d := sample(t)
		spoil(d)
		if err := docx.Write(io.Discard, d); err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(name)) {
			t.Errorf("error %v does not name %s", err, name)
		}
	}
	whole := len(write(t, sample(t)))
	for left := 0; left < whole; left += whole/50 + 1 {
		if err := docx.Write(&failing{left}, sample(t)); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes of %d: error %v", left, whole, err)
		}
	}
}
