package jobs

import (
	"context"
	"time"
)

// Pace bounds what a task takes of a processor: after each piece of its work it rests Idle
// times as long as that took. What a server of a large city has to read and make once, when it
// starts or a period ends, takes seconds or minutes of one, and answers come in meanwhile. One
// goroutine at a time uses it; nil rests not at all.
type Pace struct {
	// Rested is how long it rested in all.
	Rested time.Duration
}

const (
	// Idle is how many times as long as a piece of work a task rests: it takes a twentieth of one
	// processor at most. At a sixth, two such tasks took 18 % of a server that got all the answers
	// it could take after its start (docs/performance.md).
	Idle = 20
	// LongestRest is the longest time that it rests at once.
	LongestRest = 5 * time.Second
)

// Rest rests after work that took some time. Its error is that of ctx, which ended.
func (p *Pace) Rest(ctx context.Context, took time.Duration) error {
	if p == nil {
		return ctx.Err()
	}
	begun := time.Now()
	rest := time.NewTimer(min(Idle*took, LongestRest))
	defer rest.Stop()
	select {
	case <-rest.C:
		p.Rested += time.Since(begun)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
