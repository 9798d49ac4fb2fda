package analytics

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"persepsi/survey"
)

// The stored form of a tally: a version byte, the length and ID of the form,
// then numbers as varints in a fixed order, totals first, so that a reader who
// needs no breakdown can stop early; last the checksum of all that. Zero cells
// are left out. docs/scale.md says what that costs.
//
// Version 1 had no checksum. It is not read any more: a stored tally that can't
// be read is made anew from the responses.
const (
	encodingVersion = 2
	checksumSize    = 4
)

// castagnoli finds every flipped bit, and every run of up to 32 damaged ones;
// processors compute it faster than a tally is read.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errTruncated = errors.New("stored tally is cut short")
	errDamaged   = errors.New("stored tally is damaged: its checksum is another one")
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
	for _, h := range t.hist {
		b = appendNumbers(b, h...)
	}
	for i := range t.moments {
		m := &t.moments[i]
		b = appendNumbers(b, m.n, m.y, m.yy, m.full, m.t, m.tt)
		b = appendNumbers(b, m.x...)
		b = appendNumbers(b, m.xx...)
		b = appendNumbers(b, m.xt...)
	}
	if t.cells == nil {
		return append(b, 0)
	}
	b = append(b, 1)
	b = appendNamed(b, t.cells.service)
	b = appendNamed(b, t.cells.point)
	b = appendList(b, t.cells.slot)
	b = appendList(b, t.cells.mode)
	for _, f := range t.cells.field {
		b = appendList(b, f)
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
	t := newTotals(form)
	r.totals(t)
	if !breakdown || r.err != nil || r.number() == 0 {
		return t, r.err
	}
	t.cells = newCells(form)
	return t, r.cells(t.cells)
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
	if r.err != nil || r.number() == 0 {
		t.cells = nil
		return r.err
	}
	if t.cells == nil {
		t.cells = newCells(t.form)
	}
	return r.cells(t.cells)
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
	t.N = r.number()
	r.numbers(t.Modes[:])
	for _, h := range t.hist {
		r.numbers(h)
	}
	for i := range t.moments {
		m := &t.moments[i]
		for _, p := range []*int64{&m.n, &m.y, &m.yy, &m.full, &m.t, &m.tt} {
			*p = r.number()
		}
		r.numbers(m.x)
		r.numbers(m.xx)
		r.numbers(m.xt)
	}
}

// cells reads the breakdown into an empty one.
func (r *reader) cells(c *cells) error {
	r.named(c, c.service)
	r.named(c, c.point)
	r.list(c, c.slot)
	r.list(c, c.mode)
	for _, f := range c.field {
		r.list(c, f)
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

func appendNamed(b []byte, m map[string]*Cell) []byte {
	b = binary.AppendUvarint(b, uint64(len(m)))
	for _, name := range sortedNames(m) {
		b = appendCell(appendString(b, name), m[name])
	}
	return b
}

func appendList(b []byte, list []*Cell) []byte {
	n := 0
	for _, c := range list {
		if c != nil {
			n++
		}
	}
	b = appendNumbers(b, int64(n))
	for i, c := range list {
		if c != nil {
			b = appendCell(appendNumbers(b, int64(i)), c)
		}
	}
	return b
}

// appendCell writes a cell. Most cells have no missing answer: the low bit of
// the first number tells, and their list of zeros is left out. Every answer
// scores at least 1, so sums are written less the number of answers.
func appendCell(b []byte, c *Cell) []byte {
	if c.gaps {
		b = appendNumbers(b, c.N<<1|1)
		b = appendNumbers(b, c.missing...)
		for q, s := range c.sum {
			b = appendNumber(b, s-(c.N-c.missing[q]))
		}
		return b
	}
	b = appendNumbers(b, c.N<<1)
	for _, s := range c.sum {
		b = appendNumber(b, s-c.N)
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
	if n <= 0 || v > 1<<62 {
		r.err = errTruncated
		return 0
	}
	r.data = r.data[n:]
	return int64(v)
}

func (r *reader) numbers(to []int64) {
	for i := range to {
		to[i] = r.number()
	}
}

func (r *reader) string() string {
	n := r.number()
	if r.err != nil || n > int64(len(r.data)) {
		r.err = errTruncated
		return ""
	}
	s := string(r.data[:n])
	r.data = r.data[n:]
	return s
}

func (r *reader) cell(c *Cell) {
	head := r.number()
	c.N = head >> 1
	if head&1 == 1 {
		c.gaps = true
		r.numbers(c.missing)
	}
	for q := range c.sum {
		c.sum[q] = r.number() + c.N - c.missing[q]
	}
}

func (r *reader) named(c *cells, m map[string]*Cell) {
	for n := r.number(); n > 0 && r.err == nil; n-- {
		cell := c.cell()
		m[r.string()] = cell
		r.cell(cell)
	}
}

func (r *reader) list(c *cells, list []*Cell) {
	for n := r.number(); n > 0 && r.err == nil; n-- {
		i := r.number()
		if i >= int64(len(list)) {
			r.err = errTruncated
			return
		}
		list[i] = c.cell()
		r.cell(list[i])
	}
}
