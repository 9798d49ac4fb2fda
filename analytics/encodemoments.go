package analytics

// append writes the moments: who answered, the widest and how many of the others
// answered all aspects; of the widest the products of each two questions that anybody
// answered and the sums; of the others the sums of each question, and of each two what
// is less in them, which is little. What follows from the answers that the tally counts
// is left out: the widest's sums of scores and of squares, and who answered a question.
func (m *moments) append(b []byte) []byte {
	b = appendNumbers(b, m.answered, m.n, m.spread)
	items := m.answeredItems(new([maxQuestions]uint8))
	if m.n > 0 {
		for i, q := range items {
			for _, r := range items[i+1:] {
				b = appendNumber(b, m.product(int(q), int(r)))
			}
		}
		if m.sums != nil {
			first, end := span(m.sums)
			b = appendNumbers(b, int64(first), int64(end-first))
			b = appendCounts(b, m.sums[first:end], 0)
		}
	}
	if m.n == m.answered {
		return b
	}
	for _, q := range items {
		_, product := m.pairsOf(int(q))
		b = appendNumbers(b, int64(product[0]&low), int64(product[0]>>32))
	}
	for i, q := range items {
		count, product := m.pairsOf(int(q))
		for _, r := range items[i+1:] {
			_, with := m.pairsOf(int(r))
			c, p := count[r-q], product[r-q]
			b = appendNumbers(b, int64(count[0]&low-c&low), int64(product[0]&low-p&low), int64(with[0]&low-c>>32), int64(p>>32))
		}
	}
	return b
}

// answeredItems lists the items that anybody answered, in some room.
func (m *moments) answeredItems(room *[maxQuestions]uint8) []uint8 {
	out := room[:0]
	for q, p := range m.items {
		if m.union.has(int(p)) {
			out = append(out, uint8(q))
		}
	}
	return out
}

// span returns where the counts that are not 0 begin and end.
func span(list []uint32) (first, end int) {
	first, end = 0, len(list)
	for first < end && list[first] == 0 {
		first++
	}
	for end > first && list[end-1] == 0 {
		end--
	}
	return first, end
}

// moments reads the moments of a tally, whose counts of answers were read.
func (r *reader) moments(m *moments, t *Tally) {
	m.answered = r.atMost(t.N)
	m.n = r.atMost(m.answered)
	m.spread = r.atMost(m.answered - m.n)
	for _, p := range m.items {
		if _, n := t.Question(int(p)); n > 0 {
			m.union = m.union.with(int(p))
		}
	}
	if (m.union == mask{}) != (m.answered == 0) {
		r.contradicts()
	}
	items := m.answeredItems(new([maxQuestions]uint8))
	if r.err == nil && m.n > 0 {
		r.widest(m, items, int64(t.highest))
	}
	if r.err == nil && m.n < m.answered {
		r.others(m, t, items)
	}
	r.complete(m, t, items)
}

func (r *reader) contradicts() {
	if r.err == nil {
		r.err = errContradicting
	}
}

func (r *reader) widest(m *moments, items []uint8, highest int64) {
	for i, q := range items {
		for _, s := range items[i+1:] {
			m.set(int(q), int(s), r.atMost(m.n*highest*highest))
		}
	}
	if m.sums == nil {
		return
	}
	first := r.atMost(int64(len(m.sums)))
	n := r.atMost(int64(len(m.sums)) - first)
	r.counts(m.sums[first:first+n], m.n)
}

// set sets the sum of the products of two items, of which q is not after s. Two that
// share a word with others of their own are there twice.
func (m *moments) set(q, s int, product int64) {
	m.products[m.place(q, s)] |= uint64(product) << (s % 2 * 32)
	if q/2 == s/2 && q != s { // q is the first of its word
		m.products[m.place(s, q)] |= uint64(product)
	}
}

func (r *reader) others(m *moments, t *Tally, items []uint8) {
	m.room()
	most := m.answered - m.n
	highest := int64(t.highest)
	for _, q := range items {
		count, product := m.pairsOf(int(q))
		_, n := t.Question(int(m.items[q]))
		if n -= m.n; n < 0 || n > most {
			r.contradicts()
			return
		}
		sum := r.atMost(n * highest)
		count[0] = uint64(n) | uint64(sum)<<32
		product[0] = uint64(sum) | uint64(r.atMost(n*highest*highest))<<32
	}
	for i, q := range items {
		count, product := m.pairsOf(int(q))
		for _, s := range items[i+1:] {
			other, _ := m.pairsOf(int(s))
			n := int64(count[0]&low) - r.atMost(int64(count[0]&low))
			own := int64(count[0]>>32) - r.atMost(int64(count[0]>>32))
			its := int64(other[0]>>32) - r.atMost(int64(other[0]>>32))
			count[s-q] = uint64(n) | uint64(its)<<32
			product[s-q] = uint64(own) | uint64(r.atMost(n*highest*highest))<<32
			if n > int64(other[0]&low) {
				r.contradicts()
			}
		}
	}
}

// complete computes what was left out and checks that it agrees.
func (r *reader) complete(m *moments, t *Tally, items []uint8) {
	if r.err != nil {
		return
	}
	highest := int64(t.highest)
	sum, squares := int64(0), int64(0)
	for i, q := range items {
		score, square := m.score(t, int(q)), int64(0)
		for v, n := range t.counts(int(m.items[q])) {
			square += int64(v*v) * int64(n)
		}
		if m.pairs != nil {
			_, product := m.pairsOf(int(q))
			square -= int64(product[0] >> 32)
		}
		if score < m.n || score > m.n*highest || square < score || square > m.n*highest*highest {
			r.contradicts()
			return
		}
		m.set(int(q), int(q), square)
		sum += score
		squares += square
		for _, s := range items[i+1:] {
			squares += 2 * m.product(int(q), int(s))
		}
	}
	if m.sums == nil {
		return
	}
	people := int64(0)
	for v, n := range m.sums {
		people += int64(n)
		sum -= int64(v) * int64(n)
		squares -= int64(v) * int64(v) * int64(n)
	}
	if people != m.n || sum != 0 || squares != 0 {
		r.contradicts()
	}
}
