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
	// Complete respondents only: their number, the sum and sum of squares of
	// their total score, and per item the sums of x, x² and x·total.
	full, t, tt int64
	x, xx, xt   []int64
	items       []int
}

func newMoments(x *survey.FormIndex) moments {
	var items []int
	for _, p := range x.Positions {
		items = append(items, p...)
	}
	s := make([]int64, 3*len(items))
	n := len(items)
	return moments{items: items, x: s[:n:n], xx: s[n : 2*n : 2*n], xt: s[2*n:]}
}

func (m *moments) add(x *survey.FormIndex, values []int64) {
	var sum, aspects int64
	complete := true
	for _, positions := range x.Positions {
		var s, n int64
		for _, p := range positions {
			if v := values[p]; v > 0 {
				s += v
				n++
			} else {
				complete = false
			}
		}
		if n > 0 {
			sum += s * aspectUnit / n
			aspects++
		}
	}
	if aspects == 0 {
		return
	}
	y := sum * indexUnit / aspects
	m.n++
	m.y += y
	m.yy += y * y
	if !complete {
		return
	}
	var total int64
	for _, p := range m.items {
		total += values[p]
	}
	m.full++
	m.t += total
	m.tt += total * total
	for i, p := range m.items {
		v := values[p]
		m.x[i] += v
		m.xx[i] += v * v
		m.xt[i] += v * total
	}
}

func (m *moments) reset() {
	m.n, m.y, m.yy, m.full, m.t, m.tt = 0, 0, 0, 0, 0, 0
	clear(m.x)
	clear(m.xx)
	clear(m.xt)
}

func (m *moments) merge(o *moments) {
	m.n += o.n
	m.y += o.y
	m.yy += o.yy
	m.full += o.full
	m.t += o.t
	m.tt += o.tt
	for i := range m.x {
		m.x[i] += o.x[i]
		m.xx[i] += o.xx[i]
		m.xt[i] += o.xt[i]
	}
}

func (m *moments) equal(o *moments) bool {
	return m.n == o.n && m.y == o.y && m.yy == o.yy && m.full == o.full && m.t == o.t && m.tt == o.tt &&
		slices.Equal(m.x, o.x) && slices.Equal(m.xx, o.xx) && slices.Equal(m.xt, o.xt)
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
