package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"persepsi/handlers/ops"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/testkit"
)

func TestFiguresThatWereNeverLoadedAreNotTakenForNoAnswers(t *testing.T) {
	t.Parallel()
	first := testkit.New(t, testkit.City)
	// Figures that could not be loaded since the start.
	k := asDemo(t, first, func(d *testkit.Deps) { d.Figures = first.Builder(first.Store) }) // so that the count may be there
	evaluator := k.Key(access.Evaluator, "")
	session := k.SignIn(access.Evaluator)
	for path, tells := range map[string]string{
		"/hasil/dukcapil-loket":                                               "Angka hasil belum dapat ditampilkan",
		"/hasil/dukcapil-loket?lang=en&period=2025-s2":                        "The results cannot be shown yet",
		"/hasil/dukcapil-loket/lencana.svg?period=2026-s1":                    "Angka hasil belum dapat ditampilkan",
		"/hasil/dukcapil-loket/kartu?period=2026-s1":                          "Angka hasil belum dapat ditampilkan",
		"/hasil/dukcapil-loket/lembar.pdf?period=2026-s1":                     "Angka hasil belum dapat ditampilkan",
		"/hasil/opd/dukcapil?period=2026-s1":                                  "Angka hasil belum dapat ditampilkan",
		"/lke":                                                                "Angka hasil belum dapat ditampilkan",
		"/api/v1/results?period=2026-s1":                                      "unavailable",
		"/api/v1/results?period=2026-s1&unit=pkm":                             "unavailable",
		"/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=sex": "unavailable",
		"/api/v1/zi/indicators?period=2026-s1":                                "unavailable",
	} {
		ask := httptest.NewRequest(http.MethodGet, path, nil)
		if strings.HasPrefix(path, "/api/") {
			ask.Header.Set("Authorization", "Bearer "+evaluator)
		}
		ask.AddCookie(&http.Cookie{Name: session.Name, Value: session.Value})
		r := k.Do(ask)
		if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(r.Text, tells) || r.Header.Get("Retry-After") == "" {
			t.Errorf("GET %s: %d, Retry-After %q\n%s", path, r.StatusCode, r.Header.Get("Retry-After"), r.Text)
		}
	}
	home := k.Get("/")
	if home.StatusCode != http.StatusOK || home.HTML().Find(".count").Length() != 0 {
		t.Errorf("GET /: %d, and it counts answers: %q", home.StatusCode, home.HTML().Find(".count").Text())
	}
	if r := k.PostJSON("/api/v1/points/KUPARI47/responses", k.Response(nil)); r.StatusCode != http.StatusCreated {
		t.Errorf("an answer: %d %s", r.StatusCode, r.Text)
	}
	if r := k.Get("/readyz"); r.StatusCode != http.StatusOK || !strings.Contains(r.Text, "are not loaded yet") {
		t.Errorf("GET /readyz: %d %s", r.StatusCode, r.Text)
	}
}

func TestTheAgeOfFiguresIsToldByOneClock(t *testing.T) {
	t.Parallel()
	for _, shift := range []time.Duration{-9000 * time.Hour, 9000 * time.Hour} {
		k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
			d.Now = func() time.Time { return time.Now().Add(shift) }
		})
		if r := k.Get("/readyz"); !strings.Contains(r.Text, `"figures":{"ok":true}`) {
			t.Errorf("with the day's clock %s off: %s", shift, r.Text)
		}
	}
}

// Figures of a minute are as they should be; older ones are no reason to be taken out of service.
func TestReadyzTellsHowOldFiguresAre(t *testing.T) {
	t.Parallel()
	first := testkit.New(t, testkit.City)
	now := testkit.Noon()
	figures, err := report.NewBuilder(report.NewBoard(first.Store), first.Register.Directory, cache.New(1<<20), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	if err := figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	k := first.With(func(d *testkit.Deps) { d.Figures = figures })
	for after, want := range map[time.Duration]string{time.Minute: `"figures":{"ok":true}`, 61*time.Second + 4*time.Millisecond: `"figures":{"ok":false,"detail":"are 1m1s old"}`} {
		now = testkit.Noon().Add(after)
		if r := k.Get("/readyz"); r.StatusCode != http.StatusOK || !strings.Contains(r.Text, want) || !strings.Contains(r.Text, `"version":"test"`) || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("after %s: %d, %q, %s; want %s", after, r.StatusCode, r.Header.Get("Cache-Control"), r.Text, want)
		}
	}
}

func TestReadyzIsAsReadyAsTheIntakeIs(t *testing.T) {
	t.Parallel()
	for want, takes := range map[int]bool{http.StatusOK: true, http.StatusServiceUnavailable: false} {
		k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
			d.Health = func(context.Context) (map[string]ops.Part, bool) {
				return map[string]ops.Part{"spool": {Detail: "is full"}}, takes
			}
		})
		if r := k.Get("/readyz"); r.StatusCode != want || !strings.Contains(r.Text, `"spool":{"ok":false,"detail":"is full"}`) {
			t.Errorf("takes = %v: %d %s", takes, r.StatusCode, r.Text)
		}
	}
}
