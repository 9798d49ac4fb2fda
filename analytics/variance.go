package analytics

import "persepsi/survey"

// Respondents returns how many people answered some question of the i-th index, and
// how many all aspects that anybody answered.
func (t *Tally) Respondents(i int) (some, full int64) {
	m := &t.moments[i]
	return m.answered, m.n + m.spread
}

// Variance returns the variance of one respondent's contribution to the mean of the
// i-th index: divided by the number of respondents who answered any of its questions
// it is the estimated variance of that mean, on the answers' scale and before a
// correction for a finite population. 0 for fewer than two.
//
// An index is the mean of its aspects' means, each the mean of its questions' means:
// question q has the mean m_q of n_q answers and the weight w_q. Its variance is that
// of the linearised contributions z_i = Σ_q w_q·(x_iq − m_q)/n_q over the questions
// that i answered: n/(n−1)·Σ z_i² (Taylor linearisation; Särndal, Swensson and Wretman,
// Model Assisted Survey Sampling, 1992, 5.5). Where everybody answered everything, that is
// the sample variance of the respondents' own means over n.
//
// The answers 44, 22 and 4- to two questions have the means 10/3 and 3, the
// contributions 13/36, −17/36 and 4/36, and the variance 79/48.
func (t *Tally) Variance(i int) float64 {
	m := &t.moments[i]
	if m.answered < 2 {
		return 0
	}
	n := float64(m.answered)
	return n * n / (n - 1) * t.squares(i, func(float64) bool { return true })
}

// squares returns the sum of the squares of what the respondents contribute to the i-th
// index by the questions that so many answered; see Variance.
func (t *Tally) squares(i int, among func(answers float64) bool) float64 {
	m := &t.moments[i]
	items := m.itemised(t, &t.form.Indexes[i])
	squares := 0.0
	for q := range items {
		a := &items[q]
		if a.n == 0 || !among(float64(a.n)) {
			continue
		}
		row := 0.0
		for r := q; r < len(items); r++ {
			b := &items[r]
			if b.n == 0 || !among(float64(b.n)) {
				continue
			}
			z := b.share * m.joint(q, r, a, b)
			if r == q {
				z /= 2
			}
			row += z
		}
		squares += 2 * a.share * row
	}
	return max(squares, 0)
}

// item is a question of an index: the number of its answers and their mean, the sum
// of the scores of the widest, and its weight in the index over the number of answers.
type item struct {
	n, widest   int64
	mean, share float64
}

// itemised returns what is known of each item alone.
func (m *moments) itemised(t *Tally, x *survey.FormIndex) []item {
	out := make([]item, len(m.items))
	place := [maxQuestions]uint8{}
	for q, p := range m.items {
		sum, n := t.Question(int(p))
		if place[p] = uint8(q); n > 0 {
			out[q] = item{n: n, widest: m.score(t, q), mean: float64(sum) / float64(n)}
		}
	}
	aspects := 0
	for _, aspect := range m.aspects {
		if aspect.and(m.union) != (mask{}) {
			aspects++
		}
	}
	for _, positions := range x.Positions {
		questions := 0
		for _, p := range positions {
			if out[place[p]].n > 0 {
				questions++
			}
		}
		for _, p := range positions {
			if a := &out[place[p]]; a.n > 0 {
				a.share += 1 / float64(aspects*questions) / float64(a.n)
			}
		}
	}
	return out
}

// joint returns Σ (x_q − m_q)(x_r − m_r) over the respondents who answered both items.
// Around the means of these alone it is an exact integer over their number, so that it
// is nothing where they all agree.
func (m *moments) joint(q, r int, a, b *item) float64 {
	n, xq, xr, xx := m.n, a.widest, b.widest, m.product(q, r)
	if m.pairs != nil {
		count, product := m.pairsOf(q)
		c, p := count[r-q], product[r-q]
		n, xr = n+int64(c&low), xr+int64(c>>32)
		xq, xx = xq+int64(p&low), xx+int64(p>>32)
	}
	if n == 0 {
		return 0
	}
	both := float64(n)
	return float64(n*xx-xq*xr)/both + both*(float64(xq)/both-a.mean)*(float64(xr)/both-b.mean)
}
