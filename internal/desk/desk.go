package desk

import (
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/survey"
)

// Desk is what somebody may see at one moment. It is immutable, and so is all that it
// leads to.
type Desk struct {
	// At is the time of the figures: every answer stored before it is counted. Not to be
	// shown where only Revision tells whether a page is to be drawn anew.
	At time.Time
	// Today is the city's day that the desk was made on.
	Today survey.Date
	// City and Demo are taken from the catalogue.
	City string
	Demo bool
	// Late says since when the figures could not be refreshed; nil: they are of now.
	Late *Staleness
	// Attention are the items of every unit that is seen, the most urgent first; those
	// that many units share are one (see Item.Units).
	Attention []Item
	// Agencies have at least one visible unit each, in the catalogue's order; closed agencies
	// are here if they have answers in the periods shown.
	Agencies []*Agency
	// Periods are the periods of the visible units, the newest first.
	Periods []*Period
	// Whole are the roll-ups of the whole city by period, the newest first; empty for who
	// may not see all of it.
	Whole []*Group
	// Revision is another text if and only if something else is shown.
	Revision string

	whole  *fullDesk
	scopes string
	may    func(access.Scope) bool
}

// MostShown is how many items of attention a page lists before it counts the others.
const MostShown = 7

// Staleness tells that figures are older than they should be.
type Staleness struct {
	// Since is when they were refreshed last; zero where they never were since the start.
	Since time.Time
}

// Agency is an agency with its visible units.
type Agency struct {
	Code, Name string
	Closed     bool
	// Units are the visible units in the catalogue's order, each in its Main period.
	Units []*Unit
	// Groups are the agency's roll-ups by period, the newest first; empty where not all
	// of its units are seen.
	Groups []*Group
	// Attention are the items of its units.
	Attention []Item

	codes []string
}

// Period is a survey period.
type Period struct {
	Code, Name string
	From, To   survey.Date
}

// State is where a unit's period stands on a day.
type State uint8

// The states.
const (
	Before  State = iota // the period has not begun: Days until it does
	Running              // answers are taken: Days until the last day, 0 on it
	Closing              // it is over, and its final figures are not made yet
	Final                // what is shown are the figures of the closed period
)

// Unit is a unit in one period.
type Unit struct {
	Agency, AgencyName string
	Code, Name         string
	Closed             bool // no answers are taken any more
	Period             *Period
	State              State
	// Days is how many civil days it is until the period begins, or until its last day;
	// see State.
	Days int
	// Answers is how many there are by now, Counted how many the newest release holds.
	Answers, Counted int64
	// Withheld says why there are no figures, as report.UnitResult does; empty where
	// there are. `fewer_than_N` also where nobody answered: see Answers.
	Withheld string
	// AsOf is the moment up to which the figures count answers, in the city's time zone; nil
	// where there are none.
	AsOf *time.Time
	// Indexes are in the form's order of analytics.Order; empty where they are withheld.
	Indexes []Index
	Sample  Sample
	// Attention are the unit's items in this period, the most urgent first.
	Attention []Item
	Counts
	// Unread is how many comments nobody has read yet; nil where that is not known.
	Unread *int

	digest digest
	falls  []fall
}

// Index is an index of a unit or group with what is to be said beside it.
type Index struct {
	Code string
	// Figure is the index as the newest release has it: the same value that result pages
	// and API show.
	Figure *analytics.Index
	// Sure tells that the 95 % interval lies within one grade ("cukup pasti"); else
	// Could are the other grades within it, the best first ("bisa B"). Neither where
	// aspects are missing: Figure.Partial.
	Sure  bool
	Could []string
	// Change compares it with the same index of the period before; nil where there is
	// none with a figure.
	Change *Change

	figure *analytics.Figure // Figure, as far as comparing needs it
}

// Change is what an index differs by from that of the period before.
type Change struct {
	// Period is the period before, Before its figure.
	Period *Period
	Before *analytics.Index
	// Change has the difference and whether it is real ("nyata") or within the usual ups and
	// downs ("dalam kewajaran"), or why both are not compared.
	analytics.Change
	// Aspect is the aspect that fell most, where the index fell and that is real, with its
	// means on 0-4 before and now as they are shown; empty where none fell.
	Aspect                  string
	AspectBefore, AspectNow string
}

// Sample compares the answers with the sample that the people served need.
type Sample struct {
	// Needed is by Krejcie and Morgan; nil where Population is not known or can't be
	// right, which Fault tells as analytics.Sample does.
	Population, Needed *int
	Fault              string
	// SoFar are the answers by now, Missing how many more are needed.
	SoFar, Missing int64
	// Pace tells how it goes on; nil where the period does not run, or it is not known on
	// which days the answers came: see Counts.Known.
	Pace *analytics.Pace
}

// Counts are live numbers of answers by when and where they were given.
type Counts struct {
	// Known tells that what follows is known: of periods that were over long ago it may be
	// a few seconds after a start until it is.
	Known bool
	// Days are the answers of each civil day from the period's first to its last or
	// today, whichever is earlier.
	Days []DayCount
	// Hours are the answers by weekday (Sunday 0) and hour of the city; those on paper,
	// which tell no hour, are left out.
	Hours [7][24]int64
	// Points and Services are in the catalogue's order, then those that are elsewhere or
	// nowhere by now.
	Points   []PointCount
	Services []ServiceCount
}

// DayCount is a civil day with its answers: of a unit, or of all of a city's, for which 32 bits
// are enough. There is one for each day, unit and period.
type DayCount struct {
	Day     survey.Date
	Answers int32
	Open    bool // by the unit's hours and the city's holidays
}

// PointCount are the answers that were given at a point.
type PointCount struct {
	Code, Name string
	Closed     bool
	Answers    int64
	// Last is the day of the last answer in this period; nil: there is none.
	Last *survey.Date
	// Usual is the number of answers on an open day, by the last weeks in which it had
	// some; 0 where too few are known to tell, and elsewhere than in the unit's main period
	// while it runs.
	Usual float64
	// Silence tells that it has had no answer for longer than chance explains; nil: not.
	Silence *Silence
}

// ServiceCount are the answers about a service.
type ServiceCount struct {
	Code, Name string
	Closed     bool
	Answers    int64
	// Served is how many people were; nil where nobody declared it. Needed is the
	// service's part of the sample, in proportion to the people served, and Missing what
	// lacks of it; both 0 where Served is nil.
	Served          *int
	Needed, Missing int64
}

// Group is an agency or the city in one period, pooled over the answers of its releases.
type Group struct {
	// Agency is empty for the city.
	Agency, Name string
	Period       *Period
	// Units take part, Answered of them have released figures, Enough of them have as
	// many answers as they need. Fell counts the units with an index that fell by more than
	// the usual, Rose those with one that rose.
	Units, Answered, Enough int
	Fell, Rose              int
	// Answers is how many there are by now.
	Answers int64
	// Indexes are pooled over the answers; unit mean and the mean by people served stand
	// in Figure. Change compares the pooled figures.
	Indexes []Index
	Days    []DayCount // Open: at least one of the units was
	// Rankings are how its units stand by each index, in the form's order; Pace where
	// their samples lead.
	Rankings []Ranking
	Pace     Pace

	digest digest
	made   []*analytics.GroupResult // and of what units: what it was made of
	units  []*Unit
}
