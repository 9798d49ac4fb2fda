package paper

import (
	"crypto/sha256"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Reader turns a table of paper answers into responses of one period and form.
type Reader struct {
	// Assignment has period and form, and no point. Where it has a unit, all rows
	// are about that one; else each row names its own.
	Assignment survey.Assignment
	Units      []survey.Place // that a row may name
	Zone       *time.Location
	Now        time.Time
	Ignore     []string // columns that are there but not wanted
	Sheet      string   // of a workbook; empty: the one that holds answers
	Order      string   // what U1, U2 … count, one of Orders; empty: what is the same in all
	// Key is what the ids of rows without one are made with, beside the file's content:
	// who does not have it cannot try out by them what a row said. Empty: the content
	// alone, as earlier programs made them.
	Key []byte
	// Again makes other ids of the same rows: they are wanted once more.
	Again int
}

// Reading is the result of reading paper answers.
type Reading struct {
	Responses []*survey.Response // of one or several units
	// Absent are the form's scored questions without a column: all their
	// answers count as missing.
	Absent []string
	// Dated tells that the file has a column of dates. Rows without a date, as all
	// of a file without that column, are of today or of the period's last day.
	Dated bool
	// Digests has a digest of the rows of each unit: the same rows have the same one, in
	// whatever order and format they come.
	Digests map[string][sha256.Size]byte
	// Understood is what the file was understood to say.
	Understood Understood

	rows map[uuid.UUID]int // of each id
}

// Read reads a file by the ending of its name, .csv, .txt or .xlsx, and turns its
// rows into responses of mode paper, all of them or none: every fault is named with
// row and column. Without an id column, each row's id is made of Key, the file's content
// and the row's number, so that importing the same file twice stores nothing twice. Errors
// are survey.Invalid, TooLarge or Unsupported; with one come no responses, but what
// was understood so far.
func (p *Reader) Read(name string, data []byte) (*Reading, error) {
	out := &Reading{}
	if len(data) > MaxBytes {
		return out, tooLarge("too_large_file", "max", MaxBytes>>20)
	}
	v := newVocabulary(p.Assignment.Form, p.Ignore)
	var t *table
	var err error
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".txt":
		var f *textFile
		if f, err = readText(data, v); err == nil {
			t, err = f.read(0)
		}
		if err == nil {
			t.source = say("preview_text", "encoding", f.encoding, "separator", say(separatorName(f.comma)))
		}
	case ".xlsx":
		t, err = p.readXLSX(data, v)
	default:
		return out, &survey.Error{Code: survey.Unsupported, Message: say("refusal"), Faults: []survey.Fault{newFault(say("file"), "kind", "ending", strconv.Quote(ext))}}
	}
	if err != nil {
		return out, err
	}
	return out, p.responses(v, t, data, out)
}

func separatorName(comma rune) string {
	switch comma {
	case ';':
		return "separator_semicolon"
	case '\t':
		return "separator_tab"
	}
	return "separator_comma"
}

// responses understands a table.
func (p *Reader) responses(v *vocabulary, t *table, data []byte, out *Reading) error {
	u := &out.Understood
	u.source = t.source
	at, score := v.header(t.rows)
	if score == 0 {
		return p.noHeader()
	}
	l := p.layout(v, t.rows, at)
	u.learn(p, v, l, t.rows)
	for _, q := range p.Assignment.Form.Questions {
		if q.Scored && !slices.ContainsFunc(l.columns, func(c column) bool { return c.kind == kindQuestion && c.target == q.Code }) {
			out.Absent = append(out.Absent, q.Code)
		}
	}
	out.Dated = l.has(kindDate) != nil
	faults := l.faults
	if p.Assignment.Unit == nil && l.has(kindUnit) == nil {
		faults = append(faults, newFault(atRow(t.rows[at].number), "no_unit"))
	}
	rows := t.rows[at+1+l.below:]
	if len(faults) > 0 {
		u.faults = len(faults)
		return told(faults)
	}
	b := &rowReader{
		Reader: p, layout: l, understood: u, dates: dates{zone: p.Zone, excel: t.excel, since1904: t.since1904},
		places: newPlaces(p.Units, p.Assignment.Place), file: sha256.Sum256(data),
		ids: map[uuid.UUID]int{}, dated: map[*survey.Response]bool{}, cache: make([]map[string]value, len(l.columns)),
	}
	s := &rowFilter{form: p.Assignment.Form, places: b.places, layout: l, header: &t.rows[at], first: true}
	for i := range rows {
		if len(faults) > MaxFaults {
			break
		}
		var next *row
		if i+1 < len(rows) {
			next = &rows[i+1]
		}
		skip, wrong := s.judge(&rows[i], next)
		switch {
		case skip != "":
			u.skip(&rows[i], skip)
			continue
		case wrong != "":
			faults = append(faults, newFault(atRow(rows[i].number), wrong))
			continue
		}
		r, bad := b.row(&rows[i])
		faults = append(faults, bad...)
		if r != nil {
			out.Responses = append(out.Responses, r)
		}
	}
	if len(faults) == 0 && len(out.Responses) == 0 {
		faults = append(faults, newFault(say("file"), "empty"))
	}
	u.faults, out.rows = len(faults), b.ids
	if err := told(faults); err != nil {
		out.Responses = nil
		return err
	}
	out.Digests = digests(out.Responses, b.dated)
	u.count(b, out.Responses)
	return nil
}

// noHeader says what a header would have named.
func (p *Reader) noHeader() error {
	var examples []string
	for _, q := range p.Assignment.Form.Questions {
		if q.Scored && len(examples) < 3 {
			examples = append(examples, q.Code)
		}
	}
	return fault(say("file"), "no_header", "form", p.Assignment.Form.ID, "examples", strings.Join(examples, ", "))
}
