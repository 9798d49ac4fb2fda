package wording

import (
	"persepsi/analytics"
	"persepsi/internal/report"
)

// Minimum is a row of the sheet beside its minimum, as a page shows it.
type Minimum struct {
	analytics.Distance
	Unit  *report.Ready
	Level *analytics.Readiness
}

// Minima returns the rows of a level as they are read: the indexes and what they make first,
// then the pengungkit and the total. Areas are those of the pengungkit.
func Minima(u *report.Ready, level string) (rows, areas []Minimum) {
	of := u.At(level)
	for _, name := range []string{"I.a", "I.b", "I", "II", leverage, "total"} {
		rows = append(rows, Minimum{of.Row(name), u, of})
	}
	for _, d := range of.Rows {
		if len(d.Row) > len(leverageArea) && d.Row[:len(leverageArea)] == leverageArea {
			areas = append(areas, Minimum{d, u, of})
		}
	}
	return rows, areas
}

// Length is how much of the row's points it has, 0..100; Line where its minimum stands.
func (m Minimum) Length() float64 {
	if m.Points == nil {
		return 0
	}
	return 100 * *m.Points / m.Max
}

// Line is where the row's minimum stands, 0..100.
func (m Minimum) Line() float64 { return 100 * m.Minimum / m.Max }

// index returns the index behind the row; nil where there is none.
func (m Minimum) index() *analytics.Index {
	switch m.Row {
	case "I.a":
		return m.Unit.Indexes[analytics.IPAK]
	case "II":
		return m.Unit.Indexes[analytics.IPKP]
	}
	return nil
}

// Distance says how far a row is from its minimum, and what may become of it.
func (s *Speaker) Distance(m Minimum) ([]string, error) {
	r := &readinessWriter{Speaker: s, unit: m.Unit, readiness: m.Level}
	switch {
	case m.Unit.Withheld != "" && (ofIndex(m.Distance) || ofSum(m.Distance)):
		r.add("ready.row.untold")
	case m.Missing && m.LeastLevel != "":
		r.add("ready.row.level", "Level", m.LeastLevel, "Least", s.Shown(m.Least))
	case m.Missing && m.Least != "":
		r.add("ready.row.least", "Least", s.Shown(m.Least))
	case m.Missing && (m.Row == "I.b" || m.Row == leverage) && m.Unit.Withheld == "":
		r.add("ready.row.hopeless")
	case m.Missing:
		r.add("ready.row.missing")
	case *m.Test.Distance == 0:
		r.add("ready.row.just")
	case m.IndexAway != "" && m.OK():
		r.add("ready.row.over.index", "Points", s.Shown(m.Away), "Index", s.Shown(m.IndexAway), "Name", nameOf(m.Distance))
	case m.OK():
		r.add("ready.row.over", "Points", s.Shown(m.Away))
	case m.IndexAway != "":
		r.add("ready.row.short.index", "Points", s.Shown(m.Away), "Index", s.Shown(m.IndexAway), "Name", nameOf(m.Distance))
	default:
		r.add("ready.row.short", "Points", s.Shown(m.Away))
	}
	switch {
	case m.Lost:
		r.add("ready.row.lost")
	case m.Open && !m.Missing:
		if x := m.index(); x != nil && m.within(x) {
			r.add("ready.row.within", "Least", s.Shown(m.IndexLeast), "Low", s.Fixed(2, x.CI95[0]), "High", s.Fixed(2, x.CI95[1]))
		}
		if m.Chance != nil {
			r.add("ready.row.chance", "N", s.Whole(m.Level.Further), "Chance", r.percent(*m.Chance))
		}
	}
	return r.out, r.err
}

// within reports whether the minimum lies in the index's 95 % interval.
func (m Minimum) within(x *analytics.Index) bool {
	least := x.Value - *m.IndexDistance
	return x.CI95[0] <= least && least <= x.CI95[1]
}
