package view_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"persepsi/handlers/view"
	"persepsi/internal/testtools"
)

// gallery is one page with every chart, as a desk shows them.
func gallery(t *testing.T) http.Handler {
	t.Helper()
	p, err := view.New()
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(`<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bagan</title>`)
	for _, name := range []string{"style.css", "chart.css"} {
		fmt.Fprintf(&page, `<link rel="stylesheet" href="%s">`, view.AssetPath(t, name))
	}
	page.WriteString(`<link rel="stylesheet" href="/gallery.css"></head><body><main><h1>Bagan</h1>`)
	for _, s := range view.Samples(t, "id") {
		fmt.Fprintf(&page, `<section class="%s"><h2>%s</h2>%s</section>`, s.Name, template.HTMLEscapeString(s.Heading), view.DrawnChart(t, "id", s.Chart))
	}
	page.WriteString(`</main></body></html>`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		switch {
		case strings.HasPrefix(r.URL.Path, "/assets/"):
			a, _ := p.Asset(strings.TrimPrefix(r.URL.Path, "/assets/"))
			w.Header().Set("Content-Type", a.ContentType)
			_, _ = w.Write(a.Body)
		case r.URL.Path == "/gallery.css":
			w.Header().Set("Content-Type", "text/css")
			_, _ = w.Write([]byte(`main{max-width:67rem}@media (min-width:60rem){main{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem}:is(h1,.trend,.trend-one,.ranks,.multiples,.days){grid-column:1/-1}}`))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(page.String()))
		}
	})
}

// In a browser: nothing sticks out of the page, the letters are where the builders
// took them to be, keep their size, and one drawing of each chart is shown. Where
// PERSEPSI_PICTURES names a folder the page is written there; where PERSEPSI_TEST_AXE
// names axe-core it is asked. "open" is light, with all tables.
func TestTheGalleryOfChartsCanBeReadOnEveryScreen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a short run starts no browser")
	}
	server := httptest.NewServer(gallery(t))
	t.Cleanup(server.Close)
	axe := ""
	if file := os.Getenv("PERSEPSI_TEST_AXE"); file != "" {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(source) + `;axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + v.help + ": " + n.html.slice(0, 200))))`
	}
	ctx := galleryBrowser(t)
	for _, width := range []int64{320, 360, 768, 1280} {
		for _, scheme := range []string{"light", "dark", "open"} {
			if scheme == "open" && width != 360 {
				continue
			}
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
				return err
			}), chromedp.Navigate(server.URL+"/?"+scheme+"#"+scheme)); err != nil {
				t.Fatal(err)
			}
			scripts := []string{readable}
			if axe != "" && (width == 360 || width == 1280 && scheme == "dark") {
				scripts = append(scripts, axe)
			}
			for _, script := range scripts {
				faults, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](script, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				var list []string
				if err := json.Unmarshal(faults, &list); err != nil {
					t.Fatal(err)
				}
				for _, f := range list {
					t.Errorf("%d, %s: %s", width, scheme, f)
				}
			}
			if folder := os.Getenv("PERSEPSI_PICTURES"); folder != "" {
				data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("charts-%d-%s.png", width, scheme)), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// readable lists what cannot be read on the gallery.
const readable = `(() => {
	for (const d of document.querySelectorAll("details")) d.open = location.hash == "#open"
	const faults = [], wide = document.documentElement
	if (wide.scrollWidth > wide.clientWidth) faults.push("the page is " + wide.scrollWidth + " wide")
	for (const section of document.querySelectorAll("section")) {
		const say = what => faults.push(section.className + ": " + what), figure = section.querySelector("figure")
		const whole = Array.from(figure.querySelectorAll(":scope > svg")), shown = whole.filter(s => s.getBoundingClientRect().width > 0)
		if (whole.length && shown.length != 1) say(shown.length + " drawings are shown")
		for (const svg of figure.querySelectorAll("svg")) {
			const frame = svg.getBoundingClientRect()
			if (!frame.width) continue
			if (frame.right > wide.clientWidth + 0.5) say("it sticks out")
			const texts = Array.from(svg.querySelectorAll("text")).map(e => [e.textContent, e.getBoundingClientRect()])
			texts.forEach(([words, b], i) => {
				if (frame.width >= svg.viewBox.baseVal.width - 0.5 && parseFloat(getComputedStyle(svg.querySelectorAll("text")[i]).fontSize) < 12) say(words + " is small")
				if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 2 || b.bottom > frame.bottom + 2) say(words + " is cut off")
				for (const [other, o] of texts.slice(0, i)) if (b.left < o.right - 0.5 && o.left < b.right - 0.5 && b.top + 3 < o.bottom - 3 && o.top + 3 < b.bottom - 3) say(words + " covers " + other)
			})
		}
	}
	return faults
})()`

// galleryBrowser starts a browser and opens a tab.
func galleryBrowser(t *testing.T) context.Context {
	t.Helper()
	program := testtools.Program(t, "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute))...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return limited
}
