package reporting

import (
	"persepsi/analytics"
	"persepsi/internal/document"
	"persepsi/internal/wording"
)

// processing is the table that an index comes from: a row each aspect, U1 and so on, as
// regulations have it.
func (m *maker) processing(x index) document.Block {
	sums := m.in.Sums[x.code]
	titles, wide := []string{m.say("report.unsur")}, []float64{3.4}
	if sums != nil {
		titles, wide = append(titles, m.say("report.sum")), append(wide, 1)
	}
	titles = append(titles, m.say("report.n"), m.say("report.nrr"), m.say("report.weighted"), m.say("report.hundred"), m.say("result.mutu"))
	table := document.Table{Caption: m.table(m.say("report.processing", "Index", m.name(x.code))), Columns: columns(append(wide, 1, 1, 1.2, 1, .8), titles...)}
	all := int64(0)
	for i := range x.Figure.Aspects {
		cells := []string{m.unsur(x, i)}
		if sums != nil {
			cells, all = append(cells, m.some(sums[i])), all+sums[i]
		}
		table.Rows = append(table.Rows, document.Row{Cells: append(cells, m.line(&x.Figure.Aspects[i])...)})
	}
	f := x.Figure
	total := []string{m.say("report.total."+scaled(x), "Index", m.name(x.code))}
	if sums != nil {
		total = append(total, m.some(all))
	}
	total = append(total, m.s.Whole(f.N), "", m.s.Shown(analytics.Shown(f.ExactMean, 3)), m.at100(f.ExactMean), f.Mutu)
	table.Rows = append(table.Rows, document.Row{Cells: total, Strong: true})
	note := []string{m.say("report.processing.note", "N", m.s.Whole(f.N))}
	if e := f.Explanation; e != nil {
		note = append(note, m.say("report.processing.weight", "Weight", m.s.Shown(e.Weight)))
	}
	if f.Partial() {
		note = append(note, m.say("report.processing.withheld"))
	}
	if sums == nil {
		note = append(note, m.say("report.processing.nosums"))
	}
	table.Note = wording.Joined(note...)
	return table
}

// scaled is the last part of a message's key: the total of an index on 0-100, or on 0-4.
func scaled(x index) string {
	if x.Hundred() {
		return "hundred"
	}
	return "four"
}

// unsur names the i-th aspect of an index, with its number.
func (m *maker) unsur(x index, i int) string {
	return m.say("report.u", "N", i+1, "Name", m.aspect(x, &x.Figure.Aspects[i]))
}

// some writes a sum; none for 0, which no answer has.
func (m *maker) some(sum int64) string {
	if sum == 0 {
		return none
	}
	return m.s.Whole(sum)
}

// none stands where there is no number.
const none = "–"

// at100 writes a mean on 0-100: × 25 (PermenPANRB 14/2017).
func (m *maker) at100(mean analytics.Ratio) string {
	return m.s.Shown(analytics.Shown(mean.Mul(analytics.NewRatio(25, 1)), 2))
}

// line is an aspect's numbers in the processing table.
func (m *maker) line(a *analytics.AspectResult) []string {
	if a.Mean == nil {
		return []string{none, none, none, none, none}
	}
	return []string{m.s.Whole(a.N), m.s.Shown(analytics.Shown(a.Exact, 3)), m.s.Fixed(3, *a.Weighted), m.at100(a.Exact), a.Mutu}
}
