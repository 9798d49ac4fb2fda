// Package sheet draws the publication sheet of a unit: the result of a survey that is hung
// up and handed out, on A4 or A3. All figures on it are released ones; a symbol leads to
// today's and tells which release the sheet was printed from.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
	"persepsi/internal/permalink"
	"persepsi/internal/raster"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Size is a kind of sheet.
type Size string

// The sizes. An A3 is an A4 that is drawn larger.
const (
	A4 Size = "a4"
	A3 Size = "a3"
)

// Sizes returns all of them.
func Sizes() []Size { return []Size{A4, A3} }

// Input is what stands on a sheet, all of it of one release. Nothing in it depends on the
// clock.
type Input struct {
	City   *survey.City
	Place  survey.Place
	Period *survey.Period
	Form   *survey.Form
	Zone   *time.Location
	Result *report.UnitResult
	// Indexes are the indexes with a figure in the release, in the form's order: a sheet has at
	// least one. The first is drawn large.
	Indexes []*wording.NamedIndex
	// Improved is what the unit says that it did, about the period's results or, with nothing
	// yet, about those of Earlier.
	Improved []survey.Improvement
	Earlier  *survey.Period
}

// Gather is Read for a sheet: NotFound also where no figures of the unit are released, which
// says why.
func Gather(f *report.Figures, grades *analytics.Grades, period, unit string) (*Input, error) {
	in, err := Read(f, grades, period, unit)
	if err != nil {
		return nil, err
	}
	return in, in.Lacking()
}

// Last returns what a unit published last: of the newest of its periods that has a released
// figure; nil where none has.
func Last(f *report.Figures, grades *analytics.Grades, unit string) (*Input, error) {
	for _, p := range f.Directory().PeriodsOf(unit) { // the newest first
		in, err := Gather(f, grades, p.Code, unit)
		if err == nil {
			return in, nil
		}
		if survey.CodeOf(err) != survey.NotFound {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // there is nothing, and nothing went wrong
}

// Lacking returns, as NotFound, why there is no sheet: no index has a released figure. Nil:
// there is one.
func (in *Input) Lacking() error {
	if len(in.Indexes) > 0 {
		return nil
	}
	return survey.Errorf(survey.NotFound, "unit %s has no released figure in period %s to publish: %s", in.Place.Unit.Code, in.Period.Code, why(in.Result))
}

// Read returns what a unit publishes of a period: its public figures, whose indexes may be
// none. Errors: NotFound where there is no such period or unit and where the unit takes no
// part in it; those of report.Figures.Results.
func Read(f *report.Figures, grades *analytics.Grades, period, unit string) (*Input, error) {
	d := f.Directory()
	in := &Input{City: d.City(), Zone: d.Zone()}
	var ok bool
	if in.Period, ok = d.Period(period); !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no period %q", survey.Printable(period))
	}
	if in.Place, ok = d.Unit(unit); !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no unit %q", survey.Printable(unit))
	}
	in.Form = d.Form(in.Period.Code)
	results, err := f.Results(report.Scope{Period: in.Period.Code, Unit: in.Place.Unit.Code, Audience: report.Public})
	if err != nil {
		return nil, err
	}
	if len(results.Units) == 0 {
		return nil, survey.Errorf(survey.NotFound, "unit %s takes no part in period %s", in.Place.Unit.Code, in.Period.Code)
	}
	in.Result = results.Units[0]
	if in.Result.Published() {
		for _, code := range analytics.Order(in.Form) {
			if in.Result.Indexes[code] != nil {
				in.Indexes = append(in.Indexes, wording.NameIndex(d, in.Form, code, in.Result, grades, in.Result.Final))
			}
		}
	}
	for _, p := range d.PeriodsOf(in.Place.Unit.Code) { // the newest first
		if list := p.Improved[in.Place.Unit.Code]; p.From <= in.Period.From && len(list) > 0 && in.Improved == nil {
			in.Improved = list
			if p.Code != in.Period.Code {
				in.Earlier = p
			}
		}
	}
	return in, nil
}

// why tells in a word what the results tell: `withheld` of the API, or that nobody answered.
func why(u *report.UnitResult) string {
	switch {
	case u.Withheld != "":
		return u.Withheld
	case u.Responses.Valid == 0:
		return "no answers"
	}
	return "too few answers to every index"
}

// Mark names a release within the periods of a unit: PERIOD.SERIAL. It stands in the
// address of a print.
func Mark(period string, r *analytics.ReleasedTally) string {
	return period + "." + strconv.Itoa(r.Serial)
}

// Age is how a print compares with the newest figures.
type Age string

// The ages. A mark that no print bears has none.
const (
	Newest  Age = "newest"
	Outdone Age = "outdone"
	Unknown Age = ""
)

// AgeOf tells whether the print that bears a mark is the newest: of the newest release of the
// period that is shown now. begun are the unit's periods that have begun.
func AgeOf(mark string, begun []*survey.Period, shown *survey.Period, newest *analytics.ReleasedTally) Age {
	at := strings.LastIndexByte(mark, '.')
	if at < 0 || shown == nil || newest == nil {
		return Unknown
	}
	serial, err := strconv.Atoi(mark[at+1:])
	if err != nil || serial < 1 {
		return Unknown
	}
	for _, p := range begun {
		switch {
		case p.Code != mark[:at]:
		case p.Code == shown.Code && serial == newest.Serial:
			return Newest
		case p.Code == shown.Code && serial > newest.Serial, p.From > shown.From:
			return Unknown // of figures that there are not
		default:
			return Outdone
		}
	}
	return Unknown
}

// Address returns where a unit's newest figures are, as the print of a release leads there.
func (in *Input) Address(base string) string {
	return LeadsTo(base, in.Place.Unit.Code, in.Period.Code, in.Result.Released)
}

// LeadsTo returns where the symbol of a print leads: to the unit's newest figures, which tell
// by the mark of the release that was printed whether the print is still the newest. A print
// without a release, whose r is nil, leads to what there is of its period.
func LeadsTo(base, unit, period string, r *analytics.ReleasedTally) string {
	address := base + permalink.Result(unit)
	if r == nil {
		return address + "?period=" + url.QueryEscape(period)
	}
	return address + "?terbit=" + Mark(period, r)
}

// Through returns the last day whose answers the figures may hold.
func (in *Input) Through() survey.Date {
	return survey.DateOf(in.Result.Released.AsOf.Add(-time.Nanosecond), in.Zone)
}

// Format is how a sheet is written.
type Format string

// The formats.
const (
	PDF Format = "pdf"
	PNG Format = "png"
)

// Order is how a sheet is asked for.
type Order struct {
	Size   Size
	Format Format
	Lang   string
	// Base is the address under which citizens reach the service, without a slash at the end.
	Base string
}

// Dots are the pixels of an inch of a sheet as PNG: 1240 × 1754 of an A4.
const Dots = 150

// Write draws a sheet. The same input gives the same bytes. Its errors are those of an
// address that no symbol holds, and the writer's.
func Write(w io.Writer, in *Input, o Order) error {
	said, err := wording.Load()
	if err != nil {
		return fmt.Errorf("draw a sheet: %w", err)
	}
	d := &drawer{in: in, s: said.In(wording.Language(o.Lang)), address: in.Address(o.Base), accent: ink.AccentOf(in.City.Colour)}
	main := in.Indexes[0]
	title := d.title(main)
	d.file, err = pdf.New(pdf.Info{
		Title: title, Subject: in.Place.Unit.Name + ", " + in.Period.Name, Author: in.Place.Agency.Name, Lang: d.s.Lang(), At: in.Result.Released.At,
	})
	if err != nil {
		return fmt.Errorf("draw a sheet: %w", err)
	}
	if d.arms, err = d.file.Picture(in.City.Arms.File()); err == nil {
		d.logo, err = d.file.Picture(in.Place.Agency.Logo.File())
	}
	if err != nil {
		return fmt.Errorf("draw a sheet: %w", err)
	}
	paper, draw := pdf.A4(), d.draw
	if o.Size == A3 {
		paper = pdf.A3()
		draw = func() { d.file.Enlarge(pdf.A3().Width/pdf.A4().Width, d.draw) }
	}
	d.file.Page(paper)
	var pixels *raster.Page
	if o.Format == PNG {
		pixels = raster.New(paper, Dots)
		d.file.Mirror(pixels)
	}
	draw()
	if err := errors.Join(d.faults...); err != nil {
		return fmt.Errorf("draw the sheet of unit %s: %w", in.Place.Unit.Code, err)
	}
	if pixels != nil {
		err = errors.Join(d.file.Err(), pixels.WritePNG(w))
	} else {
		_, err = d.file.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("draw a sheet: %w", err)
	}
	return nil
}
