package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"persepsi/internal/access"
)

// For returns what an actor may see of a desk: units on which they may read desks, of
// agencies and the city the roll-ups where they may see all of these. Each unit is in its
// main period: that which runs, or else ended last, or else comes next.
func (d *Desk) For(a access.Actor) *Desk {
	var key strings.Builder
	for _, s := range a.Scopes(access.ReadDesk) {
		key.WriteString(s.String())
		key.WriteByte(0)
	}
	return d.whole.cut(key.String(), "", func(s access.Scope) bool { return access.Allow(a, access.ReadDesk, s) })
}

// Scopes names all that is seen of the city on the desk: who has the same may see the same.
func (d *Desk) Scopes() string { return d.scopes }

// In returns the desk with every unit in one period, without those that take no part in
// it. False: nobody on the desk does.
func (d *Desk) In(period string) (*Desk, bool) {
	if !slices.ContainsFunc(d.Periods, func(p *Period) bool { return p.Code == period }) {
		return nil, false
	}
	return d.whole.cut(d.scopes, period, d.may), true
}

// Unit returns a unit of the desk by its code, or one that it had, in a period; in its main
// one where the period is empty. False: it isn't there, or takes no part in the period.
func (d *Desk) Unit(code, period string) (*Unit, bool) {
	p := d.whole.byCode[code]
	if p == nil || !d.may(p.scope) {
		return nil, false
	}
	u := p.in(period)
	return u, u != nil
}

// PeriodsOf returns the periods that a unit of the desk takes part in, the newest first;
// none where it isn't there.
func (d *Desk) PeriodsOf(code string) []*Period {
	p := d.whole.byCode[code]
	if p == nil || !d.may(p.scope) {
		return nil
	}
	out := make([]*Period, len(p.units))
	for i, u := range p.units {
		out[i] = u.Period
	}
	return out
}

// Agency returns an agency of the desk by its code, or one that it had.
func (d *Desk) Agency(code string) (*Agency, bool) {
	for _, a := range d.Agencies {
		if slices.Contains(a.codes, code) {
			return a, true
		}
	}
	return nil, false
}

// cut returns what may be seen of the whole, which is made once for all who may see the same:
// they alone wait for it.
func (w *fullDesk) cut(scopes, period string, may func(access.Scope) bool) *Desk {
	key := cutKey{scopes, period}
	if made, ok := w.cuts.Load(key); ok {
		return made.(func() *Desk)()
	}
	once := sync.OnceValue(func() *Desk { return w.make(scopes, period, may) })
	if w.kept.Add(1) > mostCuts {
		w.kept.Add(-1)
		return once()
	}
	made, other := w.cuts.LoadOrStore(key, once)
	if other {
		w.kept.Add(-1)
	}
	return made.(func() *Desk)()
}

func (w *fullDesk) make(scopes, period string, may func(access.Scope) bool) *Desk {
	d := w.bare
	d.whole, d.scopes, d.may = w, scopes, may
	sum := sha256.New()
	sum.Write(w.head[:])
	fmt.Fprint(sum, period, "\x00")
	seen := map[string]bool{}
	var all []*Unit // in the periods whose items are told
	for _, a := range w.agencies {
		out := a.Agency
		var units []*Unit
		for _, p := range a.units {
			if !may(p.scope) {
				continue
			}
			for _, u := range p.units {
				seen[u.Period.Code] = true
				sum.Write(u.digest[:])
				if period == "" || u.Period.Code == period {
					units = append(units, u)
				}
			}
			if u := p.in(period); u != nil {
				out.Units = append(out.Units, u)
			}
		}
		if len(out.Units) == 0 {
			continue
		}
		if may(a.scope) {
			for _, p := range w.periods {
				if g := a.groups[p.Code]; g != nil && (period == "" || p.Code == period) {
					out.Groups = append(out.Groups, g)
					sum.Write(g.digest[:])
				}
			}
		}
		out.Attention = attentionOf(units)
		all = append(all, units...)
		d.Agencies = append(d.Agencies, &out)
	}
	if may(access.City()) {
		for _, p := range w.periods {
			if g := w.city[p.Code]; g != nil && (period == "" || p.Code == period) {
				d.Whole = append(d.Whole, g)
				sum.Write(g.digest[:])
			}
		}
	}
	for _, p := range w.periods {
		if seen[p.Code] {
			d.Periods = append(d.Periods, p)
		}
	}
	d.Attention = attentionOf(all)
	d.Revision = hex.EncodeToString(sum.Sum(nil)[:12])
	return &d
}

// attentionOf returns the items of units, the most urgent first.
func attentionOf(units []*Unit) []Item {
	var items []Item
	for _, u := range units {
		items = append(items, u.Attention...)
	}
	return fold(append(items, falls(units)...))
}
