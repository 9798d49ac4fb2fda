package survey

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed instruments/*.yaml
var shipped embed.FS

// Library holds the published instruments and makes forms of them. It is safe
// for concurrent use.
type Library struct {
	byRef  map[string]*Instrument
	latest map[string]*Instrument

	mu    sync.RWMutex
	forms map[string]*Form
}

// NewLibrary loads the shipped instruments and checks each of them.
func NewLibrary() (*Library, error) {
	return readLibrary(shipped, "instruments/*.yaml")
}

func readLibrary(files fs.FS, pattern string) (*Library, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("list instruments: %w", err)
	}
	lib := &Library{byRef: map[string]*Instrument{}, latest: map[string]*Instrument{}, forms: map[string]*Form{}}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read instrument: %w", err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		in := new(Instrument)
		if err := dec.Decode(in); err != nil {
			return nil, fmt.Errorf("read instrument %s: %w", name, err)
		}
		if err := in.check(); err != nil {
			return nil, fmt.Errorf("instrument %s: %w", name, err)
		}
		if _, ok := lib.byRef[in.Ref()]; ok {
			return nil, fmt.Errorf("instrument %s: %s is there twice", name, in.Ref())
		}
		lib.byRef[in.Ref()] = in
		if old, ok := lib.latest[in.Code]; !ok || old.Version < in.Version {
			lib.latest[in.Code] = in
		}
	}
	return lib, nil
}

// Instruments returns the newest version of every instrument, ordered by code.
func (l *Library) Instruments() []*Instrument {
	out := make([]*Instrument, 0, len(l.latest))
	for _, in := range l.latest {
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b *Instrument) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// Resolve turns CODE or CODE@VERSION into the reference CODE@VERSION; CODE
// alone means the newest version.
func (l *Library) Resolve(ref string) (string, error) {
	if in, ok := l.latest[ref]; ok {
		return in.Ref(), nil
	}
	if _, ok := l.byRef[ref]; ok {
		return ref, nil
	}
	code, version, found := strings.Cut(ref, "@")
	if in, ok := l.latest[code]; ok && found {
		return "", fmt.Errorf("instrument %s has no version %q (newest is %d)", code, version, in.Version)
	}
	return "", fmt.Errorf("unknown instrument %q (known: %s)", ref, strings.Join(sortedKeys(l.latest), ", "))
}

// Form makes, or finds, the one form of the instruments that refs name
// (CODE@VERSION each).
func (l *Library) Form(refs ...string) (*Form, error) {
	id := strings.Join(refs, formSeparator)
	l.mu.RLock()
	f, ok := l.forms[id]
	l.mu.RUnlock()
	if ok {
		return f, nil
	}
	ins := make([]*Instrument, len(refs))
	for i, ref := range refs {
		in, ok := l.byRef[ref]
		if !ok {
			return nil, fmt.Errorf("unknown instrument %q", ref)
		}
		ins[i] = in
	}
	f, err := newForm(id, ins)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms[id] = f
	return f, nil
}

// FormByID finds the form that a stored response or tally names.
func (l *Library) FormByID(id string) (*Form, error) {
	return l.Form(strings.Split(id, formSeparator)...)
}

// check finds what would make an instrument unusable: it is run on every
// instrument at start, so that a wrong file cannot be shipped.
func (i *Instrument) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if i.Code == "" || i.Version < 1 || i.Title["id"] == "" || i.Title["en"] == "" {
		bad("code, version and title are required")
	}
	codes := map[string]*Question{}
	for n := range i.Questions {
		q := &i.Questions[n]
		if _, ok := codes[q.Code]; ok || q.Code == "" {
			bad("question code %q is empty or there twice", q.Code)
		}
		codes[q.Code] = q
		if q.Text["id"] == "" || q.Text["en"] == "" || q.Help["id"] == "" || q.Help["en"] == "" {
			bad("question %s lacks a text or help", q.Code)
		}
		if len(q.Options) < 2 || len(q.Options) > maxMark {
			bad("question %s has %d options", q.Code, len(q.Options))
		}
		for k, o := range q.Options {
			if o.Value != k+1 || o.Label["id"] == "" || o.Label["en"] == "" {
				bad("question %s: option %s is out of order or lacks a label", q.Code, strconv.Itoa(k+1))
			}
		}
	}
	for _, f := range i.Respondent {
		if len(f.Categories) > maxMark || f.Text["id"] == "" || f.Text["en"] == "" {
			bad("respondent field %s lacks a text or has too many categories", f.Code)
		}
	}
	for _, x := range i.Indexes {
		for _, a := range x.Aspects {
			if len(a.Questions) == 0 || a.Name["id"] == "" || a.Name["en"] == "" {
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
