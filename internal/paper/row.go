package paper

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"persepsi/survey"
)

// rowReader turns rows into responses.
type rowReader struct {
	*Reader

	layout     *layout
	understood *Understood
	dates      dates
	places     *places
	file       [sha256.Size]byte
	ids        map[uuid.UUID]int         // the row of each
	dated      map[*survey.Response]bool // those whose row has a date
	cache      []map[string]value        // what each column's texts were read as
}

// row turns a row into a response, or returns every fault in it.
func (b *rowReader) row(r *row) (*survey.Response, []survey.Fault) {
	var faults []survey.Fault
	bad := func(at int, code string, args ...any) {
		faults = append(faults, newFault(atCell(r.number, b.name(at)), code, args...))
	}
	marked := map[int]bool{}
	for _, m := range r.marks {
		if b.used(m.column) {
			faults = append(faults, b.marked(r, m, b.layout.columns))
			marked[m.column] = true
		}
	}
	for at := len(b.layout.columns); at < len(r.cells); at++ {
		if r.cell(at) != "" {
			faults = append(faults, newFault(atRow(r.number), "too_wide", "cell", cellName(r.number, at)))
			break
		}
	}
	d := &survey.Draft{}
	assignment := b.Assignment
	period := assignment.Period
	day := min(max(survey.DateOf(b.Now, b.Zone), period.From), period.To)
	dated := false
	service, otherUnit := "", false
	for i := range b.layout.columns {
		c := &b.layout.columns[i]
		text := r.cell(c.at)
		if text == "" || marked[c.at] {
			continue
		}
		switch c.kind {
		case kindBlank:
			bad(c.at, "no_name")
		case kindQuestion, kindField:
			v := b.value(c, text)
			switch {
			case v.fault != "":
				bad(c.at, v.fault, v.args...)
			case v.answer > 0, v.declined:
				d.Answers = append(d.Answers, survey.Answer{Question: c.target, Value: v.answer, Declined: v.declined})
			case v.category != "":
				d.Respondent = append(d.Respondent, survey.Characteristic{Field: c.target, Category: v.category})
			}
		case kindID:
			if !absent(text) {
				d.ID = text
			}
		case kindService:
			if !absent(text) {
				service = text
			}
		case kindComment:
			d.Comment = r.cells[c.at]
		case kindUnit:
			var v value
			if absent(text) {
				break
			}
			if assignment.Place, v = b.places.unit(text); v.fault != "" {
				otherUnit = true // whose services are not known
				bad(c.at, v.fault, v.args...)
			}
		case kindDate:
			if absent(text) {
				break
			}
			given, code := b.dates.read(text)
			switch today := survey.DateOf(b.Now, b.Zone); {
			case code != "":
				bad(c.at, code, "value", quoted(text), "date", dayName(given))
			case !period.Contains(given):
				bad(c.at, "out_of_period", "date", dayName(given), "from", dayName(period.From), "to", dayName(period.To))
			case given > today:
				bad(c.at, "in_future", "date", dayName(given))
			default:
				day, dated = given, true
			}
		}
	}
	if assignment.Unit == nil {
		if c := b.layout.has(kindUnit); absent(r.cell(c.at)) {
			bad(c.at, "unit_missing")
		}
		return nil, faults
	}
	if service != "" && !otherUnit {
		c := b.layout.has(kindService)
		code, v := b.places.service(assignment.Unit, service)
		if v.fault != "" {
			bad(c.at, v.fault, v.args...)
		}
		if d.Service = code; code != "" && code != service {
			b.understood.mapped(c, service, code)
		}
	}
	if len(d.Answers) == 0 {
		if len(faults) == 0 {
			faults = append(faults, newFault(atRow(r.number), "no_answer"))
		}
		return nil, faults
	}
	if d.ID == "" {
		d.ID = b.id(assignment.Unit, r.line)
	}
	out, more := assignment.Check(d, b.Zone, b.Now)
	faults = append(faults, b.checked(r, d, more)...)
	if len(faults) > 0 {
		return nil, faults
	}
	if other, ok := b.ids[out.ID]; ok {
		bad(b.layout.has(kindID).at, "duplicate_id", "other", other)
		return nil, faults
	}
	b.ids[out.ID], b.dated[out] = r.number, dated
	out.Day, out.Hour = day, 0
	return out, nil
}

// checked says a form's own faults in a clerk's words. What can still be wrong
// here are ids and comments.
func (b *rowReader) checked(r *row, d *survey.Draft, list []survey.Fault) []survey.Fault {
	var out []survey.Fault
	for _, f := range list {
		f.Field = f.Field[strings.LastIndexByte(f.Field, '.')+1:]
		if c := b.layout.has(kind(f.Field)); c != nil {
			f.Field = atCell(r.number, c.name)
		} else {
			f.Field = atRow(r.number)
		}
		if _, ok := texts()[f.Code]; ok {
			f.Message = say(f.Code, "value", quoted(d.ID), "max", f.Args["Max"])
		}
		out = append(out, f)
	}
	return out
}

// value reads a cell of a question or respondent field.
func (b *rowReader) value(c *column, text string) value {
	v, ok := b.cache[c.at][text]
	if !ok {
		v = b.fresh(c, text)
		if b.cache[c.at] == nil {
			b.cache[c.at] = map[string]value{}
		}
		if len(b.cache[c.at]) < maxKept {
			b.cache[c.at][text] = v
		}
	}
	if v.note != "" && v.fault == "" {
		b.understood.mapped(c, text, v.note)
	}
	return v
}

func (b *rowReader) fresh(c *column, text string) value {
	form := b.Assignment.Form
	if c.kind == kindQuestion {
		at, _ := form.Position(c.target) // it is one of the form
		return answer(&form.Questions[at], text)
	}
	at, _ := form.FieldPosition(c.target) // likewise
	return category(&form.Fields[at], text)
}

// used reports whether anything is made of a column.
func (b *rowReader) used(at int) bool {
	if at >= len(b.layout.columns) {
		return true
	}
	switch b.layout.columns[at].kind {
	case kindIgnored, kindRow, kindClock, kindSum:
		return false
	}
	return true
}

func (b *rowReader) name(at int) string {
	if at < len(b.layout.columns) {
		return b.layout.columns[at].name
	}
	return letter(at)
}

// marked says what is wrong with a cell, whatever it is for.
func (p *Reader) marked(r *row, m mark, columns []column) survey.Fault {
	name := letter(m.column)
	if m.column < len(columns) {
		name = columns[m.column].name
	}
	return newFault(atCell(r.number, name), m.code, "cell", cellName(r.number, m.column), "max", MaxText, "value", quoted(r.cell(m.column)))
}

// id makes the id of a row of a file. The same row of the same file has the
// same one, unless it is wanted again.
func (b *rowReader) id(unit *survey.Unit, line int) string {
	name := unit.Key() + "\x00" + b.Assignment.Period.Code + "\x00" + strconv.Itoa(line)
	if b.Again > 0 {
		name += "\x00" + strconv.Itoa(b.Again)
	}
	of := append(b.file[:], name...)
	if len(b.Key) == 0 {
		return uuid.NewSHA1(uuid.NameSpaceOID, of).String()
	}
	return uuid.NewHash(hmac.New(sha256.New, b.Key), uuid.NameSpaceOID, of, 8).String()
}
