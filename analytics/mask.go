package analytics

// mask is a set of questions of a form, by position.
type mask [2]uint64 // as many bits as maxQuestions

func (m mask) with(position int) mask {
	m[position>>6] |= 1 << (position & 63)
	return m
}

func (m mask) has(position int) bool { return m[position>>6]>>(position&63)&1 == 1 }

func (m mask) and(o mask) mask { return mask{m[0] & o[0], m[1] & o[1]} }

func (m mask) or(o mask) mask { return mask{m[0] | o[0], m[1] | o[1]} }

// within reports whether o has all of m.
func (m mask) within(o mask) bool { return m[0]&^o[0] == 0 && m[1]&^o[1] == 0 }
