package handlers_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/testkit"
)

func TestAClockThatGoesBackLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	var moved atomic.Int64
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.DefaultLimits()
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(moved.Load())) }
	})
	bodies := []string{}
	for i, shift := range []time.Duration{0, -3 * time.Hour, -30 * time.Hour, time.Hour} {
		moved.Store(int64(shift))
		// A form that was opened before the clock went back has an id of
		// the future.
		form := filled(k.Get("/s/KUPARI47").HTML())
		moved.Store(int64(shift - time.Minute))
		if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther {
			t.Errorf("form %d: %d", i, r.StatusCode)
		}
		// A retry on another side of the change is the same answer.
		moved.Store(0)
		if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther {
			t.Errorf("form %d again: %d %s", i, r.StatusCode, r.Text)
		}
		moved.Store(int64(shift))
		body := k.Response(func(b map[string]any) { b["started_at"] = "2026-03-01T08:00:00+08:00" })
		bodies = append(bodies, body)
		if r := k.PostJSON(responsesPath, body); r.StatusCode != http.StatusCreated {
			t.Errorf("answer %d: %d %s", i, r.StatusCode, r.Text)
		}
	}
	for _, body := range bodies {
		if r := k.PostJSON(responsesPath, body); r.StatusCode != http.StatusOK {
			t.Errorf("a retry: %d %s", r.StatusCode, r.Text)
		}
	}
	k.Refresh()
	if n := len(k.Stored()); n != 8 {
		t.Errorf("%d answers stored, want 8", n)
	}
	if page := k.Get("/api/v1/results?period=2026-s1&unit=dukcapil-loket").Text; !strings.Contains(page, `"valid":8`) {
		t.Errorf("the results don't hold 8 answers: %s", page)
	}
}
