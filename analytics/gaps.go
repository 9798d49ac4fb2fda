package analytics

// part is one question of an index: what it weighs in the index's mean, and its answers.
type part struct {
	weight float64
	n      float64 // answers
	sum    float64 // of the scores
	square float64 // sum of the squares
}

// effective returns how many respondents without gaps would tell as much as n of whom
// some left questions out, by Kish (1965): n over the mean square of what one respondent
// weighs. Who answers a question that few answer weighs the more. It is taken that those
// who answer a rare question answer the others too, which is the least favourable case:
// 300 people who all answer one of nine aspects, and five of whom answer all, tell as much
// as 6.3.
func effective(parts []part, n float64) float64 {
	square := 0.0
	for i := range parts {
		for j := range parts {
			square += parts[i].weight * parts[j].weight * n / max(parts[i].n, parts[j].n)
		}
	}
	return min(n/square, n)
}

// rarity returns what gaps add to the variance of an index's mean. The spread of a question
// that few answered is not known from these few: two who agree have none. So one answer of
// the worst spread is added to its own, by the share of the n respondents who left it out.
func rarity(parts []part, n, lo, hi float64) float64 {
	added := 0.0
	for _, q := range parts {
		if q.n >= n {
			continue
		}
		p := (q.sum - q.n*lo + hi - lo) / (q.n + 2) // on 0..hi−lo, one answer at each end added
		worst := p * (hi - lo - p)
		own := max(q.square-q.sum*q.sum/q.n, 0)
		measured := 0.0
		if q.n > 1 {
			measured = own / (q.n - 1)
		}
		added += max((own+worst)/q.n-measured, 0) * q.weight * q.weight / q.n * (1 - q.n/n)
	}
	return added
}

// parts returns the questions of the i-th index that anybody answered.
func (t *Tally) parts(i int) []part { return partsOf(t.form.Indexes[i].Positions, t.counts) }

// partsOf returns the questions of an index that anybody answered: of each aspect those at
// some positions. counts tells how often each score was the answer to one, 0 for missing.
func partsOf(aspects [][]int, counts func(position int) []uint32) []part {
	var out []part
	answered := 0
	for _, positions := range aspects {
		from := len(out)
		for _, p := range positions {
			q := part{}
			for v, c := range counts(p)[1:] {
				q.n += float64(c)
				q.sum += float64(v+1) * float64(c)
				q.square += float64((v+1)*(v+1)) * float64(c)
			}
			if q.n > 0 {
				out = append(out, q)
			}
		}
		for j := range out[from:] {
			out[from+j].weight = 1 / float64(len(out)-from)
		}
		if len(out) > from {
			answered++
		}
	}
	for j := range out {
		out[j].weight /= float64(answered)
	}
	return out
}
