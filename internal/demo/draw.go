package demo

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// officeMinutes is how many minutes of a day answers are given in where the hours are from
// eight to four: the last come an hour before the end.
const officeMinutes = 7 * 60

// minuteOf returns a minute of the day within the hours, of one that is drawn within
// officeMinutes; from eight on where there are none.
func minuteOf(hours survey.Opening, drawn int) int {
	from, to, ok := hours.Span()
	if !ok {
		from, to = 8*60, 8*60+officeMinutes+60
	}
	return from + drawn*(to-from-60)/officeMinutes
}

// decline declines some of the answers that may be: a few people all of them, more
// where an officer types what they say, and others one here and there. What else
// is drawn stays as it is.
func (g *generator) decline(r *survey.Response, values []int) {
	rng := seeded("declined", r.ID.String())
	all := 0.05
	if r.Mode == survey.ModeAssisted {
		all = 0.15
	}
	everything := rng.Float64() < all
	for q := range g.form.Questions {
		if g.form.Questions[q].Declinable && values[q] != 0 && (everything || rng.Float64() < 0.015) {
			values[q] = survey.Declined
		}
	}
}

// score turns a level, about 0..1, into a step of a scale.
func score(level float64, steps int) int {
	return min(max(1+int(level*float64(steps)), 1), steps)
}

func feeds(x *survey.FormIndex, question string) bool {
	if x == nil {
		return false
	}
	for _, a := range x.Aspects {
		for _, q := range a.Questions {
			if q == question {
				return true
			}
		}
	}
	return false
}

// id makes a UUIDv7 of the time of receiving and seeded random bits.
func id(rng *rand.Rand, at time.Time) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16|rng.Uint64()&0xffff)
	binary.BigEndian.PutUint64(u[8:], rng.Uint64())
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

func mode(rng *rand.Rand) survey.Mode {
	switch x := rng.Float64(); {
	case x < 0.72:
		return survey.ModeQR
	case x < 0.86:
		return survey.ModeKiosk
	case x < 0.93:
		return survey.ModeAssisted
	default:
		return survey.ModePaper
	}
}

// skewed chooses one of n, the first most often.
func skewed(rng *rand.Rand, n int) int {
	return min(int(rng.ExpFloat64()*float64(n)/2.5), n-1)
}

func (g *generator) respondent(rng *rand.Rand) survey.Marks {
	values := make([]int, len(g.form.Fields))
	for f := range g.form.Fields {
		n := len(g.form.Fields[f].Categories)
		switch {
		case rng.Float64() < 0.06: // not told
		case g.form.Fields[f].Code == "disability":
			values[f] = 2
			if rng.Float64() < 0.04 {
				values[f] = 1
			}
		case n == 2:
			values[f] = 1 + rng.IntN(2)
		default:
			values[f] = 1 + min(max(int((rng.NormFloat64()*0.22+0.45)*float64(n)), 0), n-1)
		}
	}
	return survey.MakeMarks(values)
}

func (g *generator) comment(rng *rand.Rand, share float64) string {
	if rng.Float64() > 0.12 {
		return ""
	}
	list := g.content
	if share < 0.8 {
		list = g.unhappy
	}
	return list[rng.IntN(len(list))]
}
