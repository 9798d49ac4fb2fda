// Package account keeps people's accounts: who is invited, granted,
// handed over and closed, how somebody proves who they are, and what the audit tells
// of it. It knows no page and no store.
package account

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Store keeps people and their sessions.
type Store interface {
	access.PersonStore
	access.SessionStore
	// PersonByID returns a person, nil where there is none.
	PersonByID(ctx context.Context, id string) (*access.Person, error)
	// PersonByEmail returns the person with an address as access.CleanEmail returns it,
	// nil where there is none.
	PersonByEmail(ctx context.Context, email string) (*access.Person, error)
	// RecordPerson adds a person whose version is 1, or replaces the version before
	// the person's, with what the audit tells of it: both or neither. Conflict: the
	// address is somebody else's, or the person was changed since.
	RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error
	// Audit appends entries that tell of no change of a person.
	Audit(ctx context.Context, said ...audit.Entry) error
}

// Service keeps accounts. Several may work on the same store: each counts wrong
// passwords for itself.
type Service struct {
	store  Store
	now    func() time.Time
	hasher Hasher

	wrong *buckets
	// Whoever is known to have an account never waits for those who may have none.
	known, strangers *gate
	// nobodys is a hash that no password is known of: what is typed for an unknown
	// account is checked by it.
	nobodys func() (string, error)
}

// Option changes how a service works.
type Option func(*Service)

// HashedBy makes a service hash passwords by another hasher than DefaultHasher: tests by a
// cheap one, for they sign people in again and again.
func HashedBy(h Hasher) Option { return func(a *Service) { a.hasher = h } }

// New makes a service over a store.
func New(store Store, now func() time.Time, options ...Option) *Service {
	a := &Service{store: store, now: now, hasher: DefaultHasher(), wrong: newBuckets(now), known: newGate(), strangers: newGate()}
	for _, option := range options {
		option(a)
	}
	a.nobodys = sync.OnceValues(func() (string, error) { return a.hasher.Hash(rand.Text()) })
	return a
}

// moment is now as it is stored.
func (a *Service) moment() time.Time { return a.now().UTC().Truncate(time.Millisecond) }

// openPerson returns a person whose account was not closed, nil where there is none.
func (a *Service) openPerson(ctx context.Context, id string) (*access.Person, error) {
	p, err := a.store.PersonByID(ctx, id)
	if p == nil || !p.Open() {
		return nil, err
	}
	return p, nil
}

// find returns the first of the people for which fn holds, nil where there is none.
func (a *Service) find(ctx context.Context, fn func(*access.Person) bool) (*access.Person, error) {
	people, err := a.store.People(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(people, func(p access.Person) bool { return fn(&p) })
	if i < 0 {
		return nil, nil //nolint:nilnil // no such person, and that is no error
	}
	return &people[i], nil
}

// byEmail returns the person with an address. NotFound: there is none.
func (a *Service) byEmail(ctx context.Context, email string) (*access.Person, error) {
	address, err := access.CleanEmail(email)
	if err != nil {
		return nil, survey.Errorf(survey.NotFound, "nobody has the e-mail address %q", survey.Printable(email))
	}
	p, err := a.store.PersonByEmail(ctx, address)
	if err == nil && p == nil {
		err = survey.Errorf(survey.NotFound, "nobody has the e-mail address %q", survey.Printable(email))
	}
	return p, err
}

// changeTries is how often a change is tried where others change the person at the
// same time.
const changeTries = 5

// change stores what fn makes of a person as they are now, and of whoever changed them
// meanwhile. fn returns what the audit tells of it, and may refuse; where it returns no
// error and leaves the person as they were, nothing is stored.
func (a *Service) change(ctx context.Context, id string, fn func(*access.Person) ([]audit.Entry, error)) (*access.Person, error) {
	for try := 1; ; try++ {
		p, err := a.store.PersonByID(ctx, id)
		if err != nil {
			return nil, err
		}
		if p == nil {
			return nil, survey.Errorf(survey.NotFound, "there is no person %q", survey.Printable(id))
		}
		before, err := access.EncodePerson(p)
		if err != nil {
			return nil, err
		}
		said, err := fn(p)
		if err != nil {
			return nil, err
		}
		after, err := access.EncodePerson(p)
		if err != nil || slices.Equal(before, after) {
			return p, err
		}
		p.Version++
		err = a.store.RecordPerson(ctx, *p, said...)
		if survey.CodeOf(err) != survey.Conflict || try == changeTries {
			return p, err
		}
	}
}

// entry begins an entry of the audit about a person.
func (a *Service) entry(by, action string, p *access.Person) audit.Entry {
	return audit.Entry{At: a.moment(), Actor: by, Action: action, Subject: p.ID, Detail: p.Name + " (" + p.Email + ")"}
}
