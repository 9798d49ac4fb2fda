package typeset

import (
	"slices"
	"strings"
	"testing"

	"persepsi/internal/chart"
	"persepsi/internal/document"
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
