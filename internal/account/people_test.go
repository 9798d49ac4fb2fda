package account_test

import (
	"context"
	"errors"
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

const by = "command line"

var (
	admin   = access.Grant{Role: access.Admin, Scope: access.City()}
	manager = access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}
	officer = access.Grant{Role: access.Officer, Scope: access.Unit("dukcapil", "loket")}
)

func until(g access.Grant, at time.Time) access.Grant {
	g.Until = at
	return g
}

// invite adds people who can sign in; a name that ends in ? can't yet.
func invite(t *testing.T, o *account.Service, db *sqlite.DB, name string, grants ...access.Grant) {
	t.Helper()
	p, _, err := o.Invite(t.Context(), by, address(name), name, grants)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, "?") {
		return
	}
	p.Password, p.Links, p.Version = "$argon2id$", nil, 2
	if err := db.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	s, _ := access.NewSession(p.ID, "Firefox", false, time.Now().UTC())
	if err := db.AddSession(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func address(name string) string { return strings.Trim(name, "?") + "@kota.example" }

// state tells who is there: `siti: manager agency:dinkes; closed`, with the number of
// sessions and links where there are any.
func state(t *testing.T, db *sqlite.DB) string {
	t.Helper()
	people, err := db.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range people {
		var grants []string
		for _, g := range p.Grants {
			grants = append(grants, g.String()+map[bool]string{true: " (outside)"}[g.Outside])
		}
		local, _, _ := strings.Cut(p.Email, "@")
		line := local + ": " + strings.Join(grants, ", ")
		if !p.Open() {
			line += " closed"
		}
		if len(p.Links) > 0 {
			line += " linked"
		}
		sessions, err := db.SessionsOf(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(sessions) > 0 {
			line += " here"
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

// tells returns what the audit tells beside invitations: `grant siti: none→manager agency:dinkes`.
func tells(t *testing.T, db *sqlite.DB) []string {
	t.Helper()
	var out []string
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.AddPerson {
			return nil
		}
		local, _, _ := strings.Cut(e.Detail, " ")
		line := e.Action + " " + local
		for _, c := range e.Changes {
			line += " " + c.Before + "→" + c.After
		}
		out = append(out, line)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// broken is a store in which one call fails, and one in which others do something before
// a person is stored.
type broken struct {
	*sqlite.DB
	record, end int // the call that fails, from 1; 0: none
	before      func()
}

var errBroken = survey.Errorf(survey.Unavailable, "the power went")

func (b *broken) RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error {
	if b.record--; b.record == 0 {
		return errBroken
	}
	if fn := b.before; fn != nil {
		b.before = nil
		fn()
	}
	return b.DB.RecordPerson(ctx, p, said...)
}

func (b *broken) EndSessions(ctx context.Context, person string, keep access.Digest) error {
	if b.end--; b.end == 0 {
		return errBroken
	}
	return b.DB.EndSessions(ctx, person, keep)
}

func over(b *broken) *account.Service { return account.New(b, func() time.Time { return noon }) }

func TestARoleIsGrantedWithAnEndAndWithdrawn(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	invite(t, o, db, "siti", manager)
	year := noon.AddDate(1, 0, 0)
	for _, g := range []access.Grant{until(officer, year), until(manager, year), until(manager, year)} {
		if _, err := o.Grant(t.Context(), by, "Siti@kota.example", g); err != nil {
			t.Fatal(err)
		}
	}
	// The unit may belong to another agency since.
	if _, err := o.Withdraw(t.Context(), by, "siti@kota.example", access.Officer, access.Unit("lain", "loket")); err != nil {
		t.Fatal(err)
	}
	if got := state(t, db); got != "siti: manager agency:dinkes until 2027-03-02T04:00:00Z here" {
		t.Error(got)
	}
	want := []string{
		"grant siti →officer unit:dukcapil/loket until 2027-03-02T04:00:00Z",
		"grant siti manager agency:dinkes→manager agency:dinkes until 2027-03-02T04:00:00Z",
		"withdraw siti officer unit:dukcapil/loket until 2027-03-02T04:00:00Z→",
	}
	if got := tells(t, db); !slices.Equal(got, want) {
		t.Errorf("the audit tells %q, want %q", got, want)
	}
	if _, err := o.Withdraw(t.Context(), by, "siti@kota.example", access.Manager, access.City()); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("a role that was not granted: %v", err)
	}
	if _, err := o.Grant(t.Context(), by, "budi@kota.example", manager); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("nobody: %v", err)
	}
	if _, err := o.Close(t.Context(), by, "siti@kota.example"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Grant(t.Context(), by, "siti@kota.example", officer); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a closed account: %v", err)
	}
}

func TestAClosedAccountHasNoSessionAndNoLinkHoweverOftenItIsBrokenOff(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	invite(t, o, db, "siti", manager)
	if _, _, err := o.Reset(t.Context(), by, address("siti")); err != nil {
		t.Fatal(err)
	}
	if _, err := over(&broken{DB: db, end: 1}).Close(t.Context(), by, address("siti")); !errors.Is(err, errBroken) {
		t.Fatalf("err = %v", err)
	}
	if got := state(t, db); got != "siti: manager agency:dinkes closed here" {
		t.Errorf("broken off: %s", got)
	}
	// Who reopens instead of trying again must not bring old sessions back.
	if _, err := over(&broken{DB: db, end: 1}).Reopen(t.Context(), by, address("siti")); !errors.Is(err, errBroken) {
		t.Fatalf("err = %v", err)
	}
	if _, err := o.Close(t.Context(), by, address("siti")); err != nil {
		t.Fatal(err)
	}
	if got := state(t, db); got != "siti: manager agency:dinkes closed" {
		t.Errorf("closed: %s", got)
	}
	for range 2 {
		if p, err := o.Reopen(t.Context(), by, address("siti")); err != nil || !p.Open() {
			t.Fatalf("reopened: %+v, %v", p, err)
		}
	}
	if got := state(t, db); got != "siti: manager agency:dinkes" {
		t.Errorf("reopened: %s", got)
	}
	want := []string{"reset_person siti", "disable_person siti open→closed", "enable_person siti closed→open"}
	if got := tells(t, db); !slices.Equal(got, want) {
		t.Errorf("the audit tells %q, want %q", got, want)
	}
}

func TestTheCityKeepsAnAdministrator(t *testing.T) {
	t.Parallel()
	year, month := noon.AddDate(1, 0, 0), noon.AddDate(0, 1, 0)
	type people map[string]access.Grant
	closeAni := func(o *account.Service) error {
		_, err := o.Close(context.Background(), by, address("ani"))
		return err
	}
	withdrawAni := func(o *account.Service) error {
		_, err := o.Withdraw(context.Background(), by, address("ani"), access.Admin, access.City())
		return err
	}
	endAni := func(o *account.Service) error {
		_, err := o.Grant(context.Background(), by, address("ani"), until(admin, month))
		return err
	}
	for _, tc := range []struct {
		name string
		also people
		ani  access.Grant
		do   func(*account.Service) error
		ok   bool
	}{
		{"the only one is closed", nil, admin, closeAni, false},
		{"the only one is withdrawn", nil, admin, withdrawAni, false},
		{"the only one gets an end", nil, admin, endAni, false},
		{"one of two is closed", people{"budi": admin}, admin, closeAni, true},
		{"one of two is withdrawn", people{"budi": admin}, admin, withdrawAni, true},
		{"one of two gets an end", people{"budi": admin}, admin, endAni, true},
		{"the other is invited", people{"budi?": admin}, admin, closeAni, true},
		{"the other ends earlier", people{"budi": until(admin, year)}, admin, closeAni, false},
		{"the other ends at the same time", people{"budi": until(admin, year)}, until(admin, year), closeAni, true},
		{"the other has ended", people{"budi": until(admin, noon)}, until(admin, month), withdrawAni, false},
		{"the other is of an agency", people{"budi": {Role: access.Admin, Scope: access.Agency("dinkes")}}, admin, closeAni, false},
		{"the other is a viewer of the city", people{"budi": {Role: access.Viewer, Scope: access.City()}}, admin, closeAni, false},
		{"she is none herself", people{"budi": admin}, manager, closeAni, true},
		{"she has ended herself", nil, until(admin, noon), closeAni, true},
	} {
		o, db := accounts(t)
		invite(t, o, db, "ani", tc.ani)
		for name, g := range tc.also {
			invite(t, o, db, name, g)
		}
		before := state(t, db)
		err := tc.do(o)
		if tc.ok && err != nil || !tc.ok && (survey.CodeOf(err) != survey.Conflict || state(t, db) != before) {
			t.Errorf("%s: err = %v; %s", tc.name, err, state(t, db))
		}
	}
}

func TestTwoAdministratorsWhoCloseEachOtherLeaveOne(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
	invite(t, o, db, "ani", admin)
	invite(t, o, db, "budi", admin)
	at := &broken{DB: db, before: func() {
		if _, err := o.Close(t.Context(), "budi", address("ani")); err != nil {
			t.Error(err)
		}
	}}
	if _, err := over(at).Close(t.Context(), "ani", address("budi")); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("err = %v, want a conflict", err)
	}
	if got := state(t, db); got != "ani: admin city closed; budi: admin city here" {
		t.Error(got)
	}
	at.before = func() {
		if _, err := o.Reopen(t.Context(), by, address("ani")); err != nil {
			t.Error(err)
		}
	}
	if _, err := over(at).Close(t.Context(), by, address("budi")); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("closed before the other was there: err = %v", err)
	}
}
