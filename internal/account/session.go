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
func (a *Service) Session(ctx context.Context, token string) (*access.Session, error) {
	s, err := a.Peek(ctx, token)
	if err != nil || s == nil {
		return nil, err
	}
	now := a.moment()
	if now.Sub(s.Seen) >= access.SeenEvery {
		s.Seen = now
		return s, a.store.SeeSession(ctx, s.Hash, now)
	}
	return s, nil
}

// Peek is Session for what no person did, as where a page renews itself: it stores
// nothing, so that the session of somebody who has left ends.
func (a *Service) Peek(ctx context.Context, token string) (*access.Session, error) {
	if !access.IsToken(token) {
		return nil, nil //nolint:nilnil // no session, and that is no error
	}
	s, err := a.store.SessionByHash(ctx, access.HashToken(token))
	if err != nil || s == nil || !s.Open(a.moment()) {
		return nil, err
	}
	return s, nil
}

// Sessions returns the open sessions of a person, the newest first.
func (a *Service) Sessions(ctx context.Context, person string) ([]access.Session, error) {
	list, err := a.store.SessionsOf(ctx, person)
	now := a.now()
	return slices.DeleteFunc(list, func(s access.Session) bool { return !s.Open(now) }), err
}

// EndSession ends one of a person's own sessions, by its id, and tells the audit.
// NotFound: they have none such now.
func (a *Service) EndSession(ctx context.Context, who access.Actor, id string) error {
	list, err := a.Sessions(ctx, who.Person)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(s access.Session) bool { return s.ID() == id })
	if i < 0 {
		return survey.Errorf(survey.NotFound, "this session has ended already")
	}
	if err := a.store.Audit(ctx, a.ended(who, 1)); err != nil {
		return err
	}
	return a.store.EndSession(ctx, list[i].Hash)
}

// EndOthers ends all of a person's own sessions but the one of a token, and tells the
// audit how many there were.
func (a *Service) EndOthers(ctx context.Context, who access.Actor, token string) error {
	list, err := a.Sessions(ctx, who.Person)
	if err != nil {
		return err
	}
	keep := access.HashToken(token)
	n := len(slices.DeleteFunc(list, func(s access.Session) bool { return s.Hash == keep }))
	if n == 0 {
		return nil
	}
	if err := a.store.Audit(ctx, a.ended(who, n)); err != nil {
		return err
	}
	return a.store.EndSessions(ctx, who.Person, keep)
}

func (a *Service) ended(who access.Actor, n int) audit.Entry {
	return audit.Entry{
		At: a.moment(), Actor: who.By(), Action: audit.EndSessions, Subject: who.Person,
		Changes: []audit.Change{{What: "sessions", Before: fmt.Sprint(n)}},
	}
}
