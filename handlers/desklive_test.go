package handlers_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

func TestAStreamSaysARevisionAndLivesForHours(t *testing.T) {
	t.Parallel()
	k := ready(t)
	cookie := k.SignIn(access.Manager, "dukcapil")
	page := shownRevision(visit(k, http.MethodGet, "/meja", cookie))
	synctest.Test(t, func(t *testing.T) {
		l := hear(t, k, livePath, cookie, "Accept-Encoding: gzip, br")
		for name, want := range map[string]string{
			"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "", "Etag": "", "X-Content-Type-Options": "nosniff",
		} {
			if got := l.reply.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if l.reply.StatusCode != http.StatusOK || l.reply.ContentLength >= 0 || !l.reply.Close {
			t.Errorf("%d, a body of %d bytes, the connection closes: %v", l.reply.StatusCode, l.reply.ContentLength, l.reply.Close)
		}
		var ms int
		if n, err := fmt.Sscanf(l.next(), "retry: %d", &ms); n != 1 || ms < 5000 || ms >= 10_000 {
			t.Errorf("the client is to come back after %d ms (%v)", ms, err)
		}
		if first := l.revision(); first != page || page == "" {
			t.Errorf("the stream says %q, the page shows %q", first, page)
		}
		// Nothing changes for hours: what proxies need is said, and no more than that.
		last, beats, said := time.Now(), 0, 0
		for begun := last; time.Since(begun) < 3*time.Hour; {
			what := l.next()
			quiet := time.Since(last)
			last = time.Now()
			if quiet < 5*time.Second || quiet > 25*time.Second {
				t.Fatalf("%q comes after %s", what, quiet)
			}
			if what == ":" {
				beats++
			} else if said++; what != "event: revision data: "+page {
				t.Fatalf("the stream says %q", what)
			}
		}
		if beats < 300 || said < 100 || said > 190 {
			t.Errorf("%d beats and %d times the revision in three hours", beats, said)
		}
	})
}

func TestAStreamSaysAnotherRevisionSoonAndAtMostEveryFiveSeconds(t *testing.T) {
	t.Parallel()
	k := ready(t)
	manager, other := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Manager, "dinkes")
	out := outside(t)
	synctest.Test(t, func(t *testing.T) {
		mine, theirs := hear(t, k, livePath, manager), hear(t, k, livePath+"?period=2026-s1", other)
		before, elsewhere := mine.revision(), theirs.revision()
		for range 3 {
			at := time.Now()
			out(func() { answers(k, 1) })
			now := mine.revision()
			if took := time.Since(at); now == before || took > 7*time.Second {
				t.Errorf("an answer: %q after %s, %q before", now, took, before)
			}
			out(func() {
				if now != shownRevision(visit(k, http.MethodGet, "/meja", manager)) {
					t.Error("the page shows another revision")
				}
			})
			before = now
		}
		at := time.Now()
		if again := theirs.revision(); again != elsewhere || time.Since(at) < 5*time.Second {
			t.Errorf("of answers at a unit that is not shown it says %q after %s", again, time.Since(at))
		}
		// Many changes are one event. Nobody read the first stream meanwhile.
		mine = hear(t, k, livePath, manager)
		_ = mine.revision()
		var said []time.Time
		heard := make(chan struct{})
		go func() {
			defer close(heard)
			for mine.revision() != "" {
				said = append(said, time.Now())
			}
		}()
		for range 50 {
			out(func() { answers(k, 1) })
			time.Sleep(time.Second / 2)
		}
		mine.leave()
		<-heard
		if len(said) < 3 || len(said) > 6 {
			t.Errorf("%d events of fifty changes in 25 seconds", len(said))
		}
		for i := 1; i < len(said); i++ {
			if between := said[i].Sub(said[i-1]); between < 5*time.Second {
				t.Errorf("two events within %s", between)
			}
		}
	})
}

func TestAStreamEndsWithItsSessionAndItsRights(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	later := time.Duration(0)
	k := ready(t, func(d *testkit.Deps) {
		d.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return testkit.Noon().Add(later)
		}
	})
	ctx := context.Background()
	wait := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		later += d
	}
	change := func(p access.Person, how func(*access.Person)) {
		list, err := k.Store.People(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			if list[i].ID == p.ID {
				how(&list[i])
				list[i].Version++
				if err := k.Store.RecordPerson(ctx, list[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		wait(2 * time.Second) // people are remembered for a moment
	}
	for _, tc := range []struct {
		name string
		what func(access.Person, *http.Cookie)
	}{
		{"the session is ended elsewhere", func(p access.Person, _ *http.Cookie) { _ = k.Store.EndSessions(ctx, p.ID, access.Digest{}) }},
		{"somebody leaves", func(_ access.Person, c *http.Cookie) { _ = k.Store.EndSession(ctx, access.HashToken(c.Value)) }},
		{"nobody asks for anything", func(access.Person, *http.Cookie) { wait(access.SessionIdle) }},
		{"the account is closed", func(p access.Person, _ *http.Cookie) {
			change(p, func(p *access.Person) { p.Disabled = testkit.Noon() })
		}},
		{"the right is withdrawn", func(p access.Person, _ *http.Cookie) { change(p, func(p *access.Person) { p.Grants = nil }) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, _ := k.Person(access.Manager, "dukcapil")
			cookie := k.Session(p.ID) // from now on
			synctest.Test(t, func(t *testing.T) {
				l := hear(t, k, livePath, cookie)
				if l.revision() == "" {
					t.Fatal("no stream")
				}
				tc.what(p, cookie)
				if took := l.ends(); took > 8*time.Second {
					t.Errorf("it ends after %s", took)
				}
			})
		})
	}
}

// A page that nobody looks at keeps no session open.
func TestWhatAPageAsksForByItselfKeepsNoSessionOpen(t *testing.T) {
	t.Parallel()
	now := testkit.Noon()
	k := ready(t, func(d *testkit.Deps) { d.Now = func() time.Time { return now } })
	cookie := k.SignIn(access.Manager, "dukcapil")
	seen := func() time.Time {
		s, err := k.Store.SessionByHash(context.Background(), access.HashToken(cookie.Value))
		if err != nil || s == nil {
			t.Fatal("no session", err)
		}
		return s.Seen
	}
	first := seen()
	now = now.Add(10 * time.Minute)
	r := httptest.NewRequest(http.MethodGet, "/meja", nil)
	r.Header.Set("Persepsi-Renews", "1")
	r.AddCookie(cookie)
	if got := k.Do(r); got.StatusCode != http.StatusOK || len(unitsOnDesk(got)) != 1 {
		t.Errorf("the page that renews itself: %d", got.StatusCode)
	}
	synctest.Test(t, func(t *testing.T) {
		l := hear(t, k, livePath, cookie)
		for range 5 {
			_ = l.next()
		}
	})
	if !seen().Equal(first) {
		t.Errorf("the session was used at %s", seen())
	}
	visit(k, http.MethodGet, "/meja", cookie)
	if !seen().Equal(now) {
		t.Error("what a person asks for does not count")
	}
}

func TestAPersonHasAFewStreamsAndThenIsToldToAskNoMore(t *testing.T) {
	t.Parallel()
	k := ready(t)
	cookie, other := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Manager, "dukcapil")
	synctest.Test(t, func(t *testing.T) {
		var open []*listener
		for range 8 {
			l := hear(t, k, livePath, cookie)
			if l.reply.StatusCode != http.StatusOK {
				t.Fatalf("stream %d: %d", len(open)+1, l.reply.StatusCode)
			}
			open = append(open, l)
			go func() { _, _ = io.Copy(io.Discard, l.reply.Body) }()
		}
		if l := hear(t, k, livePath, cookie); l.reply.StatusCode != http.StatusNoContent {
			t.Errorf("one more: %d", l.reply.StatusCode)
		}
		if l := hear(t, k, livePath, other); l.reply.StatusCode != http.StatusOK {
			t.Errorf("somebody else: %d", l.reply.StatusCode)
		}
		open[0].leave()
		synctest.Wait()
		if l := hear(t, k, livePath, cookie); l.reply.StatusCode != http.StatusOK {
			t.Errorf("after one left: %d", l.reply.StatusCode)
		}
	})
}

func TestAClientThatDoesNotReadIsLeft(t *testing.T) {
	t.Parallel()
	k := ready(t)
	cookie := k.SignIn(access.Manager, "dukcapil")
	synctest.Test(t, func(t *testing.T) {
		for range 8 {
			hear(t, k, livePath, cookie)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if l := hear(t, k, livePath, cookie); l.reply.StatusCode != http.StatusOK {
			t.Errorf("they hold their places: %d", l.reply.StatusCode)
		}
	})
}

func TestWhoMayNotSeeADeskHearsNothingOfIt(t *testing.T) {
	t.Parallel()
	k := ready(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	_, nobody := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dinkes"), Until: testkit.Noon()})
	for _, tc := range []struct {
		method, path string
		cookie       *http.Cookie
		want         int
	}{
		{http.MethodGet, livePath, nil, http.StatusUnauthorized},
		{http.MethodGet, livePath, &http.Cookie{Name: manager.Name, Value: strings.Repeat("x", len(manager.Value))}, http.StatusUnauthorized},
		{http.MethodGet, livePath, nobody, http.StatusForbidden},
		{http.MethodGet, livePath + "?period=nowhere", manager, http.StatusNotFound},
		{http.MethodHead, livePath, manager, http.StatusOK},
		{http.MethodHead, livePath, nil, http.StatusUnauthorized},
	} {
		c := tc.cookie
		if c == nil {
			c = &http.Cookie{Name: "x", Value: "y"}
		}
		r := visit(k, tc.method, tc.path, c)
		if r.StatusCode != tc.want || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: %d %q, want %d", tc.method, tc.path, r.StatusCode, r.Header.Get("Cache-Control"), tc.want)
		}
		if tc.method == http.MethodHead && tc.want == http.StatusOK && r.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
			t.Errorf("HEAD: %v", r.Header)
		}
	}
}
