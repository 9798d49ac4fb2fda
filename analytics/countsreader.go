package analytics

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"persepsi/survey"
)

// CountsReader reads the numbers of responses out of stored tallies of one form. It passes
// over scores, moments and respondents, which are nine tenths of a tally: who shows on
// which days answers came reads a tally of every unit and day. Not safe for concurrent use.
type CountsReader struct {
	empty *Tally            // says what a tally of the form holds
	names map[string]string // of services and points: one copy for all tallies
}

// NewCountsReader makes a reader for the tallies of a form.
func NewCountsReader(form *survey.Form) *CountsReader {
	return &CountsReader{empty: NewTotals(form), names: map[string]string{}}
}

// Read returns what Counts of the stored tally does. Its errors are those of Decode, but for
// what contradicts itself in the parts that it passes over.
func (c *CountsReader) Read(data []byte) (Counts, error) {
	r := &reader{data: data}
	id, err := r.head()
	if err != nil {
		return Counts{}, err
	}
	t := c.empty
	if id != t.form.ID {
		return Counts{}, fmt.Errorf("%s and %s: %w", t.form.ID, id, ErrOtherForm)
	}
	out := Counts{N: r.atMost(t.most)}
	r.passTotals(t)
	if r.number() == 0 { // nor after an error
		return out, r.err
	}
	out.Services, out.Points = c.named(r, out.N), c.named(r, out.N)
	for n := r.atMost(slots); n > 0 && r.err == nil; n-- {
		slot := r.atMost(slots - 1)
		if out.Hours == nil {
			out.Hours = make([]HourCount, 0, n)
		}
		out.Hours = append(out.Hours, HourCount{int(slot / 24), int(slot % 24), r.passCell(t, out.N)})
	}
	return out, r.err
}

// named reads the services or points.
func (c *CountsReader) named(r *reader, most int64) []NamedCount {
	left := r.number()
	list := make([]NamedCount, 0, min(left, int64(len(r.data))))
	for ; left > 0 && r.err == nil; left-- {
		text := r.text()
		name, ok := c.names[string(text)]
		if !ok {
			name = string(text)
			c.names[name] = name
		}
		if n := r.passCell(c.empty, most); name != "" {
			list = append(list, NamedCount{name, n})
		}
	}
	return list
}

// pass passes over numbers, each of which ends with a byte below 0x80: eight bytes at once
// where so many numbers are left that no eight bytes hold more.
func (r *reader) pass(n int64) {
	if r.err != nil {
		return
	}
	for n >= 8 && len(r.data) >= 8 {
		ends := ^binary.LittleEndian.Uint64(r.data) & 0x8080_8080_8080_8080
		n -= int64(bits.OnesCount64(ends))
		r.data = r.data[8:]
	}
	for i, b := range r.data {
		if n == 0 {
			r.data = r.data[i:]
			return
		}
		if b < 0x80 {
			n--
		}
	}
	r.data = nil
	if n > 0 {
		r.err = errTruncated
	}
}

// passTotals passes over the totals of a tally like t, from its modes on: as totals reads
// them.
func (r *reader) passTotals(t *Tally) {
	r.pass(int64(len(t.Modes)))
	var answered mask
	for q, highest := range t.scale {
		r.pass(1) // the missing ones
		for range highest {
			if r.number() > 0 {
				answered = answered.with(q)
			}
		}
	}
	r.pass(2 * r.atMost(int64(len(t.scale)))) // declined: a question and its number
	for i := range t.moments {
		m := &t.moments[i]
		all, widest := r.number(), r.number()
		r.pass(1) // spread
		items := int64(0)
		for _, p := range m.items {
			if answered.has(int(p)) {
				items++
			}
		}
		pairs := items * (items - 1) / 2
		if widest > 0 {
			r.pass(pairs)
			if m.sums != nil {
				r.pass(1) // the first
				r.pass(r.atMost(int64(len(m.sums))))
			}
		}
		if widest != all {
			r.pass(2*items + 4*pairs)
		}
	}
}

// passCell passes over a cell of a tally like t and returns how many responses it has.
func (r *reader) passCell(t *Tally, most int64) int64 {
	head, questions := r.number(), int64(len(t.scale))
	if head>>1 > most {
		r.err = errContradicting
		return 0
	}
	r.pass(questions)
	if head&1 == 1 {
		r.pass(questions)
	}
	return head >> 1
}
