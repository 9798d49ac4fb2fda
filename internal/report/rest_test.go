package report

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A machine that stood still for half a minute is not followed by minutes without new
// figures, and whoever begins to wait while snapshots are made is not waited for.
func TestARestIsShortAndEndsWhereSomebodyBeginsToWait(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ worked, waiter, most time.Duration }{
		"a piece":               {4 * time.Millisecond, 0, idleFor * 4 * time.Millisecond},
		"a machine stood still": {30 * time.Second, 0, longestRest},
		"somebody begins":       {30 * time.Second, 50 * time.Millisecond, 50*time.Millisecond + restStep},
	} {
		synctest.Test(t, func(t *testing.T) {
			var waiting atomic.Int64
			r := (&rest{ctx: t.Context(), now: time.Now, waiting: &waiting}).from(time.Now())
			time.Sleep(tt.worked)
			if tt.waiter > 0 {
				time.AfterFunc(tt.waiter, func() { waiting.Add(1) })
			}
			begun := time.Now()
			r.take()
			took := time.Since(begun)
			if took == 0 || took > tt.most || tt.waiter == 0 && took != tt.most {
				t.Errorf("%s: it rested %s, want %s", name, took, tt.most)
			}
			if r.inAll() != took {
				t.Errorf("%s: it tells of a rest of %s, which took %s", name, r.inAll(), took)
			}
		})
	}
}
