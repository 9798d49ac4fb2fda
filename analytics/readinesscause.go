package analytics

import "slices"

// ReadyCause is why a level's readiness is as it is.
type ReadyCause string

// Causes: of ReadyMay those that ask for something first, in their order.
const (
	CauseIndex   ReadyCause = "index"   // an index is below its minimum, and answers still come
	CauseEntry   ReadyCause = "entry"   // an entry is below its minimum
	CauseSum     ReadyCause = "sum"     // rows reach their minima, a sum of them does not
	CauseMissing ReadyCause = "missing" // something is not entered yet
	CauseSurvey  ReadyCause = "survey"  // nobody has answered yet
	CauseSample  ReadyCause = "sample"  // all is reached, by an index that is not adequate
	CauseOpen    ReadyCause = "open"    // all is reached, and answers still come
	CauseLost    ReadyCause = "lost"
	CauseReached ReadyCause = "reached"
	CauseUntold  ReadyCause = "untold"
)

// readyCauses are the causes in the order in which units are listed.
func readyCauses() []ReadyCause {
	return []ReadyCause{CauseIndex, CauseEntry, CauseSum, CauseMissing, CauseSurvey, CauseSample, CauseOpen, CauseUntold, CauseLost, CauseReached}
}

// Urgency is the place of a cause in a list that has first what asks for something.
func (c ReadyCause) Urgency() int { return slices.Index(readyCauses(), c) }

// Row returns a row by its name.
func (r *Readiness) Row(name string) Distance {
	for _, d := range r.Rows {
		if d.Row == name {
			return d
		}
	}
	return Distance{Test: &Test{Row: name, Missing: true}}
}

// Failing returns the rows below their minimum.
func (r *Readiness) Failing() []Distance {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(d Distance) bool { return d.Missing || d.OK() })
}

// cause finds what is said first.
func (r *Readiness) cause() ReadyCause {
	failing, missing, surveyed := map[string]bool{}, false, true
	for _, d := range r.Rows {
		failing[d.Row] = !d.Missing && !d.OK()
		if d.Row == "I.a" || d.Row == "II" {
			surveyed = surveyed && !d.Missing
		}
		missing = missing || d.Missing
	}
	entry := false
	for row := range failing {
		entry = entry || failing[row] && row != "I.a" && row != "II" && row != "I" && row != "total"
	}
	switch {
	case r.State == ReadyUntold:
		return CauseUntold
	case r.State == ReadyCannot:
		return CauseLost
	case r.State == ReadyCertain:
		return CauseReached
	case failing["I.a"] || failing["II"]:
		return CauseIndex
	case entry:
		return CauseEntry
	case failing["I"] || failing["total"]:
		return CauseSum
	case !surveyed:
		return CauseSurvey
	case missing:
		return CauseMissing
	case r.Short:
		return CauseSample
	}
	return CauseOpen
}
