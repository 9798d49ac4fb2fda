package wording

import (
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// readinessWriter makes the sentences on one unit's readiness for a level.
type readinessWriter struct {
	*Speaker
	unit      *report.Ready
	readiness *analytics.Readiness
	to        survey.Date
	out       []string
	err       error
}

// Ready says what keeps a unit from WBK or WBBM, and what would change it; to is the last day
// of the period.
func (s *Speaker) Ready(u *report.Ready, level string, to survey.Date) (string, error) {
	r := &readinessWriter{Speaker: s, unit: u, readiness: u.At(level), to: to}
	switch r.readiness.Cause {
	case analytics.CauseUntold:
		r.add("ready.untold")
	case analytics.CauseReached:
		if u.Over {
			r.add("ready.reached")
		} else {
			r.add("ready.reached.running")
		}
	case analytics.CauseLost:
		r.lost()
	default:
		r.may()
	}
	return strings.Join(r.out, " "), r.err
}

// word returns a message; the first error is kept.
func (r *readinessWriter) word(key string, args ...any) string {
	text, err := r.Say(key, args...)
	if r.err == nil {
		r.err = err
	}
	return text
}

func (r *readinessWriter) add(key string, args ...any) { r.out = append(r.out, r.word(key, args...)) }

// each joins what is said of rows.
func (r *readinessWriter) each(rows []analytics.Distance, say func(analytics.Distance) string) string {
	list := make([]string, len(rows))
	for i, d := range rows {
		list[i] = say(d)
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " " + r.word("ready.and") + " " + list[n-1]
	}
	return strings.Join(list, "")
}

func (r *readinessWriter) row(d analytics.Distance) string { return r.word("lke.row." + d.Row) }

// nameOf returns the index behind a row.
func nameOf(d analytics.Distance) string {
	if d.Row == "II" {
		return strings.ToUpper(analytics.IPKP)
	}
	return strings.ToUpper(analytics.IPAK)
}

// ofIndex reports whether a row is that of an index.
func ofIndex(d analytics.Distance) bool { return d.Row == "I.a" || d.Row == "II" }

// ofSum reports whether a row is a sum of others.
func ofSum(d analytics.Distance) bool { return d.Row == "I" || d.Row == "total" }

// some returns the rows of which something is so.
func some(rows []analytics.Distance, is func(analytics.Distance) bool) []analytics.Distance {
	return slices.DeleteFunc(slices.Clone(rows), func(d analytics.Distance) bool { return !is(d) })
}

// lost says why a level can't be reached any more.
func (r *readinessWriter) lost() {
	rows := some(r.readiness.Rows, func(d analytics.Distance) bool { return d.Lost && ofIndex(d) })
	none := some(rows, func(d analytics.Distance) bool { return d.Missing })
	below := some(rows, func(d analytics.Distance) bool { return !d.Missing })
	if len(none) > 0 {
		key := "ready.lost.unasked"
		if r.unit.Over {
			key = "ready.lost.none"
		}
		r.add(key, "Names", r.each(none, nameOf))
	}
	switch {
	case len(below) > 0 && r.unit.Over:
		r.add("ready.lost.final", "Indexes", r.each(below, func(d analytics.Distance) string {
			return r.word("ready.lost.index", "Name", nameOf(d), "Index", r.Shown(d.Index), "Least", r.Shown(d.IndexLeast))
		}))
	case len(below) > 0:
		r.add("ready.lost.running", "Indexes", r.each(below, func(d analytics.Distance) string { return nameOf(d) + " " + r.Shown(d.IndexLeast) }))
	case len(rows) == 0:
		sums := some(r.readiness.Rows, func(d analytics.Distance) bool { return d.Lost })
		r.add("ready.lost.sum", "Rows", r.each(sums, func(d analytics.Distance) string { return r.row(d) + " " + r.Shown(d.ShownMinimum) }))
	}
	r.add("ready.lost.next")
}

// may says what is still to be done or to come.
func (r *readinessWriter) may() {
	failing := r.readiness.Failing()
	indexes, sums := some(failing, ofIndex), some(failing, ofSum)
	entries := some(failing, func(d analytics.Distance) bool { return !ofIndex(d) && !ofSum(d) })
	missing := some(r.readiness.Rows, func(d analytics.Distance) bool { return d.Missing })
	below := func(d analytics.Distance) string {
		return r.word("ready.index", "Name", nameOf(d), "Index", r.Shown(d.Index), "Least", r.Shown(d.IndexLeast))
	}
	switch {
	case len(indexes) == 1 && len(entries) == 0 && len(missing) == 0:
		r.add("ready.only", "Index", below(indexes[0]))
	case len(indexes) > 0:
		r.add("ready.below", "Indexes", r.each(indexes, below))
	}
	if c := chanceOfIndexes(indexes); c != nil && r.readiness.Chance == nil {
		r.add("ready.chance.index", "N", r.Whole(r.readiness.Further), "Chance", r.between(c))
	}
	if len(entries) > 0 {
		r.add("ready.entries", "Rows", r.each(entries, func(d analytics.Distance) string {
			return r.word("ready.entry", "Row", r.row(d), "Told", r.Shown(d.Told), "Least", r.Shown(d.ShownMinimum))
		}))
	}
	if len(indexes)+len(entries) == 0 && len(sums) > 0 {
		r.add("ready.sums", "Rows", r.each(sums, func(d analytics.Distance) string {
			return r.word("ready.entry", "Row", r.row(d), "Told", r.Shown(d.Told), "Least", r.Shown(d.ShownMinimum))
		}))
	}
	if none := some(missing, ofIndex); len(none) > 0 {
		r.add("ready.survey", "Names", r.each(none, nameOf))
	}
	r.missing(missing)
	if c := r.readiness.Chance; c != nil && len(failing) > 0 {
		r.add("ready.chance", "N", r.Whole(r.readiness.Further), "Chance", r.between(c))
	}
	if len(r.out) > 0 {
		return
	}
	switch {
	case r.readiness.Short:
		r.short()
	case r.readiness.Chance != nil:
		r.add("ready.open.chance", "N", r.Whole(r.readiness.Further), "Chance", r.between(r.readiness.Chance))
	default:
		day, err := r.Date(r.to)
		if r.err == nil {
			r.err = err
		}
		r.add("ready.open", "Day", day)
	}
}

// chanceOfIndexes returns how likely indexes below their minima reach these, at least and at
// most; nil where that is not known of each.
func chanceOfIndexes(rows []analytics.Distance) *[2]float64 {
	if len(rows) == 0 {
		return nil
	}
	out := [2]float64{1, 1}
	for _, d := range rows {
		if d.Chance == nil {
			return nil
		}
		out[0], out[1] = max(out[0]+*d.Chance-1, 0), min(out[1], *d.Chance)
	}
	return &out
}

// missing says what is not entered yet, and what it needs at least. Of the areas it says
// nothing where the pengungkit as a whole is missing.
func (r *readinessWriter) missing(rows []analytics.Distance) {
	whole := slices.ContainsFunc(rows, func(d analytics.Distance) bool { return d.Row == leverage })
	entries := some(rows, func(d analytics.Distance) bool {
		return !ofIndex(d) && !ofSum(d) && (!whole || !strings.HasPrefix(d.Row, leverageArea))
	})
	if len(entries) == 0 {
		return
	}
	r.add("ready.missing", "Rows", r.each(entries, func(d analytics.Distance) string {
		least := r.Shown(d.Least)
		if d.LeastLevel != "" {
			least = d.LeastLevel
		}
		if least == "" {
			return r.row(d)
		}
		return r.word("ready.least", "Row", r.row(d), "Least", least)
	}))
	if r.readiness.Together != "" {
		r.add("ready.together", "Points", r.Shown(r.readiness.Together))
	}
}

// short says that all is reached by indexes whose sample is not adequate.
func (r *readinessWriter) short() {
	for _, code := range []string{analytics.IPAK, analytics.IPKP} {
		if x := r.unit.Indexes[code]; x != nil && !x.Adequate && x.Needed != nil && !x.Enough() {
			r.add("ready.sample", "N", r.Whole(x.N), "Needed", r.Whole(x.Needed))
			return
		}
	}
	r.add("ready.sample.unknown")
}

// between writes what a chance may be.
func (r *readinessWriter) between(c *[2]float64) string {
	low, high := r.percent(c[0]), r.percent(c[1])
	switch {
	case low == high:
		return high
	case c[0] == 0:
		return r.word("ready.upto", "High", high)
	}
	return r.word("ready.between", "Low", low, "High", high)
}

// percent writes a chance: what is foretold is never certain.
func (r *readinessWriter) percent(p float64) string {
	switch shown := analytics.ShownFloat(100*p, 0); shown {
	case "100":
		return r.word("ready.most")
	case "0":
		return r.word("ready.few")
	default:
		return r.word("ready.percent", "P", shown)
	}
}
