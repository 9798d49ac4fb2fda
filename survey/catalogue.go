package survey

import (
	"cmp"
	"time"
)

// Catalogue is all that is declared about one city. It is stored whole, as one
// immutable document a version, so that an `apply` is all or nothing on every
// store: the writer of version n+1 fails when somebody else wrote it first.
type Catalogue struct {
	// Version counts the stored catalogues from 1; 0 is the empty catalogue
	// before the first apply.
	Version  int64    `json:"version"`
	City     City     `json:"city"`
	Agencies []Agency `json:"agencies"`
	Periods  []Period `json:"periods"`
	// Instruments are the city's own, every version for ever: answers name theirs.
	Instruments []Instrument `json:"instruments,omitempty"`
	// Earlier are results of units from before, known as figures alone.
	Earlier []Earlier `json:"earlier,omitempty"`
}

// City is the city or regency whose offices are surveyed.
type City struct {
	Name string `json:"name"`
	// TimeZone is an IANA name; it decides the civil day and hour of every
	// answer. Default Asia/Makassar.
	TimeZone string `json:"time_zone"`
	// Demo marks a demonstration city: every page and export says so.
	Demo bool `json:"demo,omitempty"`
	// Least is the least number of people that released figures hide a person
	// among; 0: DefaultLeast.
	Least int `json:"least,omitempty"`
	// Notice is what citizens are told about what is kept of them.
	Notice Notice `json:"notice,omitzero"`
	// Hours are when offices are open, unless an agency or unit has its own; see
	// Calendar. Holidays are in the order of their days.
	Hours    Hours     `json:"hours,omitzero"`
	Holidays []Holiday `json:"holidays,omitempty"`
	// Colour is the colour of its prints, as "#7a1f2b"; empty: they have ours. Arms stand at their
	// head. See internal/ink for where the colour is used.
	Colour string   `json:"colour,omitempty"`
	Arms   *Picture `json:"arms,omitempty"`
}

// Bounds of City.Least.
const (
	DefaultLeast = 10
	LowestLeast  = 5
	HighestLeast = 100
)

// LeastReleased is the least number of people that a release of figures holds,
// and by which it differs from every earlier one.
func (c *City) LeastReleased() int { return cmp.Or(c.Least, DefaultLeast) }

// Agency is an OPD (perangkat daerah).
type Agency struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Units []Unit `json:"units"`
	// Closed: so are all its units. ClosedOn is the day of it.
	Closed   bool `json:"closed,omitempty"`
	ClosedOn Date `json:"closed_on,omitempty"`
	// Former are the codes that it had, the first one first: see Key.
	Former []string `json:"former,omitempty"`
	Hours  Hours    `json:"hours,omitzero"` // its own
	Logo   *Picture `json:"logo,omitempty"` // at the head of its prints
}

// Unit is a service unit (unit layanan) of an agency; its code is unique in
// the city.
type Unit struct {
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	Services []Service `json:"services"`
	Points   []Point   `json:"points"`
	// Closed: no answer of a citizen is taken any more. What was answered stays, and
	// so do the figures of it. ClosedOn is the day of it.
	Closed   bool `json:"closed,omitempty"`
	ClosedOn Date `json:"closed_on,omitempty"`
	// Former are the codes that it had, the first one first: see Key.
	Former []string `json:"former,omitempty"`
	Hours  Hours    `json:"hours,omitzero"` // its own
}

// Service is one kind of service (jenis layanan) of a unit; its code is unique
// in the unit.
type Service struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Closed bool   `json:"closed,omitempty"` // no longer offered: kept for its answers
	// Former are the codes that it had, the first one first: see Key.
	Former []string `json:"former,omitempty"`
}

// Point is a service point (loket) with a QR symbol; its code is unique in the
// city.
type Point struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Closed bool   `json:"closed,omitempty"` // its symbol leads to a page that says so
	// Remote tells that the public pages may link to the point's form. Without
	// it only who was there, and so has its code, is led to it.
	Remote bool `json:"remote,omitempty"`
	// Former are the codes that it had, the first one first: symbols of each of
	// them lead to it. See Key.
	Former []string `json:"former,omitempty"`
	// Moved tells when it came to its unit from another one; nil: never.
	Moved *Move `json:"moved,omitempty"`
}

// Move is the last move of a point from one unit to another.
type Move struct {
	From string    `json:"from"` // the key of the unit that it was at before
	At   time.Time `json:"at"`
}

// Period is a survey period, from its first to its last civil day inclusive.
type Period struct {
	Code string `json:"code"`
	Name string `json:"name"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
	// Instruments are the references CODE@VERSION whose questions make up the
	// period's one form.
	Instruments []string `json:"instruments"`
	// Methods names a method per index, for those that don't take the
	// instrument's default.
	Methods map[string]string `json:"methods,omitempty"`
	// Population is the number of people served per unit in the period: the
	// base of the sample size.
	Population map[string]int `json:"population,omitempty"`
	// Served are the same people by service, by unit, where they are known so:
	// Population has the sum.
	Served map[string]map[string]int `json:"served,omitempty"`
	// Improved tells what units did about the period's results.
	Improved map[string][]Improvement `json:"improved,omitempty"`
	// Units are the units that take part; empty: all.
	Units []string `json:"units,omitempty"`
	// Overlaps names the periods that this one may overlap at a unit (with
	// other instruments).
	Overlaps []string `json:"overlaps,omitempty"`
	// Amendments are the changes that were made of it when it had answers, the
	// oldest first.
	Amendments []Amendment `json:"amendments,omitempty"`
}

// Contains reports whether a civil day lies in the period.
func (p *Period) Contains(d Date) bool { return p.From <= d && d <= p.To }

// Covers reports whether a unit takes part in the period.
func (p *Period) Covers(unit string) bool {
	if len(p.Units) == 0 {
		return true
	}
	for _, u := range p.Units {
		if u == unit {
			return true
		}
	}
	return false
}
