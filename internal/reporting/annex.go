package reporting

import (
	"errors"
	"slices"
	"strconv"

	"persepsi/analytics"
	"persepsi/internal/document"
	"persepsi/internal/wording"
)

// MakeForm makes what was asked in a period as a document of its own: every question
// with its answers, and what respondents may tell of themselves, each with the code that
// files of data have. The same input gives the same document, whatever its kind.
func MakeForm(s *wording.Speaker, in *Input) (*document.Document, error) {
	m, err := newMaker(s, in, analytics.Order(in.Form))
	if err != nil {
		return nil, err
	}
	m.annex("report.annex.form")
	m.doc.Draft, m.doc.Foot = "", m.say("report.form", "Ref", in.Form.ID)
	m.asked()
	m.codes()
	return m.annexed()
}

// MakeMethods makes how the figures of a unit came about as a document of its own: step by step
// with its numbers, by which version of which method, and on what that rests.
func MakeMethods(s *wording.Speaker, in *Input) (*document.Document, error) {
	m, err := newMaker(s, in, analytics.Order(in.Form))
	if err != nil {
		return nil, err
	}
	m.annex("report.annex.method")
	m.calculation()
	m.versions()
	m.sources()
	return m.annexed()
}

// annex frames a document that goes with the reports; key is that of its title.
func (m *maker) annex(key string) {
	title := m.say(key)
	m.frame(title, title+" · "+m.in.Place.Unit.Name)
	m.doc.Contents = ""
	m.doc.Sections = append(m.doc.Sections, document.Section{ID: "judul", Title: title, Level: 1, Blocks: []document.Block{document.Facts{Rows: []document.Fact{
		{Name: m.say("report.annex.unit"), Value: document.Plain(m.in.Place.Unit.Name + ", " + m.in.Place.Agency.Name + ", " + m.in.City.Name)},
		{Name: m.say("report.annex.period"), Value: document.Plain(m.when())},
	}}}})
}

// annexed ends an annex: what is an appendix of a report is a section of it.
func (m *maker) annexed() (*document.Document, error) {
	for i := range m.doc.Sections[1:] {
		s := &m.doc.Sections[1+i]
		s.Level, s.Apart = 2, false
		switch s.ID {
		case Questionnaire, Codes, Calculation:
			s.Title = m.say("report.annex.section." + s.ID)
		}
	}
	return m.doc, errors.Join(m.faults...)
}

// asked is the questionnaire, each instrument with its own words before it.
func (m *maker) asked() {
	var blocks []document.Block
	for _, in := range m.in.Form.Instruments {
		blocks = append(blocks, paragraph("**"+m.say("report.instrument.ref", "Title", m.s.Text(in.Title), "Ref", in.Ref())+"**")...)
		blocks = append(blocks, paragraph(m.s.Text(in.Intro))...)
	}
	table := document.Table{
		Caption: m.table(m.say("report.form", "Ref", m.in.Form.ID)),
		Columns: []document.Column{{Title: m.say("report.no"), Wide: .4}, {Title: m.say("report.code"), Wide: 1.1}, {Title: m.say("report.question"), Wide: 2.4}, {Title: m.say("report.options"), Wide: 2.4}},
	}
	var notes, unscored []string
	declinable := false
	for i := range m.in.Form.Questions {
		q := &m.in.Form.Questions[i]
		text := wording.Joined(m.s.Text(q.Text), m.s.Text(q.Help))
		table.Rows = append(table.Rows, document.Row{Cells: []string{strconv.Itoa(i + 1), q.Code, text, m.options(q)}})
		declinable = declinable || q.Declinable
		if !q.Scored {
			unscored = append(unscored, q.Code)
		}
	}
	if declinable {
		notes = append(notes, m.say("report.form.declined"))
	}
	if unscored != nil {
		notes = append(notes, m.say("report.form.unscored", "Codes", m.and(unscored)))
	}
	table.Note = wording.Joined(notes...)
	m.part(2, Questionnaire, nil, append(blocks, table)...)
}

// versions tells of each index by which version of which method it is computed and graded.
func (m *maker) versions() {
	table := document.Table{
		Caption: m.table(m.say("report.annex.versions")),
		Columns: []document.Column{{Title: m.say("report.index"), Wide: 1.6}, {Title: m.say("report.annex.how"), Wide: 2.4}, {Title: m.say("report.annex.grades"), Wide: 1.6}, {Title: m.say("report.annex.law"), Wide: 1.6}},
	}
	for _, x := range m.indexes {
		how := m.in.Period.Methods[x.code]
		if how == "" {
			how = x.form.Method
		}
		if x.UnitIndex != nil {
			how = x.Figure.Method
			if e := x.Figure.Explanation; e != nil {
				how += ": " + m.s.Text(e.By)
			}
		}
		law := m.basis(x)
		if law == "" {
			law = none
		}
		table.Rows = append(table.Rows, document.Row{Cells: []string{m.titleOf(x), how, m.in.Detail.Grades.Ref(), law}})
	}
	m.section(2, "versi", m.say("report.annex.versions"), nil, table)
}

// sources tells what the numbers of the methods rest on.
func (m *maker) sources() {
	rows := []string{
		m.say("report.law.survey", "Law", m.in.City.Notice.LawIn(m.s.Lang())),
		m.say("report.annex.grades.from", "Ref", m.in.Detail.Grades.Ref(), "Source", m.in.Detail.Grades.Source, "Day", m.date(m.in.Detail.Grades.ValidFrom)),
		m.say("report.method.sample"),
	}
	if m.in.Form.Index(analytics.IPAK) != nil || m.in.Form.Index(analytics.IPKP) != nil {
		lke, err := analytics.LoadLKE()
		if err != nil {
			m.text("", err)
			return
		}
		rows = append(rows, m.say("report.annex.lke", "Version", lke.Version, "Source", lke.Source))
	}
	for _, in := range m.in.Form.Instruments {
		if in.Source != "" {
			rows = append(rows, m.say("report.annex.instrument", "Ref", in.Ref(), "Source", in.Source))
		}
	}
	m.section(2, "sumber", m.say("report.annex.sources"), nil, list(rows...))
}

// titleOf is the whole name of an index.
func (m *maker) titleOf(x index) string {
	if slices.Contains(analytics.Regulated(), x.code) {
		return m.say("result.title." + x.code)
	}
	return m.s.Text(x.form.Name)
}
