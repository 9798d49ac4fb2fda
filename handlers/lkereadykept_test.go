package handlers_test

import (
	"net/http"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

// How far units are from WBK is made once for all who see the same of the same figures, and
// anew for other ones.
func TestReadinessIsMadeOnceOfTheSameFigures(t *testing.T) {
	t.Parallel()
	kept := cache.New(1 << 20)
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Cache = kept })
	first, second := k.SignIn(access.Evaluator), k.SignIn(access.Evaluator)
	for _, path := range []string{"/lke/kesiapan?period=2026-s1", "/lke/kesiapan.csv?period=2026-s1&predikat=wbbm", "/lke/pkm?period=2026-s1"} {
		before := kept.Stats()
		visit(k, http.MethodGet, path, first)
		once := kept.Stats()
		if r := visit(k, http.MethodGet, path, second); r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", path, r.StatusCode)
		}
		if now := kept.Stats(); once.Hits+once.Misses == before.Hits+before.Misses || now.Misses != once.Misses || now.Hits == once.Hits {
			t.Errorf("%s: %+v, then %+v and %+v", path, before, once, now)
		}
	}
	k.PostJSON("/api/v1/points/MELATI38/responses", k.Response(func(b map[string]any) { b["service"] = "umum" }))
	k.Refresh()
	before := kept.Stats()
	visit(k, http.MethodGet, "/lke/kesiapan?period=2026-s1", first)
	if now := kept.Stats(); now.Misses == before.Misses {
		t.Error("what was made of other figures is shown")
	}
}
