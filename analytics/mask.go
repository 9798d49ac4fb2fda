package analytics

// mask is a set of questions of a form, by position: as many as maxQuestions. Two
// words, not an array of them, because a compiler keeps these in registers.
type mask struct{ low, high uint64 }

// answered returns the questions that have a score.
func answered(values []uint8) (given mask) {
	for q, v := range values {
		some := uint64((v|-v)>>7) << (q & 63) // 1 for any but 0, without a jump that is guessed wrong
		if q < 64 {
			given.low |= some
		} else {
			given.high |= some
		}
	}
	return given
}

func (m mask) with(position int) mask {
	if position < 64 {
		m.low |= 1 << position
	} else {
		m.high |= 1 << (position - 64)
	}
	return m
}

func (m mask) has(position int) bool {
	if position < 64 {
		return m.low>>position&1 == 1
	}
	return m.high>>(position-64)&1 == 1
}

func (m mask) and(o mask) mask { return mask{m.low & o.low, m.high & o.high} }

func (m mask) or(o mask) mask { return mask{m.low | o.low, m.high | o.high} }

// within reports whether o has all of m.
func (m mask) within(o mask) bool { return m.low&^o.low == 0 && m.high&^o.high == 0 }
