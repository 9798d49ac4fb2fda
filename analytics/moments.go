package analytics

import (
	"slices"

	"persepsi/survey"
)

// unit is the denominator of a respondent's own index: a multiple of every
// number of questions an aspect may have (1-4, 6) times every number of
// aspects (1-10), so that the sums of moments are exact integers.
const (
	aspectUnit = 12
	indexUnit  = 2520
	unit       = aspectUnit * indexUnit
)

// moments are the sums over respondents that an index's interval and
// reliability need.
type moments struct {
	// n, y, yy: respondents who answered at least one question of the index,
	// the sum and the sum of squares of their own index (the mean of what
	// they answered, in units of 1/unit).
	n, y, yy int64
	// full is the number of complete respondents, who answered all questions of
	// the index; xt has, per item, the sums of x·total over them, total being
	// the sum of a respondent's scores.
	full int64
	xt   []int64
	// partX and partXX are the sums of x and x² over the other respondents.
	// Those over the complete ones are what is left of all answers (see
	// complete), so that most respondents need not be counted here.
	partX, partXX []int64
	// items are the positions of the index's questions, aspect by aspect.
	items []uint8
	// weight of each score in a complete respondent's own index; 0 where it
	// has to be computed, as aspects have different numbers of questions.
	weight int64
}

func newMoments(x *survey.FormIndex) moments {
	var m moments
	alike := len(x.Positions) > 0
	for _, positions := range x.Positions {
		alike = alike && len(positions) == len(x.Positions[0])
		for _, p := range positions {
			m.items = append(m.items, uint8(p))
		}
	}
	if n := len(m.items); alike && aspectUnit%len(x.Positions[0]) == 0 && indexUnit%len(x.Positions) == 0 {
		m.weight = unit / int64(n)
	}
	s, n := make([]int64, 3*len(m.items)), len(m.items)
	m.xt, m.partX, m.partXX = s[:n:n], s[n:2*n:2*n], s[2*n:]
	return m
}

func (m *moments) add(x *survey.FormIndex, values []uint8) {
	var total int64
	answered := 0
	for _, p := range m.items {
		v := values[p]
		total += int64(v)
		if v > 0 {
			answered++
		}
	}
	if answered == 0 {
		return
	}
	y := total * m.weight
	if y == 0 || answered < len(m.items) {
		y = ownIndex(x, values)
	}
	m.n++
	m.y += y
	m.yy += y * y
	if answered < len(m.items) {
		for i, p := range m.items {
			v := int64(values[p])
			m.partX[i] += v
			m.partXX[i] += v * v
		}
		return
	}
	m.full++
	xt := m.xt[:len(m.items)]
	for i, p := range m.items {
		xt[i] += int64(values[p]) * total
	}
}

// ownIndex returns the index of one respondent, who answered some of its
// questions, in units of 1/unit.
func ownIndex(x *survey.FormIndex, values []uint8) int64 {
	var sum, aspects int64
	for _, positions := range x.Positions {
		var s, n int64
		for _, p := range positions {
			if v := values[p]; v > 0 {
				s += int64(v)
				n++
			}
		}
		if n > 0 {
			sum += s * aspectUnit / n
			aspects++
		}
	}
	return sum * indexUnit / aspects
}

// all returns the sums of x and x² of an item over all respondents of a tally.
func (m *moments) all(t *Tally, item int) (x, xx int64) {
	for v, n := range t.counts(int(m.items[item])) {
		x += int64(v) * int64(n)
		xx += int64(v*v) * int64(n)
	}
	return x, xx
}

// complete returns the sums of x and x² of an item over the complete respondents
// of a tally.
func (m *moments) complete(t *Tally, item int) (x, xx int64) {
	x, xx = m.all(t, item)
	return x - m.partX[item], xx - m.partXX[item]
}

// totals returns the sums of the complete respondents' totals and of the squares
// of these.
func (m *moments) totals(t *Tally) (sum, squares int64) {
	for i := range m.items {
		x, _ := m.complete(t, i)
		sum += x
		squares += m.xt[i]
	}
	return sum, squares
}

func (m *moments) reset() {
	m.n, m.y, m.yy, m.full = 0, 0, 0, 0
	clear(m.xt)
	clear(m.partX)
	clear(m.partXX)
}

func (m *moments) merge(o *moments) {
	m.n += o.n
	m.y += o.y
	m.yy += o.yy
	m.full += o.full
	for i := range m.xt {
		m.xt[i] += o.xt[i]
		m.partX[i] += o.partX[i]
		m.partXX[i] += o.partXX[i]
	}
}

func (m *moments) equal(o *moments) bool {
	return m.n == o.n && m.y == o.y && m.yy == o.yy && m.full == o.full &&
		slices.Equal(m.xt, o.xt) && slices.Equal(m.partX, o.partX) && slices.Equal(m.partXX, o.partXX)
}

// variance returns the sample variance of the respondents' own indexes, on the
// answers' scale; 0 for fewer than two.
func (m *moments) variance() float64 {
	if m.n < 2 {
		return 0
	}
	n := float64(m.n)
	mean := float64(m.y) / unit / n
	v := (float64(m.yy)/unit/unit - n*mean*mean) / (n - 1)
	return max(v, 0)
}

// respondents returns how many people answered some question of the i-th index, and
// how many all aspects that anybody answered.
func (t *Tally) respondents(i int) (some, full int64) { return t.moments[i].n, t.moments[i].full }

// Variance returns the variance of one respondent's contribution to the i-th index's
// mean: divided by the number of respondents who answered any of its questions it is
// the estimated variance of that mean, on the answers' scale and before a correction
// for a finite population. 0 for fewer than two.
func (t *Tally) Variance(i int) float64 { return t.moments[i].variance() }

// Own returns the own indexes of the respondents who answered all questions of the
// i-th index that anybody answered, ascending, on the answers' scale, and how many
// people have each. complete tells that these are all respondents. Nothing where they
// are not kept, as aspects have different numbers of questions.
func (t *Tally) Own(int) (values []float64, counts []int64, complete bool) { return nil, nil, false }
