package report

import (
	"cmp"
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/survey"
)

// Ready is a unit with how far it is from WBK and WBBM.
type Ready struct {
	*UnitResult
	// Over tells that no answer moves its figures any more.
	Over      bool
	WBK, WBBM analytics.Readiness
}

// At returns the readiness for a level: "wbk" or "wbbm".
func (r *Ready) At(level string) *analytics.Readiness {
	if level == "wbbm" {
		return &r.WBBM
	}
	return &r.WBK
}

// Horizon is how far the figures of a period may still move on a day.
type Horizon struct {
	Period *survey.Period
	Today  survey.Date
	// Least is how many answers a final release holds at least: of fewer none is ever made.
	Least int
	// AtClose returns how many answers a unit will have at the end by its pace; 0: not known.
	AtClose func(unit string) int64
}

// over reports whether no answer moves a unit's figures any more: they are those of the
// final release or, where there never will be one, those of a period that has ended.
func (h *Horizon) over(u *UnitResult) bool {
	return u.Final || h.Today > h.Period.To && u.Responses.Valid < int64(h.Least)
}

// further returns how many answers more than these a unit's final figures hold, by its pace.
func (h *Horizon) further(u *UnitResult) int64 {
	if h.Today > h.Period.To || h.AtClose == nil {
		return 0
	}
	counted := u.Responses.Valid
	if u.Responses.Counted != nil {
		counted = *u.Responses.Counted
	}
	return max(h.AtClose(u.Unit)-counted, 0)
}

// Readiness tells of each unit of results how far it is from WBK and WBBM, in the order of
// the results.
func (r *Results) Readiness(table *analytics.LKETable, h *Horizon) []*Ready {
	asks := func(code string) bool { return r.Form.Index(code) != nil }
	out := make([]*Ready, len(r.Units))
	for i, u := range r.Units {
		p := analytics.Prospect{
			IPAK: u.Indexes[analytics.IPAK], IPKP: u.Indexes[analytics.IPKP], AsksIPAK: asks(analytics.IPAK), AsksIPKP: asks(analytics.IPKP),
			Withheld: u.Withheld != "", Over: h.over(u), Further: h.further(u),
		}
		out[i] = &Ready{UnitResult: u, Over: p.Over, WBK: table.Ready(false, &u.LKE, p), WBBM: table.Ready(true, &u.LKE, p)}
	}
	return out
}

// ReadyFilter chooses units by their readiness. What is empty chooses all.
type ReadyFilter struct {
	Agency string // its code
	Level  string // what State and the order are of: wbk or wbbm
	State  analytics.Ready
	Search string // a part of the unit's or the agency's name, or its code
}

// Apply returns the units that a filter chooses, those that ask for something first, and how
// many there are of each state before State is asked for.
func (f ReadyFilter) Apply(all []*Ready) (chosen []*Ready, counts map[analytics.Ready]int) {
	counts = map[analytics.Ready]int{}
	words := strings.Fields(strings.ToLower(f.Search))
	for _, u := range all {
		text := strings.ToLower(u.UnitName + " " + u.AgencyName + " " + u.Unit)
		if f.Agency != "" && u.Agency != f.Agency || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		counts[u.At(f.Level).State]++
		if f.State == "" || u.At(f.Level).State == f.State {
			chosen = append(chosen, u)
		}
	}
	slices.SortStableFunc(chosen, func(a, b *Ready) int {
		x, y := a.At(f.Level), b.At(f.Level)
		return cmp.Or(cmp.Compare(x.Cause.Urgency(), y.Cause.Urgency()), cmp.Compare(chanceOf(y), chanceOf(x)))
	})
	return chosen, counts
}

// chanceOf returns the key by which units of one cause are sorted: the greatest chance that
// the survey allows, and -1, so last, without a forecast.
func chanceOf(r *analytics.Readiness) float64 {
	if r.Chance == nil {
		return -1
	}
	return r.Chance[1]
}
