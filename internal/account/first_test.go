package account_test

import (
	"slices"
	"testing"

	"persepsi/internal/access"
	"persepsi/survey"
)

func TestTheFirstAdministratorsLinkIsThereUntilSomebodyCanSignIn(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	invite(t, o, db, "ani?", admin)
	invite(t, o, db, "budi", manager)
	var tokens []string
	for range 6 {
		token, err := o.FirstAdmin(t.Context(), "server")
		if err != nil || !access.IsToken(token) {
			t.Fatalf("token %q, err = %v", token, err)
		}
		tokens = append(tokens, token)
	}
	people, err := db.People(t.Context())
	if err != nil || len(people) != 3 || people[2].Email != "admin@localhost" || people[2].Name != "Administrator" || !slices.Equal(people[2].Grants, []access.Grant{admin}) {
		t.Fatalf("people %+v, err = %v", people, err)
	}
	for i, token := range tokens {
		if l := people[2].OpenLink(token, noon); (l != nil) != (i > 0) || l != nil && l.Purpose != access.FirstAdmin {
			t.Errorf("link %d: %+v", i, l)
		}
	}
	// A place is no administrator beside whom the last one could go.
	if _, err := o.Close(t.Context(), by, address("ani")); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the last one was closed: %v", err)
	}
	// Whoever closed the place takes nothing from the city, and is no obstacle to it.
	if _, err := o.Close(t.Context(), by, "admin@localhost"); err != nil {
		t.Error(err)
	}
	token, err := o.FirstAdmin(t.Context(), "server")
	if err != nil || token == "" {
		t.Fatalf("after the place was closed: %q, %v", token, err)
	}
	if _, _, err := o.ByLink(t.Context(), token); err != nil {
		t.Errorf("the link: %v", err)
	}
	invite(t, o, db, "citra", admin)
	if _, _, err := o.ByLink(t.Context(), token); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("the link of the first administrator when there is one: %v", err)
	}
	if token, err := o.FirstAdmin(t.Context(), "server"); err != nil || token != "" {
		t.Errorf("there is an administrator: %q, %v", token, err)
	}
	if got := state(t, db); got != "ani: admin city linked; budi: manager agency:dinkes here; admin: admin city closed; citra: admin city here" {
		t.Error(got)
	}
	if got := tells(t, db); len(got) != 9 || got[0] != "first_admin Administrator" {
		t.Errorf("the audit tells %q", got)
	}
}

func TestWhoKeptThePlacesAddressKeepsTheAccount(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	p, _, err := o.Invite(t.Context(), by, "admin@localhost", "Ani", []access.Grant{until(admin, noon)})
	if err != nil {
		t.Fatal(err)
	}
	p.Password, p.Version = "$argon2id$", 2
	if err := db.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if token, err := o.FirstAdmin(t.Context(), "server"); err != nil || token == "" {
		t.Errorf("token %q, err = %v", token, err)
	}
	if got := state(t, db); got != "admin: admin city until 2026-03-02T04:00:00Z linked; admin-2: admin city linked" {
		t.Error(got)
	}
}

func TestServersThatStartTogetherEachHaveALink(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	first := ""
	at := &broken{DB: db, before: func() {
		var err error
		if first, err = o.FirstAdmin(t.Context(), "server"); err != nil {
			t.Error(err)
		}
	}}
	second, err := over(at).FirstAdmin(t.Context(), "server")
	people, failed := db.People(t.Context())
	if err != nil || failed != nil || len(people) != 1 || people[0].OpenLink(first, noon) == nil || people[0].OpenLink(second, noon) == nil {
		t.Errorf("people %+v, err = %v, %v", people, err, failed)
	}
}
