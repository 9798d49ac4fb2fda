package reporting

import (
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/document"
	"persepsi/survey"
)

// appendix has what an evaluator asks for: the questionnaire as it was asked, the figures
// without rounding, what the codes of respondents mean, and the method.
func (m *maker) appendix() {
	m.questionnaire()
	m.sheet()
	m.codes()
	m.calculation()
}

// questionnaire is the whole form, also where the report is of a part of it: it was asked so.
func (m *maker) questionnaire() {
	table := document.Table{
		Caption: m.table(m.say("report.form", "Ref", m.in.Form.ID)),
		Columns: []document.Column{{Title: m.say("report.no"), Wide: .4}, {Title: m.say("report.question"), Wide: 2.6}, {Title: m.say("report.options"), Wide: 2.6}},
	}
	declinable := false
	for i := range m.in.Form.Questions {
		q := &m.in.Form.Questions[i]
		table.Rows = append(table.Rows, document.Row{Cells: []string{strconv.Itoa(i + 1), m.s.Text(q.Text), m.options(q)}})
		declinable = declinable || q.Declinable
	}
	if declinable {
		table.Note = m.say("report.form.declined")
	}
	m.part(1, Questionnaire, nil, table)
}

// options are the answers to a question with what they count.
func (m *maker) options(q *survey.Question) string {
	var out []string
	for _, o := range q.Options {
		out = append(out, m.say("report.option", "Value", o.Value, "Label", m.s.Text(o.Label)))
	}
	return strings.Join(out, "; ")
}

// sheet is the processing table without rounding.
func (m *maker) sheet() {
	var figures []document.Block
	for _, x := range m.indexes {
		if x.UnitIndex == nil {
			continue
		}
		table := document.Table{
			Caption: m.table(m.say("report.sheet", "Index", m.name(x.code))),
			Columns: columns([]float64{3.4, 1, 1.4, 1.4}, m.say("report.unsur"), m.say("report.n"), m.say("report.nrr"), m.say("report.weighted")),
			Note:    m.say("report.sheet.note"),
		}
		for i := range x.Figure.Aspects {
			a := &x.Figure.Aspects[i]
			cells := []string{m.unsur(x, i), none, none, none}
			if a.Mean != nil {
				cells = []string{cells[0], m.s.Whole(a.N), m.s.Shown(analytics.Shown(a.Exact, 6)), m.s.Fixed(6, *a.Weighted)}
			}
			table.Rows = append(table.Rows, document.Row{Cells: cells})
		}
		f := x.Figure
		table.Rows = append(table.Rows,
			document.Row{Cells: []string{m.say("report.total.four", "Index", m.name(x.code)), m.s.Whole(f.N), "", m.s.Shown(analytics.Shown(f.ExactMean, 6))}, Strong: true})
		if x.Hundred() {
			table.Rows = append(table.Rows, document.Row{Cells: []string{m.say("report.total.hundred", "Index", m.name(x.code)), m.s.Whole(f.N), "", m.s.Shown(analytics.Shown(f.ExactValue, 6))}, Strong: true})
		}
		figures = append(figures, table)
	}
	if figures == nil {
		figures = paragraph(m.why())
	}
	m.part(1, Sheet, nil, figures...)
}

// codes are what respondents may tell of themselves, as files have it.
func (m *maker) codes() {
	table := document.Table{
		Caption: m.table(m.say("report.codes")),
		Columns: []document.Column{{Title: m.say("report.field"), Wide: 2}, {Title: m.say("report.code"), Wide: 1}, {Title: m.say("report.meaning"), Wide: 3}},
	}
	for _, f := range m.in.Form.Fields {
		for _, c := range f.Categories {
			table.Rows = append(table.Rows, document.Row{Cells: []string{m.s.Text(f.Text) + " (" + f.Code + ")", c.Code, m.s.Text(c.Label)}})
		}
	}
	if table.Rows == nil {
		m.part(1, Codes, paragraph(m.say("report.codes.none")))
		return
	}
	m.part(1, Codes, paragraph(m.say("report.codes.lead")), table)
}

// calculation tells how an index comes about, step by step with its numbers.
func (m *maker) calculation() {
	var figures []document.Block
	for _, x := range m.indexes {
		if x.UnitIndex == nil || x.Figure.Explanation == nil {
			continue
		}
		e, f := x.Figure.Explanation, x.Figure
		steps := []string{m.say("result.how.step.average")}
		if e.Slope != "" {
			steps = append(steps, m.say("result.how.step.scale", "Slope", e.Slope, "Offset", e.Offset))
		}
		steps = append(steps, m.say("result.how.step.weight", "Weight", m.s.Shown(e.Weight), "Mean", m.s.Shown(e.Mean)))
		if e.Factor != "" {
			steps = append(steps, m.say("result.how.step.value", "Mean", m.s.Shown(e.Mean), "Factor", e.Factor, "Value", m.s.Shown(e.Value)))
		}
		steps = append(steps,
			m.say("result.how.step.round", "Value", m.s.Shown(e.Value), "Shown", m.s.Shown(f.Shown)),
			m.say("result.how.step.grade", "At100", m.s.Shown(e.At100), "Mutu", f.Mutu))
		if e.Chosen != nil {
			steps = append(steps, m.say("result.how.chosen", "Method", m.s.Text(e.Chosen)))
		}
		l := list(steps...)
		l.Numbered = true
		figures = append(append(figures, paragraph("**"+m.titleOf(x)+"**", m.say("report.by", "Law", m.s.Text(f.Basis), "Method", m.s.Text(e.By)))...), l)
	}
	words := paragraph(m.say("result.how.rounding"), m.say("report.method.interval"), m.say("report.method.sample"), m.say("report.method.release", "Least", m.in.City.LeastReleased()))
	m.part(1, Calculation, words, figures...)
}
