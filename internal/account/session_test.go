package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/survey"
)

func TestASessionEndsWhenItIsLeftAloneAndAfterADay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sign := func() string {
		in, err := d.try("siti@kota.example", good, "192.0.2.1", "")
		if err != nil {
			t.Fatal(err)
		}
		return in.Token
	}
	left, used := sign(), sign()
	open := func(token string) bool {
		s, err := d.Session(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return s != nil
	}
	for i := range 11 { // an hour each
		d.passed.Add(int64(time.Hour))
		if !open(used) {
			t.Fatalf("a used one ended after %d hours", i+1)
		}
	}
	if open(left) {
		t.Error("one that was left alone is open")
	}
	d.passed.Add(int64(time.Hour))
	if open(used) {
		t.Error("one is open after twelve hours")
	}
}

func TestARequestOfASessionIsStoredOnceAMinute(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ after, want time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {time.Second, time.Minute}} {
		d.passed.Add(int64(step.after))
		if _, err := d.Session(t.Context(), in.Token); err != nil {
			t.Fatal(err)
		}
		s, err := d.db.SessionByHash(t.Context(), access.HashToken(in.Token))
		if err != nil || !s.Seen.Equal(noon.Add(step.want)) {
			t.Errorf("seen at %s, want %s, %v", s.Seen, noon.Add(step.want), err)
		}
	}
}

func TestAPersonEndsTheirOwnSessionsAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.person("budi@kota.example", good)
	var tokens []string
	for _, email := range []string{"siti@kota.example", "siti@kota.example", "siti@kota.example", "budi@kota.example"} {
		in, err := d.try(email, good, "192.0.2.1", "")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, in.Token)
		d.passed.Add(int64(time.Second))
	}
	me := access.Actor{Name: "Siti Rahma", Email: "siti@kota.example", Person: d.siti.ID}
	list, err := d.Sessions(t.Context(), d.siti.ID)
	if err != nil || len(list) != 4 || list[0].Hash != access.HashToken(tokens[2]) { // the link's too
		t.Fatalf("%d sessions, %v", len(list), err)
	}
	budis := access.Session{Hash: access.HashToken(tokens[3])}
	if err := d.EndSession(t.Context(), me, budis.ID()); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("another person's: %v", err)
	}
	if err := d.EndSession(t.Context(), me, list[1].ID()); err != nil {
		t.Error(err)
	}
	open := func() (out string) {
		for _, token := range tokens {
			s, err := d.Session(t.Context(), token)
			out += fmt.Sprint(s != nil && err == nil, " ")
		}
		return out
	}
	if got := open(); got != "true false true true " {
		t.Errorf("after one: %s", got)
	}
	for range 2 { // the second time there is none
		if err := d.EndOthers(t.Context(), me, tokens[0]); err != nil {
			t.Error(err)
		}
	}
	if got := open(); got != "true false false true " {
		t.Errorf("after the others: %s", got)
	}
	var told []string
	if err := d.db.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.EndSessions {
			told = append(told, e.Actor+" "+e.Subject+" "+e.Changes[0].Before)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{me.By() + " " + d.siti.ID + " 1", me.By() + " " + d.siti.ID + " 2"}; !slices.Equal(told, want) {
		t.Errorf("the audit tells %q, want %q", told, want)
	}
}

func TestOnlyTheNewestSessionsOfAPersonGoOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.half()
	var last account.SignInResult
	for range 20 {
		d.passed.Add(int64(time.Second))
		last = d.half()
	}
	list, err := d.Sessions(t.Context(), d.siti.ID)
	if err != nil || len(list) != 20 || d.session(first.Token) != nil || d.session(last.Token) == nil {
		t.Errorf("%d sessions, err = %v, want the 20 newest", len(list), err)
	}
}
