package handlers

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/access"
	"persepsi/survey"
)

// keyring finds keys by their secret and remembers them for a short while, so
// that a client that asks often doesn't ask the store each time.
type keyring struct {
	store Keys
	now   func() time.Time

	mu    sync.Mutex
	known map[[32]byte]knownKey
}

type knownKey struct {
	key   *access.Key
	until time.Time
}

const (
	rememberKey = 30 * time.Second
	maxKnown    = 1000
)

func newKeyring(store Keys, now func() time.Time) *keyring {
	return &keyring{store: store, now: now, known: map[[32]byte]knownKey{}}
}

// actor gives who asks: the key's actor, or the public where no key is sent.
// Unauthorized: the key is not known.
func (k *keyring) actor(c *fiber.Ctx) (access.Actor, error) {
	header := c.Get(fiber.HeaderAuthorization)
	if header == "" {
		return access.Actor{Role: access.Public}, nil
	}
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return access.Actor{}, survey.Errorf(survey.Unauthorized, "send the key as Authorization: Bearer KEY")
	}
	return k.find(c.UserContext(), secret)
}

func (k *keyring) find(ctx context.Context, secret string) (access.Actor, error) {
	hash := access.HashSecret(secret)
	k.mu.Lock()
	known, ok := k.known[hash]
	k.mu.Unlock()
	if ok && k.now().Before(known.until) {
		return known.key.Actor(), nil
	}
	key, err := k.store.KeyByHash(ctx, hash)
	if err != nil {
		return access.Actor{}, err
	}
	if key == nil {
		return access.Actor{}, survey.Errorf(survey.Unauthorized, "this key is not known")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= maxKnown {
		clear(k.known)
	}
	k.known[hash] = knownKey{key, k.now().Add(rememberKey)}
	return key.Actor(), nil
}
