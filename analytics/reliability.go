package analytics

import "math"

// Reliability tells whether the questions of an index measure one thing.
type Reliability struct {
	// N is the number of respondents who answered every question of the index that
	// anybody answered.
	N int64 `json:"n"`
	// Alpha is Cronbach's alpha, null where it is undefined: fewer than two such
	// respondents or questions, or no variance.
	Alpha *float64 `json:"alpha"`
	// ItemTotal is each question's correlation with the sum of the others;
	// questions without variance are left out.
	ItemTotal map[string]float64 `json:"item_total"`
}

// Reliability computes Cronbach's alpha, k/(k−1)·(1 − Σ s²ᵢ/s²ₜ), and the
// corrected item-total correlations of the i-th index over the respondents who
// answered all of its questions that anybody answered.
func (t *Tally) Reliability(i int) Reliability {
	m := &t.moments[i]
	out := Reliability{N: m.n, ItemTotal: make(map[string]float64, len(m.items))}
	if m.n < 2 {
		return out
	}
	var room [2][maxQuestions]int64
	sums, withTotals := room[0][:0], room[1][:len(m.items)] // of x, and of x times the sum of all
	k, sum, squares := 0, int64(0), int64(0)
	for q := range m.items {
		x := int64(0)
		if m.union.has(int(m.items[q])) {
			x = m.score(t, q)
			k++
		}
		sums, sum = append(sums, x), sum+x
		for r := q; r < len(m.items); r++ {
			xx := m.product(q, r)
			if withTotals[q] += xx; r > q {
				withTotals[r] += xx
			}
		}
		squares += withTotals[q]
	}
	if k < 2 {
		return out
	}
	// n² times a covariance: exact, so that no variance is found where there is
	// none, and of any size.
	centred := func(xy, x, y int64) Ratio {
		return whole(m.n).Mul(whole(xy)).Sub(whole(x).Mul(whole(y)))
	}
	total := centred(squares, sum, sum)
	items := whole(0)
	for q, x := range sums {
		own, withTotal := centred(m.product(q, q), x, x), centred(withTotals[q], x, sum)
		items = items.Add(own)
		// Against the sum of the others: T−x.
		withRest := withTotal.Sub(own)
		rest := total.Sub(withTotal).Sub(withRest)
		if own.Sign() > 0 && rest.Sign() > 0 {
			out.ItemTotal[t.form.Questions[m.items[q]].Code] = withRest.Float64() / math.Sqrt(own.Float64()*rest.Float64())
		}
	}
	if total.Sign() > 0 {
		alpha := float64(k) / float64(k-1) * (1 - items.Float64()/total.Float64())
		out.Alpha = &alpha
	}
	return out
}
