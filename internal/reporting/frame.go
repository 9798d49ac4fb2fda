package reporting

import (
	"time"

	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/survey"
)

// at is when the figures were made: that of the release, without one the period's beginning.
// Nothing of the clock is in a document, so that the same figures give the same bytes.
func (m *maker) at() time.Time {
	if r := m.in.Result; r != nil && r.Released != nil {
		return r.Released.At.In(m.in.Zone)
	}
	return m.in.Period.From.Time()
}

// through is the last day whose answers the figures may hold; false: there are none.
func (m *maker) through() (survey.Date, bool) {
	if r := m.in.Result; r != nil && r.AsOf != nil {
		return survey.DateOf(r.AsOf.Add(-time.Nanosecond), m.in.Zone), true
	}
	return 0, false
}

// frame sets what stands around the pages of a document of a title; head stands above them.
func (m *maker) frame(title, head string) {
	d := m.doc
	d.Title, d.Subject, d.Author = title, m.in.Place.Unit.Name+", "+m.in.Period.Name, m.in.Place.Agency.Name
	d.Colour = m.in.City.Colour
	d.At = m.at()
	d.Head = [2]string{head, m.in.Period.Name}
	d.Foot = m.foot()
	d.PageOf = func(page, pages int) string {
		text, err := m.s.Say("report.page", "N", page, "Of", pages)
		if err != nil {
			return ""
		}
		return text
	}
	d.Contents = m.say("report.contents")
	d.Draft = m.draft()
	if m.in.City.Demo {
		d.Demo = m.say("print.demo")
	}
}

// foot says which figures the report has.
func (m *maker) foot() string {
	day, ok := m.through()
	switch {
	case !ok:
		return m.say("report.foot.none")
	case m.in.Result.Final:
		return m.say("report.foot.final")
	}
	return m.say("report.foot.running", "Day", m.date(day))
}

// draft says that the report is not final; empty: it is. What will never have figures is
// final without them.
func (m *maker) draft() string {
	day, some := m.through()
	switch state := m.in.Detail.State; {
	case state == desk.Before:
		return m.say("report.draft.before")
	case state == desk.Running && some:
		return m.say("report.draft.running", "Day", m.date(day))
	case state == desk.Running:
		return m.say("report.draft.none")
	case state == desk.Closing && (some || m.withheld() == "closing" || m.withheld() == "damaged"):
		return m.say("report.draft.closing")
	}
	return ""
}

// withheld is why the unit has no figures.
func (m *maker) withheld() string {
	if m.in.Result == nil {
		return ""
	}
	return m.in.Result.Withheld
}

// cover makes the first page: the result in a sentence, and its picture.
func (m *maker) cover() {
	c := &document.Cover{
		City: m.in.City.Name, Office: m.in.Place.Agency.Name,
		Arms: m.picture(m.in.City.Arms, "report.arms", m.in.City.Name), Logo: m.picture(m.in.Place.Agency.Logo, "report.logo", m.in.Place.Agency.Name),
		Title: m.doc.Title, Of: m.in.Place.Unit.Name, When: m.when(),
	}
	var found []string
	for _, x := range m.indexes {
		found = append(found, m.headline(x))
		if x.UnitIndex != nil && c.Chart == nil {
			c.Chart = m.strip(x, chart.Part, document.CoverWidth)
			c.Note = m.say("report.strip.of", "Index", m.name(x.code), "Note", m.stripNote(x))
		}
	}
	if m.none() {
		found = []string{m.why()}
	}
	for i, text := range found {
		if i > 0 {
			c.Finding = append(c.Finding, document.Run{Text: " "})
		}
		c.Finding = append(c.Finding, runs(text)...)
	}
	for _, x := range m.indexes {
		if law := m.basis(x); law != "" {
			c.Basis = append(c.Basis, m.say("report.basis", "Law", law))
		}
	}
	c.Basis = unique(append(c.Basis, m.foot()))
	if m.in.Address != "" {
		c.Age = &document.Age{Address: m.in.Address, Lines: []string{m.say("report.age.ask"), m.say("report.age.scan")}}
	}
	m.doc.Cover = c
}

// picture is one of the catalogue, with what it shows in words; nil: there is none.
func (m *maker) picture(p *survey.Picture, key, of string) *document.Picture {
	alt := m.say(key, "Of", of)
	data, kind := p.File()
	if data == nil {
		return nil
	}
	return &document.Picture{Data: data, Type: kind, Alt: alt}
}

// when is the period in words.
func (m *maker) when() string {
	return m.say("report.when", "Period", m.in.Period.Name, "From", m.date(m.in.Period.From), "To", m.date(m.in.Period.To))
}

// unique leaves out what was there before.
func unique(all []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, one := range all {
		if !seen[one] {
			out = append(out, one)
		}
		seen[one] = true
	}
	return out
}
