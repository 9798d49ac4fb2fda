package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/access"
	"persepsi/survey"
)

func newPerson(t *testing.T, email string, at time.Time) access.Person {
	t.Helper()
	p, err := access.NewPerson(email, "Siti Rahma", grants(), at)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func checkPeople(t *testing.T, s Store, want ...access.Person) {
	t.Helper()
	got, err := s.People(t.Context())
	if diff := cmp.Diff(want, got, plain()); err != nil || diff != "" {
		t.Errorf("people (-want +got), err = %v:\n%s", err, diff)
	}
	find := func(by string, fn func(context.Context, string) (*access.Person, error), name string, want *access.Person) {
		t.Helper()
		got, err := fn(t.Context(), name)
		if diff := cmp.Diff(want, got, plain()); err != nil || diff != "" {
			t.Errorf("the person with the %s %q (-want +got), err = %v:\n%s", by, name, err, diff)
		}
	}
	for i := range want {
		find("id", s.PersonByID, want[i].ID, &want[i])
		find("address", s.PersonByEmail, want[i].Email, &want[i])
		find("id", s.PersonByID, want[i].Email, nil)
		find("address", s.PersonByEmail, want[i].ID, nil)
	}
	find("id", s.PersonByID, "", nil)
	find("address", s.PersonByEmail, "", nil)
}

func people(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	checkPeople(t, s)
	now := time.UnixMilli(1_800_000_000_000).UTC()
	siti, budi := newPerson(t, "siti@kota.example", now), newPerson(t, "budi@kota.example", now.Add(time.Second))
	link, _ := access.NewLink(access.Invitation, now)
	siti.Links = []access.Link{link}
	for _, p := range []access.Person{siti, budi} {
		if err := s.RecordPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	checkPeople(t, other, siti, budi)

	siti.Version, siti.Links, siti.Password = 2, nil, "$argon2id$"
	siti.TOTP = &access.TOTP{Secret: "JBSWY3DP", Confirmed: now, Step: 58}
	siti.Recovery = []access.Digest{{1}, {2}}
	siti.Passkeys = []access.Passkey{{ID: []byte{1, 2}, Name: "ponsel", At: now, Data: []byte(`{"a":1}`)}}
	siti.Disabled, siti.External = now, "https://sso.kota.example 17"
	if err := other.RecordPerson(t.Context(), siti); err != nil {
		t.Fatal(err)
	}
	checkPeople(t, s, siti, budi)

	// Nobody's change is lost, and nobody has another one's address.
	lost := siti
	lost.Name = "Siti"
	taken, stranger := budi, newPerson(t, "budi@kota.example", now)
	taken.Version, taken.Email = 2, siti.Email
	unknown := newPerson(t, "tono@kota.example", now)
	unknown.Version = 2
	for name, tc := range map[string]struct {
		person access.Person
		field  string
	}{
		"a version that is there": {lost, ""}, "the address of another one": {taken, "email"},
		"a new one with such an address": {stranger, "email"}, "a change of nobody": {unknown, ""},
	} {
		err := s.RecordPerson(t.Context(), tc.person)
		field := ""
		var refused *survey.Error
		if errors.As(err, &refused) && len(refused.Faults) == 1 {
			field = refused.Faults[0].Field
		}
		if survey.CodeOf(err) != survey.Conflict || field != tc.field {
			t.Errorf("%s: err = %v about %q, want a conflict about %q", name, err, field, tc.field)
		}
	}
	checkPeople(t, other, siti, budi)
}

func sessions(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	// A server may remove by its own clock what has expired, at any time.
	now := time.Now().UTC().Truncate(time.Millisecond)
	add := func(person string, at time.Time) access.Session {
		session, _ := access.NewSession(person, "Firefox di Linux", person == "siti", at)
		if err := s.AddSession(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		return session
	}
	check := func(hash access.Digest, want *access.Session) {
		t.Helper()
		got, err := other.SessionByHash(t.Context(), hash)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("session (-want +got), err = %v:\n%s", err, diff)
		}
	}
	listed := func(person string, want ...access.Session) {
		t.Helper()
		got, err := other.SessionsOf(t.Context(), person)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("sessions of %s (-want +got), err = %v:\n%s", person, err, diff)
		}
	}
	first, second, budi := add("siti", now), add("siti", now.Add(time.Second)), add("budi", now)
	check(first.Hash, &first)
	check(second.Hash, &second)
	check(access.Digest{1}, nil)
	ceremony, _ := access.NewCeremony(`{"challenge":"x"}`, now)
	if err := s.AddSession(t.Context(), ceremony); err != nil {
		t.Fatal(err)
	}
	check(ceremony.Hash, &ceremony)
	listed("siti", second, first)
	listed("nobody")
	// One that is added later takes no running one away.
	third := add("siti", now.Add(access.SessionFor-time.Second))
	check(first.Hash, &first)

	for _, seen := range []time.Duration{time.Hour, time.Minute} { // the newest counts, in whatever order they come
		if err := s.SeeSession(t.Context(), first.Hash, now.Add(seen)); err != nil {
			t.Fatal(err)
		}
	}
	first.Seen = now.Add(time.Hour)
	check(first.Hash, &first)

	for range 2 {
		if err := s.EndSession(t.Context(), first.Hash); err != nil {
			t.Errorf("end a session: %v", err)
		}
	}
	if err := s.SeeSession(t.Context(), first.Hash, now); err != nil {
		t.Errorf("a request of an ended session: %v", err)
	}
	check(first.Hash, nil)
	listed("siti", third, second)
	if err := other.EndSessions(t.Context(), "siti", second.Hash); err != nil {
		t.Fatal(err)
	}
	listed("siti", second)
	if err := other.EndSessions(t.Context(), "siti", access.Digest{}); err != nil {
		t.Fatal(err)
	}
	listed("siti")
	listed("budi", budi)
}
