package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

func told(t *testing.T, db *sqlite.DB) (out []string) {
	t.Helper()
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		line := e.Actor + ": " + e.Action
		for _, c := range e.Changes {
			line += ", " + c.What + " " + c.Before + ">" + c.After
		}
		out = append(out, line)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func outside(role access.Role, on access.Scope) access.Grant {
	return access.Grant{Role: role, Scope: on, Outside: true}
}

func TestWhatClaimsGrant(t *testing.T) {
	t.Parallel()
	known := func(code string) (string, bool) { return "key-" + code, code == "dinkes" || code == "dukcapil" }
	for _, tc := range []struct {
		name            string
		roles, agencies []string
		want            []access.Grant
	}{
		{"an evaluator of the city", []string{"evaluator"}, nil, []access.Grant{outside(access.Evaluator, access.City())}},
		{"a manager of two agencies", []string{"persepsi-manager"}, []string{"dinkes", "dukcapil"}, []access.Grant{outside(access.Manager, access.Agency("key-dinkes")), outside(access.Manager, access.Agency("key-dukcapil"))}},
		{"the same twice", []string{"viewer", "persepsi-viewer"}, []string{"dinkes", "dinkes"}, []access.Grant{outside(access.Viewer, access.Agency("key-dinkes"))}},
		{"groups of other services", []string{"staff", "vpn", "public", ""}, nil, nil},
		{"a manager of no agency", []string{"manager"}, nil, nil},
		{"agencies that are none of ours widen nothing", []string{"admin", "evaluator"}, []string{"tak-ada"}, nil},
		{"every agency, said so", []string{"admin"}, []string{"*"}, []access.Grant{outside(access.Admin, access.City())}},
		{"a claim of agencies that is missing", []string{"admin"}, []string{}, nil},
		{"nothing", nil, nil, nil},
	} {
		if got := account.Claims(tc.roles, tc.agencies, known); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestWhoComesFromTheCitysSignIn(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	own := access.Grant{Role: access.Viewer, Scope: access.City()}
	siti, _, err := o.Invite(t.Context(), "command line", "siti@kota.example", "Siti", []access.Grant{own})
	if err != nil {
		t.Fatal(err)
	}
	closed, _, err := o.Invite(t.Context(), "command line", "budi@kota.example", "Budi", []access.Grant{own})
	if err != nil {
		t.Fatal(err)
	}
	closed.Disabled, closed.Version = noon, 2
	if err := db.RecordPerson(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	manager, evaluator := outside(access.Manager, access.Agency("dinkes")), outside(access.Evaluator, access.City())
	for _, tc := range []struct {
		name   string
		who    account.Outsider
		id     string // empty: refused
		grants []access.Grant
	}{
		{"a stranger", account.Outsider{Subject: "p 1", Email: "tono@kota.example", Verified: true}, "", nil},
		{"a stranger who claims an unverified address", account.Outsider{Subject: "p 1", Email: "tono@kota.example", Claimed: true, Grants: []access.Grant{evaluator}}, "", nil},
		{"who claims Siti's address, unverified", account.Outsider{Subject: "p 2", Email: "siti@kota.example"}, "", nil},
		{"Siti, the first time", account.Outsider{Subject: "p 3", Email: "Siti@kota.example", Verified: true}, siti.ID, []access.Grant{own}},
		{"another one with Siti's address", account.Outsider{Subject: "p 4", Email: "siti@kota.example", Verified: true}, "", nil},
		{"Siti with another address", account.Outsider{Subject: "p 3", Email: "rahma@kota.example"}, siti.ID, []access.Grant{own}},
		{"Siti with another person's address", account.Outsider{Subject: "p 3", Email: "budi@kota.example", Verified: true}, siti.ID, []access.Grant{own}},
		{"Siti as manager", account.Outsider{Subject: "p 3", Claimed: true, Grants: []access.Grant{manager}}, siti.ID, []access.Grant{own, manager}},
		{"Siti as evaluator instead", account.Outsider{Subject: "p 3", Claimed: true, Grants: []access.Grant{evaluator}}, siti.ID, []access.Grant{own, evaluator}},
		{"Siti where no claims are configured", account.Outsider{Subject: "p 3"}, siti.ID, []access.Grant{own, evaluator}},
		{"Siti without a claim", account.Outsider{Subject: "p 3", Claimed: true}, siti.ID, []access.Grant{own}},
		{"Budi, whose account is closed", account.Outsider{Subject: "p 5", Email: "budi@kota.example", Verified: true, Claimed: true, Grants: []access.Grant{evaluator}}, "", nil},
		{"nobody's address", account.Outsider{Subject: "p 6", Email: "", Verified: true, Claimed: true, Grants: []access.Grant{evaluator}}, "", nil},
	} {
		p, err := o.Outside(t.Context(), tc.who)
		if tc.id == "" {
			if survey.CodeOf(err) != survey.Forbidden || p != nil {
				t.Errorf("%s: %v, err = %v, want Forbidden", tc.name, p, err)
			}
			continue
		}
		if err != nil || p.ID != tc.id || !slices.Equal(p.Grants, tc.grants) || p.Email != "siti@kota.example" {
			t.Errorf("%s: %+v, err = %v", tc.name, p, err)
		}
	}
	tono, err := o.Outside(t.Context(), account.Outsider{Subject: "p 1", Email: "tono@kota.example", Verified: true, Name: "Tono", Claimed: true, Grants: []access.Grant{manager}})
	if err != nil || tono.External != "p 1" || !slices.Equal(tono.Grants, []access.Grant{manager}) || len(tono.Links) != 0 {
		t.Errorf("a new manager: %+v, err = %v", tono, err)
	}
	in, err := o.Enter(t.Context(), account.Outsider{Subject: "p 1"}, account.Browser{})
	if err != nil || in.Half {
		t.Fatalf("half %v, err = %v", in.Half, err)
	}
	if s, err := o.Session(t.Context(), in.Token); err != nil || s == nil || s.Person != tono.ID || !s.Second {
		t.Errorf("the session is %+v, err = %v", s, err)
	}
	want := []string{
		"command line: add_person, granted >viewer city", "command line: add_person, granted >viewer city",
		"city sign-in: link_person, external >p 3",
		"city sign-in: link_person, granted >manager agency:dinkes",
		"city sign-in: link_person, granted manager agency:dinkes>, granted >evaluator city",
		"city sign-in: link_person, granted evaluator city>",
		"city sign-in: add_person, external >p 1, granted >manager agency:dinkes",
	}
	if got := told(t, db); !slices.Equal(got, want) {
		t.Errorf("the audit tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if people, err := db.People(t.Context()); err != nil || len(people) != 3 || !people[0].Open() || people[0].Disabled != (time.Time{}) {
		t.Errorf("%d people, err = %v", len(people), err)
	}
}
