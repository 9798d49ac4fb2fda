package sqlite

import (
	"fmt"
	"runtime"
	"sync"

	"zombiezen.com/go/sqlite"

	"persepsi/analytics"
	"persepsi/survey"
)

// bucket names a bucket within a period.
type bucket struct {
	day survey.Date
	of  unitForm
}

// count holds a tally for each bucket of a period that something was counted
// in.
type count struct {
	pool  *tallyPool
	names interner
	fresh map[bucket]*analytics.Tally
}

func (db *DB) newCount() *count {
	return &count{pool: &db.tallies, names: interner{}, fresh: map[bucket]*analytics.Tally{}}
}

// add counts the responses after to up to seq of a segment.
func (n *count) add(c *sqlite.Conn, s *segment, after, upTo int64, of map[int64]unitForm) error {
	byNumber := make([]*analytics.Tally, len(of)+1) // numbers have no gaps
	rows := 0
	err := s.scanTallied(c, after, upTo, n.names, func(number int64, r *survey.Response) error {
		if number <= 0 || number >= int64(len(byNumber)) {
			return fmt.Errorf("a response names unit and form %d, which is not there", number)
		}
		t := byNumber[number]
		if t == nil {
			var err error
			if t, err = n.tally(bucket{s.day, of[number]}); err != nil {
				return err
			}
			byNumber[number] = t
		}
		if rows++; rows%64 == 0 {
			runtime.Gosched() // answers come first
		}
		r.Form = t.Form().ID
		return t.Add(r)
	})
	if err != nil {
		return fmt.Errorf("count segment %s %s: %w", s.period, s.day, err)
	}
	return nil
}

func (n *count) tally(b bucket) (*analytics.Tally, error) {
	if t := n.fresh[b]; t != nil {
		return t, nil
	}
	t, err := n.pool.take(b.of.form)
	if err != nil {
		return nil, err
	}
	n.fresh[b] = t
	return t, nil
}

// release returns the tallies to the pool.
func (n *count) release() {
	for _, t := range n.fresh {
		n.pool.put(t)
	}
	clear(n.fresh)
}

// tallyPool keeps tallies to be used again: to make one costs more than to
// count some responses. Safe for concurrent use.
type tallyPool struct {
	forms analytics.Forms

	mu    sync.Mutex
	spare map[string][]*analytics.Tally // by form
}

// mostSpare bounds the memory: 10 to 60 KB each, as large as what was counted
// in them.
const mostSpare = 1 << 10

// take returns an empty tally.
func (p *tallyPool) take(form string) (*analytics.Tally, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if list := p.spare[form]; len(list) > 0 {
		t := list[len(list)-1]
		p.spare[form] = list[:len(list)-1]
		return t, nil
	}
	f, err := p.forms.FormByID(form)
	if err != nil {
		return nil, err
	}
	return analytics.NewTally(f), nil
}

// put takes back a tally that nobody uses any more.
func (p *tallyPool) put(t *analytics.Tally) {
	t.Reset()
	p.mu.Lock()
	defer p.mu.Unlock()
	if form := t.Form().ID; len(p.spare[form]) < mostSpare {
		if p.spare == nil {
			p.spare = map[string][]*analytics.Tally{}
		}
		p.spare[form] = append(p.spare[form], t)
	}
}
