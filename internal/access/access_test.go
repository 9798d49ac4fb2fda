package access

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWhoMayDoWhatWhere(t *testing.T) {
	t.Parallel()
	const own, other, city = "dinkes", "dukcapil", ""
	actions := []Action{ReadResults, ReadBreakdown, ReadLKE, WriteLKE}
	// A letter for each action that is allowed: r, b, l and w.
	for _, tc := range []struct {
		actor            Actor
		own, other, city string
	}{
		{Actor{Role: Public}, "r", "r", "r"},
		{Actor{Role: Public, Agency: own}, "r", "r", "r"},
		{Actor{}, "r", "r", "r"},
		{Actor{Role: "walikota"}, "r", "r", "r"},
		{Actor{Role: Manager, Agency: own}, "rbl", "r", "r"},
		{Actor{Role: Evaluator, Agency: own}, "rblw", "r", "r"},
		{Actor{Role: Admin, Agency: own}, "rblw", "r", "r"},
		{Actor{Role: Manager}, "rbl", "rbl", "rbl"},
		{Actor{Role: Evaluator}, "rblw", "rblw", "rblw"},
		{Actor{Role: Admin}, "rblw", "rblw", "rblw"},
	} {
		for _, scope := range []struct{ agency, allowed string }{{own, tc.own}, {other, tc.other}, {city, tc.city}} {
			for i, action := range actions {
				want := strings.Contains(scope.allowed, "rblw"[i:i+1])
				t.Run(fmt.Sprintf("%s of %q does %s on %q", tc.actor.Role, tc.actor.Agency, action, scope.agency), func(t *testing.T) {
					t.Parallel()
					if got := Allow(tc.actor, action, scope.agency); got != want {
						t.Errorf("allowed = %v, want %v", got, want)
					}
				})
			}
		}
	}
}

func TestAKeyEndsWhenItExpiresOrIsRevoked(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name             string
		expires, revoked time.Time
		want             State
	}{
		{"it never expires", time.Time{}, time.Time{}, Active},
		{"until the last moment", noon.Add(1), time.Time{}, Active},
		{"from the moment on", noon, time.Time{}, Expired},
		{"revoked", time.Time{}, noon, Revoked},
		{"revoked, by a clock that goes before ours", time.Time{}, noon.Add(time.Hour), Revoked},
		{"revoked and expired", noon.Add(-time.Hour), noon, Revoked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			k := Key{Expires: tc.expires, Revoked: tc.revoked}
			if got := k.State(noon); got != tc.want {
				t.Errorf("state %s, want %s", got, tc.want)
			}
		})
	}
}

func TestWhatASecretLooksLike(t *testing.T) {
	t.Parallel()
	_, secret, err := NewKey("", Admin, "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		text          string
		whole, within bool
	}{
		{secret, true, true},
		{" " + secret + "\n", true, true},
		{"Bearer " + secret, false, true},
		{secret + "x", false, true},
		{secret[:len(secret)-1], false, true},
		{"psp_", false, true},
		{"KUPARI47", false, false},
		{"opsp_1", false, false},
		{"", false, false},
	} {
		if IsSecret(tc.text) != tc.whole || HoldsSecret(tc.text) != tc.within {
			t.Errorf("%q: whole %v, within %v", tc.text, IsSecret(tc.text), HoldsSecret(tc.text))
		}
	}
}
