package storetest

import (
	"context"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
)

// Accounts is a store of people and sessions that goes away after some calls.
type Accounts struct {
	account.Store
	Left int   // calls that it is there for
	Back bool  // it is back after one
	Err  error // of those that it is away for
}

func (a *Accounts) gone() error {
	if a.Left--; a.Left == -1 || a.Left < 0 && !a.Back {
		return a.Err
	}
	return nil
}

// People implements account.Store.
func (a *Accounts) People(ctx context.Context) ([]access.Person, error) {
	if err := a.gone(); err != nil {
		return nil, err
	}
	return a.Store.People(ctx)
}

// PersonByID implements account.Store.
func (a *Accounts) PersonByID(ctx context.Context, id string) (*access.Person, error) {
	if err := a.gone(); err != nil {
		return nil, err
	}
	return a.Store.PersonByID(ctx, id)
}

// PersonByEmail implements account.Store.
func (a *Accounts) PersonByEmail(ctx context.Context, email string) (*access.Person, error) {
	if err := a.gone(); err != nil {
		return nil, err
	}
	return a.Store.PersonByEmail(ctx, email)
}

// RecordPerson implements account.Store.
func (a *Accounts) RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.RecordPerson(ctx, p, said...)
}

// AddSession implements account.Store.
func (a *Accounts) AddSession(ctx context.Context, s access.Session) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.AddSession(ctx, s)
}

// SessionByHash implements account.Store.
func (a *Accounts) SessionByHash(ctx context.Context, hash access.Digest) (*access.Session, error) {
	if err := a.gone(); err != nil {
		return nil, err
	}
	return a.Store.SessionByHash(ctx, hash)
}

// SessionsOf implements account.Store.
func (a *Accounts) SessionsOf(ctx context.Context, person string) ([]access.Session, error) {
	if err := a.gone(); err != nil {
		return nil, err
	}
	return a.Store.SessionsOf(ctx, person)
}

// SeeSession implements account.Store.
func (a *Accounts) SeeSession(ctx context.Context, hash access.Digest, seen time.Time) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.SeeSession(ctx, hash, seen)
}

// EndSession implements account.Store.
func (a *Accounts) EndSession(ctx context.Context, hash access.Digest) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.EndSession(ctx, hash)
}

// EndSessions implements account.Store.
func (a *Accounts) EndSessions(ctx context.Context, person string, keep access.Digest) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.EndSessions(ctx, person, keep)
}

// Audit implements account.Store.
func (a *Accounts) Audit(ctx context.Context, said ...audit.Entry) error {
	if err := a.gone(); err != nil {
		return err
	}
	return a.Store.Audit(ctx, said...)
}
