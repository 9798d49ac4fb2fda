// Package access says who may do what: roles, API keys and one pure rule,
// Allow. People, sessions and sign-in come on top of it later.
package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// Role is what an actor is to the city.
type Role string

// The roles. Public is everybody without a key.
const (
	Public    Role = "public"
	Manager   Role = "manager"   // an OPD manager: all figures of the own agency
	Evaluator Role = "evaluator" // TPI, Inspektorat: all figures, and the LKE entries
	Admin     Role = "admin"     // everything
)

// Roles lists the roles that a key can have.
func Roles() []Role { return []Role{Manager, Evaluator, Admin} }

// Action is something that needs a permission.
type Action string

// The actions.
const (
	ReadResults   Action = "read_results"   // the public figures
	ReadBreakdown Action = "read_breakdown" // figures by service, point, respondent
	ReadLKE       Action = "read_lke"       // the LKE sheet with the evaluator's entries
	WriteLKE      Action = "write_lke"      // to enter capaian kinerja and pengungkit
)

// Actor is who acts: a role, and the agency it is bound to.
type Actor struct {
	Name   string // the key's name; empty for the public
	Role   Role
	Agency string // empty: every agency
}

// Allow reports whether an actor may do an action on an agency's figures; an
// empty agency means the whole city.
func Allow(a Actor, action Action, agency string) bool {
	if action == ReadResults {
		return true
	}
	inScope := a.Agency == "" || (agency != "" && a.Agency == agency)
	switch a.Role {
	case Admin:
		return inScope
	case Evaluator:
		return inScope
	case Manager:
		return inScope && (action == ReadBreakdown || action == ReadLKE)
	default:
		return false
	}
}

// Key is an API key as stored: only the hash of its secret.
type Key struct {
	ID     string // short, public, names the key in lists and logs
	Name   string
	Role   Role
	Agency string
	Hash   [32]byte
	At     time.Time
}

// Actor gives the actor that the key stands for.
func (k *Key) Actor() Actor { return Actor{Name: k.Name, Role: k.Role, Agency: k.Agency} }

// KeyStore keeps the API keys.
type KeyStore interface {
	AddKey(ctx context.Context, k Key) error
	// KeyByHash gives the key of a secret's hash, nil where there is none.
	KeyByHash(ctx context.Context, hash [32]byte) (*Key, error)
}

const secretPrefix = "psp_"

// NewKey makes a key and its secret, which is shown once and never stored. The
// secret has 256 random bits, so its plain SHA-256 is a safe way to keep it.
func NewKey(name string, role Role, agency string, at time.Time) (Key, string, error) {
	known := false
	for _, r := range Roles() {
		known = known || r == role
	}
	if !known {
		return Key{}, "", fmt.Errorf("unknown role %q (known: manager, evaluator, admin)", role)
	}
	if role == Manager && agency == "" {
		return Key{}, "", fmt.Errorf("role manager needs an agency")
	}
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return Key{}, "", fmt.Errorf("make a secret: %w", err)
	}
	secret := secretPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	hash := HashSecret(secret)
	id := base64.RawURLEncoding.EncodeToString(hash[:6])
	if name == "" {
		name = string(role) + " " + id
	}
	return Key{ID: id, Name: name, Role: role, Agency: agency, Hash: hash, At: at}, secret, nil
}

// HashSecret gives the hash under which a secret's key is stored.
func HashSecret(secret string) [32]byte { return sha256.Sum256([]byte(strings.TrimSpace(secret))) }
