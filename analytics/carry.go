package analytics

import (
	"crypto/sha256"
	"encoding/base64"
)

// CarryRespondents takes the cells by respondent field of an older tally of the same
// answers, for one that was counted when their respondent fields had been removed.
// Answers that the older one does not hold count as not having told. It returns false,
// and changes nothing, where that tells of other answers: where in a field its cells
// add up to more than there are, or what they lack can be no whole answers.
func (t *Tally) CarryRespondents(old *Tally) bool {
	if t.form.ID != old.form.ID || t.cells == nil || old.cells == nil {
		return false
	}
	lack := make([][]uint32, len(t.form.Fields))
	for f := range lack {
		lack[f] = t.cells.total(f)
		for i, n := range old.cells.total(f) {
			if n > lack[f][i] {
				return false
			}
			lack[f][i] -= n
		}
		if !t.whole(lack[f]) {
			return false
		}
	}
	for f := range lack {
		t.cells.carry(old.cells, f, lack[f])
	}
	return true
}

// ForgetRespondents counts all answers as not having told.
func (t *Tally) ForgetRespondents() {
	if t.cells != nil {
		t.CarryRespondents(NewTally(t.form))
	}
}

// TellsRespondents reports whether any answer told something in a respondent field.
func (t *Tally) TellsRespondents() bool {
	if t.cells == nil {
		return false
	}
	for f := range t.form.Fields {
		for _, place := range t.cells.field(f)[1:] {
			if place > 0 {
				return true
			}
		}
	}
	return false
}

// RespondentChecksum returns a checksum of what respondents told, with the scores of who
// did: 96 bits of a SHA-256. It is empty where nobody told anything, and does not change
// when others are counted who did not tell.
func (t *Tally) RespondentChecksum() string {
	if !t.TellsRespondents() {
		return ""
	}
	var b []byte
	for f := range t.form.Fields {
		b = t.cells.appendPlaces(b, t.cells.field(f)[1:])
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// whole reports whether a row can be that of some answers: each is missing, or has a
// score of the scale.
func (t *Tally) whole(row []uint32) bool {
	c := cell{sums: row[:1+len(t.form.Questions)], missing: row[1+len(t.form.Questions):]}
	for q := range t.form.Questions {
		if c.missing[1+q] > c.sums[0] {
			return false
		}
		if sum, n := c.Question(q); sum < n || sum > n*int64(t.highest) {
			return false
		}
	}
	return true
}

// total returns the sum of a field's cells, with no mark for missing answers.
func (c *cells) total(f int) []uint32 {
	out := make([]uint32, rowSize(c.questions))
	for _, place := range c.field(f) {
		if place > 0 {
			c.count(out, c.row(place))
		}
	}
	out[1+c.questions] = 0 // tells only whether there are any
	return out
}

// carry makes a field's cells those of others, with some more who did not tell.
func (c *cells) carry(from *cells, f int, untold []uint32) {
	first := c.fields[f]
	for i, place := range from.field(f) {
		if c.place[first+i] > 0 {
			clear(c.row(c.place[first+i]))
		}
		if place > 0 {
			c.count(c.at(first+i), from.row(place))
		} else {
			c.place[first+i] = 0
		}
	}
	if untold[0] == 0 {
		return
	}
	row := c.at(first)
	c.count(row, untold)
	for _, n := range untold[2+c.questions:] {
		if n > 0 {
			row[1+c.questions] = 1
		}
	}
}
