package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// wrongKeys is the pace of wrong keys from one address: somebody who mistypes
// never meets it, and a script that guesses gets 8,640 tries a day at one of
// 2^256.
func wrongKeys() Pace { return Pace{Burst: 10, PerSecond: 0.1} }

// throttle counts what goes wrong, by address, and tells how long to wait.
type throttle struct {
	pace Pace
	now  func() time.Time

	mu      sync.Mutex
	buckets map[netip.Addr]*rate.Limiter
}

// maxThrottled bounds the memory to some megabytes. Beyond it, addresses that
// have waited long enough are forgotten, and if none has, all: that an attacker
// with so many addresses gets more tries is less bad than what else they can do.
const maxThrottled = 20_000

func newThrottle(p Pace, now func() time.Time) *throttle {
	return &throttle{pace: p, now: now, buckets: map[netip.Addr]*rate.Limiter{}}
}

// take counts one and returns how long the address must wait, 0 where it need
// not. What had to wait is not counted.
func (t *throttle) take(from netip.Addr) time.Duration {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	b, ok := t.buckets[from]
	if !ok {
		if len(t.buckets) >= maxThrottled {
			t.sweep(now)
		}
		b = rate.NewLimiter(rate.Limit(t.pace.PerSecond), t.pace.Burst)
		t.buckets[from] = b
	}
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

func (t *throttle) sweep(now time.Time) {
	for from, b := range t.buckets {
		if b.TokensAt(now) >= float64(t.pace.Burst) {
			delete(t.buckets, from)
		}
	}
	if len(t.buckets) >= maxThrottled {
		clear(t.buckets)
	}
}
