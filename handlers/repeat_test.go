package handlers_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/testkit"
)

// TestARetryIsTheSameAnswerWhateverHasChangedSince sends an answer whose reply
// got lost again after a change that would refuse a new one.
func TestARetryIsTheSameAnswerWhateverHasChangedSince(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(k *testkit.Kit, pass func(time.Duration))
		fresh  int // what a new answer gets then
	}{
		{"the period is over", func(_ *testkit.Kit, pass func(time.Duration)) { pass(200 * 24 * time.Hour) }, 422}, // another form runs then
		{"it is after midnight", func(_ *testkit.Kit, pass func(time.Duration)) { pass(13 * time.Hour) }, 201},
		{"the clock went back", func(_ *testkit.Kit, pass func(time.Duration)) { pass(-4 * time.Hour) }, 201},
		{"the point is closed", func(k *testkit.Kit, _ func(time.Duration)) {
			k.Apply(`agencies: [{code: dinkes, units: [{code: pkm, points: [{code: MELATI38, closed: true}]}]}]`)
		}, 410},
		{"a second service is offered", func(k *testkit.Kit, _ func(time.Duration)) {
			k.Apply(`agencies: [{code: dinkes, units: [{code: pkm, services: [{code: gigi, name: Poli gigi}]}]}]`)
		}, 422},
		{"a newer period runs beside it", func(k *testkit.Kit, _ func(time.Duration)) {
			k.Apply(`periods: [{code: tambahan, from: 2026-03-01, to: 2026-03-31, instrument: [skm-9, spak-5], units: [pkm], overlaps: [2026-s1]}]`)
		}, 422},
		{"its device has sent too much", func(*testkit.Kit, func(time.Duration)) {}, 429},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var passed atomic.Int64
			k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
				d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
				if tc.fresh == 429 {
					d.Limits = web.Limits{Device: web.Pace{Burst: 1, PerSecond: 0.001}}
				}
			})
			const path = "/api/v1/points/MELATI38/responses"
			body := func() string { return k.Response(func(b map[string]any) { delete(b, "service") }) }
			sent := body()
			first := k.PostJSON(path, sent)
			if first.StatusCode != http.StatusCreated {
				t.Fatalf("%d %s", first.StatusCode, first.Text)
			}
			tc.change(k, func(d time.Duration) { passed.Store(int64(d)) })
			if r := k.PostJSON(path, sent); r.StatusCode != http.StatusOK || r.Text != first.Text {
				t.Errorf("the retry: %d %s, want 200 %s", r.StatusCode, r.Text, first.Text)
			}
			if r := k.PostJSON(path, strings.Replace(sent, `"prosedur":4`, `"prosedur":1`, 1)); r.StatusCode < 400 {
				t.Errorf("the same id with other content: %d %s", r.StatusCode, r.Text)
			}
			if r := k.PostJSON(path, body()); r.StatusCode != tc.fresh {
				t.Errorf("a new answer: %d %s, want %d", r.StatusCode, r.Text, tc.fresh)
			}
		})
	}
}

func TestACompressedBodyIsRefusedUnread(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	if _, err := z.Write([]byte(k.Response(nil))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		path := responsesPath
		if method == http.MethodPut {
			path = "/api/v1/zi/indicators"
		}
		r := httptest.NewRequest(method, path, bytes.NewReader(small.Bytes()))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Content-Encoding", "gzip")
		if got := k.Do(r); got.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d %s, want 415", method, got.StatusCode, got.Text)
		}
	}
	if n := len(k.Stored()); n != 0 {
		t.Errorf("%d stored", n)
	}
}

// Whoever knows an id and guesses is told the same of the right answer as of every
// other one, by the API and by the form.
func TestTooManyGuessesUnderAnIDAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	form := filled(k.Get("/s/KUPARI47").HTML())
	id := form.Get("id")
	if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
	guess := func(value string) *testkit.Reply {
		v := url.Values{}
		for name := range form {
			v.Set(name, form.Get(name))
		}
		v.Set("answers.prosedur", value)
		return k.PostForm("/s/KUPARI47", v)
	}
	for range 10 {
		if r := guess("1"); r.StatusCode != http.StatusConflict {
			t.Fatalf("%d %s", r.StatusCode, r.Text)
		}
	}
	wrong, right := guess("1"), guess(form.Get("answers.prosedur"))
	if wrong.StatusCode != http.StatusConflict || right.StatusCode != wrong.StatusCode || right.Text != wrong.Text || right.Header.Get("Location") != "" {
		t.Errorf("the form answers a wrong guess with %d and the right one with %d", wrong.StatusCode, right.StatusCode)
	}
	if r := k.PostJSON(responsesPath, k.Response(func(m map[string]any) { m["id"] = id })); r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "3600" {
		t.Errorf("the API: %d, Retry-After %q, want 429 for an hour", r.StatusCode, r.Header.Get("Retry-After"))
	}
	if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != http.StatusCreated {
		t.Errorf("another id: %d %s", r.StatusCode, r.Text)
	}
}
