package survey

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Limits of what a citizen may send.
const (
	MaxComment = 2000 // characters of the comment
	maxFuture  = 24 * time.Hour
)

// Draft is a response as it was sent, by whichever way: whoever reads a JSON
// body, a form or a row of a table fills it, and adds a fault where something
// cannot be read. The tags are the rules of its shape; Assignment.Check checks
// them together with what the values mean.
type Draft struct {
	ID      string `field:"id" validate:"required,uuid,ne=00000000-0000-0000-0000-000000000000"`
	Service string `field:"service" validate:"max=40"`
	Lang    string `field:"lang" validate:"omitempty,language"`   // empty: the first of Languages
	Mode    string `field:"mode" validate:"omitempty,screenmode"` // empty: the first of ScreenModes; without a point it is always paper
	Visit   string `field:"visit" validate:"max=200"`
	Period  string `validate:"-"` // which of several running ones; empty: that which began last
	Comment string `validate:"-"`
	// Consent says that the notice was read; where the city rests on consent, that the
	// citizen agrees. Implied: sending says so, as a page did that asks for no consent.
	Consent bool `validate:"-"`
	Implied bool `validate:"-"`
	// Notice is the version of the notice that was read; empty where not told.
	Notice string `field:"notice" validate:"max=40"`
	// StartedAt is when the form was opened by the client's clock; zero where
	// not told.
	StartedAt  time.Time        `validate:"-"`
	Answers    []Answer         `validate:"-"`
	Respondent []Characteristic `validate:"-"`

	faults faultList
}

// Answer is one answer to one question.
type Answer struct {
	Question string
	Value    int
	// Declined is "don't know / prefer not to say"; Value is not read then.
	Declined bool
}

// Characteristic is the category that a citizen chose in one respondent field.
type Characteristic struct {
	Field    string
	Category string
}

// AddFault notes what could not be read. The place is not judged any further.
func (d *Draft) AddFault(field, code, message string) { d.faults.add(field, code, message, nil) }

// ParseValue reads an answer's value as it is written: 4, not 4.0 and not 4e0.
func ParseValue(text []byte) (int, bool) {
	negative := len(text) > 0 && text[0] == '-'
	digits := bytes.TrimPrefix(text, []byte("-"))
	if len(digits) == 0 || len(digits) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// Check turns a draft into a response, or returns every fault in it at once.
// now is the moment of receiving.
func (a *Assignment) Check(d *Draft, zone *time.Location, now time.Time) (*Response, []Fault) {
	faults := d.faults
	checkShape(d, &faults)
	r := &Response{
		Period: a.Period.Code, Unit: a.Unit.Key(), Form: a.Form.ID, Mode: ModePaper, Lang: d.Lang,
		Day: DateOf(now, zone), Hour: uint8(now.In(zone).Hour()),
		ReceivedAt: now.UTC().Truncate(time.Millisecond),
	}
	if a.late {
		r.Day, r.Hour = a.Period.To, 23
	}
	// The shapes of id, mode and language are known; what is wrong of them is a
	// fault already.
	r.ID, _ = uuid.Parse(d.ID)
	if a.Point != nil {
		r.Point = a.Point.Key()
		r.Mode, _ = ParseMode(d.Mode)
	}
	if d.Lang == "" {
		r.Lang = Languages()[0]
	}
	if r.Mode != ModePaper {
		a.consent(d, &faults)
	}
	r.Service = a.service(d, r.Mode, &faults)
	if !d.StartedAt.IsZero() {
		// A phone's clock may be wrong; what is kept is what it said, unless
		// that cannot be a time of this form at all.
		if d.StartedAt.After(now.Add(maxFuture)) || d.StartedAt.Year() < 2000 {
			faults.add("started_at", "bad_time", "must be a time of the past", nil)
		} else {
			r.StartedAt = d.StartedAt.UTC().Truncate(time.Millisecond)
		}
	}
	r.Comment = d.comment(&faults)
	r.Answers = a.Form.answers(d, r.Mode, &faults)
	r.Respondent = a.Form.respondent(d, &faults)
	if len(faults) > 0 {
		return nil, faults
	}
	return r, nil
}

// consent checks that the notice was read and, where the city rests on consent, that
// the citizen agreed to what is told now: a page that was opened before may have asked
// for no consent, or told something else.
func (a *Assignment) consent(d *Draft, faults *faultList) {
	asked := a.city != nil && a.city.Notice.RestsOnConsent()
	switch {
	case !d.Consent && !asked:
		faults.add("consent", "consent_required", "must be true, which says that the notice was read: the answer is only stored then", nil)
	case !d.Consent, asked && d.Implied:
		faults.add("consent", "consent_required", "must be true: the answer is only stored with consent", nil)
	case asked && d.Notice != "" && d.Notice != a.city.NoticeVersion():
		faults.add("consent", "notice_changed", "what citizens are told has changed: show it again, and ask again", nil)
	}
}

// service returns the service that a draft is about; the unit's only one need
// not be named.
func (a *Assignment) service(d *Draft, mode Mode, faults *faultList) string {
	offered := 0
	only := ""
	for i := range a.Unit.Services {
		v := &a.Unit.Services[i]
		if (v.Code == d.Service || slices.Contains(v.Former, d.Service)) && (!v.Closed || mode == ModePaper) {
			return v.Key()
		}
		if !v.Closed {
			offered++
			only = v.Key()
		}
	}
	switch {
	case d.Service != "":
		faults.add("service", "unknown_service", "is not a service of this unit", nil)
	case mode == ModePaper || offered == 0:
		return ""
	case offered == 1:
		return only
	default:
		faults.add("service", "required", "is required: which service did the citizen use", nil)
	}
	return ""
}

func (d *Draft) comment(faults *faultList) string {
	c := strings.ReplaceAll(d.Comment, "\r\n", "\n")
	switch {
	case !utf8.ValidString(c):
		faults.add("comment", "control_character", "must be valid UTF-8 text", nil)
	case utf8.RuneCountInString(c) > MaxComment:
		faults.add("comment", "too_long", "must have at most 2,000 characters", map[string]any{"Max": MaxComment})
	case strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		faults.add("comment", "control_character", "must not contain control characters", nil)
	}
	return strings.TrimSpace(c)
}

// answers checks the answers and writes them by the questions' positions. A
// required question may be declined where it is declinable; it may not be left out.
func (f *Form) answers(d *Draft, mode Mode, faults *faultList) Marks {
	b := bytes.Repeat([]byte{markNone}, len(f.Questions))
	for _, a := range d.Answers {
		at, ok := f.position[a.Question]
		if !ok {
			faults.add("answers."+Printable(a.Question), "unknown_question", "is not a question of this form", nil)
			continue
		}
		top := len(f.Questions[at].Options)
		switch {
		case a.Declined && !f.Questions[at].Declinable:
			faults.add("answers."+a.Question, "not_declinable", "must be a whole number from 1 to "+strconv.Itoa(top)+": this question cannot be declined", map[string]any{"Max": top})
		case !a.Declined && (a.Value < 1 || a.Value > top):
			faults.add("answers."+a.Question, "out_of_scale", "must be a whole number from 1 to "+strconv.Itoa(top), map[string]any{"Max": top})
		case b[at] != markNone:
			faults.add("answers."+a.Question, "duplicate_key", "is answered twice", nil)
		case a.Declined:
			b[at] = markDeclined
		default:
			b[at] = mark(a.Value)
		}
	}
	for i, q := range f.Questions {
		if b[i] == markNone && q.Required && mode != ModePaper {
			faults.add("answers."+q.Code, "required", "is required", nil)
		}
	}
	if mode == ModePaper && len(d.Answers) == 0 {
		faults.add("answers", "required", "has no answer at all", nil)
	}
	return Marks(b)
}

// respondent checks what was told of the respondent and writes it by the fields'
// positions.
func (f *Form) respondent(d *Draft, faults *faultList) Marks {
	b := bytes.Repeat([]byte{markNone}, len(f.Fields))
	for _, t := range d.Respondent {
		at, ok := f.field[t.Field]
		if !ok {
			faults.add("respondent."+Printable(t.Field), "unknown_field", "is not a respondent field of this form", nil)
			continue
		}
		if b[at] != markNone {
			faults.add("respondent."+t.Field, "duplicate_key", "is given twice", nil)
			continue
		}
		categories := f.Fields[at].Categories
		chosen := slices.IndexFunc(categories, func(c Category) bool { return c.Code == t.Category })
		if chosen < 0 {
			known := make([]string, len(categories))
			for i := range categories {
				known[i] = categories[i].Code
			}
			faults.add("respondent."+t.Field, "unknown_category", "must be one of "+strings.Join(known, ", "), nil)
			continue
		}
		b[at] = mark(chosen + 1)
	}
	return Marks(b)
}

// Plain makes a text that was pasted from elsewhere one of the signs that people see: every
// kind of space is a space, and soft hyphens, joiners and spaces of no width are left out. Signs
// that turn the direction stay, for whoever checks the text to refuse.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\u00ad', r >= '\u200b' && r <= '\u200d', r == '\u2060', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// Printable makes a name that somebody else chose fit to be shown in a fault:
// short and without control characters.
func Printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return s
}
