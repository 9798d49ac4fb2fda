package desk

import (
	"sync"
	"sync/atomic"

	"persepsi/internal/access"
	"persepsi/internal/report"
)

// fullDesk is the desk with every unit in it. What somebody may see is cut from it, and each cut
// is kept for the next one who may see the same.
type fullDesk struct {
	figures  *report.Figures // that it was made of
	drifts   *drifts         // that its forecasts go by
	bare     Desk            // without what goes by scope
	head     digest          // of bare
	agencies []*fullAgency
	periods  []*Period
	city     map[string]*Group // by period
	byCode   map[string]*place

	// cuts are func() *Desk by cutKey, made once each by the first who calls it, and kept how
	// many there are. They are not in the bounded cache of the rest: each leads to the whole,
	// which would live on there with all its units after the next one is made.
	cuts sync.Map
	kept atomic.Int64
}

// fullAgency is an agency with all of its units.
type fullAgency struct {
	Agency
	scope  access.Scope
	units  []*place
	groups map[string]*Group // by period
}

// place is a unit in all of its periods.
type place struct {
	scope access.Scope
	main  *Unit
	units []*Unit // by period, the newest first
	key   string  // what they were made of
}

// group returns the roll-up of an agency, or of the city where it has no code; nil: there
// is none.
func (w *fullDesk) group(agency, period string) *Group {
	if w == nil {
		return nil
	}
	if agency == "" {
		return w.city[period]
	}
	for _, a := range w.agencies {
		if a.Code == agency {
			return a.groups[period]
		}
	}
	return nil
}

// in returns the unit in a period; nil: it takes no part. An empty code is the main one.
func (p *place) in(period string) *Unit {
	if period == "" {
		return p.main
	}
	for _, u := range p.units {
		if u.Period.Code == period {
			return u
		}
	}
	return nil
}

// cutKey names what somebody may see of one whole.
type cutKey struct{ scopes, period string }

// mostCuts bounds how many cuts of a whole are kept: those beyond are made for each who asks.
const mostCuts = 1 << 10

// finish completes a whole.
func (w *fullDesk) finish() {
	w.bare.whole, w.bare.may = w, func(access.Scope) bool { return false }
	w.head = digestOfAll(w.bare.Today, w.bare.City, w.bare.Demo, w.bare.Late)
}
