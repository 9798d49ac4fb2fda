package reporting

import "persepsi/internal/document"

// collection is the second chapter: who asked whom, with what, where, when, and how many.
func (m *maker) collection() {
	m.part(1, Collection, nil)
	m.part(2, Executor, paragraph(m.say("report.executor", "Agency", m.in.Place.Agency.Name, "Unit", m.in.Place.Unit.Name, "City", m.in.City.Controller(m.s.Lang()))))
	m.method()
	m.places()
	m.time()
	m.sample()
}

// method tells the questionnaire and the ways to answer it.
func (m *maker) method() {
	facts := document.Facts{}
	fact := func(key, value string) {
		facts.Rows = append(facts.Rows, document.Fact{Name: m.say(key), Value: document.Plain(value)})
	}
	for _, in := range m.in.Form.Instruments {
		fact("report.instrument", m.say("report.instrument.ref", "Title", m.s.Text(in.Title), "Ref", in.Ref()))
	}
	fact("report.questions", m.s.Whole(len(m.in.Form.Questions)))
	for _, x := range m.indexes {
		fact("report.scale", m.say("report.scale.of", "Index", m.name(x.code), "Scale", x.form.Scale, "K", len(x.form.Aspects)))
	}
	figures := []document.Block{facts}
	if rows := m.modes(); rows != nil {
		figures = append(figures, document.Table{
			Caption: m.table(m.say("report.modes")), Columns: columns([]float64{3, 1}, m.say("report.mode"), m.say("report.answers")), Rows: rows,
			Note: m.say("report.modes.note"),
		})
	}
	m.part(2, Method, paragraph(m.say("report.method")), figures...)
}

// modes are the ways to answer that the figures hold answers of.
func (m *maker) modes() []document.Row {
	if m.in.Result == nil {
		return nil
	}
	by := m.in.Result.Responses.ByMode
	var out []document.Row
	for _, mode := range []string{"qr", "kiosk", "assisted", "paper"} {
		if by[mode] > 0 {
			out = append(out, document.Row{Cells: []string{m.say("mode." + mode), m.s.Whole(by[mode])}})
		}
	}
	return out
}

// places tells where it was asked: points and services with their answers, or their names
// alone where it is not known when and where answers came.
func (m *maker) places() {
	d := m.in.Detail
	if !d.Known {
		var names []string
		for i := range m.in.Place.Unit.Points {
			names = append(names, m.in.Place.Unit.Points[i].Name)
		}
		if names == nil {
			names = []string{m.in.Place.Unit.Name}
		}
		m.part(2, Places, paragraph(m.say("report.places.names", "Names", m.and(names))))
		return
	}
	var figures []document.Block
	var rows []document.Row
	for _, p := range d.Points {
		rows = append(rows, document.Row{Cells: []string{named(p.Name, m.say("report.untold")), m.s.Whole(p.Answers)}})
	}
	if rows != nil {
		figures = append(figures, document.Table{
			Caption: m.table(m.say("report.points")), Columns: columns([]float64{3, 1}, m.say("report.point"), m.say("report.answers")), Rows: rows, Note: m.say("report.counts.note"),
		})
	}
	rows = nil
	for _, s := range d.Services {
		served := none
		if s.Served != nil {
			served = m.s.Whole(*s.Served)
		}
		rows = append(rows, document.Row{Cells: []string{named(s.Name, m.say("report.untold")), m.s.Whole(s.Answers), served}})
	}
	if rows != nil {
		figures = append(figures, document.Table{
			Caption: m.table(m.say("report.services")), Columns: columns([]float64{3, 1, 1}, m.say("report.service"), m.say("report.answers"), m.say("report.served")), Rows: rows,
		})
	}
	m.part(2, Places, paragraph(m.say("report.places")), figures...)
}

func named(name, untold string) string {
	if name == "" {
		return untold
	}
	return name
}

// time tells the days of the survey, up to when answers are counted, and what was changed of
// the period when it had answers.
func (m *maker) time() {
	facts := document.Facts{Rows: []document.Fact{{Name: m.say("report.days"), Value: document.Plain(m.when())}}}
	if day, ok := m.through(); ok {
		facts.Rows = append(facts.Rows, document.Fact{Name: m.say("report.through"), Value: document.Plain(m.date(day))})
	}
	if r := m.in.Result; r != nil {
		told := m.s.Whole(r.Responses.Valid)
		if r.Responses.Counted != nil && *r.Responses.Counted != r.Responses.Valid {
			told = m.say("report.counted", "N", told, "Counted", m.s.Whole(*r.Responses.Counted))
		}
		facts.Rows = append(facts.Rows, document.Fact{Name: m.say("report.valid"), Value: document.Plain(told)})
	}
	figures := []document.Block{facts}
	for _, a := range m.in.Period.AmendmentsOf(m.in.Place.Unit) {
		figures = append(figures, paragraph(m.say("result.amended", "Day", m.date(a.Day)), m.say("result.amended.why", "Reason", a.Reason))...)
	}
	m.part(2, Time, nil, figures...)
}

// sample tells of each index how many answered and how many are needed.
func (m *maker) sample() {
	table := document.Table{Columns: columns([]float64{2, 1.3, 1.2, 1.4, 1.4}, m.say("report.index"), m.say("report.served"), m.say("report.needed"), m.say("report.reached"), m.say("report.adequate"))}
	var sentences []string
	for _, x := range m.indexes {
		if x.UnitIndex == nil {
			continue
		}
		served, needed, adequate := none, none, m.say("report.adequate.unknown")
		if p := m.in.Detail.Population; p != nil {
			served = m.s.Whole(*p)
		}
		if x.Figure.SampleFault == "" {
			needed = m.s.Whole(x.Figure.Needed)
			adequate = m.say("report.adequate.no")
			if x.Figure.Adequate {
				adequate = m.say("report.adequate.yes")
			}
		}
		table.Rows = append(table.Rows, document.Row{Cells: []string{m.name(x.code), served, needed, m.s.Whole(x.Figure.N), adequate}})
		sentences = append(sentences, m.say("report.sample.of", "Index", m.name(x.code), "Text", m.text(m.s.Sample(x.How))))
		sentences = append(sentences, m.parts(x)...)
	}
	words := paragraph(m.say("report.sample"))
	if table.Rows == nil {
		m.part(2, Sample, words, paragraph(m.why())...)
		return
	}
	table.Caption, table.Note = m.table(m.say("report.sample.title")), m.say("report.sample.note")
	m.part(2, Sample, words, table, list(sentences...))
}

// parts says what the sentence on the sample leaves out.
func (m *maker) parts(x index) []string {
	out, err := m.s.Parts(x.How)
	m.text("", err)
	return out
}
