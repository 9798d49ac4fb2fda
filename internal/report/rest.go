package report

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// idleFor is how many times as long as it worked the background rests: snapshots take at
	// most a sixth of one processor, however many answers come in.
	idleFor = 5
	// piece is the least work after which it rests: those who send answers wait for a turn no
	// longer than that, not until a whole city is made.
	piece = time.Millisecond
	// longestRest bounds one rest, since a machine that stood still took long for nothing; what
	// is left of it is rested when all is made. Each restStep it looks whether somebody waits.
	longestRest = 250 * time.Millisecond
	restStep    = 20 * time.Millisecond
)

// rest lets who makes snapshots rest between two units, unless somebody waits for them; nil
// rests not at all.
type rest struct {
	ctx     context.Context //nolint:containedctx // of the one refresh
	now     func() time.Time
	waiting *atomic.Int64
	since   time.Time     // when it rested last
	rested  time.Duration // in all
}

// from begins at a time.
func (r *rest) from(begun time.Time) *rest {
	if r != nil {
		r.since = begun
	}
	return r
}

func (r *rest) inAll() time.Duration {
	if r == nil {
		return 0
	}
	return r.rested
}

// take rests where there was work enough since the last time.
func (r *rest) take() {
	if r == nil || r.waiting.Load() > 0 {
		return
	}
	begun := r.now()
	took := begun.Sub(r.since)
	if took < piece {
		return
	}
	wait := time.NewTimer(0)
	defer wait.Stop()
	// Where the refresh is given up, what is begun is published all the same.
	for left := min(idleFor*took, longestRest); left > 0 && r.waiting.Load() == 0 && r.ctx.Err() == nil; left -= restStep {
		wait.Reset(min(left, restStep))
		select {
		case <-wait.C:
		case <-r.ctx.Done():
		}
	}
	r.since = r.now()
	r.rested += r.since.Sub(begun)
}
