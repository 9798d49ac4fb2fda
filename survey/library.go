package survey

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed instruments/*.yaml
var shipped embed.FS

// Library holds the published instruments, those that come with the program and
// those that a city declares, and makes forms of them. It grows and never forgets:
// a published version doesn't change, so what was learned once stays true. It is
// safe for concurrent use.
type Library struct {
	shipped []*Instrument // in the order of their codes, an older version first

	mu       sync.RWMutex
	byRef    map[string]*Instrument
	latest   map[string]*Instrument
	declared map[string]bool // by CODE@VERSION
	forms    map[string]*Form
}

// ErrUnknownInstrument tells that a library has no instrument of a name.
var ErrUnknownInstrument = errors.New("unknown instrument")

// NewLibrary makes a library of the shipped instruments. They are read and checked once
// a process, and never change.
func NewLibrary() (*Library, error) {
	list, err := shippedInstruments()
	if err != nil {
		return nil, err
	}
	return libraryWith(list), nil
}

var shippedInstruments = sync.OnceValues(func() ([]*Instrument, error) { return readInstruments(shipped, "instruments/*.yaml") })

// libraryWith makes a library of instruments that come with the program.
func libraryWith(list []*Instrument) *Library {
	lib := emptyLibrary()
	for _, in := range list {
		lib.add(in)
	}
	lib.shipped = list
	return lib
}

// readInstruments reads instruments and checks each of them.
func readInstruments(files fs.FS, pattern string) ([]*Instrument, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("list instruments: %w", err)
	}
	var out []*Instrument
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
		if err := errors.Join(in.check(), in.bilingual()); err != nil {
			return nil, fmt.Errorf("instrument %s: %w", name, err)
		}
		if slices.ContainsFunc(out, func(other *Instrument) bool { return other.Ref() == in.Ref() }) {
			return nil, fmt.Errorf("instrument %s: %s is there twice", name, in.Ref())
		}
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b *Instrument) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), a.Version-b.Version)
	})
	return out, nil
}

func emptyLibrary() *Library {
	return &Library{byRef: map[string]*Instrument{}, latest: map[string]*Instrument{}, declared: map[string]bool{}, forms: map[string]*Form{}}
}

func (l *Library) add(in *Instrument) {
	l.byRef[in.Ref()] = in
	if old, ok := l.latest[in.Code]; !ok || old.Version <= in.Version {
		l.latest[in.Code] = in
	}
}

// Instruments returns the newest version of every instrument, ordered by code.
func (l *Library) Instruments() []*Instrument {
	l.mu.RLock()
	defer l.mu.RUnlock()
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
	l.mu.RLock()
	defer l.mu.RUnlock()
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
	return "", fmt.Errorf("%w %q (known: %s)", ErrUnknownInstrument, Printable(ref), strings.Join(sortedKeys(l.latest), ", "))
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
	l.mu.Lock()
	defer l.mu.Unlock()
	if f, ok := l.forms[id]; ok {
		return f, nil
	}
	ins := make([]*Instrument, len(refs))
	for i, ref := range refs {
		in, ok := l.byRef[ref]
		if !ok {
			return nil, fmt.Errorf("%w %q", ErrUnknownInstrument, ref)
		}
		ins[i] = in
	}
	f, err := newForm(id, ins)
	if err != nil {
		return nil, err
	}
	l.forms[id] = f
	return f, nil
}

// FormByID finds the form that a stored response or tally names.
func (l *Library) FormByID(id string) (*Form, error) {
	return l.Form(strings.Split(id, formSeparator)...)
}
