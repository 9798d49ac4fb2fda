package reporting

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// maker makes one document. What goes wrong is kept, so that sentences read as such.
type maker struct {
	s       *wording.Speaker
	in      *Input
	bases   *analytics.Bases
	doc     *document.Document
	indexes []index
	tables  int // that have a number
	figures int
	faults  []error
}

// index is one that the report is of. UnitIndex is nil where it has no figure.
type index struct {
	*wording.UnitIndex
	code string
	form *survey.FormIndex
}

// Make makes a report in a language. The same input gives the same document. A text of a
// section that the report has not is left out: the form of a period may ask for fewer indexes
// than when it was written. Errors: Invalid for a kind that the period's form does not ask for.
func Make(s *wording.Speaker, in *Input) (*document.Document, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	m, err := newMaker(s, in, in.Kind.Of(in.Form))
	if err != nil {
		return nil, err
	}
	m.frame(m.say("report.title."+string(in.Kind)), m.say("report.head."+string(in.Kind), "Unit", in.Place.Unit.Name))
	m.cover()
	m.introduction()
	m.collection()
	m.outcome()
	m.analysis()
	m.conclusion()
	m.appendix()
	if err := errors.Join(m.faults...); err != nil {
		return nil, err
	}
	return m.doc, nil
}

// newMaker begins a document that is of some indexes.
func newMaker(s *wording.Speaker, in *Input, codes []string) (*maker, error) {
	bases, err := analytics.LoadBases()
	if err != nil {
		return nil, err
	}
	m := &maker{s: s, in: in, bases: bases, doc: &document.Document{Lang: s.Lang()}}
	all := wording.UnitIndexes(in.Detail)
	for _, code := range codes {
		x := index{code: code, form: in.Form.Index(code)}
		if at := slices.IndexFunc(all, func(x *wording.UnitIndex) bool { return x.Code == code }); at >= 0 {
			x.UnitIndex = all[at]
			x.How.Shipped = x.How.Shipped && code != analytics.IKM // a signed report calls unsur as the regulation does
		}
		m.indexes = append(m.indexes, x)
	}
	return m, nil
}

// over reports whether the period's last day is past.
func (m *maker) over() bool {
	return m.in.Detail.State == desk.Closing || m.in.Detail.State == desk.Final
}

// say returns a message.
func (m *maker) say(key string, args ...any) string { return m.text(m.s.Say(key, args...)) }

// text returns what was said, and keeps why it could not be.
func (m *maker) text(said string, err error) string {
	if err != nil {
		m.faults = append(m.faults, err)
	}
	return said
}

// drawn returns a chart, and keeps why it could not be drawn.
func (m *maker) drawn(c *chart.Chart, err error) *chart.Chart {
	if err != nil {
		m.faults = append(m.faults, err)
	}
	return c
}

// date writes a day.
func (m *maker) date(d survey.Date) string { return m.text(m.s.Date(d)) }

// runs returns a text in pieces: what stands between ** is bold.
func runs(text string) []document.Run {
	var out []document.Run
	for i, part := range strings.Split(text, "**") {
		if part != "" {
			out = append(out, document.Run{Text: part, Bold: i%2 == 1})
		}
	}
	return out
}

// paragraph returns sentences as a paragraph; nil where all are empty.
func paragraph(sentences ...string) []document.Block {
	text := wording.Joined(sentences...)
	if text == "" {
		return nil
	}
	return []document.Block{document.Paragraph{Runs: runs(text)}}
}

// list returns sentences below each other.
func list(sentences ...string) document.List {
	out := document.List{}
	for _, one := range sentences {
		if one != "" {
			out.Items = append(out.Items, runs(one))
		}
	}
	return out
}

// section adds a section: its words, or what a person wrote instead of them, then what tells
// of figures.
func (m *maker) section(level int, id, title string, words []document.Block, figures ...document.Block) {
	text := m.in.Written.Texts[id]
	var written []document.Block
	for _, p := range text.Paragraphs() {
		written = append(written, document.Paragraph{Runs: document.Plain(p)})
	}
	s := document.Section{ID: id, Title: title, Level: level, Apart: level == 1 && id != Introduction}
	if text.Instead && written != nil {
		s.Blocks = slices.Concat(written, figures)
	} else {
		s.Blocks = slices.Concat(words, figures, written)
	}
	m.doc.Sections = append(m.doc.Sections, s)
}

// part adds a section by the title that the messages have.
func (m *maker) part(level int, id string, words []document.Block, figures ...document.Block) {
	m.section(level, id, m.say("report.section."+id), words, figures...)
}

// table numbers a table.
func (m *maker) table(title string) string {
	m.tables++
	return m.say("report.table", "N", strconv.Itoa(m.tables), "Title", title)
}

// figure numbers a picture.
func (m *maker) figure(title string) string {
	m.figures++
	return m.say("report.figure", "N", strconv.Itoa(m.figures), "Title", title)
}

// columns returns heads: the first left, the others right.
func columns(wide []float64, titles ...string) []document.Column {
	out := make([]document.Column, len(titles))
	for i := range titles {
		out[i] = document.Column{Title: titles[i], Align: document.Right, Wide: wide[i]}
	}
	out[0].Align = document.Left
	return out
}

// name is the short name of an index.
func (m *maker) name(code string) string { return m.s.NameOf(code) }

// aspect is what an aspect is called: an unsur of the IKM as the regulation has it.
func (m *maker) aspect(x index, a *analytics.AspectResult) string {
	return m.text(m.s.OwnAspect(x.How.Aspect(a)))
}
