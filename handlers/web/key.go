package web

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"persepsi/internal/access"
	"persepsi/survey"
)

// Keyring finds keys by their secret. It reads all keys at once, of which a
// city has dozens, and remembers them for a moment: a flood of wrong keys costs
// the store no more than one right one, so right keys never have to wait.
type Keyring struct {
	now      func() time.Time
	agencyOf access.AgencyOf
	keys     *readCache[keySet]

	whence   func(*fiber.Ctx) netip.Addr // this machine's own address too
	wrong    *throttle
	log      *slog.Logger
	warnings rate.Sometimes
}

// keySet are the keys as they were at a moment, by the hashes of their secrets.
type keySet map[access.Digest]*access.Key

func newKeyring(set *Settings, whence func(*fiber.Ctx) netip.Addr) *Keyring {
	return &Keyring{
		keys: newReadCache(set.Now, func(ctx context.Context) (keySet, error) { return readKeys(ctx, set.KeyStore) }),
		now:  set.Now, agencyOf: set.agencyOf, log: set.Log, whence: whence,
		wrong: newThrottle(wrongKeys(), set.Now), warnings: rate.Sometimes{Interval: time.Second},
	}
}

func readKeys(ctx context.Context, store access.KeyReader) (keySet, error) {
	set := keySet{}
	list, err := store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		set[list[i].Hash] = &list[i]
	}
	return set, nil
}

// Actor returns who asks: the key's actor, or the public where no key is sent;
// then no keys are read. Unauthorized: the key is not valid. RateLimited: too
// many were not.
func (k *Keyring) Actor(c *fiber.Ctx) (access.Actor, error) {
	c.Vary(fiber.HeaderAuthorization)
	header := c.Get(fiber.HeaderAuthorization)
	if header == "" {
		return access.Anybody(), nil
	}
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return access.Actor{}, survey.Errorf(survey.Unauthorized, "send the key as Authorization: Bearer KEY")
	}
	key, err := k.Find(c, secret)
	if err != nil {
		return access.Actor{}, err
	}
	return k.ActorOf(key), nil
}

// ActorOf returns the actor that a key stands for now.
func (k *Keyring) ActorOf(key *access.Key) access.Actor { return key.Actor(k.now(), k.agencyOf) }

// Find returns the valid key of a secret. Wrong ones are throttled by address,
// this machine's too. A right key always passes: nobody can lock an evaluator
// out of an address that they share.
func (k *Keyring) Find(c *fiber.Ctx, secret string) (*access.Key, error) {
	var key *access.Key
	shaped := access.IsSecret(secret) // the store is not asked about anything else
	if shaped {
		set, err := k.keys.get(c.UserContext())
		if err != nil {
			return nil, err
		}
		if key = set[access.HashSecret(secret)]; key != nil && key.State(k.now()) == access.Active {
			return key, nil
		}
	}
	wait := k.wrong.take(k.whence(c))
	if shaped && key == nil && wait == 0 { // it may have been made a moment ago
		set, err := k.keys.read(c.UserContext())
		if err != nil {
			return nil, err
		}
		if key = set[access.HashSecret(secret)]; key != nil && key.State(k.now()) == access.Active {
			return key, nil
		}
	}
	k.warnings.Do(func() { k.log.Warn("a wrong API key was sent", "route", c.Route().Path) })
	if wait > 0 {
		return nil, &survey.Error{Code: survey.RateLimited, Message: "too many wrong keys came from here; try again later", RetryAfter: wait}
	}
	return nil, survey.Errorf(survey.Unauthorized, "%s", whyWrong(key, k.now()))
}

// whyWrong says why a key opens nothing; who has its secret may know.
func whyWrong(key *access.Key, now time.Time) string {
	switch {
	case key == nil:
		return "this key is not known"
	case key.State(now) == access.Revoked:
		return "this key was revoked"
	default:
		return "this key has expired"
	}
}

// discreet keeps keys out of addresses, which browsers, proxies and logs
// remember, and keeps what was asked with a key or a session out of caches.
func discreet(c *fiber.Ctx) error {
	if keyInAddress(c) {
		// The error page's links lead to us and would bring the address along.
		c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
		return survey.Errorf(survey.Malformed, "the address holds a key; a key belongs in the Authorization header, and this one should be revoked")
	}
	err := c.Next()
	h := &c.Request().Header
	if err == nil && (len(h.Peek(fiber.HeaderAuthorization)) > 0 || len(h.Cookie(SessionCookie)) > 0) {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	return err // an error's reply is never kept
}

// keyInAddress reports whether a request's address holds a key's secret: a
// whole one in its path, which codes are too short for, or what begins as one
// among its parameters.
func keyInAddress(c *fiber.Ctx) bool {
	if access.HoldsSecret(string(c.Context().URI().Path())) {
		return true
	}
	if len(c.Context().URI().QueryString()) == 0 {
		return false
	}
	for name, value := range c.Context().QueryArgs().All() {
		if access.HoldsSecret(string(name)) || access.HoldsSecret(string(value)) {
			return true
		}
	}
	return false
}
