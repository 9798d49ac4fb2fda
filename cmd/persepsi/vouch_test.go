package main_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
)

// TestTheThankYouPageVouchesForWhatWaitsInTheSpool sends an answer while
// MongoDB is away, and looks again when it is back.
func TestTheThankYouPageVouchesForWhatWaitsInTheSpool(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	w := newWire(t, uri)
	runOK(t, "apply", city(t, crashCity(1)), "--mongodb", uri)
	v := start(t, "--mongodb", w.uri, "--data", t.TempDir())
	book := newLedger()
	a, id := book.fresh(t, 1, 0)
	w.enable(false)
	if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("an answer while MongoDB is away: %v %v", resp, err)
	}
	address := func(id uuid.UUID) string {
		return "/s/" + a.point + "/terima-kasih?r=" + a.receipt + "&id=" + id.String()
	}
	vouched := func() {
		t.Helper()
		if status, text := v.get(address(id)); status != http.StatusOK || !strings.Contains(text, `<p class="code">`+a.receipt) {
			t.Errorf("the thank-you page: %d %s", status, text)
		}
	}
	vouched()
	if status, text := v.get(address(uuid.New())); status != http.StatusServiceUnavailable || strings.Contains(text, `class="code"`) {
		t.Errorf("of another answer, while nobody can tell: %d %s", status, text)
	}
	w.enable(true)
	v.drained()
	vouched()
	if status, text := v.get(address(uuid.New())); status != http.StatusOK || strings.Contains(text, `class="code"`) {
		t.Errorf("of another answer: %d %s", status, text)
	}
}
