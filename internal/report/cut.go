package report

import (
	"slices"
	"strconv"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// cut is the part of a period's totals that an audience may see: its view is made of that.
type cut struct {
	totals      *Totals
	live        bool
	evaluations map[string]analytics.Evaluation // that the audience may see
	signals     bool
}

// of returns the totals that a unit's figures are made of, and the release that
// they are of: nil where they are live. What was released at a period's close is
// the one figure for everybody.
func (c cut) of(unit string, form *survey.Form) (*analytics.Tally, *analytics.ReleasedTally) {
	r := c.totals.Released[unit]
	if r != nil && r.Tally.N == 0 { // all that was released is undone
		r = nil
	}
	switch {
	case c.live && (r == nil || !r.Final):
		return c.totals.of(unit, form), nil
	case r == nil || r.Tally.Form().ID != form.ID:
		return nil, nil
	default:
		return r.Tally, r
	}
}

// cuts returns the cut of each audience.
func cuts(t *Totals) [audiences]cut {
	return [audiences]cut{
		Live:    {totals: t, live: true, evaluations: t.Evaluations, signals: true},
		Managed: {totals: t, evaluations: t.Evaluations},
		Public:  {totals: t},
	}
}

// count tells how many answers there are, how many of them the figures hold, and
// why there are no figures.
func (b *viewMaker) count(c cut, e *unitEntry) {
	r := e.result
	if c.live && r.Released == nil {
		r.Responses = analytics.CountResponses(e.tally)
	} else {
		r.Responses = released(e.tally, e.all.Responses())
	}
	r.Responses.Undone = e.undone
	if of := r.Released; of != nil {
		r.AsOf, r.Final = &of.AsOf, of.Final
	} else if !c.live {
		r.Withheld = b.withheld(c, e)
	}
}

// withheld tells why there are no figures of a unit; see UnitResult.Withheld.
func (b *viewMaker) withheld(c cut, e *unitEntry) string {
	least := int64(b.directory.City().LeastReleased())
	fewer := "fewer_than_" + strconv.FormatInt(least, 10)
	enough := false // of a kind
	if e.all != nil {
		kinds := e.all.Kinds()
		enough = slices.Max(kinds[:]) >= least
	}
	old := c.totals.Released[e.key]
	switch {
	case c.totals.Damaged[e.key]:
		return "damaged"
	case e.all.Responses() < least || !enough && b.closed():
		return fewer
	case !enough || b.now().Before(b.period.End(b.directory.Zone())):
		return "not_yet"
	case old != nil && old.Final && old.Tally.N == 0: // all that it held was undone, and is back
		return "brought_again"
	default:
		return "closing"
	}
}

// withheldAlike reports whether a unit's figures are withheld, if they are, for the reason
// that there is now: it may be another one without an answer, when the period ends.
func (b *viewMaker) withheldAlike(c cut, e *unitEntry) bool {
	return e.result.Withheld == "" || e.result.Withheld == b.withheld(c, e)
}

// expiry returns the next moment at which figures may be withheld for another reason though no
// answer came; zero: there is none any more.
func (b *viewMaker) expiry() time.Time {
	end := b.period.End(b.directory.Zone())
	for _, at := range []time.Time{end, end.Add(survey.Grace + 1)} {
		if b.now().Before(at) {
			return at
		}
	}
	return time.Time{}
}

// closed reports whether no answer of the period is on its way any more.
func (b *viewMaker) closed() bool {
	return b.now().After(b.period.End(b.directory.Zone()).Add(survey.Grace))
}

// released counts the answers that a release holds, beside all that there are.
func released(t *analytics.Tally, all int64) analytics.Responses {
	r := analytics.CountResponses(t)
	counted := r.Valid
	r.Valid, r.Counted = all, &counted
	return r
}

// pooled returns a group's result as the view's audience sees it.
func (v *View) pooled(g *analytics.Group, units []*unitEntry) *analytics.GroupResult {
	out := g.Result()
	all, counted := int64(0), out.Responses.Valid
	for _, e := range units {
		all += e.all.Responses()
	}
	out.Responses.Valid = all
	if !v.live || counted != all {
		out.Responses.Counted = &counted
	}
	if v.live {
		of := make([]*analytics.Tally, len(units))
		for i, e := range units {
			of[i] = e.all
		}
		for code, x := range out.Indexes {
			x.Decline(v.all.Form, v.all.Form.Index(code), of...)
		}
		return out
	}
	for code, x := range out.Indexes {
		out.Indexes[code] = x.Published()
	}
	return out
}
