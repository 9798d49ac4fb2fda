package ingest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"persepsi/survey"
)

// QueueOptions bound a Queue; zero values take the defaults.
type QueueOptions struct {
	Capacity int           // responses that may wait for a commit; default 4096
	Group    int           // responses of one commit at most; default 512
	Wait     time.Duration // how long a submission waits for its commit; default 15 s
}

// Queue takes concurrent submissions and stores them in groups: one durable
// commit for all that came while the last one ran. A submission is
// acknowledged only after its group's commit; nobody waits for a slow client,
// because a response enters the queue only when it is whole.
type Queue struct {
	store   survey.Appender
	opts    QueueOptions
	tickets chan *ticket
	unused  sync.Pool // tickets that nobody waits for
	done    chan struct{}

	mu     sync.RWMutex // guards closed against sends to tickets
	closed bool

	committed atomic.Int64
	groups    atomic.Int64
}

// ticket is a response that waits for its commit, and what became of it.
type ticket struct {
	response *survey.Response
	outcome  survey.Outcome
	err      error
	ready    chan struct{} // holds one when that is known
	late     *time.Timer
}

// ticket returns one for a response, whose time runs.
func (q *Queue) ticket(r *survey.Response) *ticket {
	t, ok := q.unused.Get().(*ticket)
	if !ok {
		return &ticket{response: r, ready: make(chan struct{}, 1), late: time.NewTimer(q.opts.Wait)}
	}
	t.response = r
	t.late.Reset(q.opts.Wait)
	return t
}

// NewQueue starts a queue in front of a store; Close ends it.
func NewQueue(store survey.Appender, opts QueueOptions) *Queue {
	if opts.Capacity <= 0 {
		opts.Capacity = 4096
	}
	if opts.Group <= 0 {
		opts.Group = 512
	}
	if opts.Wait <= 0 {
		opts.Wait = 15 * time.Second
	}
	q := &Queue{store: store, opts: opts, tickets: make(chan *ticket, opts.Capacity), done: make(chan struct{})}
	go q.run()
	return q
}

// Submit stores one response and returns when it is durable. Errors: Conflict
// where the id is stored with other content; Unavailable where the queue is
// full, the queue is closing, the store can't take it, or the wait ran out
// (then the outcome is unknown, and sending the same response again is safe).
func (q *Queue) Submit(ctx context.Context, r *survey.Response) (survey.Outcome, error) {
	t := q.ticket(r)
	if err := q.enqueue(t); err != nil {
		t.late.Stop()
		return survey.Outcome{}, err
	}
	select {
	case <-t.ready:
	case <-ctx.Done():
		t.late.Stop()
		return survey.Outcome{}, &survey.Error{Code: survey.Unavailable, Message: "the request ended before the answer was stored", RetryAfter: time.Second, Cause: ctx.Err()}
	case <-t.late.C:
		return survey.Outcome{}, &survey.Error{Code: survey.Unavailable, Message: "the answer could not be stored in time", RetryAfter: 5 * time.Second}
	}
	outcome, err := t.outcome, t.err
	t.late.Stop()
	t.response = nil
	q.unused.Put(t) // not where the wait ran out: the queue still has that one
	switch {
	case err != nil:
		return survey.Outcome{}, err
	case outcome.Result == survey.Differs:
		return outcome, survey.Errorf(survey.Conflict, "another answer is stored under this id")
	}
	return outcome, nil
}

func (q *Queue) enqueue(t *ticket) error {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return &survey.Error{Code: survey.Unavailable, Message: "the server is stopping", RetryAfter: 5 * time.Second}
	}
	select {
	case q.tickets <- t:
		return nil
	default:
		return &survey.Error{Code: survey.Unavailable, Message: "too many answers are waiting to be stored", RetryAfter: 2 * time.Second}
	}
}

// run commits group after group until the queue is closed and empty.
func (q *Queue) run() {
	defer close(q.done)
	group := make([]*ticket, 0, q.opts.Group)
	batch := make([]*survey.Response, 0, q.opts.Group)
	for first := range q.tickets {
		// Whoever is ready to run hands in an answer before the group is closed.
		// Those whom the last commit released would else share it out between
		// a small group and a large one, with a commit for each.
		runtime.Gosched()
		group, batch = append(group[:0], first), append(batch[:0], first.response)
		for more := true; more && len(group) < q.opts.Group; {
			select {
			case t, ok := <-q.tickets:
				if !ok {
					more = false
					break
				}
				group, batch = append(group, t), append(batch, t.response)
			default:
				more = false
			}
		}
		q.commit(group, batch)
	}
}

// commit stores one group. The context is the queue's own: a client that went
// away must not cancel the others' commit.
func (q *Queue) commit(group []*ticket, batch []*survey.Response) {
	ctx, cancel := context.WithTimeout(context.Background(), q.opts.Wait)
	defer cancel()
	outcomes, err := q.store.Append(ctx, batch)
	stored := int64(0)
	for i, t := range group {
		t.err = err
		if err == nil {
			t.outcome = outcomes[i]
			if t.outcome.Result == survey.Stored {
				stored++
			}
		}
		t.ready <- struct{}{}
		group[i] = nil
	}
	q.committed.Add(stored)
	q.groups.Add(1)
}

// Close stops taking submissions, stores what was accepted, and returns when
// that is done or ctx ends.
func (q *Queue) Close(ctx context.Context) error {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.tickets)
	}
	q.mu.Unlock()
	select {
	case <-q.done:
		return nil
	case <-ctx.Done():
		return &survey.Error{Code: survey.Unavailable, Message: "answers were still waiting when the server stopped", Cause: ctx.Err()}
	}
}

// QueueStats are the queue's counters, for metrics.
type QueueStats struct {
	Waiting   int   // responses in the queue now
	Committed int64 // responses stored since start
	Groups    int64 // commits since start
}

// Stats returns the queue's counters.
func (q *Queue) Stats() QueueStats {
	return QueueStats{Waiting: len(q.tickets), Committed: q.committed.Load(), Groups: q.groups.Load()}
}
