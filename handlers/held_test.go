package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// gate holds up who counts answers and who makes figures, with all the locks that they have,
// from when it is shut until it is freed.
type gate struct {
	shut  atomic.Bool
	held  chan struct{} // is sent on by whoever is held up
	freed chan struct{}
}

func (g *gate) pass() {
	if !g.shut.Load() {
		return
	}
	select {
	case g.held <- struct{}{}:
		<-g.freed
	case <-g.freed:
	}
}

// counted is a store in which counting takes for ever while the gate is shut.
type counted struct {
	*sqlite.DB
	*gate
}

func (s *counted) Take(ctx context.Context, b *projection.Batch) (bool, error) {
	s.pass()
	return s.DB.Take(ctx, b)
}

// heldUp returns a city with the final figures of a closed period and a running one, in which
// the locks of the projector and of the builder are held.
func heldUp(t *testing.T) *testkit.Kit {
	t.Helper()
	first := testkit.New(t, testkit.City)
	g := &gate{held: make(chan struct{}), freed: make(chan struct{})}
	first.Store.Projector = projection.NewLive(&counted{first.Store.DB, g}, first.Register.Directory().Library(), time.Minute, time.Now)
	figures, err := report.NewBuilder(report.NewBoard(first.Store), func() *survey.Directory {
		g.pass()
		return first.Register.Directory()
	}, cache.New(1<<20), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	var now atomic.Pointer[time.Time]
	noon, closed := testkit.Noon(), time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)
	now.Store(&noon)
	k := first.With(func(d *testkit.Deps) { d.Figures, d.Now = figures, func() time.Time { return *now.Load() } })
	for range 12 {
		if r := k.PostJSON("/api/v1/points/KUPARI47/responses", k.Response(nil)); r.StatusCode != http.StatusCreated {
			t.Fatalf("an answer: %d %s", r.StatusCode, r.Text)
		}
	}
	now.Store(&closed)
	k.Refresh()
	var holding sync.WaitGroup
	t.Cleanup(func() {
		close(g.freed)
		holding.Wait()
	})
	g.shut.Store(true)
	for _, hold := range []func() error{func() error { return figures.Refresh(context.Background()) }, figures.Rebuild} {
		holding.Go(func() { _ = hold() })
		<-g.held
	}
	return k
}

// No page, file or resource waits for who counts answers or makes figures, whatever of it was
// asked for before.
func TestEveryPageIsSentWhileFiguresAreBeingMade(t *testing.T) {
	t.Parallel()
	k := heldUp(t)
	key, cookie := k.Key(access.Evaluator, ""), k.SignIn(access.Evaluator)
	parts := strings.NewReplacer(
		":unit", "dukcapil-loket", ":agency", "dukcapil", ":point", "KUPARI47", ":n", "1", ":id", "1", ":token", "x",
		"/assets/:file", "/assets/x.css", "/qr/:file", "/qr/KUPARI47.svg", "/poster/:file", "/poster/KUPARI47.pdf",
	)
	// What there is nothing of in this city, or nothing any more.
	lacking := []string{
		"/mulai/:token", "/masuk/oidc", "/masuk/oidc/kembali", "/masuk/kode", "/akun/aplikasi", "/akun/aplikasi.svg", "/assets/:file", "/s/:point", "/s/:point/terima-kasih",
		"/api/v1/points/:point", "/lke/:unit/eviden/:n", "/meja/unit/:unit/komentar/buka", "/meja/unit/:unit/laporan", "/meja/pekerjaan", "/meja/pekerjaan/baru", "/meja/pekerjaan/paket-bukti", "/meja/pekerjaan/:id.zip",
	}
	for _, route := range k.App.GetRoutes(true) {
		if route.Method != http.MethodGet || route.Path == "/meja/kejadian" { // a stream has no end
			continue
		}
		path := parts.Replace(route.Path)
		if strings.Contains(path, ":") {
			t.Errorf("%s: no part stands for that of its address", route.Path)
		}
		for _, query := range []string{"?period=2026-s1&unit=dukcapil-loket&by=sex", "?period=2026-s2&unit=dukcapil-loket&by=point"} {
			r := httptest.NewRequest(http.MethodGet, path+query, nil)
			r.AddCookie(cookie)
			if strings.HasPrefix(path, "/api/") {
				r.Header.Set("Authorization", "Bearer "+key)
			}
			got, there := k.Do(r), strings.Contains(query, "2026-s1") && !slices.Contains(lacking, route.Path)
			if got.StatusCode >= http.StatusInternalServerError || there && got.StatusCode != http.StatusOK {
				t.Errorf("GET %s: %d\n%.300s", path+query, got.StatusCode, got.Text)
			}
		}
	}
}

// What somebody entered is stored and shown, and nobody is told that points are of it which
// are not.
func TestAnEntryIsShownBeforeItsPointsAreMade(t *testing.T) {
	t.Parallel()
	k := heldUp(t)
	key, cookie := k.Key(access.Evaluator, ""), k.SignIn(access.Evaluator)
	const entry = `{"period":"2026-s1","unit":"dukcapil-loket","capaian_kinerja":"B","pengungkit":{"sdm":7.5},"version":0,"who":"TPI","why":"uji coba"}`
	r := k.PutJSON(key, "/api/v1/zi/indicators", entry)
	if r.StatusCode != http.StatusAccepted || r.Text != `{"satker":"dukcapil-loket","version":1}` {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
	var told any
	if r.JSON(&told); told != nil {
		if err := description(t).Components.Schemas["Accepted"].Value.VisitJSON(told); err != nil {
			t.Errorf("the reply is not as openapi.json describes it: %v", err)
		}
	}
	page := visit(k, http.MethodGet, unitSheet, cookie)
	if got := enteredBy(page); got != "capaian_kinerja=B sdm=7,5" {
		t.Errorf("the form holds %s", got)
	}
	if got := text(page.HTML().Find(".standing .few")); !strings.HasPrefix(got, "Poin dan uji ini belum memuat isian terbaru") {
		t.Errorf("of the points it is told: %q", got)
	}
}
