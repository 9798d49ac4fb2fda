package analytics

import (
	"slices"
	"time"

	"persepsi/survey"
)

// ReleasedTally is what a release lets be seen of a unit's answers in a period: some
// of them, so that neither it nor the difference from an earlier one tells what
// a person answered. It is never changed again.
type ReleasedTally struct {
	// Serial counts the releases of the unit in the period, from 1 on.
	Serial int
	// AsOf is the moment from which on answers are in a later release, At that
	// of making it.
	AsOf, At time.Time
	// Final tells that it was made after the period's close.
	Final bool
	// Checksum is the SHA-256 of the fact, in hexadecimal.
	Checksum string
	// Tally holds the totals, without breakdown. An answer to a question that too
	// few gave is missing in it, however many answered the others.
	Tally *Tally
	// People counts the respondents by field of the form and category, from 1
	// on; 0: not told, or by too few. Of one whose fields were removed it is what
	// ClearPeople left.
	People [][]int64
	// Tables tells that it has the unit's tables.
	Tables bool
	// Removes tells that it holds some answers no longer that the one before did: what
	// the two differ by is no span of time.
	Removes bool
	// Cleared is the city's day on which removing the respondent fields of its answers
	// began; zero: they are there.
	Cleared survey.Date
}

// Published returns an index as released figures show it: without the sums and
// the reliability, which tell more of single answers than an index does.
func (x *Index) Published() *Index {
	if x == nil {
		return nil
	}
	out := *x
	out.Reliability = Reliability{}
	out.Aspects = slices.Clone(x.Aspects)
	for i := range out.Aspects {
		out.Aspects[i].Sum, out.Aspects[i].Declined, out.Aspects[i].Questions = 0, nil, nil
	}
	return &out
}

// Withhold marks the aspects that a released index has no answers of. Whether nobody
// answered them, or too few to be released, is not told: the first answer would show.
func (x *Index) Withhold() {
	if x == nil {
		return
	}
	for a := range x.Aspects {
		x.Aspects[a].Withheld = x.Aspects[a].N == 0
	}
}

// Kinds counts the responses of a tally by the hand that they went through; none
// for nil.
func (t *Tally) Kinds() (out [survey.KindCount]int64) {
	if t == nil {
		return out
	}
	for m, n := range t.Modes {
		out[survey.Mode(m).Kind()] += n
	}
	return out
}
