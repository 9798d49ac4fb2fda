package account

import (
	"context"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
)

// Close closes an account: its links and sessions end, its grants stay for whoever takes
// over. Broken off in between, trying again ends what is left; meanwhile nobody is let
// in, since a session is worth what its person is. NotFound: nobody has the address.
// Conflict: they are the city's last administrator.
func (a *Service) Close(ctx context.Context, by, email string) (access.Person, error) {
	p, err := a.byEmail(ctx, email)
	if err != nil {
		return access.Person{}, err
	}
	p, err = a.reduce(ctx, by, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, nil
		}
		p.Disabled, p.Links = a.moment(), nil
		return []audit.Entry{a.stateEntry(by, audit.DisablePerson, p, "open", "closed")}, nil
	})
	if err != nil {
		return access.Person{}, err
	}
	return *p, a.store.EndSessions(ctx, p.ID, access.Digest{})
}

// Reopen opens a closed account, with its grants and password as they were. What sessions
// a closing left that was broken off end first. NotFound: nobody has the address.
func (a *Service) Reopen(ctx context.Context, by, email string) (access.Person, error) {
	p, err := a.byEmail(ctx, email)
	if err != nil || p.Open() {
		return valueOf(p), err
	}
	if err := a.store.EndSessions(ctx, p.ID, access.Digest{}); err != nil {
		return access.Person{}, err
	}
	p, err = a.change(ctx, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		p.Disabled = time.Time{}
		return []audit.Entry{a.stateEntry(by, audit.EnablePerson, p, "closed", "open")}, nil
	})
	return valueOf(p), err
}

func (a *Service) stateEntry(by, action string, p *access.Person, before, after string) audit.Entry {
	said := a.entry(by, action, p)
	said.Changes = []audit.Change{{What: "account", Before: before, After: after}}
	return said
}

func valueOf(p *access.Person) access.Person {
	if p == nil {
		return access.Person{}
	}
	return *p
}
