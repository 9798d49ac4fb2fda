package export

import (
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// look is how a cell looks and what may be done with it. The zero value is a plain text.
type look struct {
	format string // of a number or date, as a spreadsheet names it; empty: general
	bold   bool
	head   bool // the head of a column
	strong bool // a sum or result: bold, with a line above
	quiet  bool // a part of the row above, or a note
	wrap   bool
	center bool
	turned bool // written upwards
	input  bool // somebody fills it in
	line   bool // lines around it
	large  bool // the title of a sheet
	left   bool // kept at the left: a number or date among texts
	link   bool // leads somewhere
}

// The formats of numbers and dates. A spreadsheet writes them with the signs of its user's
// language; 421 is Bahasa Indonesia, whose months dates name.
const (
	formatCount   = "#,##0"
	formatFigure  = "0.00"
	formatFine    = "0.0000"
	formatPercent = "0.0%"
	formatMoment  = "[$-421]d mmmm yyyy hh:mm"
)

// style returns the number that the workbook knows a look by.
func (b *book) style(l look) (int, error) {
	if id, ok := b.looks[l]; ok {
		return id, nil
	}
	style := &excelize.Style{
		Font:      &excelize.Font{Bold: l.bold || l.head || l.strong || l.large, Size: 10, Family: "Arial"},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: l.wrap || l.head},
	}
	side := func(kinds ...string) {
		for _, kind := range kinds {
			style.Border = append(style.Border, excelize.Border{Type: kind, Style: 1, Color: "9AA5AE"})
		}
	}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	if l.center || l.head {
		style.Alignment.Horizontal = "center"
	}
	if l.left {
		style.Alignment.Horizontal = "left"
	}
	if l.turned {
		style.Alignment.TextRotation = 90
	}
	switch {
	case l.large:
		style.Font.Size = 14
	case l.head:
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6EC"}}
		side("left", "right", "top", "bottom")
	case l.strong:
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F1F5F7"}}
		side("left", "right", "top", "bottom")
	case l.input:
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF8DC"}}
		style.Protection = &excelize.Protection{Locked: false}
		side("left", "right", "top", "bottom")
	case l.line:
		side("left", "right", "top", "bottom")
	}
	if l.quiet {
		style.Font.Color = "4A5560"
	}
	if l.link {
		style.Font.Color, style.Font.Underline = "1F4E79", "single"
	}
	id, err := b.file.NewStyle(style)
	if err != nil {
		return 0, err
	}
	b.looks[l] = id
	return id, nil
}

// lineHeight is the height of a line of text in points, mostHeight the most that a row may have.
const (
	lineHeight = 13.5
	mostHeight = 409
)

// height is what a row needs whose texts are wrapped; 0: no more than any. Few programs
// find it out by themselves where a workbook was not written by them.
func (s *sheet) height(cells []value) float64 {
	most := 1
	for i, c := range cells {
		if text, ok := c.content.(string); ok && c.look.wrap && i < len(s.widths) {
			n := 0
			for line := range strings.SplitSeq(text, "\n") {
				n += lines(line, int(s.widths[i]*1.15))
			}
			most = max(most, n)
		}
	}
	if most == 1 {
		return 0
	}
	return min(lineHeight*float64(most), mostHeight)
}

// lines is how many lines a text takes whose words are put into lines of so many letters.
func lines(text string, width int) int {
	n, used := 1, 0
	for word := range strings.FieldsSeq(text) {
		long := utf8.RuneCountInString(word)
		if used > 0 && used+1+long > width {
			n, used = n+1, 0
		} else if used > 0 {
			used++
		}
		n += (used + long) / (max(width, 1) + 1) // a word longer than the line
		used = (used + long) % (max(width, 1) + 1)
	}
	return n
}
