package analytics

import (
	"math"

	"persepsi/survey"
)

// Intake is how a unit's answers of a period came in, as far as its pace needs it. Counts
// are no scores: they are live for everybody.
type Intake struct {
	From, To survey.Date // first and last day of the period
	// Today is the day that is going on. Its answers are in SoFar, but not in the pace.
	Today survey.Date
	// Needed is the sample that is asked for (Samples.KrejcieMorgan, or Slovin); 0 or less
	// where it isn't known, as the number of people served is not.
	Needed int
	SoFar  int64 // answers of the period up to now
	// Count returns the answers of a day, Open whether the unit was or will be open on it.
	Count func(survey.Date) int64
	Open  func(survey.Date) bool
}

// PaceState tells where a sample stands.
type PaceState string

// States of a sample.
const (
	PaceReached   PaceState = "reached"   // there are as many answers as needed
	PaceOnTime    PaceState = "on_time"   // in 39 of 40 cases reached by the last day, at this pace
	PaceUncertain PaceState = "uncertain" // reached or not, the pace doesn't tell
	PaceNever     PaceState = "never"     // in 39 of 40 cases not reached in the period, at this pace
	PaceTooEarly  PaceState = "too_early" // too few open days to speak of a pace
	PaceUnknown   PaceState = "unknown"   // the need is not known
	PaceOver      PaceState = "over"      // the period is over, and the need not reached
)

// Pace is how fast answers come and where that leads.
type Pace struct {
	State PaceState `json:"state"`
	Short int64     `json:"short"` // answers that are missing to the need; 0 where none are
	// Days is the number of open days that the pace is of: the last twenty before today at
	// most. Answers are those from the first of these days to yesterday.
	Days    int   `json:"days"`
	Answers int64 `json:"answers"`
	// Week is how many days an open week has: the most of any seven days in a row, so that
	// holidays make no week shorter.
	Week int `json:"week"`
	// PerWeek is the pace in answers per open week, CI95 its 95 % interval. 0..0 without
	// open days.
	PerWeek float64    `json:"per_week"`
	CI95    [2]float64 `json:"ci95"`
	// Left is the number of open days after today; NeededPerWeek the pace that the need
	// takes in these, nil where nothing is missing, the need is not known or no day is left.
	Left          int      `json:"left"`
	NeededPerWeek *float64 `json:"needed_per_week,omitempty"`
	// AtClose is how many answers the period has at its end at this pace.
	AtClose int64 `json:"at_close"`
	// Reached is the day on which the need is reached at this pace; nil where that is not
	// within the period, or State is none of on_time, uncertain and never. Earliest and
	// Latest are the days before which it is reached in one of 40 cases, and after which
	// in one of 40; nil where not within the period.
	Reached  *survey.Date `json:"reached,omitempty"`
	Earliest *survey.Date `json:"earliest,omitempty"`
	Latest   *survey.Date `json:"latest,omitempty"`
	// Method names how all this was computed, NAME@VERSION.
	Method string `json:"method"`
}

const (
	// paceMethod names how a Pace is computed. The number changes with the method.
	paceMethod = "pace@1"
	// paceDays is how many open days a pace is of at most: four weeks of five days, so
	// that last month's weather is not today's.
	paceDays = 20
	// paceLeast is how many it takes to speak of a pace: two weeks of five.
	paceLeast = 10
)

// PaceOf returns the pace of a unit's answers and what it leads to. It takes the open days
// to come to be like the last ones: nothing is known of campaigns, closing days that
// nobody declared, or the rush of the last week.
//
// With X answers on W open days the pace is X/W a day. Answers come in bursts: φ, how many
// times their daily number varies more than a Poisson number would, is the variance of the
// daily numbers over their mean, 1 at the least. L further days bring F answers or more
// where F/L is not above X/W by more than luck:
//
//	z = (X/W − (F−½)/L) / √(φ·(F−½+X)/(L+W)·(1/L + 1/W))
//
// (the joint sampling of Krishnamoorthy and Peng 2011, with the dispersion of McCullagh and
// Nelder 1989), which varies as Student's t with W−1 degrees of freedom, since φ is
// estimated. Above its 97.5 % point is "on time", below minus that "never". The interval of
// the pace is the score interval of a Poisson number, with φ and that point.
//
// 48 answers on 20 open days, which vary as Poisson numbers do, are 12 a week of five days
// (8.88..16.21); to 217 from 118 on 26 open days it would take 19.04 a week: never.
func PaceOf(in Intake) Pace {
	out := Pace{Method: paceMethod, AtClose: in.SoFar}
	if in.Needed > 0 {
		out.Short = max(int64(in.Needed)-in.SoFar, 0)
	}
	start, daily := in.recent()
	out.Days = len(daily)
	for _, n := range daily {
		out.Answers += n
	}
	left := in.openAfter()
	out.Left, out.Week = len(left), in.week(start)
	x, w := float64(out.Answers), float64(out.Days)
	spread, point := dispersion(daily), student975(w-1)
	if out.Days > 0 {
		week := float64(out.Week) / w
		half := point * point * spread / 2
		root := point * math.Sqrt(spread*(x+half/2))
		out.PerWeek, out.CI95 = x*week, [2]float64{max(x+half-root, 0) * week, (x + half + root) * week}
		out.AtClose += int64(math.Round(x / w * float64(out.Left)))
	}
	if out.Short > 0 && out.Left > 0 {
		need := float64(out.Short) / float64(out.Left) * float64(out.Week)
		out.NeededPerWeek = &need
	}
	switch {
	case in.Needed <= 0:
		out.State = PaceUnknown
	case out.Short == 0:
		out.State = PaceReached
	case in.Today > in.To:
		out.State = PaceOver
	case out.Days < paceLeast:
		out.State = PaceTooEarly
	default:
		out.meet(left, x, w, spread, point)
	}
	return out
}

// meet finds the days on which the need is reached.
func (p *Pace) meet(left []survey.Date, x, w, spread, point float64) {
	short := float64(p.Short) - 0.5
	p.State = PaceNever
	for i := range left {
		l := float64(i + 1)
		z := (x/w - short/l) / math.Sqrt(spread*(short+x)/(l+w)*(1/l+1/w))
		if p.Earliest == nil && z > -point {
			p.Earliest, p.State = &left[i], PaceUncertain
		}
		if p.Reached == nil && x/w*l >= float64(p.Short)-1e-9 {
			p.Reached = &left[i]
		}
		if z >= point {
			p.Latest, p.State = &left[i], PaceOnTime
			break
		}
	}
}

// dispersion returns how many times more numbers vary than Poisson numbers of their mean;
// 1 at the least.
func dispersion(daily []int64) float64 {
	n, mean, squares := float64(len(daily)), 0.0, 0.0
	for _, x := range daily {
		mean += float64(x) / n
	}
	if n < 2 || mean == 0 {
		return 1
	}
	for _, x := range daily {
		squares += (float64(x) - mean) * (float64(x) - mean)
	}
	return max(squares/(n-1)/mean, 1)
}

// student975 returns the 97.5 % point of Student's t (Abramowitz and Stegun 26.7.5): 2.26
// with nine degrees of freedom; as with one where there are fewer.
func student975(freedom float64) float64 {
	const z = normal975
	n := max(freedom, 1)
	return z + (z*z*z+z)/(4*n) + (5*z*z*z*z*z+16*z*z*z+3*z)/(96*n*n) + (3*math.Pow(z, 7)+19*math.Pow(z, 5)+17*z*z*z-15*z)/(384*n*n*n)
}

// recent returns the first of the last open days before today and how many answers came
// from each of them to the next: those of a closed day count with the open day before it.
func (in Intake) recent() (start survey.Date, daily []int64) {
	start = min(in.Today, in.To+1)
	since := int64(0)
	for day := start - 1; day >= in.From && len(daily) < paceDays; day-- {
		since += in.Count(day)
		if in.Open(day) {
			start, daily, since = day, append(daily, since), 0
		}
	}
	return start, daily
}

// openAfter returns the open days of the period after today.
func (in Intake) openAfter() []survey.Date {
	var out []survey.Date
	for day := max(in.Today+1, in.From); day <= in.To; day++ {
		if in.Open(day) {
			out = append(out, day)
		}
	}
	return out
}

// week returns the most open days of seven in a row from a day to the period's end.
func (in Intake) week(start survey.Date) int {
	most, open := 0, 0
	for day := start; day <= in.To || day < start+7; day++ {
		if in.Open(day) {
			open++
		}
		if day >= start+7 && in.Open(day-7) {
			open--
		}
		most = max(most, open)
	}
	return most
}
