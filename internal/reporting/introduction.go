package reporting

// basis is the regulation that an index rests on; empty for one of a city's own.
func (m *maker) basis(x index) string {
	return m.s.Text(m.bases.Of(&x.form.Index))
}

// introduction is the first chapter: why the survey is made, and what for.
func (m *maker) introduction() {
	m.part(1, Introduction, paragraph(m.say("report.introduction."+string(m.in.Kind), "Unit", m.in.Place.Unit.Name, "Agency", m.in.Place.Agency.Name, "Period", m.in.Period.Name)))
	laws := []string{m.say("report.law.survey", "Law", m.in.City.Notice.LawIn(m.s.Lang()))}
	for _, x := range m.indexes {
		if law := m.basis(x); law != "" {
			laws = append(laws, m.say("report.law", "Index", m.say("result.title."+x.code), "Law", law))
		}
	}
	m.part(2, Basis, paragraph(m.say("report.law.lead")), list(laws...))
	m.part(2, Purpose, paragraph(m.say("report.purpose."+string(m.in.Kind), "Unit", m.in.Place.Unit.Name)))
}
