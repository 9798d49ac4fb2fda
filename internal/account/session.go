package account

import (
	"context"
	"fmt"
	"slices"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Session returns the open session of a token, nil where there is none, and stores now
// and then that a request came.
func (o *Office) Session(ctx context.Context, token string) (*access.Session, error) {
	s, err := o.Peek(ctx, token)
	if err != nil || s == nil {
		return nil, err
	}
	now := o.moment()
	if now.Sub(s.Seen) >= access.SeenEvery {
		s.Seen = now
		return s, o.store.SeeSession(ctx, s.Hash, now)
	}
	return s, nil
}

// Peek is Session for what no person did, as where a page renews itself: it stores
// nothing, so that the session of somebody who has left ends.
func (o *Office) Peek(ctx context.Context, token string) (*access.Session, error) {
	if !access.IsToken(token) {
		return nil, nil //nolint:nilnil // no session, and that is no error
	}
	s, err := o.store.SessionByHash(ctx, access.HashToken(token))
	if err != nil || s == nil || !s.Open(o.moment()) {
		return nil, err
	}
	return s, nil
}

// Sessions returns the open sessions of a person, the newest first.
func (o *Office) Sessions(ctx context.Context, person string) ([]access.Session, error) {
	list, err := o.store.SessionsOf(ctx, person)
	now := o.now()
	return slices.DeleteFunc(list, func(s access.Session) bool { return !s.Open(now) }), err
}

// EndSession ends one of a person's own sessions, by its id, and tells the audit.
// NotFound: they have none such now.
func (o *Office) EndSession(ctx context.Context, who access.Actor, id string) error {
	list, err := o.Sessions(ctx, who.Person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(s access.Session) bool { return s.ID() == id })
	if i < 0 {
		return survey.Errorf(survey.NotFound, "this session has ended already")
	}
	if err := o.store.Audit(ctx, o.ended(who, 1)); err != nil {
		return err
	}
	return o.store.EndSession(ctx, list[i].Hash)
}

// EndOthers ends all of a person's own sessions but the one of a token, and tells the
// audit how many there were.
func (o *Office) EndOthers(ctx context.Context, who access.Actor, token string) error {
	list, err := o.Sessions(ctx, who.Person)
	if err != nil {
		return err
	}
	keep := access.HashToken(token)
	n := len(slices.DeleteFunc(list, func(s access.Session) bool { return s.Hash == keep }))
	if n == 0 {
		return nil
	}
	if err := o.store.Audit(ctx, o.ended(who, n)); err != nil {
		return err
	}
	return o.store.EndSessions(ctx, who.Person, keep)
}

func (o *Office) ended(who access.Actor, n int) audit.Entry {
	return audit.Entry{
		At: o.moment(), Actor: who.By(), Action: audit.EndSessions, Subject: who.Person,
		Changes: []audit.Change{{What: "sessions", Before: fmt.Sprint(n)}},
	}
}
