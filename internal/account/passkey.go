package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Passkeys checks what browsers' passkeys sign for one address of the service: a
// passkey of another address, a forged page's for example, opens nothing here.
type Passkeys struct{ relying *webauthn.WebAuthn }

// NewPasskeys makes it for an address such as https://survei.kota.go.id. Browsers have
// passkeys for names under TLS, and for localhost; Invalid: for no other.
func NewPasskeys(address, city string) (*Passkeys, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, survey.Errorf(survey.Invalid, "passkeys need an address with a name and TLS")
	}
	relying, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: city, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation, // whose key it is, is none of our business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", address, err)
	}
	return &Passkeys{relying}, nil
}

// maxPasskeys is how many passkeys a person may have.
const maxPasskeys = 10

// keyOwner is a person as the library reads them.
type keyOwner struct{ *access.Person }

func (k keyOwner) WebAuthnID() []byte          { return []byte(k.ID) }
func (k keyOwner) WebAuthnName() string        { return k.Email }
func (k keyOwner) WebAuthnDisplayName() string { return k.Name }

func (k keyOwner) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, 0, len(k.Passkeys))
	for _, p := range k.Passkeys {
		var c webauthn.Credential
		if json.Unmarshal(p.Data, &c) == nil { // one that can't be read opens nothing
			out = append(out, c)
		}
	}
	return out
}

// errPasskey returns the error of a passkey that does not fit; why stays in the cause.
func errPasskey(cause error) error {
	return &survey.Error{Code: survey.Unauthorized, Message: "the passkey does not fit; try again", Cause: cause}
}

// BeginPasskey returns what a browser needs to make a passkey for a person, and the
// ceremony that its reply has to match. NotFound: there is no such person; Conflict:
// they have ten.
func (a *Service) BeginPasskey(ctx context.Context, k *Passkeys, person string) (options, ceremony []byte, err error) {
	p, err := a.openPerson(ctx, person)
	switch {
	case err != nil:
		return nil, nil, err
	case p == nil:
		return nil, nil, survey.Errorf(survey.NotFound, "there is no person %q", survey.Printable(person))
	case len(p.Passkeys) >= maxPasskeys:
		return nil, nil, survey.Errorf(survey.Conflict, "there are %d passkeys already; remove one first", maxPasskeys)
	}
	owner := keyOwner{p}
	creation, session, err := k.relying.BeginRegistration(owner, webauthn.WithExclusions(webauthn.Credentials(owner.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, nil, fmt.Errorf("begin a passkey: %w", err)
	}
	return both(creation.Response, session)
}

func both(options, session any) (a, b []byte, err error) {
	if a, err = json.Marshal(options); err != nil {
		return nil, nil, err
	}
	b, err = json.Marshal(session)
	return a, b, err
}

// AddPasskey stores the passkey that a browser made, by the name that its owner gave
// it. Unauthorized: it does not fit the ceremony.
func (a *Service) AddPasskey(ctx context.Context, k *Passkeys, person, name string, ceremony, reply []byte) error {
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n < 1 || n > 60 || strings.ContainsFunc(name, unicode.IsControl) {
		return survey.Faulty("the passkey was not stored", []survey.Fault{{Field: "name", Code: "required", Message: "must have 1 to 60 characters"}})
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(ceremony, &session); err != nil {
		return errPasskey(err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(reply)
	if err != nil {
		return errPasskey(err)
	}
	_, err = a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		made, err := k.relying.CreateCredential(keyOwner{p}, session, parsed)
		if err != nil {
			return nil, errPasskey(err)
		}
		data, err := json.Marshal(made)
		if err != nil {
			return nil, err
		}
		if len(p.Passkeys) >= maxPasskeys || slices.ContainsFunc(p.Passkeys, func(had access.Passkey) bool { return bytes.Equal(had.ID, made.ID) }) {
			return nil, survey.Errorf(survey.Conflict, "there is this passkey already, or there are %d", maxPasskeys)
		}
		p.Passkeys = append(p.Passkeys, access.Passkey{ID: made.ID, Name: name, At: a.moment(), Data: data})
		p.Links = nil // whoever has a passkey needs no link any more
		said := a.entry(by(p), audit.AddPasskey, p)
		said.Changes = []audit.Change{{What: "passkey", After: name}}
		return []audit.Entry{said}, nil
	})
	return err
}

// RemovePasskey takes a passkey away. NotFound: the person has no such one; Conflict:
// nothing else would let them in.
func (a *Service) RemovePasskey(ctx context.Context, person string, id []byte) error {
	_, err := a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		i := slices.IndexFunc(p.Passkeys, func(had access.Passkey) bool { return bytes.Equal(had.ID, id) })
		if i < 0 {
			return nil, survey.Errorf(survey.NotFound, "there is no such passkey")
		}
		if len(p.Passkeys) == 1 && p.Password == "" && p.External == "" {
			return nil, survey.Errorf(survey.Conflict, "nothing else lets you in: set a password first")
		}
		said := a.entry(by(p), audit.RemovePasskey, p)
		said.Changes = []audit.Change{{What: "passkey", Before: p.Passkeys[i].Name}}
		p.Passkeys = slices.Delete(p.Passkeys, i, i+1)
		return []audit.Entry{said}, nil
	})
	return err
}

// BeginEntry returns what a browser needs to sign in by any passkey that it has for
// this address, and the ceremony that its reply has to match.
func (k *Passkeys) BeginEntry() (options, ceremony []byte, err error) {
	assertion, session, err := k.relying.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("begin a sign-in: %w", err)
	}
	return both(assertion.Response, session)
}

// EnterByPasskey returns the person whose passkey signed a ceremony. Unauthorized: it
// does not fit, nobody has it, or the account is closed; all read the same.
func (a *Service) EnterByPasskey(ctx context.Context, k *Passkeys, ceremony, reply []byte) (*access.Person, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(ceremony, &session); err != nil {
		return nil, errPasskey(err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(reply)
	if err != nil {
		return nil, errPasskey(err)
	}
	owner, err := a.store.PersonByID(ctx, string(parsed.Response.UserHandle))
	if err != nil {
		return nil, err
	}
	if owner == nil {
		return nil, errPasskey(errors.New("nobody has it"))
	}
	return a.change(ctx, owner.ID, func(p *access.Person) ([]audit.Entry, error) {
		if !p.Open() {
			return nil, errPasskey(errors.New("the account is closed"))
		}
		used, err := k.relying.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return keyOwner{p}, nil }, session, parsed)
		if err != nil {
			return nil, errPasskey(err)
		}
		if used.Authenticator.CloneWarning {
			return nil, errPasskey(errors.New("its counter went backwards: it may be a copy"))
		}
		i := slices.IndexFunc(p.Passkeys, func(had access.Passkey) bool { return bytes.Equal(had.ID, used.ID) })
		data, err := json.Marshal(used)
		if err != nil || i < 0 {
			return nil, errPasskey(err)
		}
		p.Passkeys[i].Used, p.Passkeys[i].Data = a.moment(), data
		return nil, nil
	})
}
