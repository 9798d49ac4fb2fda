// Package pdf is what all printed PDFs share: sheets of paper in millimetres from the upper
// left corner, embedded fonts, breaking of texts into lines, charts and QR symbols as
// vectors, bookmarks and links. The same calls give the same bytes, whenever they are made.
// What stands on the sheets is the caller's.
package pdf

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"persepsi/internal/ink"
)

// Size is the size of a sheet in millimetres.
type Size struct{ Width, Height float64 }

// A3 is two A4 side by side.
func A3() Size { return Size{297, 420} }

// A4 is the size of reports and posters.
func A4() Size { return Size{210, 297} }

// A5 is half of an A4.
func A5() Size { return Size{148, 210} }

// A6 is half of an A5.
func A6() Size { return Size{105, 148} }

// Turned returns the sheet on its side.
func (s Size) Turned() Size { return Size{s.Height, s.Width} }

// Info is what a file says of itself. Lang is the language of its texts, At the time that
// it bears as that of its making.
type Info struct {
	Title, Subject, Author, Lang string
	At                           time.Time
	// Rest is called between two pieces of the work of beginning it; nil: it is begun in one go.
	Rest func()
}

// File is a PDF in the making. Its first fault is kept and returned by WriteTo; what is
// drawn after it is lost.
type File struct {
	out    *fpdf.Fpdf
	fonts  [faces]*font
	pen    pen
	sheets []Size
	marks  []mark
	mirror mirror

	pictures map[[sha256.Size]byte]*Picture
	enlarged float64 // how many times as large all is drawn now
}

// mark is a bookmark: fpdf reckons its place by the height of the last sheet, so that they
// are written when that is known.
type mark struct {
	title string
	level int
	page  int
	y     float64
}

// pen is what was last told to the file, so that nothing is said twice.
type pen struct {
	face  Face
	size  float64
	known bool // whether face and size are
	text  ink.Color
}

// New begins a file without sheets.
func New(info Info) (*File, error) {
	out := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: A4().Width, Ht: A4().Height}})
	out.SetMargins(0, 0, 0)
	out.SetCellMargin(0)
	out.SetAutoPageBreak(false, 0)
	out.SetCompression(true)
	out.SetCatalogSort(true)
	out.SetCreationDate(info.At.UTC())
	out.SetModificationDate(info.At.UTC())
	out.SetProducer("Persepsi", true)
	out.SetTitle(plain(info.Title), true)
	out.SetSubject(plain(info.Subject), true)
	out.SetAuthor(plain(info.Author), true)
	out.SetLang(info.Lang)
	f := &File{out: out, pictures: map[[sha256.Size]byte]*Picture{}, enlarged: 1}
	for i := range f.fonts {
		var err error
		if f.fonts[i], err = load(out, Face(i)); err != nil {
			return nil, err
		}
		if info.Rest != nil {
			info.Rest()
		}
	}
	return f, nil
}

// Page begins a sheet.
func (f *File) Page(s Size) {
	f.out.AddPageFormat("P", fpdf.SizeType{Wd: s.Width, Ht: s.Height})
	f.sheets = append(f.sheets, s)
	f.pen = pen{}
	f.mirror.painter = nil
}

// Pages returns how many sheets there are.
func (f *File) Pages() int { return len(f.sheets) }

// Bookmark names a place of the newest sheet in the reader's list. Level 0 is the highest; one that
// skips a level is taken for the next.
func (f *File) Bookmark(title string, level int, y float64) {
	if n := len(f.marks); n == 0 {
		level = 0
	} else {
		level = min(level, f.marks[n-1].level+1)
	}
	f.marks = append(f.marks, mark{f.Clean(title), level, len(f.sheets), y})
}

// Target is a place that links within the file lead to.
type Target int

// NewTarget makes one; Here gives it its place.
func (f *File) NewTarget() Target { return Target(f.out.AddLink()) }

// Here puts a target on the newest sheet.
func (f *File) Here(t Target, y float64) { f.out.SetLink(int(t), y, len(f.sheets)) }

// LinkTo makes a part of the newest sheet lead to a target.
func (f *File) LinkTo(t Target, x, y, width, height float64) {
	f.out.Link(x, y, width, height, int(t))
}

// Link makes a part of the newest sheet lead to an address.
func (f *File) Link(address string, x, y, width, height float64) {
	f.out.LinkString(x, y, width, height, address)
}

// WriteTo ends the file and writes it. Its errors are the first fault of all that was
// drawn and the writer's.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	if n := len(f.sheets); n > 0 {
		last := f.sheets[n-1].Height
		f.choose(Regular, 10) //nolint:mnd // any: titles are UTF-16 while a Unicode font is chosen
		for _, m := range f.marks {
			f.out.SetPage(m.page)
			f.out.Bookmark(m.title, m.level, m.y+last-f.sheets[m.page-1].Height)
		}
		f.out.SetPage(n)
	}
	count := &counter{w: w}
	if err := f.out.Output(count); err != nil {
		return count.n, fmt.Errorf("write PDF: %w", err)
	}
	return count.n, nil
}

// Err returns the first fault of what was drawn so far, nil where there is none.
func (f *File) Err() error { return f.out.Error() }

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // WriteTo says what failed
}

// plain is a text for the list of facts about a file, whose UTF-16 fpdf makes of the three
// shortest forms of UTF-8 alone.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
