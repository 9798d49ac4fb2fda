package main_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
)

// history is what clients saw of every id: each call with what came of it, in
// the order of time. check holds it against what a register would have done that
// is empty at first and then keeps its content: a linearizability check, by the
// moments of calls and replies alone.
type history struct {
	spool bool // answers may go to a spool while the store is away

	began   time.Time
	mu      sync.Mutex
	calls   map[uuid.UUID][]porcupine.Operation
	touched map[uuid.UUID]bool // since the last check
}

func newHistory() *history {
	return &history{began: time.Now(), calls: map[uuid.UUID][]porcupine.Operation{}, touched: map[uuid.UUID]bool{}}
}

// content is what one of the answers sent under an id holds: 1, or 2 for the
// other one. none is that of an id that nothing is stored under.
type content int8

const none content = 0

// What came of a call: a status, or one of these.
const (
	unknown = 0  // no reply, or a fault of the server: it may have been done or not, or be done yet
	reading = -1 // no call but a look at the store, while no call runs
)

// call is the input of an operation: what was sent and which reply came. A reply
// is part of it because a lost one has no output.
type call struct {
	of    content
	reply int
}

func (h *history) now() int64 { return int64(time.Since(h.began)) }

// note adds a call that began at a moment and has ended.
func (h *history) note(id uuid.UUID, began int64, c call) {
	ended := h.now()
	if c.reply == unknown {
		ended = math.MaxInt64
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls[id] = append(h.calls[id], porcupine.Operation{Input: c, Call: began, Return: ended})
	h.touched[id] = true
}

// check looks into the store by stored, and holds every id that was sent since
// the last check against the register. It must not run beside calls.
func (h *history) check(t *testing.T, stored func(uuid.UUID) content) {
	t.Helper()
	model := h.model()
	bad := 0
	for id := range h.touched {
		h.note(id, h.now(), call{stored(id), reading})
		if bad < 10 && !porcupine.CheckOperations(model, h.calls[id]) {
			bad++
			t.Errorf("no order of these calls explains what %s was answered: %+v", id, h.calls[id])
		}
	}
	clear(h.touched)
}

// summary counts what was checked, by what came of it.
func (h *history) summary() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := map[int]int{}
	for _, calls := range h.calls {
		for i := range calls {
			n[calls[i].Input.(call).reply]++ //nolint:forcetypeassert // of this type by construction
		}
	}
	return fmt.Sprintf("history of %d ids: 201 %d, 200 %d, 409 %d, unanswered %d", len(h.calls), n[201], n[200], n[409], n[unknown])
}

// register is what is stored under an id, and what waits in a spool for the
// store.
type register struct{ stored, spooled content }

func (h *history) model() porcupine.Model {
	step := register.called
	if h.spool {
		step = register.calledBesideSpool
	}
	m := porcupine.NondeterministicModel{
		Init: func() []any { return []any{register{}} },
		Step: func(state, input, _ any) (out []any) {
			for _, s := range step(state.(register), input.(call)) { //nolint:forcetypeassert // of these types by construction
				out = append(out, s)
			}
			return out
		},
	}
	return m.ToModel()
}

// called returns what the register can be after a call; nothing where no
// register gives this reply.
func (r register) called(c call) []register {
	right := false
	switch c.reply {
	case 201:
		right = r.stored == none
	case 200, reading:
		right = r.stored == c.of
	case 409:
		right = r.stored != none && r.stored != c.of
	case unknown:
		right = true
	}
	if !right {
		return nil
	}
	if r.stored == none {
		r.stored = c.of
	}
	return []register{r}
}

// calledBesideSpool is called where the store may be away at any moment: then
// the spool takes an answer without knowing what the store has under its id.
// Later it goes to the store, which keeps what it has: that is the one thing
// that docs/durability.md leaves to a person.
func (r register) calledBesideSpool(c call) (out []register) {
	drained := register{stored: r.stored}
	if r.stored == none {
		drained.stored = r.spooled
	}
	for _, at := range []register{r, drained} {
		inStore, inSpool := at.called(c), register{stored: at.spooled}.called(c)
		if c.reply == reading {
			if at.spooled == none {
				out = append(out, inStore...)
			}
			continue
		}
		for _, s := range inStore {
			out = append(out, register{s.stored, at.spooled})
		}
		for _, s := range inSpool {
			out = append(out, register{at.stored, s.stored})
			if c.reply == 201 || c.reply == unknown { // the store took it as well, and its reply was lost
				out = append(out, register{at.called(call{c.of, unknown})[0].stored, s.stored})
			}
		}
		if c.reply == unknown {
			out = append(out, at)
		}
	}
	return slices.Compact(out)
}

func TestTheHistoryOfAnIDTellsWhatNoStoreMayDo(t *testing.T) {
	t.Parallel()
	// op is a call from one moment to another.
	op := func(from, to int64, of content, reply int) porcupine.Operation {
		if reply == unknown {
			to = math.MaxInt64
		}
		return porcupine.Operation{Input: call{of, reply}, Call: from, Return: to}
	}
	for name, tc := range map[string]struct {
		calls         []porcupine.Operation
		alone, beside bool // right for a store, and for one beside a spool
	}{
		"stored, then the same, then another":           {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 1, 200), op(4, 5, 2, 409), op(6, 7, 1, reading)}, true, true},
		"twins at once, one stored":                     {[]porcupine.Operation{op(0, 9, 1, 200), op(1, 8, 1, 201), op(10, 11, 1, reading)}, true, true},
		"others at once, one stored":                    {[]porcupine.Operation{op(0, 9, 1, 409), op(1, 8, 2, 201), op(10, 11, 2, reading)}, true, true},
		"unanswered, and it was stored":                 {[]porcupine.Operation{op(0, 1, 1, unknown), op(2, 3, 1, 200), op(4, 5, 1, reading)}, true, true},
		"unanswered, and it was not":                    {[]porcupine.Operation{op(0, 1, 1, unknown), op(2, 3, none, reading), op(4, 5, 1, 201)}, true, true},
		"unanswered, and another came first":            {[]porcupine.Operation{op(0, 1, 1, unknown), op(2, 3, 2, 201), op(4, 5, 1, 409)}, true, true},
		"an acknowledged answer is lost, then stored":   {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, none, reading), op(4, 5, 1, 201)}, false, false},
		"an acknowledged answer is gone":                {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, none, reading)}, false, false},
		"stored again":                                  {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 1, 201)}, false, true},
		"another content is acknowledged":               {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 2, 201), op(4, 5, 1, reading)}, false, true},
		"another content takes the place":               {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 1, reading), op(4, 5, 2, 201), op(6, 7, 2, reading)}, false, false},
		"a conflict without another content":            {[]porcupine.Operation{op(0, 1, 1, 409)}, false, false},
		"a conflict with itself":                        {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 1, 409)}, false, false},
		"a conflict with what came later":               {[]porcupine.Operation{op(0, 1, 1, 409), op(2, 3, 2, 201)}, false, false},
		"known before it was stored":                    {[]porcupine.Operation{op(0, 1, 1, 200), op(2, 3, 1, 201)}, false, false},
		"known, and never stored":                       {[]porcupine.Operation{op(0, 1, 1, 200), op(2, 3, none, reading)}, false, false},
		"known under other content":                     {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 2, 200), op(4, 5, 1, reading)}, false, false},
		"both contents are the stored one":              {[]porcupine.Operation{op(0, 1, 1, unknown), op(2, 3, 2, unknown), op(4, 5, 1, 200), op(6, 7, 2, 200), op(8, 9, 1, 200), op(10, 11, 1, reading)}, false, true},
		"what is stored was never sent":                 {[]porcupine.Operation{op(0, 1, 1, 201), op(2, 3, 2, reading)}, false, false},
		"a lost reply and its retry, both as the first": {[]porcupine.Operation{op(0, 1, 1, unknown), op(2, 3, 1, 201), op(4, 5, 1, 201)}, false, true},
	} {
		for spool, want := range map[bool]bool{false: tc.alone, true: tc.beside} {
			h := &history{spool: spool}
			if got := porcupine.CheckOperations(h.model(), tc.calls); got != want {
				t.Errorf("%s, spool %t: explained %t, want %t", name, spool, got, want)
			}
		}
	}
}
