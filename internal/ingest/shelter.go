package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Spool is a durable local queue of responses, for when the store is away. It
// follows the same rules as an Appender, against what it holds itself.
type Spool interface {
	survey.Appender
	// Find returns those of the responses with these ids that the spool holds.
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
	// Peek returns the oldest responses, n at most.
	Peek(ctx context.Context, n int) ([]*survey.Response, error)
	// Remove forgets responses that the store has.
	Remove(ctx context.Context, ids []uuid.UUID) error
	// SetAside keeps a response out of the queue, with the reason, for a
	// person to look at. It is never deleted.
	SetAside(ctx context.Context, r *survey.Response, reason string) error
	// Stats tells what the spool holds.
	Stats(ctx context.Context) (SpoolStats, error)
}

// SpoolStats tells what a spool holds.
type SpoolStats struct {
	Waiting  int64     // responses that wait for the store
	Bytes    int64     // what they take on disk
	Limit    int64     // what they may take
	Oldest   time.Time // when the oldest of them was received; zero for none
	SetAside int64     // responses that a person must look at and has not resolved
}

// Full reports whether the spool is so full that it may refuse a response.
func (s SpoolStats) Full() bool { return s.Bytes+fullMargin > s.Limit }

// fullMargin is more than the longest response takes.
const fullMargin = 16 << 10

// Shelter is an Appender that outlives its store: while the store is away or
// too slow, responses go durably into the spool and are acknowledged; Sweep
// drains the spool into the store, each response exactly once.
type Shelter struct {
	store   survey.Appender
	spool   Spool
	patient time.Duration

	away    atomic.Bool  // the store failed last; Sweep finds out when it is back
	waiting atomic.Int64 // responses in the spool, a lower bound while appending
	told    bool         // Sweep said that the store is away
}

// NewShelter puts a spool before a store. patient is how long a batch may take
// in the store before it is spooled instead.
func NewShelter(ctx context.Context, store survey.Appender, spool Spool, patient time.Duration) (*Shelter, error) {
	stats, err := spool.Stats(ctx)
	if err != nil {
		return nil, err
	}
	s := &Shelter{store: store, spool: spool, patient: patient}
	s.waiting.Store(stats.Waiting)
	return s, nil
}

// BeginAway tells a new shelter that the store is known to be away.
func (s *Shelter) BeginAway() { s.away.Store(true) }

// Away reports whether responses go to the spool at the moment.
func (s *Shelter) Away() bool { return s.away.Load() }

// Append stores a batch in the store or, where that is away, in the spool.
func (s *Shelter) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	if s.away.Load() {
		return s.shelter(ctx, batch)
	}
	if s.waiting.Load() > 0 {
		return s.besides(ctx, batch)
	}
	return s.direct(ctx, batch)
}

func (s *Shelter) direct(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	limited, cancel := context.WithTimeout(ctx, s.patient)
	defer cancel()
	outcomes, err := s.store.Append(limited, batch)
	if err == nil {
		return outcomes, nil
	}
	// Whether the batch was stored is unknown: the ids make that no matter.
	// What the store refuses for another reason than being away is sheltered
	// too: it is no fault of those who sent it.
	if away(err) {
		s.away.Store(true)
	}
	return s.shelter(ctx, batch)
}

func (s *Shelter) shelter(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	outcomes, err := s.spool.Append(ctx, batch)
	for _, o := range outcomes {
		if o.Result == survey.Stored {
			s.waiting.Add(1)
		}
	}
	return outcomes, err
}

// besides stores a batch while the spool is being drained: what the spool
// holds already is answered from there, so that an id has one content.
func (s *Shelter) besides(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	ids := make([]uuid.UUID, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	held, err := s.spool.Find(ctx, ids)
	if err != nil || len(held) == 0 {
		// A broken spool is no reason to refuse what the store can take: at
		// worst a response is set aside later, where an id has two contents.
		return s.direct(ctx, batch)
	}
	byID := make(map[uuid.UUID]*survey.Response, len(held))
	for _, r := range held {
		byID[r.ID] = r
	}
	outcomes := make([]survey.Outcome, len(batch))
	var rest []*survey.Response
	var places []int
	for i, r := range batch {
		old, ok := byID[r.ID]
		switch {
		case !ok:
			rest, places = append(rest, r), append(places, i)
		case old.Same(r):
			outcomes[i] = survey.Outcome{Result: survey.Duplicate, ReceivedAt: old.ReceivedAt}
		default:
			outcomes[i] = survey.Outcome{Result: survey.Differs, ReceivedAt: old.ReceivedAt}
		}
	}
	if len(rest) == 0 {
		return outcomes, nil
	}
	others, err := s.direct(ctx, rest)
	if err != nil {
		return nil, err
	}
	for i, o := range others {
		outcomes[places[i]] = o
	}
	return outcomes, nil
}

// drainBatch is the number of responses that are drained at once.
const drainBatch = 500

// Drain moves what the spool holds into the store, batch by batch, until it is
// empty or the store fails. A response leaves the spool only when the store
// has it; being interrupted anywhere costs nothing but repeating a batch.
func (s *Shelter) Drain(ctx context.Context) (moved int, err error) {
	for {
		batch, err := s.spool.Peek(ctx, drainBatch)
		if err != nil {
			s.away.Store(false) // the next answer finds out whether the store is
			return moved, err
		}
		if len(batch) == 0 {
			s.away.Store(false)
			return moved, nil
		}
		outcomes, err := s.store.Append(ctx, batch)
		if err != nil && !away(err) && ctx.Err() == nil {
			// One of them may be what the store never takes: it must not
			// stand in the way of the others.
			n, err := s.drainSingly(ctx, batch)
			moved += n
			if err != nil {
				return moved, err
			}
			continue
		}
		if err != nil {
			if ctx.Err() == nil {
				s.away.Store(true)
			}
			return moved, err
		}
		s.away.Store(false)
		done := make([]uuid.UUID, 0, len(batch))
		for i, o := range outcomes {
			if o.Result != survey.Differs {
				done = append(done, batch[i].ID)
				continue
			}
			if err := s.spool.SetAside(ctx, batch[i], differing); err != nil {
				return moved, err
			}
			s.waiting.Add(-1)
		}
		if err := s.spool.Remove(ctx, done); err != nil {
			return moved, err
		}
		s.waiting.Add(int64(-len(done)))
		moved += len(done)
	}
}

// drainSingly moves responses one by one and sets aside those that the store
// refuses for another reason than being away.
func (s *Shelter) drainSingly(ctx context.Context, batch []*survey.Response) (moved int, err error) {
	for _, r := range batch {
		outcomes, err := s.store.Append(ctx, []*survey.Response{r})
		switch {
		case err != nil && (away(err) || ctx.Err() != nil):
			return moved, err
		case err != nil:
			err = s.spool.SetAside(ctx, r, "the store refuses it: "+err.Error())
		case outcomes[0].Result == survey.Differs:
			err = s.spool.SetAside(ctx, r, differing)
		default:
			err = s.spool.Remove(ctx, []uuid.UUID{r.ID})
			moved++
		}
		if err != nil {
			return moved, err
		}
		s.waiting.Add(-1)
	}
	return moved, nil
}

// away reports whether an error of the store may pass by itself.
func away(err error) bool {
	return survey.CodeOf(err) == survey.Unavailable || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// differing is why a response is set aside that the store contradicts.
const differing = "the store holds another answer under this id"

// Sweep drains the spool if it holds something, and says once when the store
// goes away and when the spool is drained. A store that is away is no error.
func (s *Shelter) Sweep(ctx context.Context, log *slog.Logger) error {
	if s.away.Load() && !s.told {
		log.Warn("the store is away; answers go to the local spool")
		s.told = true
	}
	if !s.away.Load() && s.waiting.Load() == 0 {
		return nil
	}
	moved, err := s.Drain(ctx)
	switch {
	case err == nil && (s.told || moved > 0):
		log.Info("the spool is drained", "responses", moved)
		s.told = false
	case err != nil && !away(err):
		return fmt.Errorf("drain the spool: %w", err)
	}
	return nil
}
