package ingest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"persepsi/survey"
)

// IntakeOptions bound an Intake; zero values take the defaults.
type IntakeOptions struct {
	Queue int           // responses that may wait for a commit; default 4096
	Group int           // responses of one commit at most; default 512
	Wait  time.Duration // how long a submission waits for its commit; default 15 s
}

// Intake takes concurrent submissions and stores them in groups: one durable
// commit for all that came while the last one ran. A submission is
// acknowledged only after its group's commit; nobody waits for a slow client,
// because a response enters the queue only when it is whole.
type Intake struct {
	store survey.Appender
	opts  IntakeOptions
	queue chan *ticket
	done  chan struct{}

	mu     sync.RWMutex // guards closed against sends to queue
	closed bool

	committed atomic.Int64
	groups    atomic.Int64
}

type ticket struct {
	response *survey.Response
	outcome  survey.Outcome
	err      error
	ready    chan struct{}
}

// NewIntake starts an intake onto a store; Close ends it.
func NewIntake(store survey.Appender, opts IntakeOptions) *Intake {
	if opts.Queue <= 0 {
		opts.Queue = 4096
	}
	if opts.Group <= 0 {
		opts.Group = 512
	}
	if opts.Wait <= 0 {
		opts.Wait = 15 * time.Second
	}
	in := &Intake{store: store, opts: opts, queue: make(chan *ticket, opts.Queue), done: make(chan struct{})}
	go in.run()
	return in
}

// Submit stores one response and returns when it is durable. Errors: Conflict
// where the id is stored with other content; Unavailable where the queue is
// full, the intake is closing, the store can't take it, or the wait ran out
// (then the outcome is unknown, and sending the same response again is safe).
func (in *Intake) Submit(ctx context.Context, r *survey.Response) (survey.Outcome, error) {
	t := &ticket{response: r, ready: make(chan struct{})}
	if err := in.enqueue(t); err != nil {
		return survey.Outcome{}, err
	}
	timer := time.NewTimer(in.opts.Wait)
	defer timer.Stop()
	select {
	case <-t.ready:
	case <-ctx.Done():
		return survey.Outcome{}, &survey.Error{Code: survey.Unavailable, Message: "the request ended before the answer was stored", RetryAfter: time.Second, Cause: ctx.Err()}
	case <-timer.C:
		return survey.Outcome{}, &survey.Error{Code: survey.Unavailable, Message: "the answer could not be stored in time", RetryAfter: 5 * time.Second}
	}
	if t.err != nil {
		return survey.Outcome{}, t.err
	}
	if t.outcome.Result == survey.Differs {
		return t.outcome, survey.Errorf(survey.Conflict, "another answer is stored under this id")
	}
	return t.outcome, nil
}

func (in *Intake) enqueue(t *ticket) error {
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.closed {
		return &survey.Error{Code: survey.Unavailable, Message: "the server is stopping", RetryAfter: 5 * time.Second}
	}
	select {
	case in.queue <- t:
		return nil
	default:
		return &survey.Error{Code: survey.Unavailable, Message: "too many answers are waiting to be stored", RetryAfter: 2 * time.Second}
	}
}

// run commits group after group until the queue is closed and empty.
func (in *Intake) run() {
	defer close(in.done)
	group := make([]*ticket, 0, in.opts.Group)
	batch := make([]*survey.Response, 0, in.opts.Group)
	for first := range in.queue {
		group, batch = append(group[:0], first), append(batch[:0], first.response)
		for more := true; more && len(group) < in.opts.Group; {
			select {
			case t, ok := <-in.queue:
				if !ok {
					more = false
					break
				}
				group, batch = append(group, t), append(batch, t.response)
			default:
				more = false
			}
		}
		in.commit(group, batch)
	}
}

// commit stores one group. The context is the intake's own: a client that went
// away must not cancel the others' commit.
func (in *Intake) commit(group []*ticket, batch []*survey.Response) {
	ctx, cancel := context.WithTimeout(context.Background(), in.opts.Wait)
	defer cancel()
	outcomes, err := in.store.Append(ctx, batch)
	stored := int64(0)
	for i, t := range group {
		if err != nil {
			t.err = err
		} else {
			t.outcome = outcomes[i]
			if t.outcome.Result == survey.Stored {
				stored++
			}
		}
		close(t.ready)
		group[i] = nil
	}
	in.committed.Add(stored)
	in.groups.Add(1)
}

// Close stops taking submissions, stores what was accepted, and returns when
// that is done or ctx ends.
func (in *Intake) Close(ctx context.Context) error {
	in.mu.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.mu.Unlock()
	select {
	case <-in.done:
		return nil
	case <-ctx.Done():
		return &survey.Error{Code: survey.Unavailable, Message: "answers were still waiting when the server stopped", Cause: ctx.Err()}
	}
}

// IntakeStats are the intake's counters, for metrics.
type IntakeStats struct {
	Waiting   int   // responses in the queue now
	Committed int64 // responses stored since start
	Groups    int64 // commits since start
}

// Stats returns the intake's counters.
func (in *Intake) Stats() IntakeStats {
	return IntakeStats{Waiting: len(in.queue), Committed: in.committed.Load(), Groups: in.groups.Load()}
}
