package account

import (
	"context"
	"errors"

	"persepsi/internal/access"
)

// keep stores a ceremony and returns the token that its browser keeps.
func (o *Office) keep(ctx context.Context, ceremony []byte) (string, error) {
	s, token := access.NewCeremony(string(ceremony), o.moment())
	return token, o.store.AddSession(ctx, s)
}

// take returns the ceremony of a token, and ends it: it is good for one reply.
// Unauthorized: there is none, or it took too long.
func (o *Office) take(ctx context.Context, token string) ([]byte, error) {
	s, err := o.Session(ctx, token)
	if err != nil {
		return nil, err
	}
	if s == nil || s.Ceremony == "" {
		return nil, errPasskey(errors.New("there is no such ceremony"))
	}
	return []byte(s.Ceremony), o.store.EndSession(ctx, s.Hash)
}

// AskPasskey returns what a browser needs to sign in by any passkey that it has, and the
// token of the ceremony.
func (o *Office) AskPasskey(ctx context.Context, k *Passkeys) (options []byte, token string, err error) {
	options, ceremony, err := k.BeginEntry()
	if err != nil {
		return nil, "", err
	}
	token, err = o.keep(ctx, ceremony)
	return options, token, err
}

// SignInByPasskey opens a session of the person whose passkey replied to a ceremony; the
// device asked for a second factor itself. Errors: those of EnterByPasskey.
func (o *Office) SignInByPasskey(ctx context.Context, k *Passkeys, token string, reply []byte, b Browser) (Signed, error) {
	ceremony, err := o.take(ctx, token)
	if err != nil {
		return Signed{}, err
	}
	p, err := o.EnterByPasskey(ctx, k, ceremony, reply)
	if err != nil {
		return Signed{}, err
	}
	return o.open(ctx, p, b, true)
}

// OfferPasskey returns what a browser needs to make a passkey for a person, and the token
// of the ceremony. Errors: those of BeginPasskey; Invalid names old: the password is not
// theirs.
func (o *Office) OfferPasskey(ctx context.Context, k *Passkeys, person, password string) (options []byte, token string, err error) {
	if _, err := o.knows(ctx, person, password, "the passkey was not stored"); err != nil {
		return nil, "", err
	}
	options, ceremony, err := o.BeginPasskey(ctx, k, person)
	if err != nil {
		return nil, "", err
	}
	token, err = o.keep(ctx, ceremony)
	return options, token, err
}

// TakePasskey stores the passkey that a browser made in a ceremony. Errors: those of
// AddPasskey.
func (o *Office) TakePasskey(ctx context.Context, k *Passkeys, person, name, token string, reply []byte) error {
	ceremony, err := o.take(ctx, token)
	if err != nil {
		return err
	}
	return o.AddPasskey(ctx, k, person, name, ceremony, reply)
}

// Passkeys returns a person's passkeys, the oldest first.
func (o *Office) Passkeys(ctx context.Context, person string) ([]access.Passkey, error) {
	p, err := o.store.PersonByID(ctx, person)
	if err != nil || p == nil {
		return nil, err
	}
	return p.Passkeys, nil
}
