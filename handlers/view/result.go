package view

import (
	"strings"
	"time"

	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// Result is a unit's public result.
type Result struct {
	Frame
	survey.Place
	Periods []*survey.Period
	Period  *survey.Period
	Running bool
	Over    bool // its last day is past
	// Remote are the points whose form is linked; AtPoint tells that a form is
	// open for who is there.
	Remote  []survey.Point
	AtPoint bool
	Unit    *report.UnitResult // shadows Place.Unit in templates
	Heading string
	Main    *wording.NamedIndex // of the form's first index, nil where there are no figures
	Others  []*wording.NamedIndex
	People  []People
	Least   int // people that released figures hide a person among
	Zone    *time.Location
	// Next is the first period to come, where none has begun.
	Next *survey.Period
	// Improved is what the unit says that it did about results; nil: nothing yet, which
	// is told where Silent.
	Improved *ImprovementList
	Silent   bool
	// History is the unit over time; Unread tells that its months and releases cannot
	// be read now.
	History *report.History
	Unread  bool
	// Names holds the names of units by code and of agencies by `agencies.CODE`, for amendments.
	Names map[string]string
	// Age tells whether the print whose symbol led here is of the newest figures; empty: none
	// did.
	Age sheet.Age
}

// Card is a unit's result in a small page that other sites frame; without a Period it says
// that there is nothing, without a unit that nothing is at its address.
type Card struct{ Result }

// Shown returns the indexes that have figures, the form's first of them first.
func (c *Card) Shown() []*wording.NamedIndex {
	if c.Main == nil {
		return c.Others
	}
	return append([]*wording.NamedIndex{c.Main}, c.Others...)
}

// Through returns the last day whose answers the figures may hold.
func (r *Result) Through() survey.Date {
	return survey.DateOf(r.Unit.AsOf.Add(-time.Nanosecond), r.Zone)
}

// Answers returns how many answers there are.
func (r *Result) Answers() int64 {
	if r.Unit == nil {
		return 0
	}
	return r.Unit.Responses.Valid
}

// Enough reports whether there are as many answers as a release needs, of all kinds
// together.
func (r *Result) Enough() bool { return r.Unit.Responses.Valid >= int64(r.Least) }

// People is one breakdown of the respondents.
type People struct {
	Field survey.Field
	Cells []PeopleCell
}

// Listed returns the groups in the form's order, those who told nothing last.
func (p People) Listed() []PeopleCell {
	var told, untold []PeopleCell
	for _, c := range p.Cells {
		if c.Label == nil {
			untold = append(untold, c)
		} else {
			told = append(told, c)
		}
	}
	return append(told, untold...)
}

// PeopleCell is one group of respondents; N is hidden where Suppressed.
type PeopleCell struct {
	Label      survey.Text // nil: not told
	N          int64
	Suppressed bool
}

// ImprovementList is what a unit did about the results of a period.
type ImprovementList struct {
	List []Improvement
	// Period is whose results they were about, nil where it is that of the page.
	Period *survey.Period
}

// Improvement is one of them; About is its aspect as the page names it, nil: none.
type Improvement struct {
	survey.Improvement
	About survey.Text
}

// Itself reports whether the unit's name says by itself that it is a service: "service
// at Pelayanan Perizinan" says it twice.
func (r *Result) Itself() bool {
	name := strings.ToLower(r.Place.Unit.Name)
	return strings.HasPrefix(name, "pelayanan") || strings.HasPrefix(name, "layanan") || strings.HasPrefix(name, "unit pelayanan")
}
