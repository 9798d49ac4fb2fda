package handlers

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-playground/validator/v10"

	"persepsi/survey"
)

// submission is the shape of a response as it is sent; what it means is
// survey's to check.
type submission struct {
	ID         string `field:"id" validate:"required,uuid"`
	Service    string `field:"service" validate:"max=40"`
	Lang       string `field:"lang" validate:"omitempty,oneof=id en"`
	Mode       string `field:"mode" validate:"omitempty,oneof=qr kiosk assisted"`
	Period     string `field:"period" validate:"max=40"`
	Visit      string `field:"visit" validate:"max=200"`
	StartedAt  string `field:"started_at" validate:"omitempty,datetime=2006-01-02T15:04:05Z07:00"`
	Comment    string `field:"comment"`
	Consent    bool   `field:"consent"`
	Answers    []survey.Answer
	Respondent []survey.Told
}

// shapes checks submissions' shapes by their tags.
type shapes struct{ v *validator.Validate }

func newShapes() *shapes {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("field") })
	return &shapes{v: v}
}

// check gives the faults of a submission's shape.
func (s *shapes) check(in *submission) []survey.Fault {
	var bad validator.ValidationErrors
	if err := s.v.Struct(in); !errors.As(err, &bad) {
		return nil
	}
	out := make([]survey.Fault, len(bad))
	for i, e := range bad {
		out[i] = survey.Fault{Field: e.Field()}
		switch e.Tag() {
		case "required":
			out[i].Code, out[i].Message = "required", "is required"
		case "uuid":
			out[i].Code, out[i].Message = "bad_id", "must be a UUID in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
		case "max":
			out[i].Code, out[i].Message = "too_long", "must have at most "+e.Param()+" characters"
			out[i].Args = map[string]any{"Max": e.Param()}
		case "datetime":
			out[i].Code, out[i].Message = "bad_time", "must be a time such as 2026-03-02T08:14:11+08:00"
		default:
			out[i].Code, out[i].Message = "unknown_value", "must be one of "+e.Param()
		}
	}
	return out
}

// draft gives what survey checks.
func (in *submission) draft() *survey.Draft {
	d := &survey.Draft{
		ID: in.ID, Service: in.Service, Lang: in.Lang, Consent: in.Consent,
		Answers: in.Answers, Respondent: in.Respondent, Comment: in.Comment,
	}
	d.StartedAt, _ = time.Parse(time.RFC3339, in.StartedAt) // its shape was checked
	d.Mode, _ = survey.ParseMode(in.Mode)                   // likewise; none is qr
	return d
}

// merged joins faults of shape and meaning: the first one of a field counts,
// and covers what lies within the field.
func merged(lists ...[]survey.Fault) []survey.Fault {
	var out []survey.Fault
	for _, list := range lists {
		for _, f := range list {
			if !slices.ContainsFunc(out, func(o survey.Fault) bool {
				within, ok := strings.CutPrefix(f.Field, o.Field)
				return ok && (within == "" || within[0] == '.')
			}) {
				out = append(out, f)
			}
		}
	}
	return out
}

// decoders keeps JSON decoders for reuse: their buffers are most of what
// reading a response allocates.
var decoders = sync.Pool{New: func() any {
	return jsontext.NewDecoder(new(bytes.Buffer))
}}

// readSubmission reads a JSON body. Faults name what has a wrong type, is
// there twice or isn't known; Malformed tells a body that is no JSON object.
func readSubmission(body []byte) (*submission, []survey.Fault, error) {
	dec, ok := decoders.Get().(*jsontext.Decoder)
	if !ok {
		return nil, nil, survey.Errorf(survey.Internal, "no decoder")
	}
	defer decoders.Put(dec)
	// Names that are there twice are ours to report, with all other faults.
	dec.Reset(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	r := &jsonReader{dec: dec, in: &submission{}}
	if err := r.body(); err != nil {
		var e *survey.Error
		if errors.As(err, &e) {
			return nil, nil, err
		}
		return nil, nil, &survey.Error{Code: survey.Malformed, Message: "the body is not a JSON object", Cause: err}
	}
	return r.in, r.faults, nil
}

type jsonReader struct {
	dec    *jsontext.Decoder
	in     *submission
	faults []survey.Fault
}

func (r *jsonReader) fault(field, code, message string) {
	r.faults = append(r.faults, survey.Fault{Field: field, Code: code, Message: message})
}

func (r *jsonReader) body() error {
	if r.dec.PeekKind() != '{' {
		return survey.Errorf(survey.Malformed, "the body is not a JSON object")
	}
	in := r.in
	texts := map[string]*string{
		"id": &in.ID, "service": &in.Service, "lang": &in.Lang, "mode": &in.Mode, "period": &in.Period,
		"visit": &in.Visit, "started_at": &in.StartedAt, "comment": &in.Comment,
	}
	if err := r.object("", func(name string) error {
		if to, ok := texts[name]; ok {
			return r.text(name, to)
		}
		switch name {
		case "consent":
			return r.flag(name, &in.Consent)
		case "answers":
			return r.answers()
		case "respondent":
			return r.respondent()
		default:
			r.fault(survey.Printable(name), "unknown_field", "is not known here")
			return r.dec.SkipValue()
		}
	}); err != nil {
		return err
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return survey.Errorf(survey.Malformed, "there is something after the JSON object")
	}
	return nil
}

// object reads an object and calls fn for each name, whose value fn must read.
func (r *jsonReader) object(path string, fn func(name string) error) error {
	if r.dec.PeekKind() != '{' {
		r.fault(path, "wrong_type", "must be an object")
		return r.dec.SkipValue()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	var seen, twice []string
	for r.dec.PeekKind() != '}' {
		tok, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		name := tok.String()
		if slices.Contains(seen, name) {
			if !slices.Contains(twice, name) { // ten thousand times is one fault
				twice = append(twice, name)
				r.fault(strings.TrimPrefix(path+"."+survey.Printable(name), "."), "duplicate_key", "is there twice")
			}
			if err := r.dec.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if len(seen) < maxNames {
			seen = append(seen, name)
		} else {
			return survey.Errorf(survey.Malformed, "the body has too many names")
		}
		if err := fn(name); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// maxNames bounds the names of one object: far more than any form has.
const maxNames = 300

func (r *jsonReader) text(field string, to *string) error {
	if r.dec.PeekKind() != '"' {
		r.fault(field, "wrong_type", "must be a text")
		return r.dec.SkipValue()
	}
	tok, err := r.dec.ReadToken()
	if err == nil {
		*to = tok.String()
	}
	return err
}

func (r *jsonReader) flag(field string, to *bool) error {
	if k := r.dec.PeekKind(); k != 't' && k != 'f' {
		r.fault(field, "wrong_type", "must be true or false")
		return r.dec.SkipValue()
	}
	tok, err := r.dec.ReadToken()
	if err == nil {
		*to = tok.Bool()
	}
	return err
}

func (r *jsonReader) answers() error {
	r.in.Answers = make([]survey.Answer, 0, 24)
	return r.object("answers", func(name string) error {
		if r.dec.PeekKind() != '0' {
			r.fault("answers."+survey.Printable(name), "wrong_type", "must be a whole number")
			return r.dec.SkipValue()
		}
		v, err := r.dec.ReadValue()
		if err != nil {
			return err
		}
		n, ok := wholeNumber(v)
		if !ok {
			r.fault("answers."+survey.Printable(name), "wrong_type", "must be a whole number")
			return nil
		}
		r.in.Answers = append(r.in.Answers, survey.Answer{Question: name, Value: n})
		return nil
	})
}

// wholeNumber reads an integer as it is written: 4, not 4.0 and not 4e0.
func wholeNumber(v []byte) (int, bool) {
	negative := len(v) > 0 && v[0] == '-'
	digits := bytes.TrimPrefix(v, []byte("-"))
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

func (r *jsonReader) respondent() error {
	r.in.Respondent = make([]survey.Told, 0, 6)
	return r.object("respondent", func(name string) error {
		field := "respondent." + survey.Printable(name)
		if r.dec.PeekKind() != '"' {
			r.fault(field, "wrong_type", "must be a text")
			return r.dec.SkipValue()
		}
		tok, err := r.dec.ReadToken()
		if err == nil {
			r.in.Respondent = append(r.in.Respondent, survey.Told{Field: name, Category: tok.String()})
		}
		return err
	})
}
