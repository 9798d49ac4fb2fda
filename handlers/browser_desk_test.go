package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// signedIn opens a page in a tab that has a session. The cookie goes to the browser itself: one
// that a page's script sets may come later than the navigation after it.
func (p *tab) signedIn(cookie *http.Cookie, path string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: p.base})
		return err
	}))
	if status := p.visit(path); status != http.StatusOK {
		p.t.Fatalf("%s: %d", path, status)
	}
	if at := ask[string](p, `location.pathname`); !strings.HasPrefix(path, at) {
		p.t.Fatalf("%s led to %s", path, at)
	}
}

// An answer appears by itself; what the reader had in hand stays where it was.
func TestADeskRenewsItselfAndKeepsWhatItsReaderHasInHand(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	k := testkit.New(t, testkit.City)
	answers(k, 30)
	p := b.open(t, screen{width: 360, height: 500, scale: 1, touch: true}, serve(t, k))
	p.watchPolicy()
	p.signedIn(k.SignIn(access.Manager, "dukcapil"), "/meja?period=2026-s1")
	ask[string](p, `(() => {
		window.same = document.querySelector(".deskunit h3 a")
		same.focus()
		document.querySelector("details.numbers").open = true
		document.querySelector(".deskunit .figure:last-child").scrollIntoView()
		window.at = scrollY
		return ""
	})()`)
	answers(k, 3)
	p.until("the new number", `document.querySelector(".figure.sample .value").textContent == "33"`)
	if !ask[bool](p, `document.activeElement == same && same.isConnected && document.querySelector("details.numbers").open && Math.abs(scrollY - at) < 2 && document.getElementById("late").hidden`) {
		t.Error("focus, scroll or what was unfolded is lost")
	}
	for _, f := range p.stopped() {
		t.Errorf("the page's policy %s", f)
	}
}

func TestADeskSaysThatItsSessionHasEndedAndThatItIsLate(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	k := testkit.New(t, testkit.City)
	answers(k, 1)
	p := b.open(t, phone(), serve(t, k))
	person, cookie := k.Person(access.Manager, "dukcapil")
	p.signedIn(cookie, "/meja")
	p.until("the stream", `performance.getEntriesByType("resource").length >= 0 && document.getElementById("over").hidden`)
	if err := k.Store.EndSessions(t.Context(), person.ID, access.Digest{}); err != nil {
		t.Fatal(err)
	}
	p.until("that the session has ended", `!document.getElementById("over").hidden`)
	if ask[int](p, `document.querySelectorAll(".deskunit").length`) != 1 {
		t.Error("what was shown is gone")
	}
	if to := ask[string](p, `document.querySelector("#over a").href`); to != p.base+"/meja?lang=id" {
		t.Errorf("it leads to %s", to)
	}
}

// Without a script a reload shows what is new.
func TestADeskWorksWithoutAScript(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	k := testkit.New(t, testkit.City)
	answers(k, 30)
	base := serve(t, k)
	cookie := k.SignIn(access.Manager, "dukcapil")
	plain := b.open(t, phone(), base)
	plain.signedIn(cookie, "/meja?period=2026-s1")
	plain.withoutScripts()
	plain.visit("/meja?period=2026-s1")
	if got := ask[string](plain, `document.querySelector(".figure.sample .value").textContent`); got != "30" {
		t.Errorf("without a script it shows %q", got)
	}
}
