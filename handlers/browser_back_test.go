package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"persepsi/internal/testkit"
)

// A way is what stands between a browser and an application.
type way struct {
	cookies bool        // else they get lost
	hasty   bool        // a kiosk waits two seconds
	lose    atomic.Bool // the replies to posts
}

// serve serves an application on the way.
func (w *way) serve(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	to, err := url.Parse(serve(t, k))
	if err != nil {
		t.Fatal(err)
	}
	short := strings.NewReplacer()
	if w.hasty {
		short = strings.NewReplacer(`content="20; url=`, `content="2; url=`, `data-idle="90"`, `data-idle="2"`)
	}
	s := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			if r.Request.Method == http.MethodPost && w.lose.Load() {
				panic(http.ErrAbortHandler)
			}
			if !w.cookies {
				r.Header.Del("Set-Cookie")
			}
			text := short.Replace(string(body))
			r.Body = io.NopCloser(bytes.NewReader([]byte(text)))
			r.ContentLength = int64(len(text))
			r.Header.Set("Content-Length", strconv.Itoa(len(text)))
			return nil
		},
	})
	t.Cleanup(s.Close)
	return s.URL
}

// fill answers everything, as the person after whom the next one comes, and
// returns the form's id.
func (p *tab) fill() string {
	p.t.Helper()
	ask[int](p, `Array.from(document.querySelectorAll("fieldset.q:has([required])"), q => q.querySelector("label:nth-last-child(1 of :not(.apart))").click()).length`)
	p.write("#comment", "hanya untuk petugas")
	ask[string](p, `document.querySelector("#f-sex").value = "P"`)
	if !ask[bool](p, `document.querySelectorAll("input:checked").length > 16 && !(`+emptyForm+`)`) {
		p.t.Fatal("the form is not filled")
	}
	return p.id()
}

func (p *tab) id() string {
	p.t.Helper()
	return ask[string](p, `document.querySelector("[name=id]").value`)
}

const emptyForm = `document.querySelector("[name=id]").value.length == 36 && document.querySelectorAll("input:checked").length == 0 &&
	document.querySelector("#comment").value == "" && document.querySelector("#f-sex").value == ""`

// empty waits until an empty form with another id than those is in sight, and
// returns its id.
func (p *tab) empty(when string, ids ...string) string {
	p.t.Helper()
	p.until(when+": an empty form with a new id", emptyForm+` && !"`+strings.Join(ids, " ")+`".includes(document.querySelector("[name=id]").value)`)
	return p.id()
}

// until waits for a page where an expression holds. While the page changes
// there is nothing to ask.
func (p *tab) until(what, expression string) {
	p.t.Helper()
	for range 300 {
		there, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`document.readyState == "complete" && (`+expression+`)`))
		if err == nil && there {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("%s is not what is seen at %s: %s", what, ask[string](p, `location.href`), p.text("body"))
}

// step goes back or forward by so many pages of the history.
func (p *tab) step(by int64) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		past, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		to := past.CurrentIndex + by
		if to < 0 || to >= int64(len(past.Entries)) {
			return fmt.Errorf("the history has no page %d", to)
		}
		_, err = cdp.Call(ctx, t, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: past.Entries[to].ID})
		return err
	}))
}

// reload presses the browser's button; while a page changes by itself it takes
// none.
func (p *tab) reload() {
	p.t.Helper()
	var err error
	for range 100 {
		if err = chromedp.Do(p.ctx, chromedp.Reload()); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatal(err)
}

// cached opens browsers that keep pages for "back", and ones that do not.
func cached(t *testing.T) map[bool]*browser {
	t.Helper()
	return map[bool]*browser{true: browserWithCache(t), false: newBrowser(t)}
}

const (
	thankYou  = `!!document.querySelector(".receipt .code")`
	firstForm = "/s/KUPARI47?lang=en&mode="
)

func TestAfterSendingBackShowsAnEmptyFormWithANewID(t *testing.T) {
	t.Parallel()
	browsers := cached(t)
	for _, b := range []struct{ cache, scripts, cookies bool }{
		{true, true, true},
		{true, true, false},
		{true, false, true},
		{false, true, true},
		{false, false, true},
		{false, false, false},
	} {
		modes := []string{"qr"}
		// A kiosk's own ways back are those of TestAKioskReturnsByItselfAndBackShowsNoAnswers.
		if os.Getenv("PERSEPSI_WHOLE") != "" || b.cache == b.cookies {
			modes = append(modes, "kiosk")
		}
		for _, mode := range modes {
			t.Run(fmt.Sprintf("%s, cache %v, scripts %v, cookies %v", mode, b.cache, b.scripts, b.cookies), func(t *testing.T) {
				t.Parallel()
				k := testkit.New(t, testkit.City)
				p := browsers[b.cache].open(t, phone(), (&way{cookies: b.cookies}).serve(t, k))
				if !b.scripts {
					p.withoutScripts()
				}
				p.visit(firstForm + mode)
				ids := []string{p.fill()}
				for range 2 { // the second time the cookie is there already
					p.loads(p.on(sendButton))
					p.until("the thank-you page", thankYou)
					receipt := p.text(".receipt .code")
					p.step(-1)
					ids = append(ids, p.empty("back", ids...))
					p.step(1)
					p.until("the same receipt after forward", thankYou+` && document.querySelector(".receipt .code").innerText == "`+receipt+`"`)
					p.reload()
					p.until("the same receipt after a reload", thankYou+` && document.querySelector(".receipt .code").innerText == "`+receipt+`"`)
					p.step(-1)
					p.empty("back again", ids[:len(ids)-1]...)
					ids = append(ids, p.fill())
				}
				p.loads(p.on(sendButton))
				p.until("the thank-you page", thankYou)
				if n := len(k.Stored()); n != 3 {
					t.Errorf("%d answers are stored, want 3 of their own", n)
				}
			})
		}
	}
	// Without any of it the answers are there: the browser has that cache.
	t.Run("a browser with the cache and nothing else", func(t *testing.T) {
		t.Parallel()
		p := browsers[true].open(t, phone(), (&way{}).serve(t, testkit.New(t, testkit.City))).withoutScripts()
		p.visit(firstForm + "qr")
		id := p.fill()
		p.loads(p.on(sendButton))
		p.until("the thank-you page", thankYou)
		p.step(-1)
		p.until("the old form", `document.querySelector("[name=id]").value == "`+id+`" && !(`+emptyForm+`)`)
	})
}

// A form that came back with a fault is the reply to a post. Without scripts
// the browser shows in its place a page of its own, that asks whether to send
// it again; TestAnOldPageSentAgainShowsNothingOfTheAnswers tells what comes
// of that.
func TestAfterAFaultBackShowsNoAnswers(t *testing.T) {
	t.Parallel()
	browsers := cached(t)
	for _, cache := range []bool{true, false} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("cache %v, scripts %v", cache, scripts), func(t *testing.T) {
				t.Parallel()
				k := testkit.New(t, testkit.City)
				p := browsers[cache].open(t, phone(), (&way{cookies: true}).serve(t, k))
				if !scripts {
					p.withoutScripts()
				}
				p.visit(firstForm + "qr")
				ids := []string{p.fill()}
				ask[bool](p, `(() => { document.querySelectorAll("[name='answers.prosedur']").forEach(e => e.checked = false); return document.querySelector("form[method=post]").noValidate = true })()`)
				p.do(p.on(sendButton))
				// The browser scrolls to what has the focus, and a click before that meets another place.
				p.until("the form with a fault, and its focus", `!!document.querySelector("#prosedur .fault") && document.activeElement.id == "alert"`)
				p.do(p.on("#prosedur label"))
				p.until("the choice", `!!document.querySelector("#prosedur input:checked")`)
				p.do(p.on(sendButton))
				p.until("the thank-you page", thankYou)
				p.step(-1)
				if scripts {
					ids = append(ids, p.empty("back", ids...))
				} else {
					p.until("the browser's question", `location.protocol == "chrome-error:"`)
				}
				p.step(-1)
				p.empty("back to the first form", ids...)
				p.fill()
				p.do(p.on(sendButton))
				p.until("the thank-you page", thankYou)
				if n := len(k.Stored()); n != 2 {
					t.Errorf("%d answers are stored, want 2", n)
				}
			})
		}
	}
}

// past returns how many pages stand before this one in the history.
func (p *tab) past() int64 {
	p.t.Helper()
	n, err := chromedp.Run(p.ctx, chromedp.Action[int64](func(ctx context.Context, t *chromedp.Target) (int64, error) {
		past, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return 0, err
		}
		return past.CurrentIndex, nil
	}))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// A reply that is lost leaves the person with the browser's error page: what
// was typed is still there behind it, and sent again it is the same answer.
func TestAfterALostReplyBackKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	browsers := cached(t)
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t, testkit.City)
			w := &way{cookies: true}
			p := browsers[true].open(t, phone(), w.serve(t, k))
			if !scripts {
				p.withoutScripts()
			}
			p.visit(firstForm + "qr")
			id := p.fill()
			w.lose.Store(true)
			p.do(p.on(sendButton))
			p.until("the browser's error page", `location.protocol == "chrome-error:"`)
			w.lose.Store(false)
			p.step(-1)
			p.until("what was typed", `document.querySelector("[name=id]").value == "`+id+`" && document.querySelectorAll("input:checked").length > 16 && document.querySelector("#comment").value != ""`)
			p.loads(p.on(sendButton))
			p.until("the thank-you page", thankYou)
			stored := k.Stored()
			if len(stored) != 1 || p.text(".receipt .code") != stored[0].Receipt() {
				t.Errorf("%d answers are stored, the receipt is %s", len(stored), p.text(".receipt .code"))
			}
		})
	}
}

func TestAKioskReturnsByItselfAndBackShowsNoAnswers(t *testing.T) {
	t.Parallel()
	browsers := cached(t)
	for _, cache := range []bool{true, false} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("cache %v, scripts %v", cache, scripts), func(t *testing.T) {
				t.Parallel()
				k := testkit.New(t, testkit.City)
				p := browsers[cache].open(t, phone(), (&way{cookies: true, hasty: true}).serve(t, k))
				if !scripts {
					p.withoutScripts()
				}
				p.visit(firstForm + "kiosk")
				ids := []string{p.fill()}
				p.do(p.on(sendButton))
				const another = `location.search == "?mode=kiosk" && document.documentElement.lang == "id" && ` + emptyForm
				p.until("a new form in the default language", another)
				ids = append(ids, p.id())
				p.step(-1)
				p.until("the thank-you page", `location.pathname.endsWith("/terima-kasih")`)
				p.until("a new form, by itself again", another)
				ids = append(ids, p.id())
				p.step(-2)
				p.empty("back to the first form", ids[0])
				if n := len(k.Stored()); n != 1 {
					t.Errorf("%d answers are stored", n)
				}
			})
		}
	}
}

func TestAKioskClearsWhatSomebodyLeftUnfinished(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), (&way{cookies: true, hasty: true}).serve(t, testkit.New(t, testkit.City)))
	p.visit("/s/KUPARI47?mode=kiosk")
	id := p.fill()
	past := p.past()
	id = p.empty("nobody touches the screen", id)
	// Also what came back with faults, and the language that somebody chose.
	ask[bool](p, `document.querySelector("form[method=post]").noValidate = true`)
	p.do(p.on(sendButton))
	p.until("the form with faults", `!!document.querySelector(".alert")`)
	p.empty("nobody corrects it", id)
	p.visit("/s/KUPARI47?mode=kiosk&lang=en")
	p.until("the default language", `document.documentElement.lang == "id" && `+emptyForm)
	if got := p.past(); got > past+2 {
		t.Errorf("the history has %d pages, want none of those that were cleared", got)
	}
	// Nothing is left to clear now.
	id = p.id()
	time.Sleep(3 * time.Second)
	if p.id() != id {
		t.Error("an untouched form is fetched again")
	}
}
