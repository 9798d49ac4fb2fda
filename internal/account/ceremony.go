package account

import (
	"context"
	"errors"

	"persepsi/internal/access"
)

// keep stores a ceremony and returns the token that its browser keeps.
func (a *Service) keep(ctx context.Context, ceremony []byte) (string, error) {
	s, token := access.NewCeremony(string(ceremony), a.moment())
	return token, a.store.AddSession(ctx, s)
}

// take returns the ceremony of a token, and ends it: it is good for one reply.
// Unauthorized: there is none, or it took too long.
func (a *Service) take(ctx context.Context, token string) ([]byte, error) {
	s, err := a.Session(ctx, token)
	if err != nil {
		return nil, err
	}
	if s == nil || s.Ceremony == "" {
		return nil, errPasskey(errors.New("there is no such ceremony"))
	}
	return []byte(s.Ceremony), a.store.EndSession(ctx, s.Hash)
}

// AskPasskey returns what a browser needs to sign in by any passkey that it has, and the
// token of the ceremony.
func (a *Service) AskPasskey(ctx context.Context, k *Passkeys) (options []byte, token string, err error) {
	options, ceremony, err := k.BeginEntry()
	if err != nil {
		return nil, "", err
	}
	token, err = a.keep(ctx, ceremony)
	return options, token, err
}

// SignInByPasskey opens a session of the person whose passkey replied to a ceremony; the
// device asked for a second factor itself. Errors: those of EnterByPasskey.
func (a *Service) SignInByPasskey(ctx context.Context, k *Passkeys, token string, reply []byte, b Browser) (SignInResult, error) {
	ceremony, err := a.take(ctx, token)
	if err != nil {
		return SignInResult{}, err
	}
	p, err := a.EnterByPasskey(ctx, k, ceremony, reply)
	if err != nil {
		return SignInResult{}, err
	}
	return a.open(ctx, p, b, true)
}

// OfferPasskey returns what a browser needs to make a passkey for a person, and the token
// of the ceremony. Errors: those of BeginPasskey; Invalid names old: the password is not
// theirs.
func (a *Service) OfferPasskey(ctx context.Context, k *Passkeys, person, password string) (options []byte, token string, err error) {
	if _, err := a.knows(ctx, person, password, "the passkey was not stored"); err != nil {
		return nil, "", err
	}
	options, ceremony, err := a.BeginPasskey(ctx, k, person)
	if err != nil {
		return nil, "", err
	}
	token, err = a.keep(ctx, ceremony)
	return options, token, err
}

// TakePasskey stores the passkey that a browser made in a ceremony. Errors: those of
// AddPasskey.
func (a *Service) TakePasskey(ctx context.Context, k *Passkeys, person, name, token string, reply []byte) error {
	ceremony, err := a.take(ctx, token)
	if err != nil {
		return err
	}
	return a.AddPasskey(ctx, k, person, name, ceremony, reply)
}

// Passkeys returns a person's passkeys, the oldest first.
func (a *Service) Passkeys(ctx context.Context, person string) ([]access.Passkey, error) {
	p, err := a.store.PersonByID(ctx, person)
	if err != nil || p == nil {
		return nil, err
	}
	return p.Passkeys, nil
}
