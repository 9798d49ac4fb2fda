package desk

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
	"persepsi/internal/jobs"
)

// slowDays take a while to be read.
type slowDays struct {
	within Days
	takes  time.Duration
	reads  int
}

func (s *slowDays) Days(ctx context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error) {
	s.reads++
	time.Sleep(s.takes)
	return s.within.Days(ctx, of)
}

func TestReadingDaysLeavesTheProcessorToOthersMostOfTheTime(t *testing.T) {
	t.Parallel()
	w := busy(t)
	if err := w.figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		slow := &slowDays{within: w, takes: 100 * time.Millisecond}
		b := NewBuilder(w.figures.Figures, slow, nil, time.Now)
		begun := time.Now()
		// The world's clock stands still, but what is read goes by the bubble's.
		b.now = func() time.Time { return w.at.Add(time.Since(begun)) }
		if err := b.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		busy, took := time.Duration(slow.reads)*slow.takes, time.Since(begun)
		if slow.reads < 2 || took != (1+jobs.Idle)*busy {
			t.Errorf("%d reads took %s, want %s", slow.reads, took, (1+jobs.Idle)*busy)
		}
		if rest := b.idle.Sub(b.now()); rest != jobs.Idle*busy {
			t.Errorf("idle for %s after work of %s", rest, busy)
		}
	})
}
