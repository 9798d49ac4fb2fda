package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/ingest"
	"persepsi/internal/spool"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// How long an answer waits in the spool is told by the clock that the answer
// was received by, whatever the machine's says.
func TestTheAgeOfTheSpoolIsToldByOneClock(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if r := k.PostJSON("/api/v1/points/KUPARI47/responses", k.Response(nil)); r.StatusCode != http.StatusCreated {
		t.Fatal(r.Text)
	}
	waiting := k.Stored()[0]
	queue, err := spool.Open(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	failover, err := ingest.NewFailover(t.Context(), k.Store, queue, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{
		Queue: ingest.NewQueue(failover, ingest.QueueOptions{}), failover: failover, spool: queue,
		now: func() time.Time { return waiting.ReceivedAt.Add(90 * time.Second) },
	}
	t.Cleanup(func() {
		if err := in.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	age := func() float64 {
		t.Helper()
		for _, m := range in.metrics(k.Figures) {
			if m.Name == "persepsi_spool_age_seconds" {
				return m.Value
			}
		}
		t.Fatal("persepsi_spool_age_seconds is no metric")
		return 0
	}
	if got := age(); got != 0 {
		t.Errorf("an empty spool is %v s old", got)
	}
	if _, err := queue.Append(t.Context(), []*survey.Response{&waiting}); err != nil {
		t.Fatal(err)
	}
	if got := age(); got != 90 {
		t.Errorf("the answer waits %v s, want 90", got)
	}
	if part, _ := in.spoolHealth(t.Context()); !strings.HasSuffix(part.Detail, ", the oldest for 1m30s") {
		t.Errorf("/readyz says %q", part.Detail)
	}
}
