package analytics

import (
	"encoding/binary"
	"errors"
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

func (c *cells) appendNamed(b []byte, n *nameIndex) []byte {
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
