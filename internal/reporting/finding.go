package reporting

import (
	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/wording"
)

// none reports whether no index of the report has a figure.
func (m *maker) none() bool {
	for _, x := range m.indexes {
		if x.UnitIndex != nil {
			return false
		}
	}
	return true
}

// why says why there are no figures.
func (m *maker) why() string {
	if r := m.in.Result; r != nil && r.Withheld == "" && r.Responses.Valid > 0 {
		return m.missing(m.indexes[0].code)
	}
	return m.text(m.s.Withheld(m.in.Result, m.over(), m.in.City.LeastReleased()))
}

// missing says that an index has no figure though the unit has some.
func (m *maker) missing(code string) string {
	return m.say("result.finding.missing", "Index", m.name(code), "Unit", m.in.Place.Unit.Name)
}

// finding says what came out of an index: value, grade and how sure it is, the sample, what
// changed, and what is lowest.
func (m *maker) finding(x index) string {
	if x.UnitIndex == nil {
		return m.missing(x.code)
	}
	return wording.Joined(m.value(x), m.text(m.s.Stability(x.How)), m.text(m.s.Sample(x.How)), m.change(x), m.lowest(x))
}

// headline is what the cover says of an index: of several all but what changed and what is
// lowest, and nothing of a sample that is large enough.
func (m *maker) headline(x index) string {
	if x.UnitIndex == nil || len(m.indexes) == 1 {
		return m.finding(x)
	}
	short := ""
	if !x.Figure.Adequate {
		short = m.text(m.s.Sample(x.How))
	}
	return wording.Joined(m.value(x), m.text(m.s.Stability(x.How)), short)
}

// value says an index with its grade.
func (m *maker) value(x index) string {
	f := x.Figure
	return m.say("report.value", "Index", m.name(x.code), "Value", m.s.Shown(f.Shown), "Mutu", f.Mutu, "Kinerja", m.say("rated."+f.Kinerja))
}

// change says how an index differs from the period before; empty: there is none.
func (m *maker) change(x index) string {
	if x.UnitIndex == nil || x.Change == nil {
		return ""
	}
	c := x.Change
	by := m.s.By(c.ShownDifference)
	switch {
	case c.State == analytics.ChangeNotCompared:
		return m.say("report.change.not", "Period", c.Period.Name, "Why", m.say("report.apart."+c.Why))
	case c.State == analytics.ChangeUsual:
		return m.say("report.change.usual", "Period", c.Period.Name, "By", m.s.Signed(c.ShownDifference))
	case c.Difference > 0:
		return m.say("report.change.rose", "Period", c.Period.Name, "By", by)
	}
	return m.say("report.change.fell", "Period", c.Period.Name, "By", by)
}

// lowest says which aspects of an index are the lowest, as far as they can be told apart.
func (m *maker) lowest(x index) string {
	if x.How.Alone() {
		return ""
	}
	list := x.How.Lowest()
	switch {
	case len(list) == 0:
		return m.say("result.weakest.same")
	case x.How.Undecided():
		return m.say("result.weakest.close")
	case !x.How.Named():
		return m.say("report.lowest.many", "Name", m.aspect(x, list[0].AspectResult), "Value", m.s.Shown(list[0].Shown()), "N", m.s.Whole(len(list)-1))
	case len(list) == 1:
		return m.say("report.lowest.one", "Name", m.aspect(x, list[0].AspectResult), "Value", m.s.Shown(list[0].Shown()))
	}
	var names []string
	for _, a := range list {
		names = append(names, m.say("report.lowest.name", "Name", m.aspect(x, a.AspectResult), "Value", m.s.Shown(a.Shown())))
	}
	return m.say("report.lowest.some", "Names", m.and(names))
}

// undecided says that nobody can tell which aspect is the lowest; empty: somebody can.
func (m *maker) undecided(x index) string {
	n := len(x.How.Lowest())
	switch {
	case x.How.Alone() || n == 1:
		return ""
	case n == 0:
		return m.say("report.not.lowest.same")
	case x.How.Undecided():
		return m.say("report.not.lowest.all")
	}
	return m.say("report.not.lowest", "N", m.s.Whole(n))
}

// and lists names, as in "a, b dan c".
func (m *maker) and(names []string) string {
	out := names[0]
	for i, one := range names[1:] {
		if i == len(names)-2 {
			out += " " + m.say("result.weakest.and") + " " + one
		} else {
			out += ", " + one
		}
	}
	return out
}

// strip is the picture of an index on its axis, with the period before.
func (m *maker) strip(x index, widths ...int) *chart.Chart {
	return m.drawn(m.s.StripAt(x.DeskIndex, widths...))
}

// stripNote tells what the picture of an index shows.
func (m *maker) stripNote(x index) string {
	if x.Before != nil {
		return m.say("report.strip.before")
	}
	return m.say("report.strip.note")
}
