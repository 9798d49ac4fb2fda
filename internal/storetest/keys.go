package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/access"
	"persepsi/survey"
)

// grants are one of each level, one of them with an end.
func grants() []access.Grant {
	return []access.Grant{
		{Role: access.Evaluator, Scope: access.City()},
		{Role: access.Manager, Scope: access.Agency("dinkes"), Until: time.UnixMilli(2_000_000_000_000).UTC()},
		{Role: access.Officer, Scope: access.Unit("dinkes", "pkm")},
	}
}

// plain lets scopes be compared, which show nothing of their inside.
func plain() cmp.Option { return cmp.Comparer(func(a, b access.Scope) bool { return a == b }) }

func newKey(t *testing.T, name string, at time.Time) access.Key {
	t.Helper()
	k, _, err := access.NewKey(name, grants(), at)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func checkKeys(t *testing.T, s Store, want ...access.Key) {
	t.Helper()
	got, err := s.Keys(t.Context())
	if diff := cmp.Diff(want, got, plain()); err != nil || diff != "" {
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
		if err := s.RecordKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	checkKeys(t, other, first, second)

	revoked := time.UnixMilli(1_800_000_000_000).UTC()
	if err := s.RecordRevocation(t.Context(), first.ID, revoked); err != nil {
		t.Fatal(err)
	}
	first.Revoked = revoked
	checkKeys(t, other, first, second)
	if err := other.RecordRevocation(t.Context(), first.ID, revoked.Add(time.Hour)); err != nil {
		t.Errorf("a key that was revoked before: %v", err)
	}
	checkKeys(t, s, first, second)
	if err := s.RecordRevocation(t.Context(), "nobody", revoked); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("a key that isn't there: %v, want NotFound", err)
	}

	// What a key may do is changed by one who knows what it was.
	fewer := grants()[:1]
	if err := s.RecordKeyGrants(t.Context(), second.ID, second.Grants, fewer); err != nil {
		t.Fatal(err)
	}
	if err := other.RecordKeyGrants(t.Context(), second.ID, second.Grants, nil); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a key that was granted something else since: %v, want a conflict", err)
	}
	if err := other.RecordKeyGrants(t.Context(), "nobody", fewer, nil); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("grants of a key that isn't there: %v, want NotFound", err)
	}
	second.Grants = fewer
	checkKeys(t, s, first, second)
}
