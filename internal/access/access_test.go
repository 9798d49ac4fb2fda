package access

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoMayDoWhatWhere(t *testing.T) {
	t.Parallel()
	scopes := map[string]Scope{
		"city": City(), "own agency": Agency("dinkes"), "own unit": Unit("dinkes", "pkm"), "other unit of it": Unit("dinkes", "rsud"),
		"other agency": Agency("dukcapil"), "its unit": Unit("dukcapil", "loket"), "a unit of no agency": Unit("", "pkm"), "nowhere": {},
		"an agency without a code": Agency(""), "a unit without a code": Unit("dinkes", ""),
	}
	// A letter for each action.
	letters := map[Action]string{
		Browse: "o", Answer: "a", ReadResults: "r", SignIn: "s", Monitor: "m", ReadLive: "v", ReadBreakdown: "b", ReadLKE: "l", WriteLKE: "w", "walk_on_water": "?",
	}
	const public = "oarsm"
	for _, action := range Actions() {
		if letters[action] == "" {
			t.Errorf("the table says nothing about %s", action)
		}
	}
	// By the actor's scope, where more than the public may is allowed; what the
	// public may is, wherever there is anything.
	reach := map[string][]string{
		"city":       {"city", "own agency", "own unit", "other unit of it", "other agency", "its unit", "a unit of no agency"},
		"own agency": {"own agency", "own unit", "other unit of it"},
		"own unit":   {"own unit"}, "other unit of it": {"other unit of it"}, "its unit": {"its unit"}, "a unit of no agency": {"a unit of no agency"},
		"other agency": {"other agency", "its unit"},
	}
	may := map[Role]string{
		Public: public, "": public, "walikota": public,
		Manager: public + "bl", Evaluator: public + "vblw", Admin: public + "blw",
	}
	for role, allowed := range may {
		for bound, boundTo := range scopes {
			for name, on := range scopes {
				for action, letter := range letters {
					want := strings.Contains(allowed, letter)
					if strings.Contains(public, letter) {
						want = slices.Contains(reach["city"], name)
					} else if !slices.Contains(reach[bound], name) {
						want = false
					}
					if got := Allow(Actor{Role: role, Scope: boundTo}, action, on); got != want {
						t.Errorf("%q bound to %s does %s on %s: allowed = %v, want %v", role, bound, action, name, got, want)
					}
				}
			}
		}
	}
	if Allow(Actor{Role: Admin}, ReadLKE, City()) {
		t.Error("who is bound to nothing may do something")
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

func TestAKeyIsBoundToItsAgencyOrToTheCity(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		role   Role
		agency string
		want   Scope
		refuse bool
	}{
		{"an evaluator of the city", Evaluator, "", City(), false},
		{"an evaluator of an agency", Evaluator, "dinkes", Agency("dinkes"), false},
		{"a manager of an agency", Manager, "dinkes", Agency("dinkes"), false},
		{"a manager of no agency", Manager, "", Scope{}, true},
		{"a role that no key has", Public, "dinkes", Scope{}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			k, secret, err := NewKey("kunci", tc.role, tc.agency, time.Time{})
			if (err != nil) != tc.refuse || (secret == "") != tc.refuse {
				t.Fatalf("secret %d long, err = %v", len(secret), err)
			}
			if want := (Actor{Name: "kunci", Role: tc.role, Scope: tc.want}); !tc.refuse && k.Actor() != want {
				t.Errorf("actor %+v, want %+v", k.Actor(), want)
			}
		})
	}
}

func TestAKeyWithoutANameIsNamedByItsRoleAndID(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "admin ", "Inspektorat": "Inspektorat"} {
		k, _, err := NewKey(name, Admin, "", time.Time{})
		if name == "" {
			want += k.ID
		}
		if err != nil || k.Name != want {
			t.Errorf("%q is named %q, err = %v, want %q", name, k.Name, err, want)
		}
	}
}

func TestWhichAgencyAScopeLiesIn(t *testing.T) {
	t.Parallel()
	for scope, want := range map[Scope]string{City(): "", Agency("dinkes"): "dinkes", Unit("dinkes", "pkm"): "dinkes", {}: ""} {
		if code, ok := scope.InAgency(); code != want || ok != (want != "") {
			t.Errorf("%+v lies in %q, %v; want %q", scope, code, ok, want)
		}
	}
}

func TestASessionLastsAnHourAndHoldsNoToken(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	s, token := NewSession(&Key{ID: "k"}, noon)
	if want := (Session{Hash: HashToken(token), Key: "k", At: noon, Expires: noon.Add(time.Hour)}); s != want {
		t.Errorf("session %+v, want %+v", s, want)
	}
	for text, want := range map[string]bool{token: true, token + "x": false, token[1:]: false, "": false} {
		if IsToken(text) != want {
			t.Errorf("%q: a token %v, want %v", text, IsToken(text), want)
		}
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
