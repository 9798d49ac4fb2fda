package main

import (
	"context"
	"fmt"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

type apikeyGrant struct {
	ID string `arg:"" help:"The key's id, as apikey list shows it."`
	grantFlags
	Until string `help:"The last day of the role." placeholder:"YYYY-MM-DD" shown:"it has no end"`
}

// Run grants the key one more role, or one that it has until another day.
func (a *apikeyGrant) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	until, err := lastDay("--until", a.Until, d, e.now())
	if err != nil {
		return err
	}
	grant, err := a.grant(d, until)
	if err != nil {
		return err
	}
	key, err := changeableKey(ctx, s, a.ID)
	if err != nil {
		return err
	}
	after, before := access.WithGrant(key.Grants, grant)
	change := audit.Change{What: "granted", After: granted([]access.Grant{grant}, d)}
	if before != nil {
		change.Before = granted([]access.Grant{*before}, d)
	}
	return e.regrant(ctx, s, d, key, after, audit.GrantKey, change)
}

type apikeyWithdraw struct {
	ID string `arg:"" help:"The key's id, as apikey list shows it."`
	grantFlags
}

// Run takes a role from the key. Its last one stays: a key without a role is better
// revoked.
func (w *apikeyWithdraw) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	role, on, err := w.granted(d)
	if err != nil {
		return err
	}
	key, err := changeableKey(ctx, s, w.ID)
	if err != nil {
		return err
	}
	after, gone := access.WithoutGrant(key.Grants, role, on)
	switch {
	case gone == nil:
		return survey.Errorf(survey.NotFound, "key %s was not granted the role %s on %s; it has: %s", key.ID, role, on, granted(key.Grants, d))
	case len(after) == 0:
		return survey.Errorf(survey.Conflict, "key %s has no other role: apikey revoke %s ends it", key.ID, key.ID)
	}
	return e.regrant(ctx, s, d, key, after, audit.WithdrawKey, audit.Change{What: "granted", Before: granted([]access.Grant{*gone}, d)})
}

func changeableKey(ctx context.Context, s access.KeyReader, id string) (*access.Key, error) {
	key, err := keyByID(ctx, s, id)
	if err == nil && !key.Revoked.IsZero() {
		err = survey.Errorf(survey.Conflict, "key %s was revoked", key.ID)
	}
	return key, err
}

func (e *environment) regrant(ctx context.Context, s *store, d *survey.Directory, key *access.Key, after []access.Grant, action string, change audit.Change) error {
	entry := said(e.now(), action, key.ID)
	entry.Detail, entry.Changes = key.Name, []audit.Change{change}
	if err := s.RecordKeyGrants(ctx, key.ID, key.Grants, after, entry); err != nil {
		return err
	}
	_, err := fmt.Fprintf(e.Out, "key %s (%s) has: %s\n", key.ID, survey.Printable(key.Name), granted(after, d))
	return err
}
