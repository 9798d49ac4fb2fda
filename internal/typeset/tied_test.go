package typeset

import (
	"slices"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/document"
	"persepsi/internal/pdf"
)

// No row stands alone on a page: the first is tied to the second, the last but one to the last;
// captions and heads are tied to what they are of, the last row to a note on it.
func TestNoRowStandsAlone(t *testing.T) {
	t.Parallel()
	s := newSetter(t)
	rows := func(n int) document.Table {
		table := document.Table{Columns: []document.Column{{Title: "Unsur"}}}
		for range n {
			table.Rows = append(table.Rows, document.Row{Cells: []string{"U1"}})
		}
		return table
	}
	captioned := rows(15)
	captioned.Caption, captioned.Note = "Tabel 1", "Catatan."
	headless := rows(15)
	headless.Columns[0].Title = ""
	ranking := func(n int) []piece {
		return s.ranking(&chart.Ranking{Rows: slices.Repeat([]chart.RankingRow{{RankedUnit: chart.RankedUnit{Name: "Loket"}}}, n)})
	}
	for name, tc := range map[string]struct {
		made []piece
		want string // + is tied to the next, . is not
	}{
		"a table":              {s.table(rows(15)), "++" + strings.Repeat(".", 12) + "+."},
		"with caption, note":   {s.table(captioned), "+++" + strings.Repeat(".", 12) + "++."},
		"without heads":        {s.table(headless), "+" + strings.Repeat(".", 12) + "+."},
		"a short table":        {s.table(rows(12)), strings.Repeat("+", 12) + "."},
		"heads alone":          {s.table(rows(0)), "."},
		"a ranking":            {ranking(5), "++..+."},
		"a ranking of two":     {ranking(2), "++."},
		"a ranking of one":     {ranking(1), "+."},
		"a long entry":         {s.entry(&heading{title: strings.Repeat("judul ", 90), level: 1}), "+++++."},
		"a paragraph":          {s.paragraph(document.Paragraph{Runs: document.Plain("1\n2\n3\n4\n5")}), "+..+."},
		"a figure with a note": {s.figure(document.Figure{Caption: "Gambar 1", Note: "Catatan."}), "+."},
	} {
		got := ""
		for _, p := range tc.made {
			got += map[bool]string{true: "+", false: "."}[p.tied]
		}
		if got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// A column holds its longest word, however small its part of the width: no word is broken
// where the page is wide enough for all.
func TestNoWordIsBrokenInATableThatHasRoom(t *testing.T) {
	t.Parallel()
	s := newSetter(t)
	table := document.Table{
		Columns: []document.Column{{Title: "Unsur", Wide: 0.1}, {Title: "Uraian", Wide: 20}, {Title: "Pertanggungjawaban", Wide: 0.1}},
		Rows:    []document.Row{{Cells: []string{"Penyelenggaraan", strings.Repeat("kata yang panjang ", 40), "1"}}},
	}
	width := frameOf(false).width
	g := s.columns(table, width)
	sum := 0.0
	for i, words := range []string{"Penyelenggaraan", "panjang", "Pertanggungjawaban"} {
		style := g.style(table.Rows[0])
		if i == 2 {
			style = strong(g.size - 0.5)
		}
		if lines := s.file.Lines([]pdf.Span{{Style: style, Text: words}}, g.widths[i]-2*g.pad); len(lines) != 1 {
			t.Errorf("a column of %.1f breaks %q", g.widths[i], words)
		}
		sum += g.widths[i]
	}
	if sum < width-0.01 || sum > width+0.01 || g.size != 9 {
		t.Errorf("the columns are %.2f wide of %.2f, in letters of %.1f points", sum, width, g.size)
	}
}
