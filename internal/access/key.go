package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Key is an API key as stored: only the hash of its secret.
type Key struct {
	ID      string // short, public, names the key in lists and in the audit
	Name    string
	Grants  []Grant
	Hash    Digest
	At      time.Time
	Expires time.Time // from this instant on it opens nothing; zero: never
	Revoked time.Time // when it was revoked; zero: it was not
}

// State says whether a key opens anything.
type State string

// The states. Only an active key opens anything.
const (
	Active  State = "active"
	Expired State = "expired"
	Revoked State = "revoked"
)

// State returns the key's state at an instant. A key that was revoked stays
// revoked when it expires: that says more.
func (k *Key) State(now time.Time) State {
	switch {
	case !k.Revoked.IsZero():
		return Revoked
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return Expired
	default:
		return Active
	}
}

// KeyReader reads the API keys.
type KeyReader interface {
	// Keys returns every key, also those that open nothing any more, in the
	// order in which they were made. A city has dozens.
	Keys(ctx context.Context) ([]Key, error)
}

const (
	secretPrefix = "psp_"
	// tokenBytes is the length of a random secret. It has 256 bits, so its plain
	// SHA-256 is a safe way to keep it.
	tokenBytes = 32
)

var (
	// tokenLength is the length of such a secret in unpadded base64.
	tokenLength  = base64.RawURLEncoding.EncodedLen(tokenBytes)
	tokenPattern = fmt.Sprintf("[A-Za-z0-9_-]{%d}", tokenLength)
	secretWhole  = regexp.MustCompile("^" + secretPrefix + tokenPattern + "$")
	secretWithin = regexp.MustCompile("^" + secretPrefix + "|" + secretPrefix + tokenPattern)
)

// NewKey makes a key that does not expire, and its secret, which is shown once
// and never stored.
func NewKey(name string, grants []Grant, at time.Time) (Key, string, error) {
	if len(grants) == 0 {
		return Key{}, "", fmt.Errorf("a key without a role opens nothing")
	}
	secret := secretPrefix + newToken()
	hash := HashSecret(secret)
	id := idOf(hash)
	if name == "" {
		name = string(grants[0].Role) + " " + id
	}
	return Key{ID: id, Name: name, Grants: grants, Hash: hash, At: at}, secret, nil
}

// idOf returns the short name of what a digest is of. In hexadecimal it never begins
// with a hyphen, which a command line would take for a flag.
func idOf(d Digest) string { return hex.EncodeToString(d[:6]) }

func newID() string { return idOf(HashToken(newToken())) }

func newToken() string {
	b := make([]byte, tokenBytes)
	rand.Read(b) // never fails: without chance the program ends
	return base64.RawURLEncoding.EncodeToString(b)
}

// HashSecret returns the hash under which a secret's key is stored.
func HashSecret(secret string) Digest { return sha256.Sum256([]byte(strings.TrimSpace(secret))) }

// IsSecret reports whether a text has the shape of a key's secret; what has not
// need not be looked for.
func IsSecret(text string) bool { return secretWhole.MatchString(strings.TrimSpace(text)) }

// HoldsSecret reports whether a text begins as a key's secret does, also a
// mistyped one, or holds a whole one anywhere.
func HoldsSecret(text string) bool {
	return strings.Contains(text, secretPrefix) && secretWithin.MatchString(strings.TrimSpace(text))
}
