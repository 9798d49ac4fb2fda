package desk

import (
	"sync"

	"persepsi/internal/access"
	"persepsi/internal/report"
)

// whole is the desk with every unit in it. What somebody may see is cut from it, and each cut
// is kept for the next one who may see the same.
type whole struct {
	figures  *report.Figures // that it was made of
	drifts   *drifts         // that its forecasts go by
	bare     Desk            // without what goes by scope
	head     digest          // of bare
	agencies []*agencyAll
	periods  []*Period
	city     map[string]*Group // by period
	byCode   map[string]*place

	mu   sync.Mutex
	cuts map[string]*Desk // by scopes and period
}

// agencyAll is an agency with all of its units.
type agencyAll struct {
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
func (w *whole) group(agency, period string) *Group {
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

// mostCuts bounds how many cuts are kept: beyond it they are made anew.
const mostCuts = 1 << 10

// finish completes a whole.
func (w *whole) finish() {
	w.bare.whole, w.bare.may = w, func(access.Scope) bool { return false }
	w.head = digestOfAll(w.bare.Today, w.bare.City, w.bare.Demo, w.bare.Late)
}
