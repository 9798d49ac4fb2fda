package analytics

import "math"

// answers are the scores given to the questions of an index, as its interval needs them.
type answers struct {
	parts      []part
	n          float64 // people who answered any of them
	lo, hi     float64 // the scale's ends
	population int64   // people served; 0 where not known
	// squares returns the sum of the squares of what the respondents contribute to the
	// mean by the questions that so many answered.
	squares func(among func(answers float64) bool) float64
}

// band is what the questions tell that about equally many people answered, and what they
// weigh in the index.
type band struct {
	evidence
	weight float64
	people float64 // who answered the question that most of them answered
}

// bandRange is how many times fewer people may have answered a question than another of
// its band.
const bandRange = 2

// evidence returns what the answers tell of the mean of all questions. Where far fewer
// people answered some of these, they stand in bands: nine people tell of an aspect what
// nine people tell, however many tell of the others.
func (a answers) evidence() evidence {
	e := a.of(func(float64) bool { return true }, a.n)
	left, fewest := 0.0, a.n // left: the answers to the question that most answered of those in no band yet
	for _, q := range a.parts {
		left, fewest = max(left, q.n), min(fewest, q.n)
	}
	if fewest > left/bandRange {
		return e
	}
	for left > 0 {
		least, people, next := left/bandRange, left, 0.0
		among := func(n float64) bool { return n <= people && n > least }
		b := band{evidence: a.of(among, people), people: people}
		for _, q := range a.parts {
			if among(q.n) {
				b.weight += q.weight
			} else if q.n <= least {
				next = max(next, q.n)
			}
		}
		e.bands = append(e.bands, b)
		left = next
	}
	return e
}

// of returns what the questions tell of their mean that so many answered, of the people
// who answered any of them.
func (a answers) of(among func(answers float64) bool, people float64) evidence {
	var parts []part
	weight := 0.0
	for _, q := range a.parts {
		if among(q.n) {
			parts, weight = append(parts, q), weight+q.weight
		}
	}
	in := intervalInput{Lo: a.lo, Hi: a.hi, N: int64(people), Population: a.population}
	gaps, alike := false, true
	for j := range parts {
		q := &parts[j]
		q.weight /= weight
		in.Mean += q.weight * q.sum / q.n
		gaps, alike = gaps || q.n < people, alike && q.weight == parts[0].weight
	}
	in.Mean = min(max(in.Mean, in.Lo), in.Hi)
	if people > 1 {
		in.Variance = people * people / (people - 1) * a.squares(among) / (weight * weight)
	}
	if gaps {
		in.Size = effective(parts, people)
		in.Variance += people * rarity(parts, people, in.Lo, in.Hi)
	}
	e := evidenceOf(in)
	if !gaps && alike && people > 0 {
		e.step = parts[0].weight / people
	}
	return e
}

// joined returns the interval of an index whose questions stand in bands, as within: the
// distances of the bands' own limits, joined as those of means that vary together (Zou and
// Donner 2008). Those who answered the rarer questions are taken to answer all alike, so
// that means of n and m ≥ n people have a correlation of √(n/m).
func (e evidence) joined(z float64) (lo, hi float64) {
	down, up := make([]float64, len(e.bands)), make([]float64, len(e.bands))
	for g, b := range e.bands {
		lo, hi := b.within(z)
		down[g], up[g] = b.weight*(b.mean-lo), b.weight*(hi-b.mean)
	}
	below, above := 0.0, 0.0
	for g := range e.bands {
		for h := range e.bands {
			r := math.Sqrt(min(e.bands[g].people, e.bands[h].people) / max(e.bands[g].people, e.bands[h].people))
			below += r * down[g] * down[h]
			above += r * up[g] * up[h]
		}
	}
	return e.outwards(e.mean-math.Sqrt(below), e.mean+math.Sqrt(above))
}
