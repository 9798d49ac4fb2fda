package handlers_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
)

// idOf makes an id as a form has it that was opened at an instant.
func idOf(at time.Time) string {
	u := uuid.Must(uuid.NewV7())
	for i, ms := 5, at.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		u[i] = byte(ms)
	}
	return u.String()
}

// TestAFormOpenedBeforeMidnightIsTakenAfterIt has a form of 2026-s1 opened at
// 23:50 of its last day; another form runs from midnight on.
func TestAFormOpenedBeforeMidnightIsTakenAfterIt(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC)
	var now atomic.Int64
	at := func(d time.Duration) { now.Store(midnight.Add(d).UnixNano()) }
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Now = func() time.Time { return time.Unix(0, now.Load()) }
	})
	at(-10 * time.Minute)
	form := filled(k.Get("/s/KUPARI47").HTML())
	form.Set("id", idOf(midnight.Add(-10*time.Minute)))
	body := k.Response(func(b map[string]any) { b["started_at"] = "2026-06-30T23:50:00+08:00" })

	at(5 * time.Minute)
	if n := k.Get("/s/KUPARI47").HTML().Find("fieldset.q").Length(); n != 11 {
		t.Errorf("after midnight the page has %d questions, want the 11 of the next period's form", n)
	}
	faulty := k.PostForm("/s/KUPARI47", with(form, "answers.prosedur", ""))
	if doc := faulty.HTML(); faulty.StatusCode != http.StatusUnprocessableEntity || doc.Find("fieldset.q").Length() != 18 || doc.Find(".alert li").Length() != 1 {
		t.Errorf("with a fault: %d, %d questions, %d faults, want the old form with one", faulty.StatusCode, doc.Find("fieldset.q").Length(), doc.Find(".alert li").Length())
	}
	sent := k.PostForm("/s/KUPARI47", form)
	if sent.StatusCode != http.StatusSeeOther {
		t.Fatalf("the page: %d %s", sent.StatusCode, sent.Text)
	}
	api := k.PostJSON(responsesPath, body)
	if api.StatusCode != http.StatusCreated {
		t.Fatalf("the API: %d %s", api.StatusCode, api.Text)
	}
	for _, r := range k.Stored() {
		if r.Period != "2026-s1" || r.Day.String() != "2026-06-30" || !r.ReceivedAt.Equal(midnight.Add(5*time.Minute)) {
			t.Errorf("stored: %s on %s, received %s", r.Period, r.Day, r.ReceivedAt)
		}
	}
	// The replies got lost: the retry comes when nothing new is taken.
	at(45 * time.Minute)
	if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != sent.Header.Get("Location") {
		t.Errorf("the page again: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	if r := k.PostJSON(responsesPath, body); r.StatusCode != http.StatusOK || r.Text != api.Text {
		t.Errorf("the API again: %d %s", r.StatusCode, r.Text)
	}
	if r := k.PostForm("/s/KUPARI47", with(form, "id", idOf(midnight.Add(-11*time.Minute)))); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another one, too late: %d, want the next period's form with faults", r.StatusCode)
	}
	if n := len(k.Stored()); n != 2 {
		t.Errorf("%d stored, want 2", n)
	}
}
