package analytics

import "math"

// Reliability tells whether the questions of an index measure one thing.
type Reliability struct {
	// N is the number of respondents who answered every question of the index.
	N int64 `json:"n"`
	// Alpha is Cronbach's alpha, null where it is undefined: fewer than two
	// complete respondents or questions, or no variance.
	Alpha *float64 `json:"alpha"`
	// ItemTotal is each question's correlation with the sum of the others;
	// questions without variance are left out.
	ItemTotal map[string]float64 `json:"item_total"`
}

// Reliability computes Cronbach's alpha, k/(k−1)·(1 − Σ s²ᵢ/s²ₜ), and the
// corrected item-total correlations of the i-th index over its complete
// respondents.
func (t *Tally) Reliability(i int) Reliability {
	m := &t.moments[i]
	out := Reliability{N: m.full, ItemTotal: make(map[string]float64, len(m.items))}
	k := len(m.items)
	if m.full < 2 || k < 2 {
		return out
	}
	// n² times a covariance: exact, so that no variance is found where there is
	// none, and of any size.
	centred := func(xy, x, y int64) Ratio {
		return whole(m.full).Mul(whole(xy)).Sub(whole(x).Mul(whole(y)))
	}
	sum, squares := m.totals(t)
	total := centred(squares, sum, sum)
	items := whole(0)
	for q := range m.items {
		x, xx := m.complete(t, q)
		own, withTotal := centred(xx, x, x), centred(m.xt[q], x, sum)
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
