package account_test

import (
	"errors"
	"slices"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/survey"
)

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
			o, db := accounts(t)
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
	o, db := accounts(t)
	invite(t, o, db, "ani", manager)
	invite(t, o, db, "budi", officer)
	for range 2 {
		if _, err := o.HandOver(t.Context(), by, account.Handover{From: address("ani"), To: address("budi"), On: access.City()}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.HandOver(t.Context(), by, account.Handover{From: address("budi"), To: address("citra"), Name: "Citra", On: access.Agency("dinkes")}); err != nil {
		t.Fatal(err)
	}
	invited := ""
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.AddPerson {
			invited = e.Detail
		}
		return nil
	}); err != nil || invited != "Citra (citra@kota.example): from budi@kota.example" {
		t.Errorf("of who is invited for it the audit tells %q, err = %v", invited, err)
	}
	want := []string{"handover budi →manager agency:dinkes", "handover ani manager agency:dinkes→ open→closed", "handover budi manager agency:dinkes→"}
	if got := tells(t, db); !slices.Equal(got, want) {
		t.Errorf("the audit tells %q, want %q", got, want)
	}
}

func TestWhatCannotBeHandedOver(t *testing.T) {
	t.Parallel()
	o, db := accounts(t)
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
