package projection

import (
	"sync"

	"persepsi/analytics"
)

// pool keeps tallies to be used again: to make one costs more than to count
// some responses. Safe for concurrent use.
type pool struct {
	forms analytics.Forms

	mu    sync.Mutex
	spare map[string][]*analytics.Tally // by form
}

// mostSpare bounds the memory: 10 to 60 KB each, as large as what was counted
// in them.
const mostSpare = 1 << 10

// take returns an empty tally.
func (p *pool) take(form string) (*analytics.Tally, error) {
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

// put takes back a tally that nobody uses any more; nil is none.
func (p *pool) put(t *analytics.Tally) {
	if t == nil {
		return
	}
	t.Reset()
	p.mu.Lock()
	defer p.mu.Unlock()
	if form := t.Form().ID; len(p.spare[form]) < mostSpare {
		p.spare[form] = append(p.spare[form], t)
	}
}
