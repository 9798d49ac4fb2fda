package analytics

import "math"

// Signal tells whether a month is out of the usual.
type Signal string

// Signals of a month.
const (
	SignalWithin   Signal = "within"   // between the limits
	SignalBelow    Signal = "below"    // under the lower limit
	SignalAbove    Signal = "above"    // over the upper limit
	SignalBaseline Signal = "baseline" // one of the months that the limits are made of: not judged
	SignalWaiting  Signal = "waiting"  // there are too few months yet to make limits of
	SignalGap      Signal = "gap"      // the month has no figure
)

// Control is a month, and between which limits its figure would usually lie. Limits are on the
// scale of the figure's value; there are none where Signal is waiting or gap.
type Control struct {
	Signal       Signal
	Centre       float64
	Lower, Upper float64
	// Baseline counts what the limits are made of: 0 the closed period, 1 the first months
	// of this one, 2 and more the first months after another form, method or other aspects.
	// Where it grows a chart begins anew.
	Baseline int
}

// controlLeast is how many months a baseline has at least: of fewer it isn't known how much
// months differ from each other.
const controlLeast = 4

// Controlled returns the control limits of months in their order, nil where one has no
// figure: spans between releases. closed and before are the last closed period of the unit
// and its months, nil where there is none.
//
// The limits are those of a fixed baseline: of the closed period where its figure can be
// compared with the month (Changed: same form, method and aspects) and four of its months
// have a figure; else of the first four months that can be compared with each other. It
// stays as it is, whatever comes after, until a month can't be compared with it: then the
// next four that can make another.
//
// A month of n people varies around the centre by the luck of who came and by what months
// differ by. With s² the spread of people, b² that of months (the moment estimate of
// DerSimonian and Laird 1986 from the k months of the baseline, of N people), its variance is
//
//	s²/n + s²/N + b²·(1 + 1/k)·(t/3)²
//
// where t, the point of Student's t with k−1 degrees of freedom that a normal number has at 3,
// allows for the few months. The limits leave out 0.135 % at each end, as those at three
// standard deviations do (Shewhart 1931; with a variance between months: Laney 2002), of a beta
// distribution between the ends of the scale, which is lopsided near the top as means are.
//
// A closed period of IKM 80.00 by 240 people of deviation 12, its six months of 40 each all the
// same, has the limits 73.35..85.90 for a month of 40 and 76.10..83.63 for one of 160.
func Controlled(closed *Figure, before, months []*Figure) []Control {
	out := make([]Control, len(months))
	var is *baseline
	if closed.sure() {
		is = baselineOf(closed, before)
	}
	count := 0
	for i, f := range months {
		if f == nil {
			out[i].Signal, out[i].Baseline = SignalGap, count
			continue
		}
		if is == nil || f.apart(is.of) != "" {
			first := gathered(months[i:])
			is = baselineOf(nil, first)
			count++
			if is == nil {
				is = &baseline{of: f}
			}
			is.own = len(first)
		}
		out[i] = is.judge(f)
		out[i].Baseline = count
	}
	return out
}

// gathered returns the first months that can be compared with the first of all, as many as a
// baseline needs, as far as there are no others between them.
func gathered(months []*Figure) []*Figure {
	var out []*Figure
	for _, f := range months {
		if f == nil {
			continue
		}
		if len(out) == controlLeast || f.apart(months[0]) != "" {
			break
		}
		out = append(out, f)
	}
	return out
}

// baseline is what limits are made of. Means are shares of the scale, 0..1.
type baseline struct {
	of      *Figure // one of its figures: what is to be judged must be made as it was
	own     int     // how many of the months to come are its own
	centre  float64
	spread  float64 // of one person
	shared  float64 // what all months of it have in common: the error of the centre
	between float64 // of months, with what so few of them don't tell
}

// baselineOf returns the baseline of a closed period, or of months alone where closed is nil;
// nil where there are too few months.
func baselineOf(closed *Figure, months []*Figure) *baseline {
	var n, mean, spread float64
	var used []*Figure
	of := closed
	for _, f := range months {
		if of == nil && f.sure() {
			of = f
		}
		if of == nil || f.apart(of) != "" {
			continue
		}
		used = append(used, f)
		n += f.evidence.size
		mean += f.evidence.size * f.share(f.evidence.mean)
		spread += f.evidence.size * f.dispersion()
	}
	k := float64(len(used))
	if k < controlLeast {
		return nil
	}
	out := &baseline{of: of, centre: mean / n, spread: spread / n}
	if closed != nil {
		out.centre, out.spread, n = closed.share(closed.evidence.mean), closed.dispersion(), closed.evidence.size
	}
	// Cochran's Q of the months around their own mean, and the variance that explains it.
	q, squares := 0.0, 0.0
	for _, f := range used {
		off := f.share(f.evidence.mean) - mean/sizes(used)
		q += f.evidence.size * off * off
		squares += f.evidence.size * f.evidence.size
	}
	all := sizes(used)
	moment := max((q-(k-1)*out.spread)/(all-squares/all), 0)
	t := student3[min(len(used)-controlLeast, len(student3)-1)] / 3
	out.shared, out.between = out.spread/n, moment*(1+1/k)*t*t
	return out
}

func sizes(list []*Figure) (n float64) {
	for _, f := range list {
		n += f.evidence.size
	}
	return n
}

// student3 are the points of Student's t with 3 to 11 degrees of freedom that are passed as
// seldom as 3 by a normal number.
var student3 = [...]float64{9.219, 6.620, 5.507, 4.904, 4.530, 4.277, 4.094, 3.957, 3.850}

// share carries a mean on the answers' scale to 0..1.
func (f *Figure) share(mean float64) float64 {
	return (mean - f.evidence.lo) / (f.evidence.hi - f.evidence.lo)
}

// dispersion returns the spread of one person on 0..1, squared; see spread.
func (f *Figure) dispersion() float64 {
	width := f.slope * (f.evidence.hi - f.evidence.lo)
	return f.spread() / (width * width)
}

// judge returns a month's limits and where it lies.
func (b *baseline) judge(f *Figure) Control {
	if b.spread == 0 {
		return Control{Signal: SignalWaiting}
	}
	variance := b.spread/f.evidence.size + b.shared + b.between
	at := func(share float64) float64 { return f.value(f.evidence.lo + share*(f.evidence.hi-f.evidence.lo)) }
	lower, upper := betaLimits(b.centre, variance)
	out := Control{Signal: SignalWithin, Centre: at(b.centre), Lower: at(lower), Upper: at(upper)}
	switch x := f.share(f.evidence.mean); {
	case b.own > 0:
		b.own--
		out.Signal = SignalBaseline
	case x < lower:
		out.Signal = SignalBelow
	case x > upper:
		out.Signal = SignalAbove
	}
	return out
}

// betaLimits returns the 0.135 % and the 99.865 % point of a beta distribution, or the ends of
// the scale where none is as seldom passed.
func betaLimits(mean, variance float64) (lower, upper float64) {
	if mean <= 0 || mean >= 1 {
		return mean, mean
	}
	variance = min(variance, mean*(1-mean)*0.99)
	return betaPoint(mean, variance), 1 - betaPoint(1-mean, variance)
}

// betaPoint returns the 0.135 % point, to a thousandth of the standard deviation: by secants
// of √(−2·log P), which runs nearly straight there, within what brackets it.
func betaPoint(mean, variance float64) float64 {
	const seldom = 0.0013498980316301
	target, deviation := math.Sqrt(-2*math.Log(seldom)), math.Sqrt(variance)
	lo, hi := max(mean-certainDeviates*deviation, 0), mean
	x, lastX, lastOff := max(mean-3*deviation, (lo+hi)/2), hi, target-math.Sqrt(2*math.Ln2)
	for range 60 {
		off := target - math.Sqrt(-2*math.Log(max(betaBelow(x, mean, variance), 1e-300)))
		if off < 0 {
			lo = x
		} else {
			hi = x
		}
		next := x - off*(x-lastX)/(off-lastOff)
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-x) < 1e-3*deviation {
			return next
		}
		x, lastX, lastOff = next, x, off
	}
	return x
}
