package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/access"
	"persepsi/survey"
)

func newKey(t *testing.T, name string, at time.Time) access.Key {
	t.Helper()
	k, _, err := access.NewKey(name, access.Evaluator, "dinkes", at)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func checkKeys(t *testing.T, s Store, want ...access.Key) {
	t.Helper()
	got, err := s.Keys(t.Context())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("keys (-want +got), err = %v:\n%s", err, diff)
	}
}

func keys(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	checkKeys(t, s)
	second, first := newKey(t, "TPI", time.UnixMilli(9).UTC()), newKey(t, "Inspektorat", time.UnixMilli(5).UTC())
	second.Expires = time.UnixMilli(2_000_000_000_000).UTC()
	for _, k := range []access.Key{second, first} {
		if err := s.AddKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	checkKeys(t, other, first, second)

	revoked := time.UnixMilli(1_800_000_000_000).UTC()
	if err := s.RevokeKey(t.Context(), first.ID, revoked); err != nil {
		t.Fatal(err)
	}
	first.Revoked = revoked
	checkKeys(t, other, first, second)
	if err := other.RevokeKey(t.Context(), first.ID, revoked.Add(time.Hour)); err != nil {
		t.Errorf("a key that was revoked before: %v", err)
	}
	checkKeys(t, s, first, second)
	if err := s.RevokeKey(t.Context(), "nobody", revoked); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("a key that isn't there: %v, want NotFound", err)
	}
}

func sessions(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	// A server may remove by its own clock what has expired, at any time.
	now := time.Now().UTC().Truncate(time.Millisecond)
	k := newKey(t, "TPI", now)
	add := func(at time.Time) access.Session {
		session, _ := access.NewSession(&k, at)
		if err := s.AddSession(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		return session
	}
	check := func(hash [32]byte, want *access.Session) {
		t.Helper()
		got, err := other.SessionByHash(t.Context(), hash)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("session (-want +got), err = %v:\n%s", err, diff)
		}
	}
	first, second := add(now), add(now.Add(time.Second))
	check(first.Hash, &first)
	check(second.Hash, &second)
	check([32]byte{1}, nil)
	// One that is added later takes no running one away.
	add(now.Add(access.SessionFor - time.Second))
	check(first.Hash, &first)
	for range 2 {
		if err := s.EndSession(t.Context(), first.Hash); err != nil {
			t.Errorf("end a session: %v", err)
		}
	}
	check(first.Hash, nil)
	check(second.Hash, &second)
}
