package api

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"persepsi/survey"
)

// draftReaders keeps readers for reuse: a decoder's buffers and the lists of a draft are most of
// what reading a response allocates.
var draftReaders = sync.Pool{New: func() any { return newDraftReader() }}

// draftReader reads JSON bodies, one after the other.
type draftReader struct {
	dec   *jsontext.Decoder
	json  bytes.Buffer // the body, without a copy
	draft survey.Draft
}

func newDraftReader() *draftReader {
	return &draftReader{
		dec:   jsontext.NewDecoder(new(bytes.Buffer)),
		draft: survey.Draft{Answers: make([]survey.Answer, 0, 24), Respondent: make([]survey.Characteristic, 0, 6)}, // more than most forms have
	}
}

// read reads a JSON body; the draft is the reader's, until it reads the next. The draft's faults
// name what has a wrong type, is there twice or isn't known; Malformed: the body is no JSON
// object.
func (r *draftReader) read(body []byte) (*survey.Draft, error) {
	r.draft = survey.Draft{Answers: r.draft.Answers[:0], Respondent: r.draft.Respondent[:0]}
	r.json = *bytes.NewBuffer(body)
	// Names that are there twice are ours to report, with all other faults.
	r.dec.Reset(&r.json, jsontext.AllowDuplicateNames(true))
	if err := r.body(); err != nil {
		var e *survey.Error
		if errors.As(err, &e) {
			return nil, err
		}
		return nil, &survey.Error{Code: survey.Malformed, Message: "the body is not a JSON object", Cause: err}
	}
	return &r.draft, nil
}

func (r *draftReader) body() error {
	if r.dec.PeekKind() != '{' {
		return survey.Errorf(survey.Malformed, "the body is not a JSON object")
	}
	if err := r.object("", r.member); err != nil {
		return err
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return survey.Errorf(survey.Malformed, "there is something after the JSON object")
	}
	return nil
}

// member reads what stands under a name of the body.
func (r *draftReader) member(name string) error {
	d := &r.draft
	switch name {
	case "id":
		return r.text(name, &d.ID)
	case "service":
		return r.text(name, &d.Service)
	case "lang":
		return r.text(name, &d.Lang)
	case "mode":
		return r.text(name, &d.Mode)
	case "period":
		return r.text(name, &d.Period)
	case "visit":
		return r.text(name, &d.Visit)
	case "comment":
		return r.text(name, &d.Comment)
	case "started_at":
		return r.time(name, &d.StartedAt)
	case "consent":
		return r.flag(name, &d.Consent)
	case "notice":
		return r.text(name, &d.Notice)
	case "answers":
		return r.answers()
	case "respondent":
		return r.respondent()
	default:
		d.AddFault(survey.Printable(name), "unknown_field", "is not known here")
		return r.dec.SkipValue()
	}
}

// object reads an object and calls fn for each name, whose value fn must read.
func (r *draftReader) object(path string, fn func(name string) error) error {
	if r.dec.PeekKind() != '{' {
		r.draft.AddFault(path, "wrong_type", "must be an object")
		return r.dec.SkipValue()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	var room [24]string // more than most forms have
	seen := room[:0]
	for r.dec.PeekKind() != '}' {
		tok, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		name := tok.String()
		if slices.Contains(seen, name) {
			r.draft.AddFault(strings.TrimPrefix(path+"."+survey.Printable(name), "."), "duplicate_key", "is there twice")
			if err := r.dec.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if len(seen) == maxNames {
			return survey.Errorf(survey.Malformed, "the body has too many names")
		}
		seen = append(seen, name)
		if err := fn(name); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// maxNames bounds the names of one object: far more than any form has.
const maxNames = 300

func (r *draftReader) text(field string, to *string) error {
	if r.dec.PeekKind() != '"' {
		r.draft.AddFault(field, "wrong_type", "must be a text")
		return r.dec.SkipValue()
	}
	tok, err := r.dec.ReadToken()
	if err == nil {
		*to = tok.String()
	}
	return err
}

// time reads a moment; an empty text is none.
func (r *draftReader) time(field string, to *time.Time) error {
	var text string
	if err := r.text(field, &text); err != nil || text == "" {
		return err
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		*to = at
	} else {
		r.draft.AddFault(field, "bad_time", "must be a time such as 2026-03-02T08:14:11+08:00")
	}
	return nil
}

func (r *draftReader) flag(field string, to *bool) error {
	if k := r.dec.PeekKind(); k != 't' && k != 'f' {
		r.draft.AddFault(field, "wrong_type", "must be true or false")
		return r.dec.SkipValue()
	}
	tok, err := r.dec.ReadToken()
	if err == nil {
		*to = tok.Bool()
	}
	return err
}

func (r *draftReader) answers() error {
	return r.object("answers", func(name string) error {
		var n int
		ok := false
		kind := r.dec.PeekKind()
		if kind == '0' {
			v, err := r.dec.ReadValue()
			if err != nil {
				return err
			}
			n, ok = survey.ParseValue(v)
		} else if err := r.dec.SkipValue(); err != nil {
			return err
		}
		switch {
		case kind == 'n': // null: don't know, or prefer not to say
			r.draft.Answers = append(r.draft.Answers, survey.Answer{Question: name, Declined: true})
		case ok:
			r.draft.Answers = append(r.draft.Answers, survey.Answer{Question: name, Value: n})
		default:
			r.draft.AddFault("answers."+survey.Printable(name), "wrong_type", "must be a whole number")
		}
		return nil
	})
}

func (r *draftReader) respondent() error {
	return r.object("respondent", func(name string) error {
		if r.dec.PeekKind() != '"' {
			r.draft.AddFault("respondent."+survey.Printable(name), "wrong_type", "must be a text")
			return r.dec.SkipValue()
		}
		tok, err := r.dec.ReadToken()
		if err == nil {
			r.draft.Respondent = append(r.draft.Respondent, survey.Characteristic{Field: name, Category: tok.String()})
		}
		return err
	})
}
