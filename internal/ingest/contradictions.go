package ingest

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"persepsi/survey"
)

const (
	// mostContradictions is how many drafts may differ from the answer that is
	// stored under their id; one more may after each contradictionEvery. No phone
	// sends that many.
	mostContradictions = 10
	contradictionEvery = time.Hour
	// maxContradicted bounds the memory to a few megabytes. Beyond it all are
	// forgotten: who has answers of so many ids to do that with learns ten guesses.
	maxContradicted = 20_000
)

// contradictions counts the drafts that differ from the stored answer with their
// id. Whoever came upon an id, in the address of a thank-you page, could else send
// one answer after the other until one is taken for the same sent again.
type contradictions struct {
	now func() time.Time

	mu   sync.Mutex
	byID map[uuid.UUID]*rate.Limiter
}

func newContradictions(now func() time.Time) *contradictions {
	return &contradictions{now: now, byID: map[uuid.UUID]*rate.Limiter{}}
}

// note counts one. RateLimited: there were too many.
func (c *contradictions) note(id uuid.UUID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.byID[id]
	if !ok {
		if len(c.byID) >= maxContradicted {
			clear(c.byID)
		}
		l = rate.NewLimiter(rate.Every(contradictionEvery), mostContradictions)
		c.byID[id] = l
	}
	if !l.AllowN(c.now(), 1) {
		return tooManyContradictions()
	}
	return nil
}

// check tells, as RateLimited, that there were too many of an id, so that not even
// the stored answer is confirmed.
func (c *contradictions) check(id uuid.UUID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l, ok := c.byID[id]; ok && l.TokensAt(c.now()) < 1 {
		return tooManyContradictions()
	}
	return nil
}

func tooManyContradictions() error {
	return &survey.Error{Code: survey.RateLimited, Message: "too many different answers were sent under this id", RetryAfter: contradictionEvery}
}
