package account_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/internal/sqlite"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

var putEmpty = testtools.Copies("persepsi.db", func(dir string) error {
	db, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		return err
	}
	return db.Close()
})

// store opens an empty one.
func store(t *testing.T) *sqlite.DB {
	t.Helper()
	dir := t.TempDir()
	if err := putEmpty(dir); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func accounts(t *testing.T) (*account.Service, *sqlite.DB) {
	t.Helper()
	db := store(t)
	return account.New(db, func() time.Time { return noon }), db
}

// racing is a store in which somebody else changes a person before each of the first
// changes.
type racing struct {
	*sqlite.DB
	left int
}

func (r *racing) RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error {
	if r.left > 0 {
		r.left--
		people, err := r.People(ctx)
		if err != nil {
			return err
		}
		other := people[0]
		other.Name, other.Version = other.Name+"i", other.Version+1
		if err := r.DB.RecordPerson(ctx, other); err != nil {
			return err
		}
	}
	return r.DB.RecordPerson(ctx, p, said...)
}

func TestWhoIsInvitedOrResetGetsALinkThatTheAuditDoesNotHold(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	grant := access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}
	p, invited, err := o.Invite(t.Context(), "command line", "Siti@Kota.example", "Siti", []access.Grant{grant})
	if err != nil {
		t.Fatal(err)
	}
	_, forgot, err := o.Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	people, err := db.People(t.Context())
	if err != nil || len(people) != 1 || people[0].ID != p.ID || people[0].Version != 2 {
		t.Fatalf("people %+v, err = %v", people, err)
	}
	for token, want := range map[string]access.Purpose{invited: access.Invitation, forgot: access.Reset} {
		if l := people[0].OpenLink(token, noon); l == nil || l.Purpose != want {
			t.Errorf("link %+v, want %s", l, want)
		}
	}
	var got []string
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		got = append(got, e.Actor+" "+e.Action+" "+e.Subject+" "+e.Detail)
		for _, c := range e.Changes {
			got = append(got, c.What+" "+c.After)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"command line add_person " + p.ID + " Siti (siti@kota.example)", "granted manager agency:dinkes", "command line reset_person " + p.ID + " Siti (siti@kota.example)"}
	if !slices.Equal(got, want) {
		t.Errorf("the audit tells\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, _, err := o.Invite(t.Context(), "command line", "siti@kota.example", "Siti", nil); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("an address that is taken: %v", err)
	}
	if _, _, err := o.Invite(t.Context(), "command line", "siti", "Siti", nil); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("no address: %v", err)
	}
	for _, email := range []string{"budi@kota.example", "budi", ""} {
		if _, _, err := o.Reset(t.Context(), "command line", email); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("a reset for %q: %v", email, err)
		}
	}
}

func TestOnlyTheNewestLinksAreOpen(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	_, first, err := o.Invite(t.Context(), "command line", "siti@kota.example", "Siti", nil)
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for range 5 {
		if _, last, err = o.Reset(t.Context(), "command line", "siti@kota.example"); err != nil {
			t.Fatal(err)
		}
	}
	people, err := db.People(t.Context())
	if err != nil || len(people[0].Links) != 5 || people[0].OpenLink(first, noon) != nil || people[0].OpenLink(last, noon) == nil {
		t.Errorf("%d links are open, err = %v", len(people[0].Links), err)
	}
}

func TestAChangeIsMadeOfThePersonAsOthersLeftThem(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		others int
		want   survey.Code
	}{{4, ""}, {5, survey.Conflict}} {
		quiet, db := accounts(t)
		if _, _, err := quiet.Invite(t.Context(), "command line", "siti@kota.example", "Sit", nil); err != nil {
			t.Fatal(err)
		}
		o := account.New(&racing{db, tc.others}, func() time.Time { return noon })
		p, _, err := o.Reset(t.Context(), "command line", "siti@kota.example")
		if tc.want != "" && survey.CodeOf(err) != tc.want || tc.want == "" && (err != nil || p.Name != "Sit"+strings.Repeat("i", tc.others)) {
			t.Errorf("after %d others: %q, %v", tc.others, p.Name, err)
		}
	}
}
