package handlers_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"persepsi/internal/testkit"
)

// Where PERSEPSI_PICTURES names a folder, every page is
// written there for everybody who looks at them: at both widths, in both
// languages, in light and dark, and as printed. Those that begin with
// readme- are the pictures of docs/pictures.
func TestPictures(t *testing.T) {
	folder := os.Getenv("PERSEPSI_PICTURES")
	if folder == "" {
		t.Skip("PERSEPSI_PICTURES names no folder: no pictures are written")
	}
	bases := map[bool]string{true: serve(t, newDemo(t)), false: serve(t, testkit.New(t, testkit.City))}
	b := newBrowser(t)
	for _, lang := range []string{"id", "en"} {
		for _, v := range views() {
			p := b.open(t, phone(), bases[v.demo]) // a session stays in its tab
			name := strings.ReplaceAll(v.name, " ", "-") + "-" + lang
			p.visit(v.in(lang))
			v.reach(p)
			for _, s := range []screen{phone(), phone().inDark(), desk(), desk().inDark()} {
				p.show(s)
				p.save(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, s.width, map[bool]string{false: "light", true: "dark"}[s.dark])), chromedp.FullScreenshot(100))
			}
			p.save(filepath.Join(folder, name+".pdf"), printed)
			p.close()
		}
	}
	p := b.open(t, phone(), bases[true])
	for _, one := range []struct {
		file, path string
		screen     screen
		then       func(p *tab)
	}{
		{"form-360.png", "/s/KELUGU85", screen{width: 360, height: 1290, scale: 2, touch: true}, func(p *tab) {
			p.do(p.on("#informasi label:nth-child(3)"))
			ask[bool](p, `(scrollTo(0, 0), true)`)
		}},
		{"result-360.png", "/hasil/dukcapil-loket?period=2025-s2", screen{width: 360, height: 1290, scale: 2, touch: true}, nil},
		{"home-1280.png", "/", screen{width: 1280, height: 1090, scale: 1}, nil},
		{"lke-1280.png", "/lke", screen{width: 1280, height: 1090, scale: 1}, func(p *tab) { p.enter("evaluator") }},
	} {
		p.show(one.screen)
		p.visit(one.path)
		if one.then != nil {
			one.then(p)
		}
		p.save(filepath.Join(folder, "readme-"+one.file), func(ctx context.Context, target *chromedp.Target) ([]byte, error) {
			data, err := chromedp.CaptureScreenshot()(ctx, target)
			if err != nil {
				return nil, err
			}
			return fewColours(t, data), nil
		})
	}
}

// printed is the page as it comes out of a printer.
func printed(ctx context.Context, t *chromedp.Target) ([]byte, error) {
	byPage := true
	r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &byPage})
	if err != nil {
		return nil, err
	}
	return r.Data, nil
}

// save writes what an action returns to a file.
func (p *tab) save(file string, action chromedp.Action[[]byte]) {
	p.t.Helper()
	data, err := chromedp.Run(p.ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		p.t.Fatal(err)
	}
}
