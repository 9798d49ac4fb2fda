package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"persepsi/internal/testkit"
)

func TestPagesThatHelpWhereThereIsNoForm(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, tc := range []struct {
		path   string
		status int
		words  []string
	}{
		{"/s/NOBODY99", 404, []string{"Halaman ini tidak ada", `action="/"`, "LAPOR"}},
		{"/s/NOBODY99?lang=en", 404, []string{"This page does not exist"}},
		{"/s/BEDATO92", 410, []string{"sedang ditutup", "1 Juli 2026", "/hasil/dukcapil-loket"}},
		{"/s/TUTUPA22", 410, []string{"sedang ditutup"}},
		{"/hasil/nowhere", 404, []string{"Halaman ini tidak ada"}},
		{"/hasil/pkm?period=nowhere", 404, []string{"Halaman ini tidak ada"}},
		{"/nowhere", 404, []string{"Halaman ini tidak ada"}},
		{"/s/KUPARI47?mode=robot", 422, []string{"tidak lengkap"}},
		{"/s/%27%20OR%201=1", 404, []string{"Halaman ini tidak ada"}},
	} {
		r := k.Get(tc.path)
		if r.StatusCode != tc.status || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s, want %d", tc.path, r.StatusCode, r.Header.Get("Content-Type"), tc.status)
		}
		for _, w := range tc.words {
			if !strings.Contains(r.Text, w) {
				t.Errorf("%s lacks %q", tc.path, w)
			}
		}
		noInsides(t, r)
	}
	r := httptest.NewRequest(http.MethodPost, "/s/KUPARI47", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	if got := k.Do(r); got.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("JSON at the page: %d, want 415", got.StatusCode)
	}
}

func TestTheResultPageTellsTheWholeFigure(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if r := k.Get("/hasil/dukcapil-loket"); r.StatusCode != 200 || !strings.Contains(r.Text, "Belum ada jawaban") {
		t.Errorf("without answers: %d", r.StatusCode)
	}
	one := func() {
		k.PostJSON(responsesPath, k.Response(func(m map[string]any) {
			m["answers"].(map[string]int)["prosedur"] = 3 //nolint:forcetypeassert // test data
		}))
	}
	one()
	k.Refresh()
	if text := k.Get("/hasil/dukcapil-loket").Text; !strings.Contains(text, "1 jawaban: belum cukup untuk ditampilkan. Nilai ditampilkan bila sedikitnya 10 jawaban dapat dihitung bersama") {
		t.Errorf("of a single answer the page tells: %s", text)
	}
	for range 22 { // of 23 answers 13 are released
		one()
	}
	k.Refresh()
	doc := k.Get("/hasil/dukcapil-loket").HTML()
	text := doc.Find("main").Text()
	// (8×4 + 39/13) / 9 × 25
	for _, want := range []string{
		"97,22", "Sangat baik", "keyakinan 95\u00a0%", "belum memadai", "13 responden dari 249", "703", "3,000000", "berbobot 1/9", "3,888889 × 25 = 97,222222", "97,222222 ditampilkan sebagai 97,22",
		"23 jawaban; angka dihitung dari 13 sampai",
		"Semester I 2026", "1 Januari 2026", "masih berjalan", "Perempuan", "w0.11@1", "4,00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := doc.Find(".aspects tr.low th").First().Text(); !strings.Contains(got, "prosedur") {
		t.Errorf("lowest = %q", got)
	}
	if en := k.Get("/hasil/dukcapil-loket?lang=en").Text; !strings.Contains(en, "3.888889 × 25 = 97.222222") || strings.Contains(en, "97,22") {
		t.Error("the English page writes numbers the Indonesian way")
	}
	for _, foreign := range []string{"half up", "weight", "mean", "printed", "left out"} {
		if strings.Contains(text, foreign) {
			t.Errorf("the Indonesian page says %q", foreign)
		}
	}
}

func TestHomeLeadsToAUnit(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	doc := k.Get("/?q=poli").HTML()
	if n := doc.Find(".units li").Length(); n != 1 || doc.Find("a[href^='/hasil/pkm']").Length() != 1 {
		t.Errorf("%d units found by a service's name", n)
	}
	if doc := k.Get("/").HTML(); doc.Find(".units li").Length() != 3 || doc.Find(".symbol").Length() != 0 {
		t.Error("home lists other units, or a symbol outside a demonstration")
	}
	if r := k.Get("/?q=xyz"); !strings.Contains(r.Text, "Tidak ada unit yang cocok") {
		t.Error("nothing found is not told")
	}
	if r := testkit.New(t, "").Get("/"); r.StatusCode != 200 || !strings.Contains(r.Text, "apply kota.yaml") {
		t.Errorf("an empty city: %d", r.StatusCode)
	}
}

func TestSymbols(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for path, want := range map[string]string{"/qr/KUPARI47.svg": "image/svg+xml", "/qr/kupari47.png?size=200": "image/png"} {
		r := k.Get(path)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want || r.Header.Get("ETag") == "" {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if drawn := strings.HasPrefix(r.Text, "<svg ") && strings.Contains(r.Text, "<path ") || strings.HasPrefix(r.Text, "\x89PNG"); !drawn {
			t.Errorf("%s shows %.80q", path, r.Text)
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", r.Header.Get("ETag"))
		if got := k.Do(again); got.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d, want 304", path, got.StatusCode)
		}
	}
	for path, want := range map[string]int{"/qr/NOBODY99.svg": 404, "/qr/KUPARI47.gif": 404, "/qr/KUPARI47.png?size=9": 422, "/qr/KUPARI47.png?size=x": 422, "/qr/KUPARI47.png?size=4097": 422, "/qr/KUPARI47": 404} {
		if r := k.Get(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
}

func TestThePosterOfAPointIsAPDF(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/poster/KUPARI47.pdf", "/poster/kupari47.pdf?size=a6&lang=en", "/poster/KUPARI47.pdf?size=tent"} {
		r := k.Get(path)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/pdf" || r.Header.Get("ETag") == "" || !strings.HasPrefix(r.Text, "%PDF-") {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Header.Get("Content-Type"))
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", r.Header.Get("ETag"))
		if got := k.Do(again); got.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d, want 304", path, got.StatusCode)
		}
	}
	for path, want := range map[string]int{"/poster/NOBODY99.pdf": 404, "/poster/KUPARI47.png": 404, "/poster/KUPARI47": 404, "/poster/KUPARI47.pdf?size=a3": 422} {
		if r := k.Get(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	shut := testkit.New(t, strings.Replace(testkit.City, "name: Loket 1", "closed: true, name: Loket 1", 1))
	if r := shut.Get("/poster/KUPARI47.pdf"); r.StatusCode != http.StatusGone {
		t.Errorf("a closed point: %d, want 410", r.StatusCode)
	}
}

func TestEveryPageForbidsWhatItDoesNotUse(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/", "/s/KUPARI47", "/hasil/pkm", "/masuk", "/nowhere", "/api/v1/results"} {
		r := k.Get(path)
		if !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, r.Header)
		}
		if strings.Contains(r.Text, "src=\"http") || strings.Contains(r.Text, "@import") {
			t.Errorf("%s loads something from elsewhere", path)
		}
	}
}

func TestAnApplyIsSeenByTheForm(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if !strings.Contains(k.Get("/s/KUPARI47").Text, "Akta kelahiran") {
		t.Fatal("no service")
	}
	k.Apply(`agencies: [{code: dukcapil, units: [{code: dukcapil-loket, services: [{code: akta, name: Akta baru}]}]}]`)
	if text := k.Get("/s/KUPARI47").Text; !strings.Contains(text, "Akta baru") || strings.Contains(text, "Akta kelahiran") {
		t.Error("the form shows the old catalogue")
	}
}
