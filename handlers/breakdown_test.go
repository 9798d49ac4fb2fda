package handlers_test

import (
	"context"
	"net/http"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/internal/testkit"
)

// busy is a store that lets nobody read its tallies.
type busy struct{ report.BoardStore }

func (busy) Saved(ctx context.Context, _ analytics.Key) (*analytics.Tally, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestWhoAsksForABreakdownDoesNotWaitForAStoreThatIsSilent(t *testing.T) {
	t.Parallel()
	first := testkit.New(t, testkit.City)
	k := first.With(func(d *testkit.Deps) { d.Figures = first.Builder(busy{first.Store}) })
	k.Refresh()
	r := k.GetAs(k.Key(access.Evaluator, ""), "/api/v1/results/breakdown?period=2026-s1&unit=pkm&by=sex")
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q, want 503 and when to try again:\n%s", r.StatusCode, r.Header.Get("Retry-After"), r.Text)
	}
}
