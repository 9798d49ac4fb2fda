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
	out := Reliability{N: m.full, ItemTotal: map[string]float64{}}
	k := len(m.items)
	if m.full < 2 || k < 2 {
		return out
	}
	// n² times a covariance, in integers: exact, so that no variance is found
	// where there is none. A total of 48 overflows beyond 60 million answers.
	centred := func(xy, x, y int64) int64 { return m.full*xy - x*y }
	total := centred(m.tt, m.t, m.t)
	items := int64(0)
	for q := range m.items {
		vx := centred(m.xx[q], m.x[q], m.x[q])
		items += vx
		// Against the sum of the others: T−x.
		cov := centred(m.xt[q], m.x[q], m.t) - vx
		rest := total - 2*centred(m.xt[q], m.x[q], m.t) + vx
		if vx > 0 && rest > 0 {
			out.ItemTotal[t.form.Questions[m.items[q]].Code] = float64(cov) / math.Sqrt(float64(vx)*float64(rest))
		}
	}
	if total > 0 {
		alpha := float64(k) / float64(k-1) * (1 - float64(items)/float64(total))
		out.Alpha = &alpha
	}
	return out
}
