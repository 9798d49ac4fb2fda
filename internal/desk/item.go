package desk

import "persepsi/survey"

// Kind is what an item of attention is about. The lower one is the more urgent.
type Kind uint8

// The kinds.
const (
	UnitSilent        Kind = iota // no point of a unit has had an answer for too long
	PointSilent                   // a point has had no answer for too long
	Burst                         // far more answers than usual within an hour
	Fall                          // an index fell by more than the usual
	SampleMissed                  // at this pace the sample won't be reached
	PopulationMissing             // nobody declared how many people were served, or the number can't be right
	PeriodEnds                    // the period's last day is near
	SampleNear                    // few answers lack of the sample, and the pace reaches it soon
	FinalMade                     // the closed period's figures are there
	CommentsUnread
)

// String returns the kind's name, the last part of a message's key.
func (k Kind) String() string {
	return [...]string{
		"unit_silent", "point_silent", "burst", "fall", "sample_missed", "population_missing", "period_ends", "sample_near", "final_made", "comments_unread",
	}[k]
}

// Item is one thing to look at, with the numbers that its sentence needs. Which of the
// pointers is set goes by Kind.
type Item struct {
	Kind Kind
	// Units is how many units it is about. Where that is more than one, Unit and UnitName
	// are empty, and so are Agency and AgencyName where they are of several agencies.
	Units              int
	Agency, AgencyName string
	Unit, UnitName     string
	Period             *Period

	Silence *Silence // UnitSilent, PointSilent
	Burst   *Hour    // Burst
	Fall    *Index   // Fall: its Change tells by how much
	Sample  *Sample  // SampleMissed, SampleNear, PopulationMissing: its Fault
	Day     *survey.Date
	Days    int // PeriodEnds: until the last day, which is Day; FinalMade: since Day
	Count   int // CommentsUnread
	// Alike are the items that this one stands for, the most urgent first; empty: itself alone.
	Alike []Item

	Target Target

	weight float64 // orders items of one kind, the heavier first
}

// Silence is a time without answers that chance does not explain.
type Silence struct {
	Point, PointName string // empty: the whole unit
	// Since is the first open day without an answer, Last the day of the last answer.
	Since, Last survey.Date
	// Days is the number of open days that went by since, Usual the number of answers on
	// an open day before.
	Days  int
	Usual float64
	// Probability is how likely such a silence is where nothing is wrong.
	Probability float64
}

// Hour is an hour in which far more answers came than usual.
type Hour struct {
	Day survey.Date
	// Hour begins it, 0 to 23 in the city's time zone. Answers came within it; Usual is
	// the number in an hour of that weekday and time.
	Hour    int
	Answers int64
	Usual   float64
	// Point is the point from which at least AtPoint of the answers must have come by the
	// day's counts; empty where these do not tell.
	Point, PointName string
	AtPoint          int64
}

// Page is a page that an item leads to.
type Page uint8

// The pages.
const (
	PageUnit       Page = iota // the unit
	PagePoint                  // where its points stand
	PageSample                 // its sample by service
	PageIndex                  // an index of it, by aspect
	PageComments               // its comments
	PagePopulation             // how the people served are declared
	PageResults                // the figures that everybody sees
)

// Target is where an item's link leads to. Unit is empty where it is about several.
type Target struct {
	Page                 Page
	Agency, Unit, Period string
	Point, Index         string
}
