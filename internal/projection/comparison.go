package projection

import (
	"bytes"
	"context"
	"maps"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"persepsi/analytics"
	"persepsi/survey"
)

// comparison compares the documents of a scan with its responses.
type comparison struct {
	pool *pool
	scan Scan
	// erased tells that the respondent fields of the period's answers are being removed, or
	// were; done that what tallies told of them was too.
	erased, done bool
	// unseen are what there are documents for that were not compared yet.
	unseen map[Start]bool

	mu        sync.Mutex // guards the rest while parts are counted side by side
	buckets   int
	responses int64
	differing []analytics.Key
	damaged   map[analytics.Key]bool // whose document can't be read
	// telling are documents of a period that is being erased that differ from what is
	// right only by what they tell of respondents still: nobody forged them.
	telling []analytics.Key
}

func newComparison(pool *pool, scan Scan, of *survey.Erasure) *comparison {
	c := &comparison{pool: pool, scan: scan, unseen: map[Start]bool{}, damaged: map[analytics.Key]bool{}}
	if of != nil {
		c.erased, c.done = of.Removes(), of.Done
	}
	return c
}

// sums are right tallies.
type sums map[analytics.Key]*analytics.Tally

func (s sums) release(pool *pool) {
	for _, t := range s {
		pool.put(t)
	}
}

// to returns where responses are counted.
func (s sums) to(pool *pool) Sink {
	return func(k analytics.Key) (*analytics.Tally, error) {
		if t := s[k]; t != nil {
			return t, nil
		}
		t, err := pool.take(k.Form)
		if err == nil {
			s[k] = t
		}
		return t, err
	}
}

// raise adds tallies to their rollups of a level.
func (s sums) raise(pool *pool, from sums, level analytics.Level) error {
	to := s.to(pool)
	for k, t := range from {
		for _, up := range k.Rollups() {
			if up.Level != level {
				continue
			}
			sum, err := to(up)
			if err != nil {
				return err
			}
			if err := sum.Merge(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *comparison) run(ctx context.Context) error {
	starts, err := c.scan.Starts(ctx)
	if err != nil {
		return err
	}
	for _, s := range starts {
		c.unseen[s] = true
	}
	parts, err := c.scan.Parts(ctx)
	if err != nil {
		return err
	}
	whole := sums{}
	defer func() { whole.release(c.pool) }()
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].From.Month() == parts[0].From.Month() {
			n++
		}
		if err := c.month(ctx, parts[:n], whole); err != nil {
			return err
		}
		parts = parts[n:]
	}
	if err := c.check(ctx, analytics.LevelPeriod, Part{0, 1}, whole); err != nil {
		return err
	}
	for len(c.unseen) > 0 { // documents of nothing
		for s := range c.unseen {
			if err := c.check(ctx, s.Level, Part{s.Start, s.Start + 1}, nil); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// month counts the parts of a month side by side.
func (c *comparison) month(ctx context.Context, parts []Part, whole sums) error {
	month := sums{}
	defer func() { month.release(c.pool) }()
	group, limited := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, part := range parts {
		stored, err := c.stored(limited, analytics.LevelDay, part)
		if err != nil {
			_ = group.Wait() // the first error says more
			return err
		}
		group.Go(func() error { return c.part(limited, part, stored, month) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	first := parts[0].From.Month()
	if err := c.check(ctx, analytics.LevelMonth, Part{first, first + 1}, month); err != nil {
		return err
	}
	return whole.raise(c.pool, month, analytics.LevelPeriod)
}

// part counts one part, and adds it to its month.
func (c *comparison) part(ctx context.Context, part Part, stored map[analytics.Key][]byte, month sums) error {
	right := sums{}
	defer func() { right.release(c.pool) }()
	if err := c.scan.Count(ctx, part, right.to(c.pool)); err != nil {
		return err
	}
	responses := int64(0)
	for _, t := range right {
		responses += t.N
	}
	if c.erased {
		for _, t := range right { // of answers that are whole still
			t.ForgetRespondents()
		}
	}
	c.compare(right, stored)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buckets += len(right)
	c.responses += responses
	return month.raise(c.pool, right, analytics.LevelMonth)
}

// check compares the documents of a level that begin on a day of a part.
func (c *comparison) check(ctx context.Context, level analytics.Level, part Part, right sums) error {
	stored, err := c.stored(ctx, level, part)
	if err != nil {
		return err
	}
	c.compare(right, stored)
	return nil
}

// stored reads documents, which are seen then.
func (c *comparison) stored(ctx context.Context, level analytics.Level, part Part) (map[analytics.Key][]byte, error) {
	maps.DeleteFunc(c.unseen, func(s Start, _ bool) bool {
		return s.Level == level && s.Start >= part.From && s.Start < part.Before
	})
	scope := c.scan.Scope()
	scope.Level = level
	out := map[analytics.Key][]byte{}
	var block []byte // what the tallies are cut out of
	err := c.scan.Docs(ctx, Selection{TallyFilter: scope, From: part.From, Before: part.Before}, func(k analytics.Key, d Doc) error {
		size := len(d.Tally)
		if len(block) < size {
			block = make([]byte, max(size, 256<<10))
		}
		out[k] = append(block[:0:size], d.Tally...)
		block = block[size:]
		return nil
	})
	return out, err
}

// compare notes what differs.
func (c *comparison) compare(right sums, stored map[analytics.Key][]byte) {
	var buf []byte
	for k, t := range right {
		buf = t.AppendEncode(buf[:0])
		if old, ok := stored[k]; !ok || !bytes.Equal(buf, old) {
			c.differ(k, old, buf)
		}
	}
	for k, old := range stored {
		if right[k] == nil {
			c.differ(k, old, nil)
		}
	}
}

func (c *comparison) differ(k analytics.Key, old, right []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	readable := false
	if old != nil {
		t, err := analytics.DecodeTally(c.pool.forms, old)
		readable = err == nil
		if readable && c.erased && !c.done && t.TellsRespondents() {
			if t.ForgetRespondents(); bytes.Equal(t.Encode(), right) {
				c.telling = append(c.telling, k)
				return
			}
		}
	}
	c.differing = append(c.differing, k)
	c.damaged[k] = old != nil && !readable
}
