package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// A view is a page in one of its states.
type view struct {
	name, path string
	demo       bool // of the demonstration city, else of the tests' own
	status     int
	as         access.Role      // who signs in at the door that the path leads to; empty: nobody
	lacks      bool             // what is asked for is not there for who signed in
	link       string           // what is followed there
	then       func(p *tab) int // what is done then, and the status that it returns
	at         string           // where all that leads, or a page of the same route; empty: it stays
}

// views are all pages that people see, with what may be on them.
func views() []view {
	return []view{
		{name: "home with a symbol", path: "/", demo: true, status: http.StatusOK},
		{name: "home", path: "/", status: http.StatusOK},
		{name: "a search", path: "/?q=puskesmas", demo: true, status: http.StatusOK},
		{name: "nothing found", path: "/?q=xyz", status: http.StatusOK},
		{name: "form", path: "/s/NUKINO66", demo: true, status: http.StatusOK, then: func(p *tab) int {
			p.choose("prosedur")
			return 0
		}},
		{name: "faulty form", path: "/s/KUPARI47", status: http.StatusOK, then: func(p *tab) int {
			p.choose("prosedur", "service", "percaloan")
			return p.loads(p.on(sendButton))
		}},
		{name: "assisted form", path: "/s/NUKINO66?mode=assisted", demo: true, status: http.StatusOK},
		{name: "form with all of its notice", path: "/s/NUKINO66", demo: true, status: http.StatusOK, then: (*tab).unfold},
		{name: "notice", path: "/privasi", demo: true, status: http.StatusOK},
		{name: "code", path: "/s", status: http.StatusOK},
		{name: "unknown code", path: "/s?code=NOBODY99", status: http.StatusNotFound},
		{name: "thanks", path: "/s/NUKINO66", demo: true, status: http.StatusOK, at: "/s/NUKINO66/terima-kasih", then: func(p *tab) int {
			p.choose()
			return p.loads(p.on(sendButton))
		}},
		{name: "thanks at a kiosk", path: "/s/NUKINO66/terima-kasih?mode=kiosk", demo: true, status: http.StatusOK},
		{name: "result", path: "/hasil/dukcapil-loket", demo: true, status: http.StatusOK, then: (*tab).unfold},
		{name: "result without answers", path: "/hasil/pkm", status: http.StatusOK},
		{name: "an agency's result", path: "/hasil/opd/dukcapil", demo: true, status: http.StatusOK},
		{name: "the city's result", path: "/hasil", demo: true, status: http.StatusOK, then: (*tab).unfold},
		{name: "an agency's result without answers", path: "/hasil/opd/dinkes", status: http.StatusOK},
		{name: "door", path: "/masuk", demo: true, status: http.StatusOK},
		{name: "sheet", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, then: (*tab).unfold},
		{name: "unit's sheet", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, link: ".lke tbody a", at: "/lke/dukcapil-loket"},
		{name: "unit's sheet that somebody else filled in", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, link: ".lke tbody a", at: "/lke/dukcapil-loket", then: func(p *tab) int {
			ask[string](p, `document.querySelector("[name=version]").value = "0"`)
			p.write("#why", "Berita acara 12")
			return p.loads(p.on("form.entries button"))
		}},
		{name: "readiness of the city", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, link: "a[href^='/lke/kesiapan']", at: "/lke/kesiapan", then: (*tab).unfold},
		{name: "upload of a workbook", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, link: "a[href^='/lke/unggah']", at: "/lke/unggah"},
		{name: "differences of a workbook", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/lke/unggah", then: func(p *tab) int {
			return p.uploads("K17", "E", "K8", 1.25)
		}},
		{name: "refused workbook", path: "/lke", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/lke/unggah", then: func(p *tab) int {
			return p.uploads("K17", "F", "K8", "tujuh", "H17", 50)
		}},
		{name: "desk", path: "/meja", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "desk of a city", path: "/meja", demo: true, status: http.StatusOK, as: access.Viewer},
		{name: "unit", path: "/meja/unit/dukcapil-loket", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "details of a closed period of a unit", path: "/meja/unit/dukcapil-loket/rincian?period=2026-s1", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "relations of a closed period of a unit", path: "/masuk", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/meja/unit/dukcapil-loket/kaitan?period=2025-s2", then: func(p *tab) int {
			return p.visit("/meja/unit/dukcapil-loket/kaitan?period=2025-s2&lang=" + p.lang())
		}},
		{name: "sample of a unit", path: "/meja/unit/dukcapil-loket/sampel", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "long work", path: "/meja/pekerjaan", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "long work is asked for", path: "/meja/pekerjaan/baru?opd=dukcapil", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "an agency's evidence is asked for", path: "/meja/pekerjaan/paket-bukti?opd=dukcapil", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "report of a unit", path: "/meja/unit/dukcapil-loket/laporan?period=2026-s1&jenis=zi", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "faulty report of a unit", path: "/meja/unit/dukcapil-loket/laporan?period=2026-s1", demo: true, status: http.StatusOK, as: access.Manager, then: func(p *tab) int {
			p.write("[name='follow_ups.1.found']", "Antrean panjang")
			return p.loads(p.on(".writing button"))
		}},
		{name: "desk's page of the city", path: "/meja", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/meja/kota?banding=2026-s1", then: func(p *tab) int {
			p.visit("/meja/kota?banding=2026-s1&lang=" + p.lang())
			return p.unfold()
		}},
		{name: "desk's page of an agency", path: "/meja", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/meja/opd/dinkes", then: func(p *tab) int {
			return p.visit("/meja/opd/dinkes?lang=" + p.lang())
		}},
		{name: "desk's comparison", path: "/meja", demo: true, status: http.StatusOK, as: access.Evaluator, at: "/meja/banding?opd=dinkes&opd=dukcapil", then: func(p *tab) int {
			return p.visit("/meja/banding?opd=dinkes&opd=dukcapil&lang=" + p.lang())
		}},
		{name: "posters of an agency", path: "/meja/opd/dukcapil/poster", demo: true, status: http.StatusOK, as: access.Manager},
		{name: "preview of a report", path: "/meja/unit/dukcapil-loket/laporan?period=2026-s1", demo: true, status: http.StatusOK, as: access.Manager, then: func(p *tab) int {
			p.write("[name='follow_ups.1.action']", "Menambah satu loket")
			return p.loads(p.on(".writing button.second"))
		}},
		{name: "desk of what is nowhere", path: "/meja?opd=nowhere", demo: true, status: http.StatusOK, as: access.Manager, lacks: true},
		{name: "comments of a desk", path: "/meja/komentar", demo: true, status: http.StatusOK, as: access.Manager, then: (*tab).unfold},
		{name: "comments of a unit", path: "/meja/unit/dukcapil-loket/komentar?tanda=semua", demo: true, status: http.StatusOK, as: access.Manager, then: func(p *tab) int {
			p.loads(p.on(".marks button"))
			return p.unfold()
		}},
		{name: "a comment without masks", path: "/meja/komentar", demo: true, status: http.StatusOK, as: access.Evaluator, link: "a[href*='/buka']", at: "/meja/unit/dukcapil-loket/komentar/buka", then: func(p *tab) int {
			p.write("#alasan", "laporan diperiksa")
			return p.loads(p.on("form.reveal button"))
		}},
		{name: "why a comment is to be seen without masks", path: "/meja/komentar", demo: true, status: http.StatusOK, as: access.Evaluator, link: "a[href*='/buka']", at: "/meja/unit/dukcapil-loket/komentar/buka"},
		{name: "door of a city", path: "/masuk", status: http.StatusOK},
		{name: "unknown point", path: "/s/NOBODY99", status: http.StatusNotFound},
		{name: "closed point", path: "/s/BEDATO92", status: http.StatusGone},
	}
}

// enter presses the button of a role at the demonstration's door.
func (p *tab) enter(role string) {
	p.t.Helper()
	p.enters(role, http.StatusOK)
}

func (p *tab) enters(role string, want int) {
	p.t.Helper()
	if status := p.loads(p.on("button[value=" + role + "]")); status != want {
		p.t.Fatalf("entering as %s: %d, want %d", role, status, want)
	}
}

// reach does in a tab what leads from the path of a view to what is to be seen.
func (v view) reach(p *tab) {
	p.t.Helper()
	if v.as != "" {
		p.enters(string(v.as), v.found())
	}
	if v.link != "" {
		p.loads(p.on(v.link))
	}
	if v.then != nil {
		v.then(p)
	}
}

// lang returns the language of the page.
func (p *tab) lang() string {
	p.t.Helper()
	return ask[string](p, `document.documentElement.lang`)
}

// unfold opens the first of everything that is folded.
func (p *tab) unfold() int {
	p.t.Helper()
	ask[int](p, `Array.from(document.querySelectorAll("details")).slice(0, 3).concat(Array.from(document.querySelectorAll(".agency.group")).slice(0, 1)).map(d => d.open = true).length`)
	return 0
}

// looks are the screens that each language is seen on: each of them on a phone and on a
// desk, in light and in dark, and each screen in light and in dark. How wide words are
// does not depend on colours, nor colours on words. PERSEPSI_WHOLE has every language on
// all of them.
func looks(lang string) []screen {
	switch {
	case os.Getenv("PERSEPSI_WHOLE") != "":
		return []screen{phone(), phone().inDark(), desk(), desk().inDark()}
	case lang == "id":
		return []screen{phone(), desk().inDark()}
	}
	return []screen{phone().inDark(), desk(), desk().inDark()}
}

// Every page in both languages, on a phone and a desk, in light and dark:
// nothing sticks out, texts can be read, controls can be pressed and have
// names, axe-core finds nothing where it is there to look, and the page's own
// policy stops nothing, in a browser that keeps to it. On a phone nothing leaves its card,
// zoomed to twice the size neither. axe-core, which takes as
// long as all else, looks at each page twice: in Bahasa Indonesia on a phone in
// light, in English on a desk in dark.
func TestEveryPageCanBeUsedByEverybody(t *testing.T) {
	t.Parallel()
	audit, err := os.ReadFile("testdata/audit.js")
	if err != nil {
		t.Fatal(err)
	}
	overflow, asked := overflowing(t)
	axe := axeCore(t)
	b := newBrowser(t)
	city := testkit.New(t, testkit.City)
	routes := getRoutes(city)
	own, demo := serve(t, city), serve(t, newDemo(t))
	for lang, axed := range map[string]screen{"id": phone(), "en": desk().inDark()} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			tabs := map[bool]*tab{true: b.open(t, phone(), demo), false: b.open(t, phone(), own)}
			for _, p := range tabs {
				p.watchPolicy()
			}
			for _, v := range views() {
				p := tabs[v.demo]
				complain := func(where string, faults []string) {
					for _, f := range faults {
						t.Errorf("%s, %s: %s", v.name, where, f)
					}
				}
				p.forget()
				p.show(phone())
				if status := p.visit(v.in(lang)); status != v.status {
					t.Fatalf("%s: %d, want %d: %s", v.name, status, v.status, p.text("body"))
				}
				complain("policy", p.stopped())
				v.reach(p)
				complain("policy of what follows", p.stopped())
				if got, want := routeOf(routes, ask[string](p, `location.pathname`)), routeOf(routes, v.seen()); got != want {
					t.Errorf("%s leads to %s, and is said to lead to %s", v.name, got, want)
				}
				if got := ask[string](p, `document.documentElement.lang`); got != lang {
					t.Errorf("%s is in %q, want %q", v.name, got, lang)
				}
				complain("names", p.nameless())
				if asked(v) {
					complain("cards", ask[[]string](p, overflow))
					p.show(zoomed())
					complain("cards, "+zoomed().name(), ask[[]string](p, overflow))
				}
				for _, s := range looks(lang) {
					p.show(s)
					complain(s.name(), ask[[]string](p, fmt.Sprintf("%s(%d, %v)", audit, s.width, s.touch)))
					if axe != "" && s == axed {
						complain("axe on a "+s.name(), ask[[]string](p, axe))
					}
				}
			}
		})
	}
}

// axeCore returns a script that runs axe-core and lists what it finds; empty
// where PERSEPSI_TEST_AXE names no axe.min.js.
func axeCore(t *testing.T) string {
	t.Helper()
	file := os.Getenv("PERSEPSI_TEST_AXE")
	if file == "" {
		t.Log("PERSEPSI_TEST_AXE names no axe.min.js: axe-core is not asked")
		return ""
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A kiosk returns to a new form by itself, so that nobody finds what the last
	// person left; it says so, and has a button to go at once.
	return string(source) + `
axe.run(document, {resultTypes: ["violations"], rules: {"meta-refresh": {enabled: !location.search.includes("mode=kiosk")}}}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + v.help + ": " + n.html.slice(0, 200))))`
}

// nameless lists the controls that a screen reader would have no word for.
func (p *tab) nameless() []string {
	p.t.Helper()
	roles := []string{"button", "checkbox", "combobox", "DisclosureTriangle", "group", "image", "link", "radio", "radiogroup", "region", "searchbox", "textbox"}
	out, err := chromedp.Run(p.ctx, chromedp.Action[[]string](func(ctx context.Context, t *chromedp.Target) ([]string, error) {
		tree, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			return nil, err
		}
		var nameless []string
		named := 0
		for _, n := range tree.Nodes {
			role := axText(n.Role)
			if n.Ignored || !slices.Contains(roles, role) || (role == "group" && axText(n.Name) == "" && len(n.Properties) == 0) {
				continue
			}
			if named++; strings.TrimSpace(axText(n.Name)) == "" {
				nameless = append(nameless, fmt.Sprintf("a %s (node %d) has no name", role, n.BackendDOMNodeID))
			}
		}
		if named < 1 {
			nameless = append(nameless, fmt.Sprintf("only %d controls are found: nothing is checked", named))
		}
		return nameless, nil
	}))
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}

// The sheet is wider than a phone: there each unit is a card, and nothing scrolls sideways.
func TestTheSheetFitsAPhoneAsCards(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), serve(t, newDemo(t)))
	p.visit("/lke")
	p.enter("evaluator")
	got := ask[struct {
		Page, Region, Inner, Name float64
		Scrolls                   string
	}](p, `(() => {
		const region = document.querySelector(".wide")
		region.scrollLeft = 300
		return {
			Page: document.scrollingElement.scrollWidth, Region: region.clientWidth, Inner: region.scrollWidth,
			Name: document.querySelector(".lke tbody th").getBoundingClientRect().left, Scrolls: getComputedStyle(region).overflowX + " " + region.tabIndex,
		}
	})()`)
	if got.Page > 360 || got.Inner > got.Region || got.Name < 0 || got.Name > 40 {
		t.Errorf("%+v", got)
	}
}
