package reporting

import (
	"slices"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/document"
)

// outcome is the third chapter: who answered, and each index with all that it is made of.
func (m *maker) outcome() {
	m.part(1, Outcome, nil)
	m.people()
	for _, x := range m.indexes {
		title := m.say("result.title." + x.code)
		switch {
		case x.UnitIndex != nil:
			m.section(2, ofIndex(x.code), title, nil, m.ofIndex(x)...)
		case m.none():
			m.section(2, ofIndex(x.code), title, nil, paragraph(m.why())...)
		default:
			m.section(2, ofIndex(x.code), title, nil, paragraph(m.missing(x.code))...)
		}
	}
}

// people tells what respondents told of themselves: a table each field. Groups that would
// tell on somebody are hidden; of an erased period numbers of people are left.
func (m *maker) people() {
	var figures []document.Block
	hidden := false
	for _, split := range m.in.Detail.Splits {
		if split.Title == nil {
			continue
		}
		if len(figures) == 0 && split.Removed != nil {
			figures = append(figures, paragraph(m.say("result.people.removed", "Day", m.date(*split.Removed)))...)
		}
		table := document.Table{
			Caption: m.table(m.say("report.people.by", "Field", m.s.Text(split.Title))), Columns: columns([]float64{3, 1}, m.s.Text(split.Title), m.say("result.n")),
		}
		for _, g := range split.Groups {
			table.Rows = append(table.Rows, m.group(g))
			hidden = hidden || g.Suppressed
		}
		figures = append(figures, table)
	}
	if hidden {
		figures = append(figures, document.Paragraph{Runs: document.Plain(m.say("result.people.note")), Small: true})
	}
	if figures == nil {
		figures = paragraph(m.say("report.people.none"))
	}
	m.part(2, People, nil, figures...)
}

func (m *maker) group(g desk.SplitGroup) document.Row {
	name, n := m.say("result.untold"), m.say("result.hidden")
	if g.Label != nil {
		name = m.s.Text(g.Label)
	}
	if !g.Suppressed {
		n = m.s.Whole(g.N)
	}
	return document.Row{Cells: []string{name, n}}
}

// ofIndex tells an index: the result in words, its picture, the table that it comes from,
// what other sheets would show, its aspects, and what can be said of it and what can't.
func (m *maker) ofIndex(x index) []document.Block {
	out := paragraph(m.value(x), m.text(m.s.Stability(x.How)), m.text(m.s.Interval(x.How)))
	out = append(out, paragraph(m.parts(x)...)...)
	if c := m.strip(x, chart.Part, document.ChartWidth); c != nil {
		out = append(out, document.Figure{Caption: m.figure(m.say("report.strip", "Index", m.name(x.code))), Chart: c, Note: m.stripNote(x)})
	}
	out = append(out, m.processing(x))
	out = append(out, m.reconciled(x)...)
	out = append(out, m.minima(x)...)
	if !x.How.Alone() {
		title := m.say("desk.unsur.title", "Index", m.name(x.code))
		out = append(out, document.Figure{Caption: m.figure(title), Chart: m.drawn(m.s.Unsur(x.UnitIndex, title, chart.Part, document.ChartWidth)), Note: m.say("report.unsur.note")})
	}
	return append(out, m.sayable(x)...)
}

// reconciled tells what the same answers give by a printed weight.
func (m *maker) reconciled(x index) []document.Block {
	var told []string
	for _, p := range x.Printed() {
		told = append(told, m.say("report.printed", "Weight", m.s.Shown(p.Weight), "Value", m.s.Shown(p.Shown), "By", m.s.Signed(p.ShownDifference), "Mutu", p.Mutu))
	}
	if told == nil {
		return nil
	}
	return append(paragraph(m.say("report.printed.lead")), list(told...))
}

// minima tells what an index gives in the evaluation sheet (LKE), and whether that reaches
// the minimum of WBK and of WBBM: nothing of an index that has no row there.
func (m *maker) minima(x index) []document.Block {
	row := map[string]string{analytics.IPAK: "I.a", analytics.IPKP: "II"}[x.code]
	lke := m.in.Result.ShownLKE
	if lke == nil {
		return nil
	}
	var told []string
	for _, level := range []struct {
		name  string
		tests []*analytics.Test
	}{{"WBK", lke.WBK.Tests}, {"WBBM", lke.WBBM.Tests}} {
		at := slices.IndexFunc(level.tests, func(t *analytics.Test) bool { return t.Row == row && t.Passed != nil })
		if at < 0 {
			continue
		}
		test := level.tests[at]
		if told == nil {
			told = append(told, m.say("report.lke", "Row", m.say("lke.row."+row), "Points", m.s.Shown(test.Shown)))
		}
		key := "report.lke.short"
		if *test.Passed {
			key = "report.lke.passed"
		}
		told = append(told, m.say(key, "Level", level.name, "Min", m.s.Shown(test.ShownMinimum)))
	}
	if told != nil && !x.Figure.Adequate {
		told = append(told, m.say("report.lke.provisional"))
	}
	return paragraph(told...)
}

// sayable tells what can be said of an index and what can't.
func (m *maker) sayable(x index) []document.Block {
	f := x.Figure
	var can, not []string
	switch {
	case f.Partial():
		not = append(not, m.say("report.not.part", "K", f.AspectsAnswered, "All", f.AspectsAll))
	case len(f.Stability.Could) > 0:
		not = append(not, m.say("report.not.grade", "Mutu", f.Mutu, "Could", m.text(m.s.Could(f.Stability.Could))))
	default:
		can = append(can, m.say("report.can.grade", "Mutu", f.Mutu))
	}
	switch {
	case f.SampleFault != "":
		not = append(not, m.say("report.not.known", "Why", m.say("sample.fault."+f.SampleFault)))
	case f.Adequate:
		can = append(can, m.say("report.can.sample"))
	case f.Enough(): // aspects are missing, which is said
	default:
		not = append(not, m.say("report.not.sample", "N", m.s.Whole(f.N), "Needed", m.s.Whole(f.Needed)))
	}
	if low := m.undecided(x); low != "" {
		not = append(not, low)
	} else {
		can = append(can, m.lowest(x))
	}
	switch c := x.Change; {
	case c == nil:
		not = append(not, m.say("report.not.change"))
	case c.State == analytics.ChangeReal:
		can = append(can, m.change(x))
	case c.State == analytics.ChangeUsual:
		not = append(not, m.say("report.not.change.usual", "Period", c.Period.Name, "By", m.s.Signed(c.ShownDifference)))
	default:
		not = append(not, m.say("report.not.change.apart", "Period", c.Period.Name, "Why", m.say("report.apart."+c.Why)))
	}
	not = append(not, m.say("report.not.one"))
	var out []document.Block
	out = append(out, paragraph("**"+m.say("report.sayable")+"**")...)
	if can != nil {
		out = append(out, paragraph(m.say("report.can"))...)
		out = append(out, list(can...))
	}
	return append(append(out, paragraph(m.say("report.not"))...), list(not...))
}
