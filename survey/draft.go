package survey

import (
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

// Draft is a response as it came in, its shape read but its meaning not yet
// checked.
type Draft struct {
	ID         string
	Service    string
	Lang       string
	Mode       Mode
	Consent    bool
	Answers    []Answer
	Respondent []Told
	Comment    string
	StartedAt  time.Time
}

// Answer is one answer to one question.
type Answer struct {
	Question string
	Value    int
}

// Told is what a citizen told about one respondent field.
type Told struct {
	Field    string
	Category string
}

// Check turns a draft into a response of the sitting, or gives every fault in
// it at once. now is the moment of receiving.
func (s *Sitting) Check(d *Draft, zone *time.Location, now time.Time) (*Response, []Fault) {
	var faults []Fault
	add := func(field, code, message string, args map[string]any) {
		faults = append(faults, Fault{Field: field, Code: code, Message: message, Args: args})
	}
	local := now.In(zone)
	r := &Response{
		Period: s.Period.Code, Unit: s.Unit.Code, Form: s.Form.ID, Mode: d.Mode, Lang: d.Lang, Service: d.Service,
		Day: DateOf(now, zone), Hour: uint8(local.Hour()),
		ReceivedAt: now.UTC().Truncate(time.Millisecond),
	}
	if s.late {
		r.Day, r.Hour = s.Period.To, 23
	}
	if s.Point != nil {
		r.Point = s.Point.Code
	}
	var err error
	if r.ID, err = uuid.Parse(d.ID); err != nil || len(d.ID) != 36 || r.ID == uuid.Nil {
		add("id", "bad_id", "must be a UUID in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", nil)
	}
	if !d.Consent && d.Mode != ModePaper {
		add("consent", "consent_required", "must be true: the answer is only stored with consent", nil)
	}
	switch d.Lang {
	case "":
		r.Lang = "id"
	case "id", "en":
	default:
		add("lang", "unknown_language", "must be id or en", nil)
	}
	r.Service = s.service(d, add)
	if !d.StartedAt.IsZero() {
		// A phone's clock may be wrong; what is kept is what it said, unless
		// that cannot be a time of this form at all.
		if d.StartedAt.After(now.Add(maxFuture)) || d.StartedAt.Year() < 2000 {
			add("started_at", "bad_time", "must be a time of the past", nil)
		} else {
			r.StartedAt = d.StartedAt.UTC().Truncate(time.Millisecond)
		}
	}
	r.Comment = s.comment(d, add)
	r.Answers = s.Form.marks(d, add)
	r.Respondent = s.Form.told(d, add)
	if len(faults) > 0 {
		return nil, faults
	}
	return r, nil
}

type addFault func(field, code, message string, args map[string]any)

func (s *Sitting) service(d *Draft, add addFault) string {
	offered := 0
	only := ""
	for i := range s.Unit.Services {
		v := &s.Unit.Services[i]
		if v.Code == d.Service && (!v.Closed || d.Mode == ModePaper) {
			return v.Code
		}
		if !v.Closed {
			offered++
			only = v.Code
		}
	}
	switch {
	case d.Service != "":
		add("service", "unknown_service", "is not a service of this unit", nil)
	case d.Mode == ModePaper || offered == 0:
		return ""
	case offered == 1:
		return only
	default:
		add("service", "required", "is required: which service did the citizen use", nil)
	}
	return ""
}

func (s *Sitting) comment(d *Draft, add addFault) string {
	c := strings.ReplaceAll(d.Comment, "\r\n", "\n")
	switch {
	case !utf8.ValidString(c):
		add("comment", "control_character", "must be valid UTF-8 text", nil)
	case utf8.RuneCountInString(c) > MaxComment:
		add("comment", "too_long", "must have at most 2,000 characters", map[string]any{"Max": MaxComment})
	case strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		add("comment", "control_character", "must not contain control characters", nil)
	}
	return strings.TrimSpace(c)
}

// marks checks the answers and writes them by position.
func (f *Form) marks(d *Draft, add addFault) Marks {
	b := make([]byte, len(f.Questions))
	for i := range b {
		b[i] = markNone
	}
	for _, a := range d.Answers {
		field := "answers." + a.Question
		at, ok := f.position[a.Question]
		if !ok {
			add("answers."+Printable(a.Question), "unknown_question", "is not a question of this form", nil)
			continue
		}
		top := len(f.Questions[at].Options)
		switch {
		case a.Value < 1 || a.Value > top:
			add(field, "out_of_scale", "must be a whole number from 1 to "+strconv.Itoa(top), map[string]any{"Max": top})
		case b[at] != markNone:
			add(field, "duplicate_key", "is answered twice", nil)
		default:
			b[at] = mark(a.Value)
		}
	}
	answered := 0
	for i, q := range f.Questions {
		if b[i] != markNone {
			answered++
			continue
		}
		if q.Required && d.Mode != ModePaper && !d.tried(q.Code) {
			add("answers."+q.Code, "required", "is required", nil)
		}
	}
	if answered == 0 && d.Mode == ModePaper && len(d.Answers) == 0 {
		add("answers", "required", "has no answer at all", nil)
	}
	return Marks(b)
}

// tried reports whether the draft has any value for a question: a wrong one
// has its own fault, which "required" would only repeat.
func (d *Draft) tried(question string) bool {
	for _, a := range d.Answers {
		if a.Question == question {
			return true
		}
	}
	return false
}

func (f *Form) told(d *Draft, add addFault) Marks {
	b := make([]byte, len(f.Fields))
	for i := range b {
		b[i] = markNone
	}
next:
	for _, t := range d.Respondent {
		at, ok := f.field[t.Field]
		if !ok {
			add("respondent."+Printable(t.Field), "unknown_field", "is not a respondent field of this form", nil)
			continue
		}
		if b[at] != markNone {
			add("respondent."+t.Field, "duplicate_key", "is given twice", nil)
			continue
		}
		var known []string
		for c, category := range f.Fields[at].Categories {
			if category.Code == t.Category {
				b[at] = mark(c + 1)
				continue next
			}
			known = append(known, category.Code)
		}
		add("respondent."+t.Field, "unknown_category", "must be one of "+strings.Join(known, ", "), nil)
	}
	return Marks(b)
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
