package reporting

import (
	"cmp"
	"slices"

	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// analysis is the fourth chapter: what the figures say of each aspect, how it was before,
// what citizens wrote, and what is to be done.
func (m *maker) analysis() {
	m.part(1, Analysis, nil)
	m.discussion()
	m.trend()
	m.voices()
	m.followUps()
}

// discussion tells of each aspect what its figures say, the lowest first.
func (m *maker) discussion() {
	var figures []document.Block
	for _, x := range m.indexes {
		if x.UnitIndex == nil {
			continue
		}
		if len(m.indexes) > 1 {
			figures = append(figures, paragraph("**"+m.say("result.title."+x.code)+"**")...)
		}
		figures = append(figures, paragraph(m.lowest(x))...)
		var told []string
		for _, u := range x.Detail.Unsur {
			if u.Mean == nil {
				told = append(told, m.say("report.aspect.none", "Name", m.aspect(x, u.AspectResult)))
				continue
			}
			key := "report.aspect.good"
			if u.Mutu > "B" {
				key = "report.aspect.below"
			}
			told = append(told, m.say(key, "Name", m.aspect(x, u.AspectResult), "Value", m.s.Shown(u.Shown), "Low", m.s.Fixed(2, u.CI95[0]), "High", m.s.Fixed(2, u.CI95[1]), "Mutu", u.Mutu))
		}
		figures = append(figures, list(told...))
		if l := x.Usual(); l != nil && !x.How.Alone() {
			figures = append(figures, paragraph(m.say("desk.unsur.lever", "Step", m.s.Fixed(1, l.Step), "Index", m.name(x.code), "Gain", m.s.Shown(l.ShownGain)))...)
		}
	}
	if figures == nil {
		figures = paragraph(m.why())
	}
	m.part(2, Discussion, paragraph(m.say("report.discussion")), figures...)
}

// trend tells an index over the unit's periods up to that of the report, and its months.
func (m *maker) trend() {
	var figures []document.Block
	for _, x := range m.indexes {
		at := slices.IndexFunc(m.in.Detail.Past, func(h report.IndexHistory) bool { return h.Index == x.code })
		if at < 0 {
			continue
		}
		var rows []document.Row
		known := 0
		for _, r := range m.in.Detail.Past[at].Rows {
			if r.To <= m.in.Period.To {
				rows = append(rows, m.before(r))
				if r.HistoryFigure != nil {
					known++
				}
			}
		}
		switch {
		case known > 1 || known == 1 && x.UnitIndex == nil:
			figures = append(figures, document.Table{
				Caption: m.table(m.say("report.trend.title", "Index", m.name(x.code))), Note: m.say("report.trend.note"),
				Columns: columns([]float64{2.4, 1, .8, 1, 2.4}, m.say("report.period"), m.name(x.code), m.say("result.mutu"), m.say("result.n"), m.say("result.difference")), Rows: rows,
			})
		case known == 1:
			figures = append(figures, paragraph(m.say("report.trend.first", "Index", m.name(x.code)))...)
		}
		figures = append(figures, paragraph(m.change(x))...)
		if x.UnitIndex != nil && x.Trend().Months > 1 {
			title := m.say("desk.trend.title", "Index", m.name(x.code))
			figures = append(figures, document.Figure{Caption: m.figure(title), Chart: m.drawn(m.s.Trend(x.UnitIndex, title, chart.Part, document.ChartWidth)), Note: m.say("desk.trend.note")})
		}
	}
	if m.in.Detail.Incomplete {
		figures = append(figures, paragraph(m.say("report.trend.unread"))...)
	}
	if figures == nil {
		figures = paragraph(m.why())
	}
	m.part(2, Trend, nil, figures...)
}

// before is a row of the table of periods.
func (m *maker) before(r report.HistoryRow) document.Row {
	name, value, grade, n := r.Name, none, none, none
	if r.Kind == report.KindEarlier {
		name = wording.Joined(r.Name, "("+m.say("result.history.earlier")+")")
	}
	if r.HistoryFigure == nil {
		return document.Row{Cells: []string{name, value, grade, n, m.say("result.history.none")}}
	}
	value, grade = m.s.Shown(r.Shown), r.Mutu
	if r.N != nil {
		n = m.s.Whole(*r.N)
	}
	differs := ""
	switch {
	case r.NotCompared != "":
		differs = m.say("result.history.not." + r.NotCompared)
	case r.Difference != nil:
		differs = m.s.Signed(r.ShownDifference)
	}
	return document.Row{Cells: []string{name, value, grade, n, differs}, Strong: r.Period == m.in.Period.Code}
}

// voices are comments that somebody chose.
func (m *maker) voices() {
	var figures []document.Block
	for _, c := range m.in.Quoted {
		text := ""
		for _, s := range c.Text {
			if s.Mask != "" {
				text += "[" + m.say("comment.masked."+string(s.Mask)) + "]"
			} else {
				text += s.Text
			}
		}
		figures = append(figures, document.Paragraph{Runs: document.Plain(text), Quote: true})
	}
	switch {
	case figures != nil:
		figures = append(paragraph(m.say("report.voices")), figures...)
	case m.erased():
		figures = paragraph(m.say("report.voices.erased"))
	default:
		figures = paragraph(m.say("report.voices.none"))
	}
	m.part(2, Voices, nil, figures...)
}

// erased reports whether comments and respondent fields of the period were removed.
func (m *maker) erased() bool {
	return slices.ContainsFunc(m.in.Detail.Splits, func(s desk.Split) bool { return s.Removed != nil })
}

// improved tells what a unit did about a period's results.
func (m *maker) improved(p *survey.Period, title string) []document.Block {
	if len(p.Improved[m.in.Place.Unit.Code]) == 0 {
		return nil
	}
	var told []string
	for _, i := range p.Improved[m.in.Place.Unit.Code] {
		told = append(told, m.say("report.done", "Text", m.s.Text(i.Text), "Day", m.date(i.Done)))
	}
	return append(paragraph(title), list(told...))
}

// followUps tells what was done about the results of this period and of the one before, what
// was planned then, and the plan of what is to be.
func (m *maker) followUps() {
	var figures []document.Block
	if m.in.Before != nil {
		figures = m.improved(m.in.Before, m.say("result.improved.earlier", "Period", m.in.Before.Name))
	}
	figures = append(figures, m.improved(m.in.Period, m.say("result.improved.earlier", "Period", m.in.Period.Name))...)
	if len(m.in.Planned) > 0 {
		figures = append(figures, m.plan(m.say("report.rtl.before", "Period", m.in.Before.Name), m.in.Planned))
	}
	if len(m.in.Written.FollowUps) == 0 {
		m.part(2, FollowUpPlan, nil, append(figures, paragraph(m.say("report.rtl.none"))...)...)
		return
	}
	m.part(2, FollowUpPlan, nil, append(figures, m.plan(m.say("report.rtl"), m.in.Written.FollowUps))...)
}

// plan is a table of follow-ups.
func (m *maker) plan(caption string, rows []manuscript.FollowUp) document.Table {
	table := document.Table{Caption: m.table(caption)}
	for i, key := range []string{"report.rtl.what", "report.rtl.found", "report.rtl.plan", "report.rtl.when", "report.rtl.who", "report.rtl.status"} {
		table.Columns = append(table.Columns, document.Column{Title: m.say(key), Wide: []float64{1.3, 1.7, 2, 1, 1.2, 1}[i]})
	}
	for _, f := range rows {
		table.Rows = append(table.Rows, document.Row{Cells: []string{m.about(f.Aspect), f.Found, f.Action, f.Until, f.By, f.Status}})
	}
	return table
}

// about names what a row of the plan is about: an aspect, or the service as a whole.
func (m *maker) about(code string) string {
	if a, ok := m.in.Form.Aspect(code); ok {
		return m.s.Text(a)
	}
	return m.say("report.rtl.whole")
}

// signers returns who signs, with place and day above the last.
func (m *maker) signers() []document.Signature {
	w := &m.in.Written
	place := m.say("report.sign.place")
	if w.Town != "" || w.Day != "" {
		place = m.say("report.sign.at", "Town", cmp.Or(w.Town, "…………"), "Day", cmp.Or(w.Day, "…………"))
	}
	if len(w.Signers) == 0 {
		return []document.Signature{{Above: []string{place, m.say("report.sign.head", "Agency", m.in.Place.Agency.Name)}, Below: []string{m.say("report.sign.number")}}}
	}
	out := make([]document.Signature, len(w.Signers))
	for i, s := range w.Signers {
		out[i] = document.Signature{Above: []string{"", s.Office}, Name: s.Name}
		if s.Rank != "" {
			out[i].Below = append(out[i].Below, s.Rank)
		}
		if s.Number != "" {
			out[i].Below = append(out[i].Below, m.say("report.sign.number")+" "+s.Number)
		}
	}
	out[len(out)-1].Above[0] = place
	return out
}

// conclusion is the fifth chapter, with those who sign.
func (m *maker) conclusion() {
	var told []document.Block
	for _, x := range m.indexes {
		told = append(told, paragraph(m.finding(x))...)
	}
	if m.none() {
		told = paragraph(m.why())
	}
	m.part(1, Conclusion, nil, append(told, document.Signatures{Signers: m.signers()})...)
}
