package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DefaultTimeZone is the city's zone where an apply file names none.
const DefaultTimeZone = "Asia/Makassar"

// Directory is one catalogue version made ready for look-ups: it answers from
// memory which unit, services, period and form belong to a scanned code. It is
// immutable, and safe for concurrent use.
type Directory struct {
	catalogue *Catalogue
	zone      *time.Location
	library   *Library
	methods   *Methods
	points    map[string]Place
	units     map[string]Place
	periods   map[string]*Period
	forms     map[string]*Form // by period code
	earlier   map[string][]Earlier
	renamed   bool // some unit, service or point has another code than it had
}

// Place is a unit with its agency, and the point where a scan led to it.
type Place struct {
	Agency *Agency
	Unit   *Unit
	Point  *Point // nil for a unit alone
}

// NewDirectory makes a catalogue ready for look-ups; the library learns the
// instruments that the catalogue declares. It fails only where the catalogue names
// what this program doesn't have: a time zone, an instrument.
func NewDirectory(c *Catalogue, lib *Library, methods *Methods) (*Directory, error) {
	name := c.City.TimeZone
	if name == "" {
		name = DefaultTimeZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	if err := lib.Learn(c); err != nil {
		return nil, err
	}
	d := &Directory{
		catalogue: c, zone: zone, library: lib, methods: methods,
		points: map[string]Place{}, units: map[string]Place{}, periods: map[string]*Period{}, forms: map[string]*Form{}, earlier: indexEarlier(c.Earlier),
	}
	for a := range c.Agencies {
		agency := &c.Agencies[a]
		for u := range agency.Units {
			unit := &agency.Units[u]
			for _, code := range unit.Codes() {
				d.units[code] = Place{Agency: agency, Unit: unit}
			}
			d.renamed = d.renamed || len(unit.Former) > 0
			for s := range unit.Services {
				d.renamed = d.renamed || len(unit.Services[s].Former) > 0
			}
			for p := range unit.Points {
				point := &unit.Points[p]
				for _, code := range allCodes(point.Code, point.Former) {
					d.points[foldCode(code)] = Place{Agency: agency, Unit: unit, Point: point}
				}
				d.renamed = d.renamed || len(point.Former) > 0
			}
		}
	}
	for i := range c.Periods {
		p := &c.Periods[i]
		d.periods[p.Code] = p
		if d.forms[p.Code], err = lib.Form(p.Instruments...); err != nil {
			return nil, fmt.Errorf("period %s: %w", p.Code, err)
		}
	}
	return d, nil
}

// foldCode makes a typed point code comparable: case, spaces and hyphens don't
// tell two points apart.
func foldCode(s string) string {
	for i := range len(s) {
		if c := s[i]; c != ' ' && c != '-' && (c < 'a' || c > 'z') && c < utf8.RuneSelf {
			continue
		}
		return strings.ToUpper(separators.Replace(s))
	}
	return s // as it stands in a symbol
}

var separators = strings.NewReplacer(" ", "", "-", "")

// Catalogue returns the catalogue behind the directory; it must not be changed.
func (d *Directory) Catalogue() *Catalogue { return d.catalogue }

// City returns the city.
func (d *Directory) City() *City { return &d.catalogue.City }

// Zone returns the city's time zone.
func (d *Directory) Zone() *time.Location { return d.zone }

// Methods returns the table of methods.
func (d *Directory) Methods() *Methods { return d.methods }

// Library returns the instruments.
func (d *Directory) Library() *Library { return d.library }

// Point finds a point by its code, or one that it had, however it was typed.
func (d *Directory) Point(code string) (Place, bool) {
	p, ok := d.points[foldCode(code)]
	return p, ok
}

// Unit finds a unit by its code, or one that it had.
func (d *Directory) Unit(code string) (Place, bool) {
	p, ok := d.units[code]
	return p, ok
}

// Agency finds an agency by its code, or one that it had.
func (d *Directory) Agency(code string) (*Agency, bool) {
	for i := range d.catalogue.Agencies {
		if a := &d.catalogue.Agencies[i]; a.Code == code || slices.Contains(a.Former, code) {
			return a, true
		}
	}
	return nil, false
}

// Period finds a period by its code.
func (d *Directory) Period(code string) (*Period, bool) {
	p, ok := d.periods[code]
	return p, ok
}

// Form returns the form of a period.
func (d *Directory) Form(period string) *Form { return d.forms[period] }

// Today returns the city's civil day at an instant.
func (d *Directory) Today(now time.Time) Date { return DateOf(now, d.zone) }

// Running returns the periods that are open for a unit on a day, the one that
// began last first: that is the one a scan leads to. None is at a closed unit.
func (d *Directory) Running(unit string, day Date) []*Period {
	var out []*Period
	if d.units[unit].Closed() {
		return nil
	}
	for i := range d.catalogue.Periods {
		if p := &d.catalogue.Periods[i]; p.Contains(day) && p.Covers(unit) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *Period) int { return int(b.From) - int(a.From) })
	return out
}

// PeriodsOf returns every period of a unit, by its code or one that it had, the newest first.
func (d *Directory) PeriodsOf(unit string) []*Period {
	if place, ok := d.units[unit]; ok {
		unit = place.Unit.Code
	}
	var out []*Period
	for i := range d.catalogue.Periods {
		if p := &d.catalogue.Periods[i]; p.Covers(unit) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *Period) int { return int(b.From) - int(a.From) })
	return out
}

// Upcoming returns the first of a unit's periods that begin after a day, nil where none is
// declared.
func (d *Directory) Upcoming(unit string, day Date) *Period {
	var next *Period
	for _, p := range d.PeriodsOf(unit) {
		if p.From > day && (next == nil || p.From < next.From) {
			next = p
		}
	}
	return next
}

// Remote returns the unit's open points whose form the public pages link to.
func (u *Unit) Remote() []Point {
	return slices.DeleteFunc(u.Open(), func(p Point) bool { return !p.Remote })
}

// Open returns the points that take answers while a period runs, none of a closed unit.
func (u *Unit) Open() []Point {
	if u.Closed {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(u.Points), func(p Point) bool { return p.Closed })
}

// Offered returns the services that a citizen may choose at the unit.
func (u *Unit) Offered() []Service {
	return slices.DeleteFunc(slices.Clone(u.Services), func(s Service) bool { return s.Closed })
}
