package api

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"persepsi/internal/ingest"
	"persepsi/survey"
)

// decoders keeps JSON decoders for reuse: their buffers are most of what
// reading a response allocates.
var decoders = sync.Pool{New: func() any {
	return jsontext.NewDecoder(new(bytes.Buffer))
}}

// readSubmission reads a JSON body. Faults name what has a wrong type, is
// there twice or isn't known; Malformed tells a body that is no JSON object.
func readSubmission(body []byte) (*ingest.Submission, []survey.Fault, error) {
	dec, ok := decoders.Get().(*jsontext.Decoder)
	if !ok {
		return nil, nil, survey.Errorf(survey.Internal, "no decoder")
	}
	defer decoders.Put(dec)
	// Names that are there twice are ours to report, with all other faults.
	dec.Reset(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
	r := &jsonReader{dec: dec, in: &ingest.Submission{}}
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
	in     *ingest.Submission
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
		n, ok := ingest.WholeNumber(v)
		if !ok {
			r.fault("answers."+survey.Printable(name), "wrong_type", "must be a whole number")
			return nil
		}
		r.in.Answers = append(r.in.Answers, survey.Answer{Question: name, Value: n})
		return nil
	})
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
