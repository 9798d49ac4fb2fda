package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const indicators = "/api/v1/zi/indicators?period=2026-s1"

// beside makes another instance of an application, on the same store.
func beside(t *testing.T, k *testkit.Kit, now func() time.Time) *testkit.Kit {
	t.Helper()
	return testkit.New(t, "", func(d *testkit.Deps) {
		d.Directories, d.Figures, d.KeyStore, d.PersonStore, d.Now = k.Register, k.Figures, k.Store, k.Store, now
		d.Accounts = testkit.Accounts(k.Store, now)
	})
}

func TestARevokedKeyOpensNothingOnAnyInstanceAfterASecond(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	now := func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
	first := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Now = now })
	second := beside(t, first, now)
	key, secret := first.MakeKey(access.Evaluator, "", time.Time{})
	both := func(want int, when string) {
		t.Helper()
		for i, k := range []*testkit.Kit{first, second} {
			if r := k.GetAs(secret, indicators); r.StatusCode != want {
				t.Errorf("instance %d, %s: %d, want %d", i+1, when, r.StatusCode, want)
			}
		}
	}
	both(200, "when it is new")
	if err := first.Store.RecordRevocation(t.Context(), key.ID, now()); err != nil {
		t.Fatal(err)
	}
	passed.Add(int64(999 * time.Millisecond))
	both(401, "a second after its end")
	// It is not that the key was forgotten for good: others go on.
	if r := second.GetAs(first.Key(access.Admin, ""), indicators); r.StatusCode != 200 {
		t.Errorf("another key: %d", r.StatusCode)
	}
}

func TestAKeyIsValidUntilItExpires(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	_, secret := k.MakeKey(access.Evaluator, "", testkit.Noon().Add(time.Hour))
	if r := k.GetAs(secret, indicators); r.StatusCode != 200 {
		t.Errorf("before: %d", r.StatusCode)
	}
	wait(time.Hour - time.Millisecond)
	if r := k.GetAs(secret, indicators); r.StatusCode != 200 {
		t.Errorf("at the last moment: %d", r.StatusCode)
	}
	wait(time.Millisecond) // within the time for which keys are remembered
	if r := k.GetAs(secret, indicators); r.StatusCode != 401 || !strings.Contains(r.Text, "expired") {
		t.Errorf("after: %d %s", r.StatusCode, r.Text)
	}
}

func TestAnAgencysKeySeesItsAgencyAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.PostJSON(responsesPath, k.Response(nil))
	k.PostJSON("/api/v1/points/MELATI38/responses", k.Response(func(m map[string]any) { m["service"] = "umum" }))
	k.Refresh()
	const results = "/api/v1/results?period=2026-s1"
	for _, role := range []access.Role{access.Manager, access.Evaluator, access.Admin} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			secret := k.Key(role, "dinkes")
			sheet := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(role, "dinkes"))
			if text := sheet.HTML().Find("table.lke tbody").Text(); rows(sheet) != 1 || !strings.Contains(text, "Melati") {
				t.Errorf("the sheet has %d rows: %s", rows(sheet), text)
			}
			var list []struct{ Agency string }
			k.GetAs(secret, indicators).JSON(&list)
			if len(list) != 1 || list[0].Agency != "dinkes" {
				t.Errorf("indicators: %+v", list)
			}
			for _, path := range []string{indicators + "&agency=dukcapil", indicators + "&unit=dukcapil-loket", indicators + "&agency=dinkes&unit=dukcapil-loket"} {
				if r := k.GetAs(secret, path); r.StatusCode != 403 {
					t.Errorf("%s: %d, want 403", path, r.StatusCode)
				}
			}
			entry := `{"period":"2026-s1","unit":"dukcapil-loket","capaian_kinerja":"A","who":"TPI","why":"uji coba"}`
			if r := k.PutJSON(secret, "/api/v1/zi/indicators", entry); r.StatusCode != 403 {
				t.Errorf("an entry for another agency's unit: %d, want 403", r.StatusCode)
			}
			// What only those who evaluate see; signals are theirs alone.
			for path, want := range map[string]bool{
				results + "&agency=dinkes": role == access.Evaluator, results + "&unit=pkm": role == access.Evaluator,
				results: false, results + "&agency=dukcapil": false, results + "&unit=dukcapil-loket": false, results + "&agency=dinkes&unit=dukcapil-loket": false,
			} {
				if r := k.GetAs(secret, path); strings.Contains(r.Text, `"signals"`) != want {
					t.Errorf("%s: %d, sees signals %v, want %v", path, r.StatusCode, !want, want)
				}
			}
		})
	}
}

func TestWrongKeysAreHeldBackAndRightOnesNever(t *testing.T) {
	t.Parallel()
	for name, forwarded := range map[string]string{"this machine": "", "elsewhere": "203.0.113.7"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := &countingKeys{}
			k, wait := timed(t, func(d *testkit.Deps) {
				// The test's own address is this machine's.
				d.Trusted = trustedHere
				keys.store, d.KeyStore = d.KeyStore, keys
			})
			right := k.Key(access.Evaluator, "")
			send := func(secret, from string) *testkit.Reply {
				r := httptest.NewRequest(http.MethodGet, indicators, nil)
				r.Header.Set("Authorization", "Bearer "+secret)
				if from != "" {
					r.Header.Set("X-Forwarded-For", from)
				}
				return k.Do(r)
			}
			for i := range 10 {
				if r := send(guess(i), forwarded); r.StatusCode != 401 {
					t.Fatalf("wrong key %d: %d, want 401", i, r.StatusCode)
				}
			}
			read := keys.n.Load()
			for i := range 200 {
				secret := guess(100 + i)
				if i%2 == 0 {
					secret = "psp_short"
				}
				r := send(secret, forwarded)
				if r.StatusCode != 429 || r.Header.Get("Retry-After") != "10" || !strings.Contains(r.Text, `"code":"rate_limited"`) {
					t.Fatalf("beyond: %d, Retry-After %q, %s", r.StatusCode, r.Header.Get("Retry-After"), r.Text)
				}
			}
			if n := keys.n.Load() - read; n > 1 {
				t.Errorf("200 wrong keys asked the store %d times", n)
			}
			if r := send(guess(1), "203.0.113.99"); r.StatusCode != 401 {
				t.Errorf("another address is held back: %d", r.StatusCode)
			}
			if r := send(right, forwarded); r.StatusCode != 200 {
				t.Errorf("a right key is locked out: %d", r.StatusCode)
			}
			wait(10 * time.Second)
			if r := send(guess(1), forwarded); r.StatusCode != 401 {
				t.Errorf("after the time told: %d", r.StatusCode)
			}
			if r := send(guess(1), forwarded); r.StatusCode != 429 {
				t.Errorf("after one more: %d", r.StatusCode)
			}
		})
	}
}

// guess makes a wrong secret of the right shape.
func guess(n int) string { return fmt.Sprintf("psp_%043d", n) }

// countingKeys counts how often the keys are read.
type countingKeys struct {
	store   access.KeyReader
	n       atomic.Int64
	waiting chan struct{} // if not nil, a reading waits for it
}

// Keys reads the keys.
func (c *countingKeys) Keys(ctx context.Context) ([]access.Key, error) {
	c.n.Add(1)
	if c.waiting != nil {
		<-c.waiting
	}
	return c.store.Keys(ctx)
}

func TestManyWhoComeAtOnceReadTheKeysOnce(t *testing.T) {
	t.Parallel()
	const many = 20
	var asked atomic.Int64 // the clock, by everybody who looks for a key
	asked.Store(-1 << 40)  // until the application stands: that asks as well
	allAsked := make(chan struct{})
	keys := &countingKeys{waiting: make(chan struct{})}
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		keys.store, d.KeyStore = d.KeyStore, keys
		d.Now = func() time.Time {
			if asked.Add(1) == many {
				close(allAsked)
			}
			return testkit.Noon()
		}
	})
	secret := k.Key(access.Evaluator, "")
	var all sync.WaitGroup
	asked.Store(0)
	for range many {
		all.Go(func() {
			if r := k.GetAs(secret, indicators); r.StatusCode != 200 {
				t.Errorf("%d %s", r.StatusCode, r.Text)
			}
		})
	}
	<-allAsked // all wait for the first reading now, or will find it remembered
	close(keys.waiting)
	all.Wait()
	if n := keys.n.Load(); n != 1 {
		t.Errorf("the keys were read %d times", n)
	}
}

func TestAWrongKeyIsLoggedWithoutTheKeyAndWhoSentIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for i := range 5 {
		r := httptest.NewRequest(http.MethodGet, indicators, nil)
		r.Header.Set("Authorization", "Bearer "+guess(i))
		r.Header.Set("X-Forwarded-For", "203.0.113.7")
		k.Do(r)
	}
	log := k.Log.String()
	if n := strings.Count(log, "a wrong API key was sent"); n != 1 || !strings.Contains(log, "route=/api/v1/zi/indicators") {
		t.Errorf("told %d times, want once, with the route:\n%s", n, log)
	}
	for _, secret := range []string{"psp_", "0000", "203.0.113", "0.0.0.0"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

func TestAKeyInAnAddressIsRefusedAndRepeatedNowhere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	for _, path := range []string{
		"/lke?key=" + secret, "/lke?period=2026-s1&lang=en&token=" + secret, "/?q=" + secret, "/?" + secret, "/nowhere?a=" + secret,
		"/api/v1/results?period=2026-s1&key=" + secret, indicators + "&key=Bearer%20" + secret, "/api/v1/periods?key=psp_salah",
		"/lke?key=%70sp_" + secret[4:], "/lke?key=%20" + secret, "/lke/" + secret, "/hasil/%70sp_" + secret[4:], "/s/KUPARI47?t=" + secret, "/healthz?key=" + secret,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
			r := httptest.NewRequest(method, path, nil)
			r.Header.Set("Authorization", "Bearer "+secret)
			got := k.Do(r)
			if got.StatusCode != http.StatusBadRequest {
				t.Errorf("%s %s: %d, want 400", method, path, got.StatusCode)
			}
			if strings.Contains(got.Text, secret[4:]) || strings.Contains(fmt.Sprint(got.Header), secret[4:]) || strings.Contains(got.Text, "psp_salah") {
				t.Errorf("%s %s repeats the key", method, path)
			}
			if got.Header.Get("Referrer-Policy") != "no-referrer" || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %v", method, path, got.Header)
			}
		}
	}
	if log := k.Log.String(); strings.Contains(log, secret[4:]) {
		t.Error("the log holds the key")
	}
	for _, path := range []string{"/api/v1/results?key=" + secret, "/lke?lang=en&key=" + secret} {
		if r := k.Get(path); !strings.Contains(r.Text, "Authorization header") {
			t.Errorf("nobody learns where a key belongs: %s", r.Text)
		}
	}
}

func TestNothingThatAKeyOpensIsKeptByACache(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator, manager := k.Key(access.Evaluator, ""), k.Key(access.Manager, "dinkes")
	cookie := k.SignIn(access.Evaluator)
	const breakdown = "/api/v1/results/breakdown?period=2026-s1&by=sex&unit="
	entry := `{"period":"2026-s1","unit":"pkm","capaian_kinerja":"B","version":0,"who":"TPI","why":"uji coba"}`
	for _, tc := range []struct {
		method, path, body string
		session            bool
		keys               []string // "" for none
	}{
		{"GET", "/api/v1/results?period=2026-s1", "", false, []string{evaluator, manager, guess(1)}},
		{"GET", "/api/v1/results?period=x", "", false, []string{evaluator}},
		{"GET", breakdown + "pkm", "", false, []string{evaluator, manager, guess(1), ""}},
		{"GET", breakdown + "dukcapil-loket", "", false, []string{manager}},
		{"GET", indicators, "", false, []string{evaluator, manager, guess(1), ""}},
		{"PUT", "/api/v1/zi/indicators", entry, false, []string{evaluator, manager, ""}},
		{"PUT", "/api/v1/zi/indicators", "{", false, []string{evaluator}},
		{"GET", "/api/v1/periods", "", false, []string{evaluator, guess(1)}},
		{"GET", "/api/v1/points/KUPARI47", "", false, []string{evaluator}},
		{"GET", "/qr/KUPARI47.svg", "", false, []string{evaluator}},
		{"GET", "/api/v1/nowhere", "", false, []string{evaluator}},
		{"GET", "/lke", "", false, []string{""}},
		{"GET", "/lke", "", true, []string{""}},
		{"GET", "/lke?period=x", "", true, []string{""}},
		{"GET", "/hasil/pkm", "", true, []string{""}},
		{"POST", "/masuk", "", false, []string{""}},
		{"GET", "/masuk", "", false, []string{""}},
		{"GET", "/akun", "", true, []string{""}},
		{"POST", "/keluar", "", false, []string{""}},
	} {
		for i, key := range tc.keys {
			r := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body))
			if tc.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			if key != "" {
				r.Header.Set("Authorization", "Bearer "+key)
			}
			if tc.session {
				r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
			}
			if got := k.Do(r); got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s, key %d, session %v: %d, Cache-Control %q", tc.method, tc.path, i, tc.session, got.StatusCode, got.Header.Get("Cache-Control"))
			}
		}
	}
	// What is public may be kept, but not for who brings a key.
	for path, want := range map[string]string{"/api/v1/results?period=2026-s1": "no-cache", "/api/v1/periods": "public, max-age=60", "/api/v1/units": "public, max-age=60", "/api/v1/points/KUPARI47": "public, max-age=60"} {
		if r := k.Get(path); r.Header.Get("Cache-Control") != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, r.Header.Get("Cache-Control"), want)
		}
	}
	for _, path := range []string{"/api/v1/results?period=2026-s1", "/api/v1/results"} {
		if r := k.Get(path); !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Authorization") {
			t.Errorf("%s: Vary %q", path, r.Header.Values("Vary"))
		}
	}
}

func TestAnEntryWithAnUnknownFieldIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	r := k.PutJSON(secret, "/api/v1/zi/indicators", `{"period": "2026-s1", "unit": "dukcapil-loket", "version": 0, "who": "Tim", "why": "rapat", "capaian": "A"}`)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.Text, `"field":"capaian","code":"unknown_field"`) {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
	if r := k.GetAs(secret, indicators); r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("what was asked with a key may be kept: %q", r.Header.Get("Cache-Control"))
	}
	if r := k.GetAs("falsch", indicators); r.StatusCode != http.StatusUnauthorized || r.Header.Get("WWW-Authenticate") != `Bearer realm="persepsi"` {
		t.Errorf("a wrong key: %d, %v", r.StatusCode, r.Header)
	}
}
