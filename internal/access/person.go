package access

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Person is somebody who signs in, as stored: nothing in it opens anything by itself
// but TOTP's secret, which no reply and no log holds.
type Person struct {
	ID    string    `json:"id"`    // short, public, names the person in lists and in the audit
	Email string    `json:"email"` // lower case, nobody else's
	Name  string    `json:"name"`
	At    time.Time `json:"at"` // when they were added
	// Disabled is when the account was closed; zero: it is open.
	Disabled time.Time `json:"disabled,omitzero"`
	Grants   []Grant   `json:"grants"`
	// Password is the argon2id hash in PHC form; empty: none was set.
	Password string `json:"password,omitempty"`
	// TOTP is the second factor by an app; nil: there is none.
	TOTP *TOTP `json:"totp,omitempty"`
	// Recovery holds the hashes of the codes that stand in once for a second factor.
	Recovery []Digest `json:"recovery,omitempty"`
	// Passkeys are the WebAuthn credentials.
	Passkeys []Passkey `json:"passkeys,omitempty"`
	// External is who they are at the city's OIDC provider, issuer and subject with a
	// space between; empty: they never came from there.
	External string `json:"external,omitempty"`
	// Links are the open one-time links.
	Links []Link `json:"links,omitempty"`
	// Version counts the changes from 1. A change is stored only over the version
	// before it.
	Version int `json:"version"`
}

// TOTP is a second factor by an app that shows six digits.
type TOTP struct {
	Secret    string    `json:"secret"`             // base32
	Begun     time.Time `json:"begun,omitzero"`     // when it was made
	Confirmed time.Time `json:"confirmed,omitzero"` // when a right code was entered first; zero: it is not asked for yet
	Step      int64     `json:"step"`               // the newest 30-second step whose code was used: none is taken twice
}

// Passkey is a WebAuthn credential; what a browser sent is kept as the library wrote it.
type Passkey struct {
	ID   []byte          `json:"id"`
	Name string          `json:"name"`
	At   time.Time       `json:"at"`
	Used time.Time       `json:"used,omitzero"`
	Data json.RawMessage `json:"data"`
}

// Digest is the SHA-256 of a secret, in JSON in lower-case hex.
type Digest [32]byte

// MarshalText returns the digest in hex.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads a digest in hex.
func (d *Digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("a digest of %d characters", len(text))
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// maxName is the longest name of a person, in characters.
const maxName = 120

// NewPerson makes a person without a password. The address is taken in lower case.
func NewPerson(email, name string, grants []Grant, at time.Time) (Person, error) {
	address, err := CleanEmail(email)
	if err != nil {
		return Person{}, err
	}
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || strings.ContainsFunc(name, unicode.IsControl) {
		return Person{}, fmt.Errorf("a name has 1 to %d characters", maxName)
	}
	return Person{ID: newID(), Email: address, Name: name, At: at, Grants: grants, Version: 1}, nil
}

// CleanEmail returns an address as it is stored and compared.
func CleanEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > 254 {
		return "", fmt.Errorf("this is no e-mail address")
	}
	return email, nil
}

// PersonStore reads the people.
type PersonStore interface {
	// People returns everybody who was ever added, in the order of that. A city has
	// some hundreds.
	People(ctx context.Context) ([]Person, error)
}

// Open reports whether the account was not closed.
func (p *Person) Open() bool { return p.Disabled.IsZero() }

// Proves reports whether the person has anything to sign in with: a password, a passkey
// or an account of the city's provider. Who was only invited has not.
func (p *Person) Proves() bool {
	return p.Password != "" || len(p.Passkeys) > 0 || p.External != ""
}

// AccountState says whether somebody's account lets them in.
type AccountState string

// The standings.
const (
	Invited  AccountState = "invited" // nothing to sign in with was set yet
	Working  AccountState = "active"
	Disabled AccountState = "disabled"
)

// State returns whether the account lets its person in.
func (p *Person) State() AccountState {
	switch {
	case !p.Open():
		return Disabled
	case !p.Proves():
		return Invited
	default:
		return Working
	}
}

// SetUpFor is how long somebody may take to set an app up.
const SetUpFor = 10 * time.Minute

// SettingUp returns the app that a person is setting up, nil where there is none or it
// took too long: whoever finds their screen open must not read the secret for ever.
func (p *Person) SettingUp(now time.Time) *TOTP {
	if p.TOTP == nil || p.TwoFactors() || !now.Before(p.TOTP.Begun.Add(SetUpFor)) {
		return nil
	}
	return p.TOTP
}

// TwoFactors reports whether a password alone does not let the person in.
func (p *Person) TwoFactors() bool { return p.TOTP != nil && !p.TOTP.Confirmed.IsZero() }

// EncodePerson returns a person as the stores keep them.
func EncodePerson(p *Person) ([]byte, error) { return json.Marshal(p) }

// DecodePerson reads what EncodePerson wrote. It refuses what it does not know: a
// right that an older program would drop must not be lost by its next change.
func DecodePerson(text []byte) (*Person, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	p := new(Person)
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("read a person: %w", err)
	}
	return p, nil
}
