package survey

import (
	"errors"
	"fmt"
	"strconv"
)

// check finds what would make an instrument unusable: it is run on every
// instrument before a form is made of it, so that a wrong one is never shown.
func (i *Instrument) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if i.Code == "" || i.Version < 1 || i.Title["id"] == "" {
		bad("code, version and title are required")
	}
	codes := map[string]*Question{}
	for n := range i.Questions {
		q := &i.Questions[n]
		if _, ok := codes[q.Code]; ok || q.Code == "" {
			bad("question code %q is empty or there twice", q.Code)
		}
		codes[q.Code] = q
		if q.Text["id"] == "" {
			bad("question %s lacks a text or help", q.Code)
		}
		if len(q.Options) < 2 || len(q.Options) > maxMark {
			bad("question %s has %d options", q.Code, len(q.Options))
		}
		for k, o := range q.Options {
			if o.Value != k+1 || o.Label["id"] == "" {
				bad("question %s: option %s is out of order or lacks a label", q.Code, strconv.Itoa(k+1))
			}
		}
	}
	for _, f := range i.Respondent {
		if len(f.Categories) > maxMark || f.Text["id"] == "" {
			bad("respondent field %s lacks a text or has too many categories", f.Code)
		}
	}
	for _, x := range i.Indexes {
		for _, a := range x.Aspects {
			if len(a.Questions) == 0 || a.Name["id"] == "" {
				bad("index %s: aspect %s has no question or name", x.Code, a.Code)
			}
			for _, code := range a.Questions {
				q, ok := codes[code]
				if !ok || !q.Scored || len(q.Options) != x.Scale {
					bad("index %s: aspect %s: question %s is missing, unscored or on another scale", x.Code, a.Code, code)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// bilingual finds what an instrument that comes with the program lacks in
// English, and questions without help. A city may leave both out of its own.
func (i *Instrument) bilingual() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if i.Title["en"] == "" {
		bad("code, version and title are required")
	}
	for n := range i.Questions {
		q := &i.Questions[n]
		if q.Text["en"] == "" || q.Help["id"] == "" || q.Help["en"] == "" {
			bad("question %s lacks a text or help", q.Code)
		}
		for k, o := range q.Options {
			if o.Label["en"] == "" {
				bad("question %s: option %s is out of order or lacks a label", q.Code, strconv.Itoa(k+1))
			}
		}
	}
	for _, f := range i.Respondent {
		if f.Text["en"] == "" {
			bad("respondent field %s lacks a text or has too many categories", f.Code)
		}
	}
	for _, x := range i.Indexes {
		for _, a := range x.Aspects {
			if a.Name["en"] == "" {
				bad("index %s: aspect %s has no question or name", x.Code, a.Code)
			}
		}
	}
	return errors.Join(errs...)
}
