package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"persepsi/survey"
)

// Understood is what a file was understood to say, told before it is imported.
type Understood struct {
	source   string
	header   string
	columns  []Line
	absent   []string
	skipped  []SkippedRows
	readings []*reinterpretation
	known    map[reinterpretationKey]*reinterpretation
	units    []Line
	days     string
	undated  string
	faults   int
	answers  int
}

// Line is one thing that was understood: what it is about, and how.
type Line struct{ Label, Text string }

// SkippedRows are rows one below the other that were left out for the same reason.
type SkippedRows struct {
	From, To int
	Why      string // in a clerk's words
	Text     string // how the first of them begins
	title    bool
}

// Rows returns which rows they are.
func (s *SkippedRows) Rows() string {
	if s.From == s.To {
		return atRow(s.From)
	}
	return atRow(s.From) + fmt.Sprintf("–%d", s.To)
}

// String returns the rows and the reason.
func (s *SkippedRows) String() string {
	out := say("skipped_row", "rows", s.Rows(), "why", s.Why)
	if s.Text != "" {
		out += " (“" + s.Text + "”)"
	}
	return out
}

// reinterpretation is how many cells of a column were read as something else than they say.
type reinterpretation struct {
	column   *column
	from, to string
	count    int
}

type reinterpretationKey struct {
	column   int
	to, from string
}

// learn notes what was understood of a table's head.
func (u *Understood) learn(p *Reader, v *vocabulary, l *layout, rows []row) {
	head := &rows[l.header]
	u.header = atRow(head.number)
	for i := range rows[:l.header] {
		u.skip(&rows[i], skipTitle)
	}
	for i := range l.below {
		u.skip(&rows[l.header+1+i], skipHeading)
	}
	for i := range l.columns {
		c := &l.columns[i]
		if c.kind == kindBlank {
			continue
		}
		text := say("unknown_meaning")
		switch c.kind {
		case kindUnknown:
		case kindQuestion:
			at, _ := p.Assignment.Form.Position(c.target) // it is one of the form
			q := &p.Assignment.Form.Questions[at]
			code := "means_question"
			if !q.Scored {
				code = "means_unscored"
			}
			text = say(code, "code", q.Code, "text", q.Text.In("id")) + c.note
		case kindField:
			text = say("means_field", "code", c.target, "text", v.name(c.meaning))
		default:
			text = v.name(c.meaning)
		}
		u.columns = append(u.columns, Line{say("label_column", "letter", letter(c.at), "name", quoted(c.name)), text})
	}
	for _, q := range p.Assignment.Form.Questions {
		if q.Scored && !slices.ContainsFunc(l.columns, func(c column) bool { return c.kind == kindQuestion && c.target == q.Code }) {
			u.absent = append(u.absent, q.Code)
		}
	}
}

// skip notes a row that was left out.
func (u *Understood) skip(r *row, code string) {
	why := say(code)
	if n := len(u.skipped); n > 0 && u.skipped[n-1].Why == why && code != skipTotal {
		u.skipped[n-1].To = r.number
		return
	}
	text := ""
	for i := range r.cells {
		if cell := r.cell(i); cell != "" {
			text = quoted(cell)
			break
		}
	}
	u.skipped = append(u.skipped, SkippedRows{From: r.number, To: r.number, Why: why, Text: text, title: code == skipTitle || code == skipHeading || code == skipNumbering})
}

// mapped notes that a cell was read as something else than it says.
func (u *Understood) mapped(c *column, from, to string) {
	if from = quoted(from); strings.EqualFold(from, to) {
		return
	}
	if _, ok := readSpan(from); ok && c.kind == kindField {
		from = say("mapped_years")
	}
	k := reinterpretationKey{c.at, to, from}
	if same := key(from); same != "" {
		k.from = same
	}
	if u.known == nil {
		u.known = map[reinterpretationKey]*reinterpretation{}
	}
	if r := u.known[k]; r != nil {
		r.count++
	} else if len(u.readings) < maxKept {
		r = &reinterpretation{c, from, to, 1}
		u.readings, u.known[k] = append(u.readings, r), r
	}
}

// count notes what the rows are about, when all of them were read.
func (u *Understood) count(b *rowReader, list []*survey.Response) {
	rows := map[string]int{}
	undated := map[survey.Date]int{}
	var first, last survey.Date
	dated := false
	for _, r := range list {
		rows[r.Unit]++
		if !b.dated[r] {
			undated[r.Day]++
			continue
		}
		if !dated || r.Day < first {
			first = r.Day
		}
		if !dated || r.Day > last {
			last = r.Day
		}
		dated = true
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		code, name := key, key
		for _, place := range append(slices.Clone(b.Units), b.Assignment.Place) {
			if place.Unit != nil && place.Unit.Key() == key {
				code, name = place.Unit.Code, place.Unit.Name
			}
		}
		u.units = append(u.units, Line{say("label_unit", "code", code, "name", name), say("unit_rows", "count", rows[key])})
	}
	if dated {
		u.days = say("dates", "from", dayName(first), "to", dayName(last))
	}
	for day, n := range undated { // there is one at most
		u.undated = say("undated", "count", n, "day", dayName(day))
	}
	u.answers = len(list)
}

// Skipped returns the rows below the header that were left out.
func (u *Understood) Skipped() []SkippedRows {
	return slices.DeleteFunc(slices.Clone(u.skipped), func(s SkippedRows) bool { return s.title })
}

// Refuse notes that a file that could be read is not imported for some faults.
func (u *Understood) Refuse(faults int) { u.faults = max(u.faults, faults) }

// Lines returns all of it, for a preview.
func (u *Understood) Lines() []Line {
	var out []Line
	add := func(label, text string) {
		if text != "" {
			out = append(out, Line{label, text})
		}
	}
	add(say("label_source"), u.source)
	add(say("label_header"), u.header)
	out = append(out, u.columns...)
	if len(u.absent) > 0 {
		add(say("label_absent"), say("absent", "names", strings.Join(u.absent, ", ")))
	}
	for i := range u.skipped {
		add(say("label_skipped"), u.skipped[i].String())
	}
	readings := slices.Clone(u.readings)
	slices.SortStableFunc(readings, func(a, b *reinterpretation) int { return a.column.at - b.column.at })
	for _, r := range readings {
		add(say("label_mapped", "column", quoted(r.column.name)), say("mapped", "from", r.from, "to", r.to, "count", r.count))
	}
	out = append(out, u.units...)
	add(say("label_dates"), u.days)
	add(say("label_dates"), u.undated)
	if u.faults > 0 {
		add(say("label_result"), say("result_bad", "count", u.faults))
	} else if u.answers > 0 {
		add(say("label_result"), say("result_good", "count", u.answers))
	}
	return out
}
