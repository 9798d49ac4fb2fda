package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/projection"
	"persepsi/survey"
)

// serverBook is what a store of several servers has beside Servers.
type serverBook interface {
	Announce(ctx context.Context, s projection.Server, first bool) error
	SignOff(ctx context.Context, id, run string) error
	ForgetServer(ctx context.Context, id string) error
}

// servers announces some: what each told last is read by the others.
func servers(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	reads := func(what string, want ...projection.Server) {
		t.Helper()
		got, err := other.Servers(t.Context())
		if err != nil || len(got) != len(want) || len(want) > 0 && !cmp.Equal(want, got) {
			t.Errorf("%s: servers %+v, err = %v; want %+v", what, got, err, want)
		}
	}
	reads("at first")
	book, ok := s.Store.(serverBook)
	if ok == e.Alone {
		t.Fatalf("a store of one server (%t) keeps a book of them: %t", e.Alone, ok)
	}
	if !ok {
		return
	}
	did := func(what string, want survey.Code, err error) {
		t.Helper()
		if want == "" && err != nil || want != "" && survey.CodeOf(err) != want {
			t.Errorf("%s: err = %v, want %q", what, err, want)
		}
	}
	at := time.Date(2026, 7, 1, 2, 3, 4, 5e6, time.UTC)
	a := projection.Server{ID: "aa", Run: "1", Seen: at, Waiting: map[string]int64{"2026-s1": 3, "a.b/c$": 1}}
	b := projection.Server{ID: "bb", Run: "1", Seen: at.Add(time.Second), Waiting: map[string]int64{}}
	did("b tells of itself", "", book.Announce(t.Context(), b, true))
	did("a tells of itself", "", book.Announce(t.Context(), a, true))
	reads("both", a, b)
	a.Seen, a.Waiting = at.Add(time.Minute), map[string]int64{}
	did("a tells again", "", book.Announce(t.Context(), a, false))
	reads("a is empty", a, b)

	copied := projection.Server{ID: "bb", Run: "2", Seen: at.Add(time.Hour), Waiting: map[string]int64{"2026-s1": 9}}
	did("another process takes b's id", "", book.Announce(t.Context(), copied, true))
	did("the one that had it", survey.Conflict, book.Announce(t.Context(), b, false))
	did("signs off", "", book.SignOff(t.Context(), b.ID, b.Run))
	reads("taken over", a, copied)
	did("the other signs off", "", book.SignOff(t.Context(), copied.ID, copied.Run))
	reads("signed off", a)
	did("a is forgotten", "", book.ForgetServer(t.Context(), "aa"))
	reads("forgotten")
	did("a is forgotten again", survey.NotFound, book.ForgetServer(t.Context(), "aa"))
	did("a lives", "", book.Announce(t.Context(), a, false))
	reads("it lives", a)
}

// storeWithServers knows of servers that the store does not.
type storeWithServers struct {
	Store
	servers []projection.Server
	asked   int
}

func (s *storeWithServers) Servers(context.Context) ([]projection.Server, error) {
	s.asked++
	return s.servers, nil
}

// watchedCity is a city beside servers that its store does not know, and what its releaser
// tells of them: a line each.
type watchedCity struct {
	*releasedCity
	book    *storeWithServers
	notices string
}

// besideServers opens a city with a store that is asked for servers.
func besideServers(t *testing.T, e Engine) *watchedCity {
	t.Helper()
	a := &watchedCity{releasedCity: newReleasedCity(t, e.New(t), 24*time.Hour)}
	a.book = &storeWithServers{Store: a.Store}
	a.OpenStore = Project(t, a.book)
	a.releaser = projection.NewReleaser(a.Projector, 24*time.Hour, func() bool { return a.stored })
	a.releaser.OnServer(func(period string, s projection.Server, is projection.ServerState) {
		a.notices += fmt.Sprintf("%s %s %d\n", period, s.ID, is)
	})
	return a
}

// finalAfterAll makes no final release while another server may have answers in its
// spool, but for a day at most.
func finalAfterAll(t *testing.T, e Engine) {
	a := besideServers(t, e)
	m := NewMaker(t, 61)
	zone := a.directory.Zone()
	a.now = survey.NewDate(2026, time.June, 30).In(zone).Add(9 * time.Hour)
	a.answers(t, m, 25, "unit-0", survey.ModeQR)
	a.answers(t, m, 5, "unit-1", survey.ModeQR)
	var spooled []*survey.Response // at the other server, while the database is away from it
	for _, r := range m.Batch(6) {
		r.Unit, r.Mode, r.ReceivedAt = "unit-1", survey.ModeQR, a.now.UTC()
		r.Day = survey.DateOf(r.ReceivedAt, zone)
		spooled = append(spooled, r)
	}
	closes := survey.NewDate(2026, time.July, 1).In(zone).Add(survey.Grace)
	other := projection.Server{ID: "b", Seen: a.now}
	own := projection.Server{ID: "a", Seen: closes.Add(time.Minute)}
	a.book.servers = []projection.Server{own, other}
	if a.release(t); a.book.asked > 0 {
		t.Error("servers are asked for while the period runs")
	}

	a.now = closes.Add(2 * time.Minute)
	want(t, "the other is cut off", a.release(t), "15 - - ")
	if a.notices != "" {
		t.Errorf("a moment after the close is told: %s", a.notices)
	}
	a.now = closes.Add(time.Hour)
	want(t, "for an hour", a.release(t), "15 - - ")
	other.Seen, other.Waiting = closes.Add(2*time.Hour), map[string]int64{"2026-s1": 6}
	a.book.servers = []projection.Server{own, other}
	a.now = closes.Add(2 * time.Hour)
	want(t, "it is back, and its answers wait", a.release(t), "15 - - ")
	if a.notices != "2026-s1 b 1\n" {
		t.Errorf("told is %q, want the server that is awaited, once", a.notices)
	}
	mustAppend(t, a, spooled)
	want(t, "they are stored, and it did not say so yet", a.release(t), "15 - - ")
	other.Waiting = nil
	a.book.servers = []projection.Server{own, other}
	want(t, "its spool is empty", a.release(t), "25! 11! - ")
	if v := a.verify(t); len(v.Wrong) > 0 {
		t.Errorf("wrong: %v", v.Wrong)
	}

	// Whoever comes back now changes nothing but by the rule of late answers.
	other.Seen, other.Waiting = closes.Add(50*time.Hour), map[string]int64{"2026-s1": 40}
	a.book.servers = []projection.Server{own, other}
	a.now = closes.Add(50 * time.Hour)
	a.answers(t, m, 30, "unit-0", survey.ModeQR)
	want(t, "late ones, while a spool holds more", a.release(t), "55! 11! - ")
}

// finalWithoutOne makes the final releases a day after a server was heard of last.
func finalWithoutOne(t *testing.T, e Engine) {
	a := besideServers(t, e)
	m := NewMaker(t, 62)
	zone := a.directory.Zone()
	a.now = survey.NewDate(2026, time.June, 30).In(zone).Add(9 * time.Hour)
	a.answers(t, m, 25, "unit-0", survey.ModeQR)
	closes := survey.NewDate(2026, time.July, 1).In(zone).Add(survey.Grace)
	a.book.servers = []projection.Server{
		{ID: "a", Seen: closes.AddDate(0, 0, 2)}, {ID: "gone", Seen: a.now}, {ID: "of old", Seen: a.now.AddDate(-1, 0, 0)},
	}
	a.now = closes.Add(time.Minute)
	want(t, "at the close", a.release(t), "15 - - ")
	a.now = closes.Add(projection.Patience - time.Millisecond)
	want(t, "within a day", a.release(t), "15 - - ")
	if done, err := a.releaser.Finish(t.Context(), a.directory, &a.directory.Catalogue().Periods[0], a.now); done || err != nil {
		t.Errorf("the period is finished: %v, err = %v; want that a server is waited for", done, err)
	}
	a.now = closes.Add(projection.Patience)
	a.stored = false
	want(t, "this server's own spool holds some", a.release(t), "15 - - ")
	a.stored = true
	want(t, "after a day", a.release(t), "25! - - ")
	a.now = a.now.Add(time.Hour)
	a.release(t)
	if want := "2026-s1 gone 1\n2026-s1 gone 2\n"; a.notices != want {
		t.Errorf("told is %q, want %q", a.notices, want)
	}
}

// finalGoesOn has a period go on after its final releases. An apply refuses that; a city
// whose end was moved before it did has releases all the same, each of them final: the
// tables stay, and no release that is not final follows one.
func finalGoesOn(t *testing.T, e Engine) {
	a := newReleasedCity(t, e.New(t), 24*time.Hour)
	m := NewMaker(t, 64)
	a.now = survey.NewDate(2026, time.June, 30).In(a.directory.Zone()).Add(10 * time.Hour)
	a.answers(t, m, 25, "unit-0", survey.ModeQR)
	a.now = survey.NewDate(2026, time.July, 1).In(a.directory.Zone()).Add(time.Hour)
	want(t, "closed", a.release(t), "25! - - ")
	a.directory.Catalogue().Periods[0].To += 31
	a.now = a.now.Add(48 * time.Hour)
	a.answers(t, m, 25, "unit-1", survey.ModeQR) // which had none
	a.answers(t, m, 9, "unit-0", survey.ModeQR)
	a.now = a.now.Add(24 * time.Hour)
	want(t, "of nine more", a.release(t), "25! 15 - ")
	a.answers(t, m, 3, "unit-0", survey.ModeQR)
	a.now = a.now.Add(24 * time.Hour)
	want(t, "of twelve more", a.release(t), "37! 15 - ")
	if n := a.tables(t, "unit-0", 2); n != 25 {
		t.Errorf("the tables tell of %d, want the 25 of the first close", n)
	}
	if v := a.verify(t); v.Releases != 3 || len(v.Wrong) > 0 {
		t.Errorf("%d releases are verified, wrong: %v", v.Releases, v.Wrong)
	}
	a.now = survey.NewDate(2026, time.August, 1).In(a.directory.Zone()).Add(time.Hour)
	want(t, "closed again", a.release(t), "37! 25! - ")
	if v := a.verify(t); v.Releases != 4 || len(v.Wrong) > 0 {
		t.Errorf("%d releases are verified, wrong: %v", v.Releases, v.Wrong)
	}
}

// finalAfterOthers makes a final release after one that was made when the period was
// over, and a server was awaited.
func finalAfterOthers(t *testing.T, e Engine) {
	for _, every := range []time.Duration{0, 24 * time.Hour} {
		a := newReleasedCity(t, e.New(t), every)
		a.stored = false
		m := NewMaker(t, 63)
		end := survey.NewDate(2026, time.July, 1).In(a.directory.Zone())
		a.now = end.Add(10 * time.Minute)
		a.answers(t, m, 25, "unit-0", survey.ModeQR)
		a.now = end.Add(24 * time.Hour)
		want(t, "the day after", a.release(t), "15 - - ")
		a.stored = true
		a.now = a.now.Add(time.Hour)
		want(t, "the spool is empty", a.release(t), "25! - - ")
		if v := a.verify(t); v.Releases != 2 || len(v.Wrong) > 0 {
			t.Errorf("every %s: %d releases are verified, wrong: %v", every, v.Releases, v.Wrong)
		}
	}
}
