package ingest

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"persepsi/survey"
)

// Submission is the shape of a response as it is sent; what it means is
// survey's to check.
type Submission struct {
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

// check returns the faults of a submission's shape.
func (s *shapes) check(in *Submission) []survey.Fault {
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

// Draft returns what survey checks.
func (in *Submission) Draft() *survey.Draft {
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

// WholeNumber reads an integer as it is written: 4, not 4.0 and not 4e0.
func WholeNumber(v []byte) (int, bool) {
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
