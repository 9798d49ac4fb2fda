package analytics

import (
	"slices"

	"persepsi/survey"
)

// moments are the sums over respondents that an index's interval and reliability
// need: how often two of its questions were answered together, and the sums of the
// scores and of their products over these.
//
// Respondents are counted in two groups. The widest are those who answered all
// questions that anybody answered; of them the products are enough, for the rest is
// what is left of all answers. The others are counted pair by pair. Where somebody
// answers a question that nobody did before, the widest join the others and begin
// anew: in the end the groups are the same, in whatever order and groups answers came.
//
// Sums are no wider than 32 bits, as counts of answers are (see mostResponses): two
// lie in a word, so that one multiplication adds to both.
type moments struct {
	// items are the positions of the index's questions, aspect by aspect, each once.
	items []uint8
	// questions are all of them, aspects those of each aspect, union those that
	// anybody answered.
	questions, union mask
	aspects          []mask
	// answered is the number of respondents who answered any of them, n that of the
	// widest, spread that of the others who answered all aspects that anybody answered.
	answered, n, spread int64
	// products are the sums of the products of two scores over the widest: see outer.
	products []uint64
	// sums counts the widest by the sum of their scores; nil where aspects have
	// different numbers of questions, so that it doesn't tell a respondent's own index.
	sums []uint32
	// pairs are the sums over the others, nil until there is one: see addPairs.
	pairs []uint64
}

func newMoments(x *survey.FormIndex, scale []uint8) moments {
	var m moments
	alike, highest := len(x.Positions) > 0, 0
	for _, positions := range x.Positions {
		alike = alike && len(positions) == len(x.Positions[0])
		var aspect mask
		for _, p := range positions {
			aspect = aspect.with(p)
			if m.questions.has(p) {
				alike = false
				continue
			}
			m.questions = m.questions.with(p)
			m.items = append(m.items, uint8(p))
			highest += int(scale[p])
		}
		m.aspects = append(m.aspects, aspect)
	}
	words := m.words()
	m.products = make([]uint64, words*(words+1))
	if alike {
		m.sums = make([]uint32, highest+1)
	}
	return m
}

// words returns the number of words that two scores each lie in.
func (m *moments) words() int { return (len(m.items) + 1) / 2 }

// add counts a response that gave the answers given, whose scores are values, before
// the tally counts these.
func (m *moments) add(values []uint8, given mask, t *Tally) {
	given = given.and(m.questions)
	if given == (mask{}) {
		return
	}
	if !given.within(m.union) {
		m.widen(m.union.or(given), t)
	}
	m.answered++
	if given != m.union {
		m.addPairs(values)
		if m.alike(given, m.union) {
			m.spread++
		}
		return
	}
	m.n++
	var few [8]uint64 // as most indexes need: less to clear than for any
	if words := m.words(); words <= len(few) {
		m.addWidest(values, few[:words])
	} else {
		var many [maxQuestions / 2]uint64
		m.addWidest(values, many[:words])
	}
}

func (m *moments) addWidest(values []uint8, scores []uint64) {
	total := uint64(0)
	items := m.items
	for w := range scores {
		v := uint64(values[items[2*w]])
		if 2*w+1 < len(items) {
			v |= uint64(values[items[2*w+1]]) << 32
		}
		scores[w] = v
		total += v
	}
	if m.sums != nil {
		m.sums[total&low+total>>32]++
	}
	outer(m.products, scores)
}

const low = 1<<32 - 1 // the lower half of a word

// outer adds the products of all pairs of scores, which lie by two in a word: those of
// the first score with the words from its own on, those of the second, and so on.
func outer(to, scores []uint64) {
	for w, s := range scores {
		rest := scores[w:]
		first, second := to[:len(rest)], to[len(rest):2*len(rest)]
		to = to[2*len(rest):]
		a, b := s&low, s>>32
		for j, r := range rest {
			first[j] += a * r
			second[j] += b * r
		}
	}
}

// product returns the sum of the products of two items' scores over the widest; q is
// not after r.
func (m *moments) product(q, r int) int64 {
	return int64(m.products[m.place(q, r)] >> (r % 2 * 32) & low)
}

// place returns where the product of two items lies.
func (m *moments) place(q, r int) int {
	a, w, words := q/2, r/2, m.words()
	return 2*a*words - a*(a-1) + q%2*(words-a) + w - a
}

// pairsOf returns two rows of an item's pairs with itself and the items after it:
// how often both were answered with, above, the sum of the other's scores, and the sum
// of its own scores with, above, that of the products.
func (m *moments) pairsOf(q int) (count, product []uint64) {
	k := len(m.items)
	at := 2*q*k - q*(q-1)
	row := m.pairs[at : at+2*(k-q)]
	return row[:k-q], row[k-q:]
}

// room makes room for the others.
func (m *moments) room() {
	if k := len(m.items); m.pairs == nil {
		m.pairs = make([]uint64, k*(k+1))
	}
}

// addPairs counts one of the others.
func (m *moments) addPairs(values []uint8) {
	m.room()
	var all [maxQuestions]uint64
	scores := all[:len(m.items)]
	for q, p := range m.items {
		if v := uint64(values[p]); v > 0 {
			scores[q] = 1 | v<<32
		}
	}
	for q, s := range scores {
		if s == 0 {
			continue
		}
		count, product := m.pairsOf(q)
		own := s >> 32
		for j, r := range scores[q:] {
			count[j] += r
			product[j] += own * r
		}
	}
}

// alike reports whether two sets of questions are of the same aspects.
func (m *moments) alike(a, b mask) bool {
	for _, aspect := range m.aspects {
		if (aspect.and(a) == mask{}) != (aspect.and(b) == mask{}) {
			return false
		}
	}
	return true
}

// widen lets the widest be those who answered all questions of a set, which holds all
// that were answered before. t is the tally of the moments.
func (m *moments) widen(union mask, t *Tally) {
	if union == m.union {
		return
	}
	if m.alike(union, m.union) {
		m.spread += m.n
	} else {
		m.spread = 0
	}
	m.join(m, t)
	m.union, m.n = union, 0
	clear(m.products)
	clear(m.sums)
}

// join counts the widest of some moments, which t is the tally of, among the others.
func (m *moments) join(o *moments, t *Tally) {
	if o.n == 0 {
		return
	}
	var room [maxQuestions]uint64
	scores := room[:len(m.items)]
	for q, p := range o.items {
		if o.union.has(int(p)) {
			scores[q] = uint64(o.score(t, q))
		}
	}
	m.room()
	for q, p := range o.items {
		if !o.union.has(int(p)) {
			continue
		}
		count, product := m.pairsOf(q)
		for r := q; r < len(o.items); r++ {
			if o.union.has(int(o.items[r])) {
				count[r-q] += uint64(o.n) | scores[r]<<32
				product[r-q] += scores[q] | uint64(o.product(q, r))<<32
			}
		}
	}
}

// score returns the sum of an item's scores over the widest: what is left of all
// answers of the tally.
func (m *moments) score(t *Tally, item int) int64 {
	sum, _ := t.Question(int(m.items[item]))
	if m.pairs == nil {
		return sum
	}
	_, product := m.pairsOf(item)
	return sum - int64(product[0]&low)
}

// merge adds other moments, of a tally ot, to those of t, before t counts its answers.
func (m *moments) merge(o *moments, t, ot *Tally) {
	if o.answered == 0 {
		return
	}
	union := m.union.or(o.union)
	m.widen(union, t)
	if o.n < o.answered {
		m.room()
		addTo(m.pairs, o.pairs)
	}
	m.answered += o.answered
	switch {
	case o.union == union:
		m.n += o.n
		m.spread += o.spread
		addTo(m.products, o.products)
		addTo(m.sums, o.sums)
	case m.alike(o.union, union):
		m.spread += o.spread + o.n
		m.join(o, ot)
	default:
		m.join(o, ot)
	}
}

func addTo[T uint32 | uint64](to, list []T) {
	to = to[:len(list)]
	for i, n := range list {
		to[i] += n
	}
}

func (m *moments) reset() {
	m.union, m.answered, m.n, m.spread = mask{}, 0, 0, 0
	clear(m.products)
	clear(m.sums)
	clear(m.pairs)
}

// equal compares the moments of tallies that count the same answers to each question.
func (m *moments) equal(o *moments) bool {
	return m.answered == o.answered && m.n == o.n && m.spread == o.spread &&
		slices.Equal(m.products, o.products) && slices.Equal(m.sums, o.sums) &&
		(m.n == m.answered || slices.Equal(m.pairs, o.pairs))
}
