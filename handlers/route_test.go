package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
)

func TestEveryRouteNamesItsActionAndEveryActionHasARoute(t *testing.T) {
	t.Parallel()
	used, actions := map[string]bool{}, testtools.Constants(t, "../internal/access", "Browse")
	routes := testkit.New(t, testkit.City).App.GetRoutes(true)
	if len(routes) < 20 {
		t.Fatalf("%d routes: the application is not mounted", len(routes))
	}
	for _, r := range routes {
		if !slices.Contains(actions, r.Name) {
			t.Errorf("%s %s names no action, but %q: register it with web.Area", r.Method, r.Path, r.Name)
		}
		used[r.Name] = true
	}
	// Routes ask for these: who may not gets released figures there, and no rows.
	used[string(access.ReadLive)], used[string(access.ReadRows)] = true, true
	for _, action := range actions {
		if !used[action] {
			t.Errorf("no route needs %s", action)
		}
	}
}

func TestWhoMayNotDoARoutesActionIsRefusedBeforeTheRequestIsRead(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	manager, bound, evaluator := k.Key(access.Manager, "dinkes"), k.Key(access.Evaluator, "dinkes"), k.Key(access.Evaluator, "")
	for _, tc := range []struct {
		key, method, path string
		want              int
	}{
		{"", "GET", "/api/v1/results/breakdown", 401},
		{manager, "GET", "/api/v1/results/breakdown", 422},
		{"", "GET", "/api/v1/zi/indicators", 401},
		{manager, "GET", "/api/v1/zi/indicators", 422},
		{"", "PUT", "/api/v1/zi/indicators", 401},
		{manager, "PUT", "/api/v1/zi/indicators", 403},
		{bound, "PUT", "/api/v1/zi/indicators", 400},
		{evaluator, "PUT", "/api/v1/zi/indicators", 400},
	} {
		r := httptest.NewRequest(tc.method, tc.path, nil)
		if tc.key != "" {
			r.Header.Set("Authorization", "Bearer "+tc.key)
		}
		if got := k.Do(r); got.StatusCode != tc.want {
			t.Errorf("%s %s: %d, want %d: %s", tc.method, tc.path, got.StatusCode, tc.want, got.Text)
		}
	}
}

func TestAPageThatTakesNoCredentialsReadsNone(t *testing.T) {
	t.Parallel()
	keys := &countingKeys{}
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { keys.store, d.KeyStore = d.KeyStore, keys })
	for _, path := range []string{"/s/KUPARI47", "/hasil/pkm", "/", "/api/v1/points/KUPARI47", "/api/v1/periods", "/healthz", "/masuk"} {
		// A proxy before a trial may want a password of its own.
		for _, authorization := range []string{"", "Basic YTpi", "Bearer " + guess(1)} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			if got := k.Do(r); got.StatusCode != 200 {
				t.Errorf("%s with %q: %d", path, authorization, got.StatusCode)
			}
		}
	}
	if r := k.Get("/api/v1/results?period=2026-s1"); r.StatusCode != 200 {
		t.Errorf("results without a key: %d", r.StatusCode)
	}
	if n := keys.n.Load(); n != 0 {
		t.Errorf("the keys were read %d times", n)
	}
}
