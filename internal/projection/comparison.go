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
	// erased tells that the respondent fields of the period's answers were removed.
	erased bool
	seal   *seal
	// unseen are what there are documents for that were not compared yet.
	unseen map[Start]bool

	mu        sync.Mutex // guards the rest while parts are counted side by side
	buckets   int
	responses int64
	differing []analytics.Key
	damaged   map[analytics.Key]bool // those of them whose document can't be read
	lost      map[analytics.Key]bool // those whose cells by respondent field are gone
	// doubtful are days of an erased period that contradict their answers, untouched
	// they and what is above them: of these nobody knows what is right.
	doubtful  []analytics.Key
	untouched map[analytics.Key]bool
	compared  map[analytics.Key]bool // sealed days
}

func newComparison(pool *pool, scan Scan, erased bool, of *seal) *comparison {
	return &comparison{
		pool: pool, scan: scan, erased: erased, seal: of, unseen: map[Start]bool{}, compared: map[analytics.Key]bool{},
		damaged: map[analytics.Key]bool{}, lost: map[analytics.Key]bool{}, untouched: map[analytics.Key]bool{},
	}
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
	c.gone(func(survey.Date) bool { return true })
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
	c.gone(func(day survey.Date) bool { return day.Month() == first })
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
		c.carry(right, stored)
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
	if c.erased && level == analytics.LevelDay {
		c.carry(right, stored)
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

// carry completes the right tallies of an erased period's days by their stored cells.
func (c *comparison) carry(right sums, stored map[analytics.Key][]byte) {
	for k, doc := range stored {
		sum, err := c.pool.checksum(k.Form, doc)
		switch {
		case err != nil: // it is lost, or of nothing
		case right[k] == nil && sum != "", c.sealed(k) && sum != c.seal.cells[k]:
			c.doubt(k)
		}
	}
	for k, t := range right {
		switch c.pool.carry(t, stored[k]) {
		case lost:
			t.ForgetRespondents()
			c.lose(k)
		case contradicted:
			c.doubt(k)
		}
	}
}

// sealed reports whether there is a seal, which a day was compared with then.
func (c *comparison) sealed(k analytics.Key) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.compared[k] = true
	return c.seal != nil
}

// gone doubts what is sealed of some days that have no answers, before what is above them
// is compared: there may be no tally either.
func (c *comparison) gone(of func(survey.Date) bool) {
	if c.seal == nil {
		return
	}
	scope := c.scan.Scope()
	for k := range c.seal.cells {
		if (scope.Unit == "" || scope.Unit == k.Unit) && of(k.Start) && !c.compared[k] && !c.lost[k] {
			c.doubt(k)
		}
	}
}

// lose notes a day whose cells by respondent field are gone. What is above it has them
// still.
func (c *comparison) lose(k analytics.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seal == nil {
		c.lost[k] = true
		return
	}
	if c.seal.cells[k] == "" {
		return
	}
	c.lost[k] = true
	for _, up := range k.Rollups() {
		c.untouched[up] = true
	}
}

// doubt leaves a day and what is above it as they are.
func (c *comparison) doubt(k analytics.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.untouched[k] {
		return
	}
	c.doubtful = append(c.doubtful, k)
	for _, of := range append(k.Rollups(), k) {
		c.untouched[of] = true
	}
}

// compare notes what differs.
func (c *comparison) compare(right sums, stored map[analytics.Key][]byte) {
	var buf []byte
	for k, t := range right {
		buf = t.AppendEncode(buf[:0])
		if old, ok := stored[k]; !ok || !bytes.Equal(buf, old) {
			c.differ(k, old)
		}
	}
	for k, old := range stored {
		if right[k] == nil {
			c.differ(k, old)
		}
	}
}

func (c *comparison) differ(k analytics.Key, old []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	readable := false
	if old != nil {
		_, err := analytics.DecodeTotals(c.pool.forms, old)
		readable = err == nil
	}
	if c.untouched[k] && readable {
		return
	}
	c.differing = append(c.differing, k)
	c.damaged[k] = old != nil && !readable
}
