package export

import (
	"testing"

	"persepsi/analytics"
	"persepsi/internal/lke"
)

func TestACellLooksAsItIsMeant(t *testing.T) {
	t.Parallel()
	b := newBook(keys)
	t.Cleanup(func() { _ = b.file.Close() })
	for name, tc := range map[string]struct {
		look                            look
		bold, wraps, unlocked, coloured bool
		size                            float64
		lines                           int
	}{
		"a plain text":      {look: look{}, size: 10},
		"a title":           {look: look{large: true}, bold: true, size: 14},
		"the head":          {look: look{head: true}, bold: true, wraps: true, coloured: true, size: 10, lines: 4},
		"a result":          {look: look{strong: true}, bold: true, coloured: true, size: 10, lines: 4},
		"a field":           {look: look{input: true}, unlocked: true, coloured: true, size: 10, lines: 4},
		"a line":            {look: look{line: true}, size: 10, lines: 4},
		"a text of lines":   {look: look{wrap: true}, wraps: true, size: 10},
		"what is important": {look: look{bold: true}, bold: true, size: 10},
	} {
		id, err := b.style(tc.look)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.file.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		unlocked := got.Protection != nil && !got.Protection.Locked
		if got.Font.Bold != tc.bold || got.Alignment.WrapText != tc.wraps || unlocked != tc.unlocked || len(got.Fill.Color) > 0 != tc.coloured || got.Font.Size != tc.size || len(got.Border) != tc.lines {
			t.Errorf("%s: %+v, %+v, %+v, unlocked %v", name, got, got.Font, got.Alignment, unlocked)
		}
	}
}

func TestAVerdictIsSaidInAWord(t *testing.T) {
	t.Parallel()
	b := &lkeBook{book: &book{say: keys}}
	yes, no := true, false
	for passed, want := range map[*bool]string{nil: "sheet.verdict.missing", &yes: "sheet.verdict.passed", &no: "sheet.verdict.failed"} {
		if got := b.verdict(analytics.Verdict{Passed: passed}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// The formulas themselves are computed by LibreOffice in a longer test.
func TestPointsAreMadeOfTheCellsOfTheirRows(t *testing.T) {
	t.Parallel()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	b := &lkeBook{table: table, rows: map[string]int{lke.RowIPAK: 16, lke.RowLevel: 17, lke.RowClean: 15, lke.RowIPKP: 19, lke.RowService: 18}}
	for key, want := range map[string]string{
		lke.RowIPAK:    `IF(ISNUMBER(C16),C16/4*H16,"")`,
		lke.RowIPKP:    `IF(ISNUMBER(C19),C19/4*H19,"")`,
		lke.RowClean:   `IF(COUNT(D16,D17)<2,"",D16+D17)`,
		lke.RowService: `IF(COUNT(D19)<1,"",D19)`,
	} {
		if got := b.formula(key, 2, 3); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}
