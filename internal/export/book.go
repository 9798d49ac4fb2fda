package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"persepsi/internal/wording"
)

// Say returns a message of the catalogue in the language of what is written; args are
// names and values in turn.
type Say func(key string, args ...any) string

// Spoken says what a language's messages say; one that there isn't is its key, and a test
// holds that there are all.
func Spoken(s *wording.Speaker) Say {
	return func(key string, args ...any) string {
		text, err := s.Say(key, args...)
		if err != nil {
			return key
		}
		return text
	}
}

// value is one cell: what it shows, its look, and the formula behind it. A text is always a
// text: only Formula is computed, and no formula holds a text that somebody else wrote.
type value struct {
	content any // nil, string, bool, int, int64, float64 or time.Time
	look    look
	formula string
}

// book is a workbook that is being written, sheet after sheet.
type book struct {
	file   *excelize.File
	say    Say
	looks  map[look]int
	titles map[string]bool
	sheets []*sheet
}

func newBook(say Say) *book {
	return &book{file: excelize.NewFile(), say: say, looks: map[look]int{}, titles: map[string]bool{}}
}

// page is how a sheet is shown and printed.
type page struct {
	title  string    // of the sheet
	widths []float64 // of its columns, in characters
	frozen int       // rows that stay in sight and are printed on every page
	fixed  int       // columns that stay in sight
	foot   string    // beneath each page, at the left
	tall   bool      // printed upright
	// before is called while the sheet has no rows yet: for what stands beside them.
	before func(name string) error
}

// sheet is one that is being written.
type sheet struct {
	*book
	name   string
	stream *excelize.StreamWriter
	widths []float64
	row    int // the last that was written
}

// The paper size that spreadsheets call 9 is A4.
const paperA4 = 9

// add begins a sheet. Its title is cut to what a spreadsheet takes; the name that
// formulas know it by is sheet.name.
func (b *book) add(p page) (*sheet, error) {
	name := b.name(p.title)
	var err error
	if len(b.titles) == 1 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return nil, err
	}
	wide, size, orientation, tall := 1, paperA4, "landscape", 0
	if p.tall {
		orientation = "portrait"
	}
	fit := true
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return nil, err
	}
	if err := b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return nil, err
	}
	narrow, low := 0.5, 0.6
	if err := b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Top: &narrow, Bottom: &low}); err != nil {
		return nil, err
	}
	foot := "&L" + strings.ReplaceAll(p.foot, "&", "&&") + "&R" + b.say("sheet.page", "Page", "&P", "Pages", "&N")
	if err := b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: foot}); err != nil {
		return nil, err
	}
	if p.frozen > 0 {
		rows := fmt.Sprintf("'%s'!$%d:$%d", quotedName(name), 1, p.frozen)
		if err := b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: rows, Scope: name}); err != nil {
			return nil, err
		}
	}
	if p.before != nil {
		if err := p.before(name); err != nil {
			return nil, err
		}
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, width := range p.widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	if p.frozen > 0 || p.fixed > 0 {
		panes := &excelize.Panes{Freeze: true, XSplit: p.fixed, YSplit: p.frozen, TopLeftCell: at(p.fixed, p.frozen+1), ActivePane: "bottomRight"}
		if p.fixed == 0 {
			panes.ActivePane = "bottomLeft"
		}
		if err := stream.SetPanes(panes); err != nil {
			return nil, err
		}
	}
	out := &sheet{book: b, name: name, stream: stream, widths: p.widths}
	b.sheets = append(b.sheets, out)
	return out, nil
}

// maxTitle is how many characters a sheet's name may have.
const maxTitle = 31

// name returns a title as a sheet may be called, unlike every other.
func (b *book) name(title string) string {
	clean := []rune(strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title), "' "))
	if len(clean) == 0 {
		clean = []rune("-")
	}
	out := string(clean[:min(len(clean), maxTitle)])
	for n := 2; b.titles[strings.ToLower(out)]; n++ {
		end := " " + strconv.Itoa(n)
		out = string(clean[:min(len(clean), maxTitle-len(end))]) + end
	}
	b.titles[strings.ToLower(out)] = true
	return out
}

// quotedName is a sheet's name within a formula's quotes.
func quotedName(name string) string { return strings.ReplaceAll(name, "'", "''") }

// at names a cell: its column counted from 0, its row from 1.
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return "A1" // no table here is so large
	}
	return name
}

// on names a cell of this sheet for a formula of another.
func (s *sheet) on(column, row int) string { return "'" + quotedName(s.name) + "'!" + at(column, row) }

// write adds a row below the last one. height is in points; 0: as its texts need.
func (s *sheet) write(height float64, cells ...value) error {
	s.row++
	line := make([]any, len(cells))
	if height == 0 {
		height = s.height(cells)
	}
	for i, c := range cells {
		if _, ok := c.content.(bool); ok {
			c.look.format = s.say("sheet.boolean")
		}
		style, err := s.style(c.look)
		if err != nil {
			return err
		}
		switch v := c.content.(type) {
		case float64:
			c.content = rounded(v)
		case time.Time:
			c.content = serial(v)
		case string:
			if v == "" && c.formula == "" {
				c.content = nil
			}
		}
		line[i] = excelize.Cell{StyleID: style, Formula: c.formula, Value: c.content}
	}
	var options []excelize.RowOpts
	if height > 0 {
		options = append(options, excelize.RowOpts{Height: height})
	}
	return s.stream.SetRow(at(0, s.row), line, options...)
}

// skip leaves rows empty.
func (s *sheet) skip(rows int) { s.row += rows }

// serial is a moment as a spreadsheet counts: days since 1899-12-30, as the clock showed it.
func serial(t time.Time) float64 {
	_, offset := t.Zone()
	const day = 24 * time.Hour
	return float64(t.Add(time.Duration(offset)*time.Second).UTC().Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Round(time.Minute)) / float64(day)
}

// title writes the title of the sheet with lines beneath it.
func (s *sheet) title(text string, beneath ...string) error {
	if err := s.write(0, value{content: text, look: look{large: true}}); err != nil {
		return err
	}
	for _, line := range beneath {
		if err := s.write(0, value{content: line, look: look{quiet: true}}); err != nil {
			return err
		}
	}
	return nil
}

// heads writes the heads of the columns.
func (s *sheet) heads(height float64, texts ...string) error {
	cells := make([]value, len(texts))
	for i, text := range texts {
		cells[i] = value{content: text, look: look{head: true}}
	}
	return s.write(height, cells...)
}

// end writes the workbook. What is computed is computed anew when it is opened.
func (b *book) end(w io.Writer) error {
	for _, s := range b.sheets {
		if err := s.stream.Flush(); err != nil {
			return err
		}
	}
	anew := true
	if err := b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &anew}); err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		return err
	}
	return ordered(w, out.Bytes())
}

// contentTypes stands first in a workbook.
const contentTypes = "[Content_Types].xml"

// ordered writes a workbook with its parts in one order, so that the same workbook has the
// same bytes: excelize writes them in any.
func ordered(w io.Writer, book []byte) error {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int {
		if (a.Name == contentTypes) != (b.Name == contentTypes) {
			if a.Name == contentTypes {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}
