package analytics

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"persepsi/survey"
)

// The stored form of a tally: a version byte, the length and ID of the form,
// then numbers as varints in a fixed order, totals first, so that a reader who
// needs no breakdown can stop early; last the checksum of all that. Zero cells
// are left out. docs/scale.md says what that costs.
//
// Version 1 had no checksum, version 2 no declined answers, version 3 other moments.
// They are not read any more: a stored tally that can't be read is made anew from the
// responses, and releases that hold one were removed by a migration.
const (
	encodingVersion = 4
	checksumSize    = 4
	mostStored      = 1 << 62 // the largest number
)

// castagnoli finds every flipped bit, and every run of up to 32 damaged ones;
// processors compute it faster than a tally is read.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errTruncated = errors.New("stored tally is cut short")
	// errContradicting is met behind a right checksum only: what was stored was
	// never a tally.
	errContradicting = errors.New("stored tally contradicts itself")

	errDamaged = errors.New("stored tally is damaged: its checksum is another one")
)

// Forms finds the form that a stored tally or response names.
type Forms interface {
	FormByID(id string) (*survey.Form, error)
}

// Encode returns the tally's stored form. Equal tallies have equal bytes.
func (t *Tally) Encode() []byte { return t.AppendEncode(make([]byte, 0, 2048)) }

// AppendEncode appends the tally's stored form.
func (t *Tally) AppendEncode(b []byte) []byte {
	from := len(b)
	b = t.appendCounts(append(b, encodingVersion))
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[from:], castagnoli))
}

func (t *Tally) appendCounts(b []byte) []byte {
	b = appendString(b, t.form.ID)
	b = appendNumbers(b, t.N)
	b = appendNumbers(b, t.Modes[:]...)
	b = appendCounts(b, t.hist, 0)
	b = t.appendDeclined(b)
	for i := range t.moments {
		b = t.moments[i].append(b)
	}
	if t.cells == nil {
		return append(b, 0)
	}
	c := t.cells
	b = append(b, 1)
	b = c.appendNamed(b, &c.service)
	b = c.appendNamed(b, &c.point)
	b = c.appendPlaces(b, c.slots())
	b = c.appendPlaces(b, c.modes())
	for f := range t.form.Fields {
		b = c.appendPlaces(b, c.field(f))
	}
	return b
}

// DecodeTally reads a stored tally, breakdown included.
func DecodeTally(forms Forms, data []byte) (*Tally, error) { return decode(forms, data, true) }

// DecodeTotals reads a stored tally without its breakdown: cheaper, and
// smaller in memory. The checksum covers the breakdown here too.
func DecodeTotals(forms Forms, data []byte) (*Tally, error) { return decode(forms, data, false) }

func decode(forms Forms, data []byte, breakdown bool) (*Tally, error) {
	r := &reader{data: data}
	id, err := r.head()
	if err != nil {
		return nil, err
	}
	form, err := forms.FormByID(id)
	if err != nil {
		return nil, fmt.Errorf("stored tally: %w", err)
	}
	t := NewTotals(form)
	r.totals(t)
	if !breakdown || r.number() == 0 { // nor after an error
		return t, r.err
	}
	t.cells = newCells(form)
	return t, r.cells(t.cells, t)
}

// Decode reads a stored tally of the same form into this one, whose own counts
// are forgotten; its memory is used again. After an error the tally is not to
// be used.
func (t *Tally) Decode(data []byte) error {
	r := &reader{data: data}
	id, err := r.head()
	if err != nil {
		return err
	}
	if id != t.form.ID {
		return fmt.Errorf("%s and %s: %w", t.form.ID, id, ErrOtherForm)
	}
	t.Reset()
	r.totals(t)
	if r.number() == 0 { // nor after an error
		t.cells = nil
		return r.err
	}
	return r.cells(t.cells, t)
}

// head checks the whole, then reads the version and the form's ID.
func (r *reader) head() (form string, err error) {
	if len(r.data) == 0 || r.data[0] != encodingVersion {
		return "", errors.New("stored tally is of an unknown version")
	}
	end := len(r.data) - checksumSize
	if end < 1 {
		return "", errTruncated
	}
	if crc32.Checksum(r.data[:end], castagnoli) != binary.LittleEndian.Uint32(r.data[end:]) {
		return "", errDamaged
	}
	r.data = r.data[1:end]
	form = r.string()
	return form, r.err
}

func (r *reader) totals(t *Tally) {
	t.N = r.atMost(t.most)
	for m := range t.Modes {
		t.Modes[m] = r.atMost(t.N)
	}
	r.counts(t.hist, t.N)
	r.declined(t)
	for i := range t.moments {
		r.moments(&t.moments[i], t)
	}
}

// cells reads the breakdown into an empty one.
func (r *reader) cells(c *cells, t *Tally) error {
	r.named(c, &c.service, t)
	r.named(c, &c.point, t)
	r.places(c, c.slots(), t)
	r.places(c, c.modes(), t)
	for f := range t.form.Fields {
		r.places(c, c.field(f), t)
	}
	if r.err == nil && len(r.data) > 0 {
		return fmt.Errorf("stored tally has %d bytes too many", len(r.data))
	}
	return r.err
}

func appendNumbers(b []byte, v ...int64) []byte {
	for _, n := range v {
		b = appendNumber(b, n)
	}
	return b
}

// appendCounts writes counts less a number that none is below: as appendNumber,
// but with room made once for all of them.
func appendCounts(b []byte, list []uint32, less uint32) []byte {
	at := len(b)
	b = slices.Grow(b, len(list)*binary.MaxVarintLen32)
	b = b[:cap(b)]
	for _, n := range list {
		n -= less
		for n >= 0x80 {
			b[at] = byte(n) | 0x80
			n >>= 7
			at++
		}
		b[at] = byte(n)
		at++
	}
	return b[:at]
}

func appendNumber(b []byte, n int64) []byte {
	if 0 <= n && n < 0x80 { // most are
		return append(b, byte(n))
	}
	return binary.AppendUvarint(b, uint64(n))
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func (c *cells) appendNamed(b []byte, n *named) []byte {
	b = binary.AppendUvarint(b, uint64(len(n.names)))
	for i, name := range n.names {
		b = appendCell(appendString(b, name), c.cell(n.place[i]))
	}
	return b
}

func (c *cells) appendPlaces(b []byte, places []int32) []byte {
	n := int64(0)
	for _, place := range places {
		if place > 0 {
			n++
		}
	}
	b = appendNumber(b, n)
	for i, place := range places {
		if place > 0 {
			b = appendCell(appendNumber(b, int64(i)), c.cell(place))
		}
	}
	return b
}

// appendCell writes a cell. Most cells have no missing answer: the low bit of
// the first number tells, and their list of zeros is left out. Every answer
// scores at least 1, so sums are written less the number of answers.
func appendCell(b []byte, c cell) []byte {
	n, sums := c.sums[0], c.sums[1:]
	if !c.gaps() {
		return appendCounts(appendNumber(b, int64(n)<<1), sums, n)
	}
	missing := c.missing[1:]
	b = appendCounts(appendNumber(b, int64(n)<<1|1), missing, 0)
	for q, m := range missing {
		b = appendNumber(b, int64(sums[q]+m-n))
	}
	return b
}

type reader struct {
	data []byte
	err  error
}

func (r *reader) number() int64 {
	if r.err != nil {
		return 0
	}
	if len(r.data) > 0 && r.data[0] < 0x80 {
		v := int64(r.data[0])
		r.data = r.data[1:]
		return v
	}
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > mostStored {
		r.err = errTruncated
		return 0
	}
	r.data = r.data[n:]
	return int64(v)
}

// atMost reads a number that may not be larger.
func (r *reader) atMost(most int64) int64 {
	n := r.number()
	if n > most {
		r.err = errContradicting
		return 0
	}
	return n
}

// counts reads counts none of which may be larger than most.
func (r *reader) counts(to []uint32, most int64) {
	data := r.data
	for i := range to {
		if len(data) > 0 && data[0] < 0x80 && int64(data[0]) <= most { // most are
			to[i] = uint32(data[0])
			data = data[1:]
			continue
		}
		r.data = data
		to[i] = uint32(r.atMost(most))
		data = r.data
	}
	r.data = data
}

func (r *reader) string() string {
	n := r.number()
	if n > int64(len(r.data)) {
		r.err = errTruncated
		return ""
	}
	s := string(r.data[:n])
	r.data = r.data[n:]
	return s
}

// cell reads a cell of a tally into an empty row.
func (r *reader) cell(c cell, t *Tally) {
	head := r.number()
	n := head >> 1
	if n > t.N {
		r.err = errContradicting
		return
	}
	c.sums[0] = uint32(n)
	sums, missing := c.sums[1:], c.missing[1:]
	if head&1 == 1 {
		c.missing[0] = 1
		r.counts(missing, n)
	}
	r.counts(sums, n*int64(t.highest-1))
	for q, m := range missing {
		sums[q] += uint32(n) - m
	}
}

func (r *reader) named(c *cells, to *named, t *Tally) {
	for n := r.number(); n > 0 && r.err == nil; n-- {
		name := r.string()
		if last := len(to.names) - 1; last >= 0 && name <= to.names[last] {
			r.err = errContradicting
			return
		}
		place := c.fresh()
		to.names, to.place = append(to.names, name), append(to.place, place)
		r.cell(c.cell(place), t)
	}
}

func (r *reader) places(c *cells, places []int32, t *Tally) {
	for n := r.number(); n > 0 && r.err == nil; n-- {
		i := r.number()
		if i >= int64(len(places)) || places[i] != 0 {
			r.err = errTruncated
			return
		}
		places[i] = c.fresh()
		r.cell(c.cell(places[i]), t)
	}
}
