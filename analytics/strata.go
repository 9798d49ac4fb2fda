package analytics

// pooledEvidence returns what units tell together of a mean to which each contributes by
// its weight; the weights sum to 1. The units are strata: who was asked where is given,
// so that only what differs within units varies, by Σ W²s²/n. As many respondents tell as
// much as have that variance where all weigh alike (Kish 1965). Two or three people who
// agree don't make a unit without spread: one observation of the spread that the units
// have on average is added to each.
func pooledEvidence(units []evidence, weights []float64) evidence {
	if len(units) == 1 {
		return units[0]
	}
	out := evidence{lo: units[0].lo, hi: units[0].hi}
	within, degrees := 0.0, 0.0
	for _, u := range units {
		within += u.variance * u.size * max(u.size-1, 0)
		degrees += max(u.size-1, 0)
	}
	if degrees > 0 {
		within /= degrees
	}
	squares, left, weighed := 0.0, 0.0, 0.0
	for h, u := range units {
		w := weights[h]
		out.mean += w * u.mean
		out.least += w * u.least
		out.most += w * u.most
		squares += w * w / u.size
		spread := (u.variance*u.size*max(u.size-1, 0) + within) / max(u.size, 1)
		out.variance += w * w * spread / u.size
		floor := spread + 1e-9 // where nobody differs, the sizes alone tell
		weighed += w * w * floor / u.size
		left += w * w * floor / u.size * (1 - u.heard)
	}
	out.size = 1 / squares
	out.heard = 1 - left/weighed
	return out
}
