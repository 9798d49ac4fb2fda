package handlers_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"persepsi/internal/connection"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

// A screen is what a person looks at the pages on.
type screen struct {
	width, height int64
	scale         float64 // physical pixels a pixel
	touch         bool
	dark          bool
	paper         bool // as printed
}

// phone is a small one, as many citizens have it.
func phone() screen { return screen{width: 360, height: 800, scale: 1, touch: true} }

// zoomed is that phone, whose owner zooms pages to twice their size.
func zoomed() screen { return screen{width: 180, height: 400, scale: 2, touch: true} }

// desk is the screen of an office.
func desk() screen { return screen{width: 1280, height: 900, scale: 1} }

func (s screen) inDark() screen {
	s.dark = true
	return s
}

func (s screen) name() string {
	name := "desk"
	if s.touch {
		name = "phone"
	}
	if s.scale > 1 {
		name += ", zoomed"
	}
	if s.dark {
		name += ", dark"
	}
	return name
}

// A browser is a Chromium without a network beyond this machine's.
type browser struct{ ctx context.Context }

// newBrowser returns the browser that tests share. It keeps no pages for "back"; where
// Debian's chromium-headless-shell is installed it is that one: the same engine
// without a browser's windows around it, for half of the processor's time. The tests
// that need it are skipped in short runs and where Chromium is not installed.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	return sharedBrowser.get(t, shells())
}

// browserWithLargeLetters returns one like it, whose owner chose letters of twice the size.
func browserWithLargeLetters(t *testing.T) *browser {
	t.Helper()
	return largeBrowser.get(t, shells(), chromedp.Flag("blink-settings", "defaultFontSize=32"))
}

func shells() []string {
	return []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"}
}

// browserWithCache returns the whole browser that keeps pages for "back", as the
// headless shell does not.
func browserWithCache(t *testing.T) *browser {
	t.Helper()
	return wholeBrowser.get(t, []string{"chromium", "chromium-browser", "google-chrome"}, chromedp.Flag("disable-features", "Translate"))
}

func programOf(t *testing.T, names []string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a short run starts no browser")
	}
	return testtools.Program(t, names...)
}

// The browsers are started by the first test that needs them: starting one takes as
// long as most tests. Each tab has a context of its own.
var sharedBrowser, largeBrowser, wholeBrowser shared

type shared struct {
	once    sync.Once
	browser *browser
	end     func()
	err     error
}

func (s *shared) get(t *testing.T, programs []string, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	program := programOf(t, programs)
	s.once.Do(func() { s.browser, s.end, s.err = startBrowser(program, more...) })
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.browser
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range []*shared{&sharedBrowser, &largeBrowser, &wholeBrowser} {
		if s.end != nil {
			s.end()
		}
	}
	os.Exit(code)
}

// startBrowser starts a browser with a profile of its own, which end removes.
func startBrowser(program string, more ...chromedp.ExecAllocatorOption) (b *browser, end func(), err error) {
	options := append(
		chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, leave := chromedp.NewContext(allocator)
	end = func() {
		leave()
		stop()
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, end, fmt.Errorf("start the browser: %w", err)
	}
	return &browser{ctx}, end, nil
}

// A tab is a page of the browser, in a context of its own: nothing is shared
// with other tabs.
type tab struct {
	t     *testing.T
	ctx   context.Context
	base  string
	close func()
}

// tabLives is how long a tab may be used: a page that hangs fails its test, not all.
const tabLives = 6 * time.Minute

// open opens a tab for the pages at an address.
func (b *browser) open(t *testing.T, s screen, base string) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	p := &tab{t: t, ctx: ctx, base: base, close: end}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	limited, cancel := context.WithTimeout(ctx, tabLives)
	t.Cleanup(cancel)
	p.ctx = limited
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error { // as if nobody else had a tab
		_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	p.show(s)
	return p
}

// show changes the screen.
func (p *tab) show(s screen) {
	p.t.Helper()
	options := []chromedp.EmulateViewportOption{chromedp.EmulateScale(s.scale)}
	if s.touch {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	if s.dark {
		media.Features[0].Value = "dark"
	}
	if s.paper {
		media.Media = "print"
	}
	p.do(chromedp.EmulateViewport(s.width, s.height, options...), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// forget ends what a site remembers of the tab: it is a new visitor's. The page is left first:
// one of the desk asks for itself again, and would bring a visitor's cookie for the door beside
// that of the page that is opened next.
func (p *tab) forget() {
	p.t.Helper()
	p.do(chromedp.Navigate("about:blank"))
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// withoutScripts turns JavaScript off in the pages; the test's own questions
// to the browser are not affected.
func (p *tab) withoutScripts() *tab {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// loads does what leads to a new page, waits for it and returns its status.
func (p *tab) loads(steps ...chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	r, err := chromedp.RunResponse(p.ctx, steps...)
	if err != nil {
		p.t.Fatal(err)
	}
	if r == nil { // a page out of the browser's memory
		return 0
	}
	return int(r.Status)
}

// visit opens a path.
func (p *tab) visit(path string) int {
	p.t.Helper()
	return p.loads(chromedp.Navigate(p.base + path))
}

// ask returns the value of an expression in the page.
func ask[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%v\n%s", err, expression)
	}
	return v
}

// on presses the middle of what a person sees under a selector. An element
// that something else covers fails the test.
func (p *tab) on(selector string) chromedp.Action[chromedp.Void] {
	p.t.Helper()
	at := ask[struct {
		X, Y    float64
		Trouble string
	}](p, `(() => {
		const e = document.querySelector(`+quoted(selector)+`)
		if (!e) return {Trouble: "is not there"}
		e.scrollIntoView({behavior: "instant", block: "center"})
		const r = e.getBoundingClientRect(), X = r.x + r.width / 2, Y = r.y + r.height / 2
		const hit = document.elementFromPoint(X, Y)
		return {X, Y, Trouble: hit && (e.contains(hit) || hit.contains(e)) ? "" : "is covered"}
	})()`)
	if at.Trouble != "" {
		p.t.Fatalf("%s %s", selector, at.Trouble)
	}
	return chromedp.MouseClickXY(at.X, at.Y)
}

// text is what a person reads under a selector.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return ask[string](p, `(document.querySelector(`+quoted(selector)+`) || {innerText: ""}).innerText`)
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// serve serves an application on this machine and returns its address.
func serve(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	return serveOn(t, k, loopback(t))
}

func loopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func serveOn(t *testing.T, k *testkit.Kit, l net.Listener) string {
	t.Helper()
	served := make(chan error, 1)
	go func() { served <- k.App.Listener(connection.NewListener(l, connection.Most())) }()
	base := "http://" + l.Addr().String()
	// A test that skips at once must not end what has not begun.
	if r, err := http.Get(base + "/healthz"); err != nil {
		t.Fatal(err)
	} else if err := r.Body.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.App.ShutdownWithTimeout(10 * time.Second); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return base
}
