package analytics

import "math"

// certainMost is how many further answers are looked at, where the number of people
// served is not known.
const certainMost = 100_000

// certain returns how many further answers like those so far make the interval of a figure
// lie within a grade, rounded up to two digits; nil where none do.
func (t *GradeTable) certain(f *Figure, grade string) *int64 {
	const grading = 1e-9                   // an end at a limit has the better grade, however it was computed
	low, high := math.Inf(-1), math.Inf(1) // of the grade, on 0..100
	for g := range t.Grades {
		if t.Grades[g].Mutu != grade {
			continue
		}
		if g < len(t.Grades)-1 {
			low = t.Grades[g].From.Float64() - 0.005 - grading
		}
		if g > 0 {
			high = t.Grades[g-1].From.Float64() - 0.005 - grading
		}
	}
	// far is by how many times the interval is too wide where it is of so many more answers.
	far := func(further float64) float64 {
		lo, hi := f.evidence.grown(1 + further/float64(f.answered)).interval()
		at := f.at100()
		const least = 1e-6 // a value that near to the limit is at it
		return max((at-f.hundredths(lo))/max(at-low, least), (f.hundredths(hi)-at)/max(high-at, least))
	}
	most := float64(certainMost)
	if f.evidence.heard > 0 {
		most = math.Floor(float64(f.answered)/f.evidence.heard) - float64(f.answered)
	}
	n := float64(f.answered)
	few, many, wide := 0.0, math.Inf(1), far(0)
	if wide <= 1 {
		return new(int64)
	}
	// An interval is as wide as 1/√n, roughly: what that foretells is tried a little above and
	// below, until there is no number of two digits in between.
	for guess, aside := n*wide*wide-n, 0.; ; {
		guess = math.Ceil(guess + aside*(n+guess))
		if guess <= few || guess >= many {
			guess = few + math.Ceil((min(many, 2*few+n)-few)/2)
		}
		guess = min(guess, most)
		if wide = far(guess); wide <= 1 {
			many, aside = guess, -0.005
		} else if few, aside = guess, 0.005; guess >= most {
			return nil
		}
		if many <= roundedUp(few+1) {
			break
		}
		guess = (n+guess)*wide*wide - n
	}
	out := int64(min(roundedUp(many), most))
	return &out
}

// roundedUp rounds a number up to two digits.
func roundedUp(x float64) float64 {
	step := 1.0
	for x/step > 100 {
		step *= 10
	}
	return math.Ceil(x/step) * step
}

// grown returns what so many times as many answers of the same mean and spread would tell.
func (e evidence) grown(times float64) evidence {
	out := e
	out.size, out.heard, out.variance, out.step = e.size*times, e.heard*times, e.variance/times, e.step/times
	out.least, out.most = e.lo+(e.least-e.lo)*times, e.hi-(e.hi-e.most)*times
	out.bands = nil
	for _, b := range e.bands {
		b.evidence, b.people = b.grown(times), b.people*times
		out.bands = append(out.bands, b)
	}
	return out
}
