// Package poster draws what hangs at counters: the question, the QR symbol of the point,
// how to answer and what is promised, on A4, on A6, or as a table tent. One file holds the
// sheets of a point or of a whole city, in the order of offices, with bookmarks.
package poster

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/permalink"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Size is a kind of sheet.
type Size string

// The sizes. A tent is an A5 that is folded to two A6 faces, the back upside down.
const (
	A4   Size = "a4"
	A6   Size = "a6"
	Tent Size = "tent"
)

// Sizes returns all of them.
func Sizes() []Size { return []Size{A4, A6, Tent} }

// SizeOf returns the size of a name; without one A4.
func SizeOf(name string) (Size, error) {
	if name == "" {
		return A4, nil
	}
	if !slices.Contains(Sizes(), Size(name)) {
		return "", survey.Faulty("the poster cannot be made", []survey.Fault{{Field: "size", Code: "out_of_range", Message: "must be a4, a6 or tent"}})
	}
	return Size(name), nil
}

// Order is which posters shall be drawn.
type Order struct {
	Directory *survey.Directory
	Places    []survey.Place // open points, in the order of their sheets
	Address   string         // under which citizens reach the service, without a slash at the end
	Size      Size
	Lang      string // of the poster; one line is in the other language
	// Results returns what a unit publishes, which stands on the back of a tent, as
	// sheet.Last does; nil, or what is nil: nothing does.
	Results func(unit string) (*sheet.Input, error)
	At      time.Time // the day that stands on it as that of printing
}

// Write draws the posters of an order. The same order of a day gives the same bytes. Its
// errors come of an address that no symbol holds, and from the writer.
func Write(w io.Writer, o Order) error {
	said, err := wording.Load()
	if err != nil {
		return fmt.Errorf("draw posters: %w", err)
	}
	lang := wording.Language(o.Lang)
	city := o.Directory.City()
	d := &drawer{order: o, day: o.Directory.Today(o.At), speaker: said.In(lang), other: said.In(otherThan(lang)), accent: ink.AccentOf(city.Colour)}
	if err := d.learn(); err != nil {
		return fmt.Errorf("draw posters: %w", err)
	}
	info := pdf.Info{Title: d.words.title, Author: city.Name, Lang: lang, At: d.day.Time()}
	if len(o.Places) == 1 {
		info.Subject = o.Places[0].Unit.Name + ", " + o.Places[0].Point.Name
	}
	if d.file, err = pdf.New(info); err != nil {
		return fmt.Errorf("draw posters: %w", err)
	}
	if d.arms, err = d.file.Picture(city.Arms.File()); err != nil {
		return fmt.Errorf("draw the city's arms: %w", err)
	}
	for i := range o.Places {
		if err := d.sheet(i); err != nil {
			return fmt.Errorf("draw the poster of point %s: %w", o.Places[i].Point.Code, err)
		}
	}
	if _, err := d.file.WriteTo(w); err != nil {
		return fmt.Errorf("draw posters: %w", err)
	}
	return nil
}

func otherThan(lang string) string {
	for _, l := range survey.Languages() {
		if l != lang {
			return l
		}
	}
	return lang
}

// drawer draws the sheets of an order.
type drawer struct {
	order          Order
	day            survey.Date
	speaker, other *wording.Speaker
	words          words
	file           *pdf.File
	accent         ink.Color
	arms, logo     *pdf.Picture // of the city, and of the agency whose sheets are drawn
	behind         *backTexts   // on the back of the tents of the unit that is drawn; nil: nothing
}

// sheet draws the i-th poster, with bookmarks where an office or a unit begins.
func (d *drawer) sheet(i int) error {
	place := d.order.Places[i]
	sheets := map[Size]pdf.Size{A4: pdf.A4(), A6: pdf.A6(), Tent: pdf.A5()}
	d.file.Page(sheets[d.order.Size])
	var before survey.Place
	if i > 0 {
		before = d.order.Places[i-1]
	}
	if before.Agency != place.Agency {
		d.file.Bookmark(place.Agency.Name, 0, 0)
		var err error
		if d.logo, err = d.file.Picture(place.Agency.Logo.File()); err != nil {
			return fmt.Errorf("draw the logo of agency %s: %w", place.Agency.Code, err)
		}
	}
	if before.Unit != place.Unit {
		d.file.Bookmark(place.Unit.Name, 1, 0)
	}
	d.file.Bookmark(place.Point.Name+" · "+place.Point.Code, 2, 0)
	said, err := d.of(place)
	if err != nil {
		return err
	}
	switch d.order.Size {
	case A6:
		return d.small(said)
	case Tent:
		if before.Unit != place.Unit { // the points of a unit have one back
			if err := d.read(place); err != nil {
				return err
			}
		}
		return d.tent(said, d.behind)
	case A4:
	}
	return d.large(said)
}

// read reads what is told on the back of a unit's tents.
func (d *drawer) read(place survey.Place) error {
	if d.order.Results == nil {
		return nil
	}
	in, err := d.order.Results(place.Unit.Code)
	if err == nil {
		d.behind, err = d.backOf(in)
	}
	return err
}

// pointTexts are the texts of one point's poster.
type pointTexts struct {
	city, agency, unit, point, code string
	address, typed                  string // of the symbol, and the one that is typed
	period                          string // empty: none runs
	answer                          string // the last step, with how long it takes
}

// of returns a point's texts. The period is one that runs, for posters hang where
// they are until the next.
func (d *drawer) of(place survey.Place) (pointTexts, error) {
	s := pointTexts{
		city: d.order.Directory.City().Name, agency: place.Agency.Name, unit: place.Unit.Name, point: place.Point.Name, code: place.Point.Code,
		address: d.order.Address + permalink.Form(place.Point.Code), answer: d.words.answer,
	}
	_, s.typed, _ = strings.Cut(d.order.Address+permalink.Codes, "://")
	running := d.order.Directory.Running(place.Unit.Code, d.day)
	if len(running) == 0 {
		return s, nil
	}
	s.period = running[0].Name
	var err error
	s.answer, err = d.speaker.Say("poster.step.minutes", "Minutes", d.order.Directory.Form(running[0].Code).Minutes())
	return s, err
}

// words are what every poster says.
type words struct {
	title, question, promise, camera, aim, answer string
	open, code, free, kept, printed               string
	helps                                         [3][2]string // name and text
	heard, improved, ask, scan, figures           string       // of the back of a tent
	demo                                          string       // empty: the survey is a real one
}

func (d *drawer) learn() error {
	day, err := d.speaker.Date(d.day)
	if err != nil {
		return err
	}
	say := func(s *wording.Speaker, key string) string {
		text, wrong := s.Say(key, "Day", day)
		if err == nil {
			err = wrong
		}
		return text
	}
	s := d.speaker
	d.words = words{
		title: say(s, "poster.title"), question: say(s, "poster.question"), promise: say(s, "poster.promise"),
		camera: say(s, "poster.step.camera"), aim: say(s, "poster.step.aim"), answer: say(s, "poster.step.answer"),
		open: say(s, "poster.open"), code: say(s, "poster.code"), heard: say(s, "poster.back.heard"), improved: say(s, "publication.improved"), ask: say(s, "report.age.ask"), scan: say(s, "report.age.scan"),
		free: say(s, "poster.free"), kept: say(s, "poster.kept"), printed: say(s, "poster.printed"),
		helps: [3][2]string{
			{say(s, "poster.nophone"), say(s, "poster.nophone.text")},
			{say(s, "poster.complaint"), say(s, "poster.complaint.text")},
			{say(d.other, "poster.question"), say(d.other, "poster.also")},
		},
	}
	if d.order.Directory.City().Demo {
		d.words.demo, d.words.figures = say(s, "print.demo.form"), say(s, "print.demo")
	}
	return err
}

// office writes city and agency, in the middle of a band between their pictures; without
// pictures from a place on.
func (d *drawer) office(x, y, width, bandTop, band float64, city, agency pdf.Span) {
	left, room := d.file.Emblems(d.arms, d.logo, x, bandTop, width, band)
	above, below := d.fit(room, 1, 1, city), d.fit(room, 2, 0.9, agency)
	if d.arms != nil || d.logo != nil {
		y = bandTop + max(0, band-above.height()-below.height())/2
	}
	d.write(left, d.write(left, y, room, pdf.Left, above), room, pdf.Left, below)
}

// mark says of a demonstration that it is one; it returns whether it is.
func (d *drawer) mark(x, y, width, size float64) bool {
	if d.words.demo == "" {
		return false
	}
	d.file.Mark(d.words.demo, x, y, width, size, ink.Warn)
	return true
}

// quiet is how many modules around a symbol stay white.
const quiet = 4

// symbol draws a symbol in its quiet zone, the upper left corner of which is at x and y.
func (d *drawer) symbol(address string, x, y, width float64) error {
	zone, err := d.zone(address, width)
	if err != nil {
		return err
	}
	return d.file.Symbol(address, x+zone, y+zone, width)
}

// zone returns how wide the quiet zone of a symbol is on each side.
func (d *drawer) zone(address string, width float64) (float64, error) {
	modules, err := d.file.SymbolWidth(address, 1, 1)
	return quiet * width / modules, err
}
