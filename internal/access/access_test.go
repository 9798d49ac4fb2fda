package access

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/testtools"
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
		Browse: "o", Answer: "a", ReadResults: "r", SignIn: "s", Monitor: "m", ReadLive: "v", ReadBreakdown: "b", ReadDesk: "d", ReadComments: "c", MarkComments: "k", RevealComment: "u", WriteReport: "t", TakeEvidence: "e", ReadRows: "x", ReadLKE: "l", WriteLKE: "w", ReadEvidence: "g", WriteEvidence: "f", OwnAccount: "p", "walk_on_water": "?",
	}
	const public = "oarsm"
	for _, action := range testtools.Constants(t, ".", "Browse") {
		if letters[Action(action)] == "" {
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
		Viewer: public + "bdlcg", Officer: public + "bdlcg", Manager: public + "bdlcktegf", Evaluator: public + "vbdlwcuexgf", Admin: public + "bdlwcktegf",
	}
	for _, role := range Roles() {
		if may[role] == "" {
			t.Errorf("the table says nothing about %s", role)
		}
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
					a := Actor{Name: "kunci", Grants: []Grant{{Role: role, Scope: boundTo}}}
					if got := Allow(a, action, on); got != want {
						t.Errorf("%q bound to %s does %s on %s: allowed = %v, want %v", role, bound, action, name, got, want)
					}
				}
			}
		}
	}
	for name, on := range scopes { // a person's own account is theirs, whatever they are granted
		if want := slices.Contains(reach["city"], name); Allow(Actor{Name: "Siti", Person: "siti"}, OwnAccount, on) != want {
			t.Errorf("a person's own account on %s: allowed = %v", name, !want)
		}
	}
	for _, a := range []Actor{{Name: "k", Grants: []Grant{{Role: Admin}}}, {Name: "k"}} {
		if Allow(a, ReadLKE, City()) || Somewhere(a, ReadLKE) || !Somewhere(a, Browse) {
			t.Errorf("%+v is bound to nothing and may do something, or not what the public may", a)
		}
	}
}

func TestSeveralGrantsAddUpEachOnItsOwnScope(t *testing.T) {
	t.Parallel()
	a := Actor{Name: "Siti", Grants: []Grant{
		{Role: Manager, Scope: Unit("dinkes", "pkm")},
		{Role: Evaluator, Scope: Agency("dukcapil")},
		{Role: Viewer, Scope: Agency("dinkes")},
		{Role: Viewer, Scope: Unit("dukcapil", "loket")},
	}}
	for _, tc := range []struct {
		action Action
		on     Scope
		want   bool
	}{
		{ReadLKE, Unit("dinkes", "rsud"), true},
		{ReadLive, Unit("dukcapil", "loket"), true},
		{ReadLive, Unit("dinkes", "pkm"), false},
		{WriteLKE, Agency("dinkes"), false},
		{ReadLKE, City(), false},
		{ReadLKE, Agency("perizinan"), false},
	} {
		if got := Allow(a, tc.action, tc.on); got != tc.want || !Somewhere(a, tc.action) {
			t.Errorf("%s on %s: %v, want %v, and somewhere", tc.action, tc.on, got, tc.want)
		}
	}
	for action, want := range map[Action][]Scope{
		ReadLKE: {Agency("dukcapil"), Agency("dinkes")}, WriteLKE: {Agency("dukcapil")}, Browse: nil,
	} {
		if got := a.Scopes(action); !slices.Equal(got, want) {
			t.Errorf("%s on %v, want %v", action, got, want)
		}
	}
	narrow := Actor{Name: "Budi", Grants: []Grant{{Role: Viewer, Scope: Unit("dukcapil", "loket")}, {Role: Viewer, Scope: Agency("dinkes")}}}
	if got := narrow.Scopes(ReadDesk); !slices.Equal(got, []Scope{Agency("dinkes"), Unit("dukcapil", "loket")}) {
		t.Errorf("an agency stands after a unit that was granted before it: %v", got)
	}
	a.Grants = append(a.Grants, Grant{Role: Viewer, Scope: City()})
	if got := a.Scopes(ReadLKE); !slices.Equal(got, []Scope{City()}) {
		t.Errorf("what the city covers is listed beside it: %v", got)
	}
}

func TestAGrantEndsAndFollowsItsUnit(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	grants := []Grant{
		{Role: Manager, Scope: Unit("lama", "pkm"), Until: noon},
		{Role: Viewer, Scope: Unit("lama", "gone"), Until: noon.Add(1)},
		{Role: Evaluator, Scope: City()},
		{Role: Officer, Scope: Agency("dinkes")},
	}
	// Of the city's and an agency's scope no unit's agency is asked: the answer to "" is nobody's.
	of := func(unit string) string { return map[string]string{"pkm": "baru", "": "siapa"}[unit] }
	p, k := Person{ID: "siti", Name: "Siti", Email: "siti@kota.example", Grants: grants}, Key{Name: "kunci", Grants: grants}
	for at, want := range map[time.Time][]string{
		noon.Add(-1): {"manager unit:baru/pkm", "viewer unit:lama/gone", "evaluator city", "officer agency:dinkes"},
		noon:         {"viewer unit:lama/gone", "evaluator city", "officer agency:dinkes"},
		noon.Add(1):  {"evaluator city", "officer agency:dinkes"},
	} {
		for _, a := range []Actor{p.Actor(at, of), k.Actor(at, of)} {
			var got []string
			for _, g := range a.Grants {
				got = append(got, string(g.Role)+" "+g.Scope.String())
			}
			if !slices.Equal(got, want) || a.Anonymous() {
				t.Errorf("%s at %s: %v, want %v", a.Name, at, got, want)
			}
		}
	}
	if who := p.Actor(noon, of); who.Person != "siti" || who.Email != "siti@kota.example" {
		t.Errorf("the actor is the person %q (%s)", who.Person, who.Email)
	}
	if still := p.Actor(noon, nil).Grants; len(still) != 3 || still[0].Scope != Unit("lama", "gone") {
		t.Errorf("where no agency can be asked, grants are %v", still)
	}
	if by := (&p).Actor(noon, of).By(); by != "Siti (siti@kota.example)" {
		t.Errorf("the audit names %q", by)
	}
	if by := (&k).Actor(noon, of).By(); by != "kunci" || !Anybody().Anonymous() {
		t.Errorf("the audit names %q", by)
	}
}

func TestRolesThatWaitForASecondFactorAllowNothing(t *testing.T) {
	t.Parallel()
	a := Actor{Name: "Siti", Person: "siti", Grants: []Grant{{Role: Admin, Scope: City()}, {Role: Viewer, Scope: Agency("dinkes")}, {Role: Admin, Scope: Agency("dukcapil")}}}
	held := a.Holding([]Role{Admin, Evaluator})
	if !slices.Equal(held.Held, []Role{Admin}) || Allow(held, WriteLKE, Agency("dukcapil")) || !Allow(held, ReadLKE, Agency("dinkes")) || !Allow(held, OwnAccount, City()) {
		t.Errorf("held back are %v of %v", held.Held, held.Grants)
	}
	if len(a.Grants) != 3 || a.Held != nil || len(a.Holding(nil).Grants) != 3 {
		t.Error("the actor of before is another one")
	}
}

func TestWhatCanBeGranted(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name string
		role Role
		on   Scope
		ok   bool
	}{
		{"an evaluator of the city", Evaluator, City(), true},
		{"an evaluator of an agency", Evaluator, Agency("dinkes"), true},
		{"a manager of an agency", Manager, Agency("dinkes"), true},
		{"an officer of a unit", Officer, Unit("dinkes", "pkm"), true},
		{"a viewer of the city", Viewer, City(), true},
		{"a manager of the city", Manager, City(), false},
		{"an officer of the city", Officer, City(), false},
		{"a role that nobody is granted", Public, Agency("dinkes"), false},
		{"a role on nothing", Admin, Scope{}, false},
	} {
		got, err := NewGrant(tc.role, tc.on, until)
		if want := (Grant{Role: tc.role, Scope: tc.on, Until: until}); (err == nil) != tc.ok || tc.ok && got != want || !tc.ok && got != (Grant{}) {
			t.Errorf("%s: %v, err = %v, want ok %v", tc.name, got, err, tc.ok)
		}
	}
	_, err := NewGrant("walikota", City(), until)
	if want := `unknown role "walikota" (known: manager, evaluator, admin, officer, viewer)`; err == nil || err.Error() != want {
		t.Errorf("who mistypes a role is told %v, want %s", err, want)
	}
}

func TestAScopeIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Scope{"city": City(), "agency:dinkes": Agency("dinkes"), "unit:dinkes/pkm": Unit("dinkes", "pkm"), "unit:/pkm": Unit("", "pkm")} {
		var got Scope
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s is read as %q, err = %v", text, got, err)
		}
		if got.IsCity() != (text == "city") {
			t.Errorf("%s is the whole city: %v", text, got.IsCity())
		}
		if again, err := got.MarshalText(); err != nil || string(again) != text {
			t.Errorf("%s is written as %s, err = %v", text, again, err)
		}
	}
	for _, text := range []string{"", "City", "city:", "city:x", "agency:", "agency", "unit:", "unit:dinkes/", "unit:dinkes", "kota", "city "} {
		got := Agency("dinkes")
		if err := got.UnmarshalText([]byte(text)); err == nil || got != Agency("dinkes") {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	if _, err := (Scope{}).MarshalText(); err == nil {
		t.Error("a scope of nothing is stored")
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

func TestAKeyHasARoleAndAName(t *testing.T) {
	t.Parallel()
	if _, _, err := NewKey("kunci", nil, time.Time{}); err == nil {
		t.Error("a key without a role is made")
	}
	noon, grants := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC), []Grant{{Role: Admin, Scope: City()}}
	for name, named := range map[string]string{"": "admin ", "Inspektorat": "Inspektorat"} {
		k, secret, err := NewKey(name, grants, noon)
		if name == "" {
			named += k.ID
		}
		if want := (Key{ID: k.ID, Name: named, Grants: grants, Hash: HashSecret(" " + secret), At: noon}); err != nil || k.ID == "" || !reflect.DeepEqual(k, want) {
			t.Errorf("%q makes %+v, err = %v, want %+v", name, k, err, want)
		}
	}
}

func TestWhatASecretLooksLike(t *testing.T) {
	t.Parallel()
	_, secret, err := NewKey("", []Grant{{Role: Admin, Scope: City()}}, time.Time{})
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
