package access

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestWhoCanBeAdded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, email, person, wantEmail, wantName string
	}{
		{"an address in any case", " Siti@Kota.example ", "  Siti   Rahma ", "siti@kota.example", "Siti Rahma"},
		{"no address", "", "Siti", "", ""},
		{"a name for an address", "siti", "Siti", "", ""},
		{"an address with a name", "Siti <siti@kota.example>", "Siti", "", ""},
		{"two addresses", "siti@kota.example, budi@kota.example", "Siti", "", ""},
		{"an address with a line", "siti@kota.example\nBcc: x@y.example", "Siti", "", ""},
		{"an address that is too long", strings.Repeat("a", 250) + "@x.id", "Siti", "", ""},
		{"no name", "siti@kota.example", " ", "", ""},
		{"a name that is too long", "siti@kota.example", strings.Repeat("a", 121), "", ""},
		{"a name that moves the cursor", "siti@kota.example", "Siti\x1b[2J", "", ""},
	} {
		p, err := NewPerson(tc.email, tc.person, nil, time.Time{})
		if p.Email != tc.wantEmail || p.Name != tc.wantName || (err == nil) != (tc.wantEmail != "") {
			t.Errorf("%s: %q %q, err = %v", tc.name, p.Email, p.Name, err)
		}
	}
}

func TestAPersonIsReadAsTheyWereStoredAndNothingElseIs(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	link, token := NewLink(Invitation, noon)
	p, err := NewPerson("siti@kota.example", "Siti", []Grant{{Role: Manager, Scope: Agency("dinkes"), Until: noon}, {Role: Viewer, Scope: City()}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	p.Links, p.Recovery = []Link{link}, []Digest{{9}}
	text, err := EncodePerson(&p)
	if err != nil || strings.Contains(string(text), token) {
		t.Fatalf("stored as %s, err = %v", text, err)
	}
	if p.ID == "" || !p.At.Equal(noon) || !link.At.Equal(noon) {
		t.Errorf("a person of %s has the id %q and was added at %s; their link was made at %s", noon, p.ID, p.At, link.At)
	}
	got, err := DecodePerson(text)
	if err != nil || !reflect.DeepEqual(*got, p) {
		t.Errorf("read as %+v, err = %v", got, err)
	}
	for name, bad := range map[string]string{
		"a field of a newer program": strings.Replace(string(text), `"name"`, `"rank":1,"name"`, 1),
		"a scope of nothing":         strings.Replace(string(text), "agency:dinkes", "", 1),
		"half a digest":              strings.Replace(string(text), `"0900`, `"09`, 1),
	} {
		if _, err := DecodePerson([]byte(bad)); err == nil || bad == string(text) {
			t.Errorf("%s is read", name)
		}
	}
}

func TestALinkOpensUntilItExpiresAndOnlyWithItsToken(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	invitation, invited := NewLink(Invitation, noon)
	reset, forgot := NewLink(Reset, noon)
	p := Person{Links: []Link{invitation, reset}}
	for _, tc := range []struct {
		name, token string
		after       time.Duration
		want        Purpose
	}{
		{"an invitation", invited, InvitationFor - 1, Invitation},
		{"an invitation that is old", invited, InvitationFor, ""},
		{"a reset", forgot, ResetFor - 1, Reset},
		{"a reset that is old", forgot, ResetFor, ""},
		{"something else", invited + "x", 0, ""},
		{"nothing", "", 0, ""},
	} {
		got := Purpose("")
		if l := p.OpenLink(tc.token, noon.Add(tc.after)); l != nil {
			got = l.Purpose
		}
		if got != tc.want {
			t.Errorf("%s opens %q, want %q", tc.name, got, tc.want)
		}
	}
	if !p.Open() || p.TwoFactors() {
		t.Error("a new person is closed, or has a second factor")
	}
	p.Disabled, p.TOTP = noon, &TOTP{Secret: "x"}
	if p.Open() || p.TwoFactors() {
		t.Error("a closed account is open, or an unconfirmed factor counts")
	}
	p.TOTP.Confirmed = noon
	if !p.TwoFactors() {
		t.Error("a confirmed factor does not count")
	}
}

func TestTheBoundsOfNamesAndAddresses(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	address := func(n int) string { return strings.Repeat("a", n-len("@kota.example")) + "@kota.example" }
	for _, tc := range []struct {
		email, name string
		good        bool
	}{
		{"a@b", "S", true},
		{"a@b", strings.Repeat("ñ", maxName), true},
		{"a@b", strings.Repeat("ñ", maxName+1), false},
		{"a@b", " ", false},
		{address(254), "Siti", true},
		{address(255), "Siti", false},
		{"Siti <siti@kota.example>", "Siti", false},
		{"siti (loket 3)@kota.example", "Siti", false},
		{"si\tti@kota.example", "Siti", false},
		{"<siti@kota.example>", "Siti", false},
		{`"si ti"@kota.example`, "Siti", false},
	} {
		if _, err := NewPerson(tc.email, tc.name, nil, noon); (err == nil) != tc.good {
			t.Errorf("%.40s, %.20s: err = %v", tc.email, tc.name, err)
		}
	}
}

func TestAnAppIsSetUpWithinTenMinutesAndOnce(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name string
		totp *TOTP
		at   time.Time
		want bool
	}{
		{"nothing was begun", nil, noon, false},
		{"just begun", &TOTP{Begun: noon}, noon, true},
		{"the last moment", &TOTP{Begun: noon}, noon.Add(SetUpFor - 1), true},
		{"ten minutes later", &TOTP{Begun: noon}, noon.Add(SetUpFor), false},
		{"it was confirmed", &TOTP{Begun: noon, Confirmed: noon}, noon, false},
	} {
		p := Person{TOTP: tc.totp}
		if got := p.SettingUp(tc.at); (got != nil) != tc.want || tc.want && got != tc.totp {
			t.Errorf("%s: %+v, want the app %v", tc.name, got, tc.want)
		}
	}
}
