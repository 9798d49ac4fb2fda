package main

import (
	"context"
	"fmt"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

type apikeyCommand struct {
	Add      apikeyAdd      `cmd:"" help:"Make an API key and print its secret once."`
	List     apikeyList     `cmd:"" help:"List the API keys, never their secrets."`
	Grant    apikeyGrant    `cmd:"" help:"Grant an API key one more role."`
	Withdraw apikeyWithdraw `cmd:"" help:"Take a role from an API key."`
	Revoke   apikeyRevoke   `cmd:"" help:"End an API key, and what was opened with it, for good."`
}

type apikeyAdd struct {
	grantFlags
	Name    string `help:"Whose key it is: stands beside what is done with it." placeholder:"NAME"`
	Expires string `help:"The last day on which the key is valid." placeholder:"YYYY-MM-DD" shown:"it does not expire"`
}

// Run makes the key.
func (a *apikeyAdd) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	grant, err := a.grant(d, time.Time{})
	if err != nil {
		return err
	}
	key, secret, err := access.NewKey(a.Name, []access.Grant{grant}, e.now().UTC().Truncate(time.Millisecond))
	if err != nil {
		return err
	}
	if key.Expires, err = lastDay("--expires", a.Expires, d, e.now()); err != nil {
		return err
	}
	entry := said(e.now(), audit.AddKey, key.ID)
	for _, c := range []audit.Change{{What: "name", After: key.Name}, {What: "granted", After: granted(key.Grants, d)}, {What: "expires", After: a.Expires}} {
		if c.After != "" {
			entry.Changes = append(entry.Changes, c)
		}
	}
	if err := s.RecordKey(ctx, key, entry); err != nil {
		return err
	}
	fmt.Fprintf(e.Err, "key %s (%s) made; this is the only time its secret is shown:\n", key.ID, granted(key.Grants, d))
	_, err = fmt.Fprintln(e.Out, secret)
	return err
}

type apikeyList struct{ listFlags }

// listedKey is a key as it is listed: nothing of it opens anything.
type listedKey struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Grants  []listedGrant `json:"grants"`
	Made    time.Time     `json:"made"`
	Expires *time.Time    `json:"expires"` // null: never
	Revoked *time.Time    `json:"revoked"` // null: it was not
	State   access.State  `json:"state"`
}

// Run lists the keys in the order in which they were made.
func (l *apikeyList) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	keys, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	now := e.now()
	return writeList(e, l.listFlags, keys, func(k *access.Key) listedKey { return keyAsListed(k, now) }, "ID\tNAME\tGRANTED\tMADE\tEXPIRES\tSTATE", func(k *access.Key) []string {
		expires := "-"
		if !k.Expires.IsZero() { // the last day on which it is valid
			expires = survey.DateOf(k.Expires.Add(-1), d.Zone()).String()
		}
		return []string{k.ID, survey.Printable(k.Name), granted(k.Grants, d), survey.DateOf(k.At, d.Zone()).String(), expires, string(k.State(now))}
	})
}

func keyAsListed(k *access.Key, now time.Time) listedKey {
	out := listedKey{ID: k.ID, Name: k.Name, Grants: listedGrants(k.Grants), Made: k.At, State: k.State(now)}
	if !k.Expires.IsZero() {
		out.Expires = &k.Expires
	}
	if !k.Revoked.IsZero() {
		out.Revoked = &k.Revoked
	}
	return out
}

type apikeyRevoke struct {
	ID string `arg:"" help:"The key's id, as apikey list shows it."`
}

// Run revokes the key.
func (r *apikeyRevoke) Run(ctx context.Context, e *environment) error {
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	key, err := keyByID(ctx, s, r.ID)
	if err != nil {
		return err
	}
	if !key.Revoked.IsZero() {
		_, err := fmt.Fprintf(e.Out, "key %s was revoked on %s already\n", key.ID, survey.DateOf(key.Revoked, d.Zone()))
		return err
	}
	at := e.now().UTC().Truncate(time.Millisecond)
	entry := said(at, audit.RevokeKey, key.ID)
	entry.Detail = granted(key.Grants, d) + " " + key.Name
	entry.Changes = []audit.Change{{What: "state", Before: string(key.State(at)), After: string(access.Revoked)}}
	if err := s.RecordRevocation(ctx, key.ID, at, entry); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Out, "key %s (%s) is revoked\n", key.ID, survey.Printable(key.Name))
	return err
}

func keyByID(ctx context.Context, s access.KeyReader, id string) (*access.Key, error) {
	keys, err := s.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for i := range keys {
		if keys[i].ID == id {
			return &keys[i], nil
		}
	}
	return nil, survey.Errorf(survey.NotFound, "there is no key %q; apikey list shows them", survey.Printable(id))
}
