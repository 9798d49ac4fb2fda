package access

import (
	"slices"
	"testing"
	"time"
)

func TestAGrantTakesThePlaceOfThatOfTheSameRoleAndScope(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)
	old := []Grant{{Role: Manager, Scope: Agency("dinkes")}, {Role: Officer, Scope: Unit("lama", "pkm")}}
	kept := slices.Clone(old)
	for _, tc := range []struct {
		name  string
		give  Grant
		taken int // the index of the grant whose place it takes; -1: none
	}{
		{"another end", Grant{Role: Manager, Scope: Agency("dinkes"), Until: until}, 0},
		{"a unit that moved", Grant{Role: Officer, Scope: Unit("baru", "pkm"), Until: until}, 1},
		{"another role", Grant{Role: Viewer, Scope: Agency("dinkes"), Until: until}, -1},
		{"another agency", Grant{Role: Manager, Scope: Agency("dukcapil"), Until: until}, -1},
		{"a unit, not the agency of the same code", Grant{Role: Officer, Scope: Agency("pkm"), Until: until}, -1},
	} {
		after, before := WithGrant(old, tc.give)
		want := append(slices.Clone(old), tc.give)
		if tc.taken >= 0 {
			want = slices.Clone(old)
			want[tc.taken] = tc.give
		}
		if !slices.Equal(after, want) || (before == nil) != (tc.taken < 0) || before != nil && *before != old[tc.taken] {
			t.Errorf("%s: %v instead of %v", tc.name, after, before)
		}
		after, gone := WithoutGrant(old, tc.give.Role, tc.give.Scope)
		if (gone == nil) != (tc.taken < 0) || gone != nil && (*gone != old[tc.taken] || len(after) != 1 || after[0] != old[1-tc.taken]) || gone == nil && len(after) != 2 {
			t.Errorf("%s: taken away %v, left %v", tc.name, gone, after)
		}
	}
	if !slices.Equal(old, kept) {
		t.Errorf("the grants themselves were changed: %v", old)
	}
}

func TestWhatAPersonsAccountIsLike(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		person Person
		want   AccountState
	}{
		{"nothing was set", Person{}, Invited},
		{"a link and an app are nothing to sign in with", Person{Links: []Link{{}}, TOTP: &TOTP{}}, Invited},
		{"a password", Person{Password: "$argon2id$"}, Working},
		{"a passkey", Person{Passkeys: []Passkey{{}}}, Working},
		{"the city's provider", Person{External: "https://sso.kota.example 17"}, Working},
		{"closed", Person{Password: "$argon2id$", Disabled: time.Unix(1, 0)}, Disabled},
		{"closed before anything was set", Person{Disabled: time.Unix(1, 0)}, Disabled},
	} {
		if got := tc.person.State(); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestAGrantIsWrittenWithItsEnd(t *testing.T) {
	t.Parallel()
	until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.FixedZone("WITA", 8*60*60))
	for want, g := range map[string]Grant{
		"viewer city": {Role: Viewer, Scope: City()},
		"manager agency:dinkes until 2026-12-31T16:00:00Z": {Role: Manager, Scope: Agency("dinkes"), Until: until},
	} {
		if got := g.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	same := []Grant{{Role: Viewer, Scope: City(), Until: until}}
	if !SameGrants(same, []Grant{{Role: Viewer, Scope: City(), Until: until.UTC()}}) || SameGrants(same, []Grant{{Role: Viewer, Scope: City()}}) || SameGrants(same, []Grant{{Role: Evaluator, Scope: City(), Until: until}}) {
		t.Error("grants are compared by their role, scope and instant")
	}
}
