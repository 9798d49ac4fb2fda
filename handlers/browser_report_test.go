package handlers_test

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/testtools"
)

// fetched returns what is behind the address of a link of the page, asked for as the page does.
func (p *tab) fetched(selector string) string {
	p.t.Helper()
	text := ask[string](p, `(async () => {
		const r = await fetch(document.querySelector(`+quoted(selector)+`).href)
		if (!r.ok) return ""
		let s = ""
		for (const b of new Uint8Array(await r.arrayBuffer())) s += String.fromCharCode(b)
		return btoa(s)
	})()`)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}

// A newcomer takes the demonstration from its door to a report that they would sign: a closed
// period's, with a text of theirs that they saw in its place before it was stored. What they
// print says what the API does.
func TestANewcomerTakesTheDemonstrationFromItsDoorToAReportToSign(t *testing.T) {
	t.Parallel()
	b, k := newBrowser(t), newDemo(t)
	p := b.open(t, desk(), serve(t, k))
	p.watchPolicy()
	p.visit("/masuk")
	p.enter("manager")
	p.loads(p.on(".deskunit a[href^='/meja/unit/dukcapil-loket']"))
	p.loads(p.on(".unitparts a[href*='/laporan']"))
	p.loads(p.on(".periods a[href*='2025-s2']"))
	if got := p.text("main"); strings.Contains(got, "Sementara.") {
		t.Fatalf("the report of a closed period is not final: %s", got[:400])
	}
	type box struct{ Width, Height float64 }
	emblems := ask[[]box](p, `[...document.querySelectorAll(".emblems img")].map(i => { const r = i.getBoundingClientRect(); return {Width: r.width, Height: r.height} })`)
	if len(emblems) != 2 || emblems[0].Height != emblems[1].Height || emblems[1].Height < 40 || emblems[1].Width > 2*emblems[1].Height {
		t.Errorf("arms and logo stand on the cover as %v", emblems)
	}
	const said = "Kami menambah satu loket mulai Maret."
	p.do(p.on("details.write:has([name='texts.kesimpulan']) > summary"))
	p.write("[name='texts.kesimpulan']", said)
	p.write("[name='signers.1.office']", "Kepala Dinas")
	p.write("[name='signers.1.name']", "Siti Aminah")
	paper := func() string { return p.text(".paper") }
	if status := p.loads(p.on(".writing button.second")); status != http.StatusOK || !p.sees(".preview") || !strings.Contains(paper(), said) || !strings.Contains(paper(), "Siti Aminah") {
		t.Fatalf("the preview: %d, %q", status, p.text(".preview"))
	}
	if strings.Contains(testtools.PDFText(t, []byte(p.fetched(".files a[href*='.pdf']")))[0], said) {
		t.Error("the file has what is not stored")
	}
	if status := p.loads(p.on(".writing button:not(.second)")); status != http.StatusOK || !strings.Contains(p.text(".saved"), "Laporan tersimpan.") || !strings.Contains(paper(), said) {
		t.Fatalf("saved: %d, %q", status, p.text(".saved"))
	}
	pages := testtools.PDFText(t, []byte(p.fetched(".files a[href*='.pdf']")))
	printed := strings.Join(strings.Fields(strings.Join(pages, " ")), " ")
	var results resultBody
	k.Get("/api/v1/results?period=2025-s2&unit=dukcapil-loket").JSON(&results)
	ikm := results.Units[0].Indexes["ikm"]
	want := []string{
		said, "Siti Aminah", "Kepala Dinas", "IKM " + comma(ikm.Shown) + ", mutu " + ikm.Mutu, fixed(ikm.CI95[0]), fixed(ikm.CI95[1]),
		strconv.FormatInt(results.Units[0].Responses.Counted, 10) + " responden",
	}
	for _, a := range ikm.Aspects {
		want = append(want, comma(analytics.ShownFloat(a.Mean, 3)), comma(analytics.ShownFloat(25*a.Mean, 2)))
	}
	for _, w := range want {
		if !strings.Contains(printed, w) {
			t.Errorf("the report that is signed does not say %q", w)
		}
	}
	if len(ikm.Aspects) != 9 || len(pages) < 10 {
		t.Errorf("%d aspects on %d pages", len(ikm.Aspects), len(pages))
	}
	for _, f := range p.stopped() {
		t.Errorf("a page's policy %s", f)
	}
}
