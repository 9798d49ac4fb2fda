package handlers_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"
)

// filled writes the workbook that a tab's person downloads of a closed period into a file,
// with capaian kinerja and points of its first units otherwise, and returns its name.
func (p *tab) filled(cells ...any) string {
	p.t.Helper()
	cookies, err := chromedp.Run(p.ctx, chromedp.Action[[]*network.Cookie](func(ctx context.Context, t *chromedp.Target) ([]*network.Cookie, error) {
		got, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{})
		if err != nil {
			return nil, err
		}
		return got.Cookies, nil
	}))
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+"/lke.xlsx?period=2026-s1", http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer got.Body.Close()
	book, err := io.ReadAll(got.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		p.t.Fatalf("%d: %v", got.StatusCode, err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList()[1:4] {
		for i := 0; i+1 < len(cells); i += 2 {
			if err := f.SetCellValue(sheet, cells[i].(string), cells[i+1]); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	file := filepath.Join(p.t.TempDir(), "lke.xlsx")
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// uploads brings the file, from the sheet, to the page for it, and returns the status of what follows.
func (p *tab) uploads(cells ...any) int {
	p.t.Helper()
	file := p.filled(cells...)
	p.loads(p.on("a[href^='/lke/unggah']"))
	p.do(chromedp.SetUploadFiles("#berkas", []string{file}))
	return p.loads(p.on("main form button"))
}

// No script is needed to bring a workbook, to look at what it changes, and to take that.
func TestAWorkbookIsBroughtAndTakenWithoutScripts(t *testing.T) {
	t.Parallel()
	p := newBrowser(t).open(t, phone(), serve(t, newDemo(t))).withoutScripts()
	p.visit("/lke")
	p.enter("evaluator")
	if status := p.uploads("K17", "E", "K8", 1.25); status != http.StatusOK || !strings.Contains(p.text("main"), "6 isian di 3 unit") {
		t.Fatalf("%d: %s", status, p.text("main"))
	}
	p.write("#why", "Berita acara 12")
	if status := p.loads(p.on("main form button")); status != http.StatusOK || !strings.Contains(p.text(".saved"), "isian 3 unit") {
		t.Errorf("%d: %s", status, p.text("main"))
	}
}
