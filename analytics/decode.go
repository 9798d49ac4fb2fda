package analytics

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

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

func (r *reader) string() string { return string(r.text()) }

// text reads a text that lies in what is read.
func (r *reader) text() []byte {
	n := r.number()
	if n > int64(len(r.data)) {
		r.err = errTruncated
		return nil
	}
	s := r.data[:n]
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

func (r *reader) named(c *cells, to *nameIndex, t *Tally) {
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
