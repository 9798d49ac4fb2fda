package typeset_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/document"
	"persepsi/internal/testtools"
)

// texts returns what a document says outside of its charts, in the order in which it is read.
func texts(d *document.Document) (out []string) {
	add := func(s ...string) { out = append(out, s...) }
	runs := func(r []document.Run) {
		s := ""
		for _, one := range r {
			s += one.Text
		}
		add(s)
	}
	for _, s := range d.Sections {
		add(s.Title)
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case document.Paragraph:
				runs(b.Runs)
			case document.List:
				for _, i := range b.Items {
					runs(i)
				}
			case document.Table:
				add(b.Caption)
				for _, c := range b.Columns {
					add(c.Title)
				}
				for _, r := range b.Rows {
					add(r.Cells...)
				}
				add(b.Note)
			case document.Facts:
				for _, f := range b.Rows {
					add(f.Name)
					runs(f.Value)
				}
			case document.Figure:
				add(b.Caption, b.Note)
			case document.Signatures:
				for _, g := range b.Signers {
					add(append(append(g.Above, g.Name), g.Below...)...)
				}
			}
		}
	}
	return out
}

// phrase draws a text of words, seldom a word without end.
func phrase(t *rapid.T, most int) string {
	word := rapid.StringMatching(`[A-Za-zÀ-ž0-9−×≥α√✓]{1,14}[,.;]?`)
	if rapid.IntRange(0, 15).Draw(t, "endless") == 0 {
		word = rapid.StringMatching(`[a-z]{60,200}`)
	}
	return strings.Join(rapid.SliceOfN(word, 1, most).Draw(t, "words"), " ")
}

func drawRuns(t *rapid.T) []document.Run {
	out := make([]document.Run, rapid.IntRange(1, 4).Draw(t, "runs"))
	for i := range out {
		out[i] = document.Run{Text: phrase(t, 30), Bold: rapid.Bool().Draw(t, "bold"), Italic: rapid.Bool().Draw(t, "italic")}
		if rapid.IntRange(0, 5).Draw(t, "link") == 0 {
			out[i].Address = "https://a.example/" + fmt.Sprint(i)
		}
	}
	return out
}

func drawTable(t *rapid.T) document.Table {
	out := document.Table{Caption: phrase(t, 8), Note: phrase(t, 20), Landscape: rapid.IntRange(0, 3).Draw(t, "wide") == 0}
	columns := rapid.IntRange(1, 7).Draw(t, "columns")
	for i := range columns {
		out.Columns = append(out.Columns, document.Column{Title: phrase(t, 2), Align: document.Align(i % 3), Wide: float64(rapid.IntRange(0, 4).Draw(t, "part"))})
	}
	for range rapid.IntRange(0, 15).Draw(t, "rows") {
		var cells []string
		for range columns {
			cells = append(cells, phrase(t, 5))
		}
		out.Rows = append(out.Rows, document.Row{Cells: cells, Strong: rapid.IntRange(0, 9).Draw(t, "strong") == 0})
	}
	return out
}

func drawBlock(t *rapid.T) document.Block {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return drawTable(t)
	case 1:
		return document.List{Numbered: rapid.Bool().Draw(t, "numbered"), Items: [][]document.Run{drawRuns(t), drawRuns(t)}}
	case 2:
		return document.Facts{Rows: []document.Fact{{Name: phrase(t, 6), Value: drawRuns(t)}, {Name: phrase(t, 2), Value: drawRuns(t)}}}
	case 3:
		return document.Signatures{Signers: []document.Signature{{Above: []string{phrase(t, 4)}, Name: phrase(t, 3), Below: []string{phrase(t, 3)}}}}
	}
	return document.Paragraph{Runs: drawRuns(t), Small: rapid.Bool().Draw(t, "small"), Quote: rapid.Bool().Draw(t, "quote")}
}

func TestEveryTextOfADocumentIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	testtools.Program(t, "pdftotext")
	rapid.Check(t, func(r *rapid.T) {
		d := &document.Document{Lang: "id", Title: "Laporan"}
		for i := range rapid.IntRange(1, 3).Draw(r, "sections") {
			s := document.Section{Title: phrase(r, 6), Level: 1 + i%3, Apart: rapid.Bool().Draw(r, "apart")}
			for range rapid.IntRange(0, 3).Draw(r, "blocks") {
				s.Blocks = append(s.Blocks, drawBlock(r))
			}
			d.Sections = append(d.Sections, s)
		}
		read := squeezed(strings.Join(testtools.PDFText(t, written(t, d)), " "))
		for _, want := range texts(d) {
			_, after, found := strings.Cut(read, squeezed(want))
			if !found {
				r.Fatalf("%q is not in what is left to read: %.300q", want, read)
			}
			read = after
		}
	})
}
