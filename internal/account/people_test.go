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
func invite(t *testing.T, o *account.Office, db *sqlite.DB, name string, grants ...access.Grant) {
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

var errBroken = errors.New("the power went")

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

func over(b *broken) *account.Office { return account.New(b, func() time.Time { return noon }) }

func TestARoleIsGrantedWithAnEndAndWithdrawn(t *testing.T) {
	t.Parallel()
	o, db := office(t)
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
	o, db := office(t)
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
	closeAni := func(o *account.Office) error { _, err := o.Close(context.Background(), by, address("ani")); return err }
	withdrawAni := func(o *account.Office) error {
		_, err := o.Withdraw(context.Background(), by, address("ani"), access.Admin, access.City())
		return err
	}
	endAni := func(o *account.Office) error {
		_, err := o.Grant(context.Background(), by, address("ani"), until(admin, month))
		return err
	}
	for _, tc := range []struct {
		name string
		also people
		ani  access.Grant
		do   func(*account.Office) error
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
		o, db := office(t)
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
	o, db := office(t)
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

func TestAnOfficePassesToASuccessor(t *testing.T) {
	t.Parallel()
	year, past := noon.AddDate(1, 0, 0), noon.AddDate(-1, 0, 0)
	pkm := access.Grant{Role: access.Officer, Scope: access.Unit("lama", "pkm")}
	of := func(unit string) string { return map[string]string{"pkm": "dinkes"}[unit] }
	outside := officer
	outside.Outside = true
	for _, tc := range []struct {
		name    string
		grants  []access.Grant // Ani's
		budi    []access.Grant // nil: he is invited
		h       account.Handover
		want    string
		invited bool
	}{
		{
			"all of it, to somebody new",
			[]access.Grant{until(manager, year), officer, until(admin, past)},
			nil,
			account.Handover{Name: "Budi", On: access.City()},
			"ani: admin city until 2025-03-02T04:00:00Z closed; budi: manager agency:dinkes until 2027-03-02T04:00:00Z, officer unit:dukcapil/loket linked", true,
		},
		{
			"all of it, to somebody who is there",
			[]access.Grant{admin},
			[]access.Grant{officer},
			account.Handover{On: access.City()},
			"ani:  closed; budi: officer unit:dukcapil/loket, admin city here", false,
		},
		{
			"one agency and its units",
			[]access.Grant{manager, officer, pkm},
			[]access.Grant{officer},
			account.Handover{On: access.Agency("dinkes"), AgencyOf: of},
			"ani: officer unit:dukcapil/loket here; budi: officer unit:dukcapil/loket, manager agency:dinkes, officer unit:lama/pkm here", false,
		},
		{
			"one unit",
			[]access.Grant{manager, pkm},
			[]access.Grant{officer},
			account.Handover{On: access.Unit("dinkes", "pkm"), AgencyOf: of},
			"ani: manager agency:dinkes here; budi: officer unit:dukcapil/loket, officer unit:lama/pkm here", false,
		},
		{
			"the account stays open",
			[]access.Grant{manager},
			[]access.Grant{officer},
			account.Handover{On: access.City(), KeepOpen: true},
			"ani:  here; budi: officer unit:dukcapil/loket, manager agency:dinkes here", false,
		},
		{
			"what the successor has for longer stays",
			[]access.Grant{until(manager, year)},
			[]access.Grant{manager},
			account.Handover{On: access.City()},
			"ani:  closed; budi: manager agency:dinkes here", false,
		},
		{
			"what the successor has for a shorter time lasts longer",
			[]access.Grant{manager},
			[]access.Grant{until(manager, year)},
			account.Handover{On: access.City()},
			"ani:  closed; budi: manager agency:dinkes here", false,
		},
	} {
		// Each is broken off at each step, and then completed by the same again.
		for _, at := range []broken{{}, {record: 1}, {record: 2}, {end: 1}} {
			o, db := office(t)
			invite(t, o, db, "ani", tc.grants...)
			if tc.budi != nil {
				invite(t, o, db, "budi", tc.budi...)
			}
			h := tc.h
			h.From, h.To = address("ani"), address("budi")
			at.DB = db
			done, err := over(&at).HandOver(t.Context(), by, h)
			if err != nil {
				if !errors.Is(err, errBroken) {
					t.Errorf("%s: %v", tc.name, err)
				}
				done, err = o.HandOver(t.Context(), by, h)
			}
			if got := state(t, db); err != nil || got != tc.want {
				t.Errorf("%s: err = %v\n%s, want\n%s", tc.name, err, got, tc.want)
			}
			if sessionsFailed := at.end == 0 && len(done.Passed) == 0; (done.Token != "") != tc.invited && !sessionsFailed || done.To.Email != address("budi") {
				t.Errorf("%s: link %v, to %q", tc.name, done.Token != "", done.To.Email)
			}
		}
	}
}

func TestTheAuditTellsOfAHandoverAtBoth(t *testing.T) {
	t.Parallel()
	o, db := office(t)
	invite(t, o, db, "ani", manager)
	invite(t, o, db, "budi", officer)
	for range 2 {
		if _, err := o.HandOver(t.Context(), by, account.Handover{From: address("ani"), To: address("budi"), On: access.City()}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"handover budi →manager agency:dinkes", "handover ani manager agency:dinkes→ open→closed"}
	if got := tells(t, db); !slices.Equal(got, want) {
		t.Errorf("the audit tells %q, want %q", got, want)
	}
}

func TestWhatCannotBeHandedOver(t *testing.T) {
	t.Parallel()
	o, db := office(t)
	invite(t, o, db, "ani", admin, manager)
	invite(t, o, db, "budi", officer)
	invite(t, o, db, "citra")
	if _, err := o.Close(t.Context(), by, address("budi")); err != nil {
		t.Fatal(err)
	}
	before := state(t, db)
	for name, tc := range map[string]struct {
		h    account.Handover
		want survey.Code
	}{
		"to oneself":              {account.Handover{From: address("ani"), To: "Ani@kota.example", On: access.City()}, survey.Invalid},
		"to a closed account":     {account.Handover{From: address("ani"), To: address("budi"), Name: "Budi", On: access.City()}, survey.Conflict},
		"to nobody":               {account.Handover{From: address("ani"), To: address("dedi"), On: access.City()}, survey.NotFound},
		"to no address":           {account.Handover{From: address("ani"), To: "dedi", Name: "Dedi", On: access.City()}, survey.Invalid},
		"from nobody":             {account.Handover{From: address("dedi"), To: address("citra"), On: access.City()}, survey.NotFound},
		"nothing":                 {account.Handover{From: address("citra"), To: address("ani"), On: access.City()}, survey.Conflict},
		"nothing to somebody new": {account.Handover{From: address("citra"), To: address("dedi"), Name: "Dedi", On: access.City()}, survey.Conflict},
		"nothing there":           {account.Handover{From: address("ani"), To: address("citra"), On: access.Agency("dukcapil")}, survey.Conflict},
	} {
		if _, err := o.HandOver(t.Context(), by, tc.h); survey.CodeOf(err) != tc.want {
			t.Errorf("%s: err = %v, want %s", name, err, tc.want)
		}
	}
	if got := state(t, db); got != before {
		t.Errorf("refused, and yet\n%s, was\n%s", got, before)
	}
}

func TestTheFirstAdministratorsLinkIsThereUntilSomebodyCanSignIn(t *testing.T) {
	t.Parallel()
	o, db := office(t)
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
	o, db := office(t)
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
	o, db := office(t)
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
