package analytics

// CarryRespondents takes the cells by respondent field of an older tally of the same
// answers, for one that was counted when their respondent fields had been removed.
// Answers that the older one does not hold count as not having told. It returns false,
// and changes nothing, where that tells of other answers: where in a field its cells
// add up to more than there are.
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
	}
	for f := range lack {
		t.cells.carry(old.cells, f, lack[f])
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
