package analytics

// ForgetRespondents counts all answers as not having told anything of themselves, as if
// their respondent fields had been removed before they were counted.
func (t *Tally) ForgetRespondents() {
	if t.cells == nil {
		return
	}
	c := t.cells
	all := make([]uint32, rowSize(c.questions)) // each answer came in one way
	for _, place := range c.modes() {
		if place > 0 {
			c.count(all, c.row(place))
		}
	}
	for f := range t.form.Fields {
		clear(c.field(f))
		if all[0] > 0 {
			copy(c.at(c.fields[f]), all)
		}
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
