package demo

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// generator answers one period of the demonstration.
type generator struct {
	directory        *survey.Directory
	period           *survey.Period
	form             *survey.Form
	now              time.Time
	samples          *analytics.Samples
	content, unhappy []string
}

// quietUnit has fewer answers than are ever shown, in a running period and in a closed
// one: that is to be seen, too.
const (
	quietUnit    = "pdam-cabang"
	quietRunning = 7
	quietClosed  = 9
)

// batch is the number of responses of one commit.
const batch = 4000

func (g *generator) fill(ctx context.Context, s Store) error {
	var waiting []*survey.Response
	flush := func() error {
		_, err := s.Append(ctx, waiting)
		waiting = waiting[:0]
		return err
	}
	last := min(g.period.To, g.directory.Today(g.now))
	closed := g.period.To < g.directory.Today(g.now)
	for a := range g.directory.Catalogue().Agencies {
		agency := &g.directory.Catalogue().Agencies[a]
		for u := range agency.Units {
			unit := &agency.Units[u]
			rng := seeded(g.period.Code, unit.Code)
			n := g.answers(unit.Code, rng)
			if !closed {
				span := float64(last-g.period.From+1) / float64(g.period.To-g.period.From+1)
				n = max(int(float64(n)*span), 1)
			}
			character := seeded("character", unit.Code)
			quality, clean := 0.35+0.6*character.Float64(), 0.5+0.5*character.Float64()
			drift := seeded("drift", g.period.Code, unit.Code).Float64()*0.1 - 0.05
			if unit.Code == quietUnit {
				n = quietRunning
				if closed {
					n = quietClosed
				}
			}
			for range n {
				waiting = append(waiting, g.response(rng, unit, last, quality+drift, clean+drift/2))
				if len(waiting) == batch {
					if err := flush(); err != nil {
						return err
					}
				}
			}
			if closed {
				if err := g.evaluate(ctx, s, unit.Code, rng); err != nil {
					return err
				}
			}
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return flush()
}

// answers returns how many people answered at a unit: most units reach the
// sample that they need, some fall short of it.
func (g *generator) answers(unit string, rng *rand.Rand) int {
	needed := g.samples.KrejcieMorgan(g.period.Population[unit])
	return int(float64(needed) * (0.6 + 0.75*rng.Float64()))
}

func seeded(parts ...string) *rand.Rand {
	h := fnv.New128a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p + "\x00")) // a hash never fails
	}
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:])))
}

func (g *generator) response(rng *rand.Rand, unit *survey.Unit, last survey.Date, quality, clean float64) *survey.Response {
	zone := g.directory.Zone()
	day := g.period.From + survey.Date(rng.IntN(int(last-g.period.From)+1))
	place, _ := g.directory.Unit(unit.Code)
	calendar := g.directory.Calendar(place)
	for !calendar.Open(day) {
		if day--; day < g.period.From {
			day = min(g.period.From+survey.Date(rng.IntN(7)), last)
			break
		}
	}
	minutes := minuteOf(calendar.On(day), rng.IntN(officeMinutes))
	received := day.In(zone).Add(time.Duration(minutes)*time.Minute + time.Duration(rng.IntN(60_000))*time.Millisecond)
	if received.After(g.now) {
		received = g.now.Add(-time.Duration(rng.IntN(3600)) * time.Second)
	}
	local := received.In(zone)
	r := &survey.Response{
		ID: id(rng, received), Period: g.period.Code, Unit: unit.Code, Form: g.form.ID, Lang: "id", Mode: mode(rng),
		Service: unit.Services[skewed(rng, len(unit.Services))].Code,
		Day:     survey.DateOf(received, zone), Hour: uint8(local.Hour()),
		StartedAt:  received.Add(-time.Duration(40+rng.IntN(150)) * time.Second).UTC().Truncate(time.Millisecond),
		ReceivedAt: received.UTC().Truncate(time.Millisecond),
	}
	if r.Mode != survey.ModePaper {
		r.Point = g.pointOf(unit, calendar, r.Day, rng)
	}
	mood := rng.NormFloat64() * 0.13
	total, asked := 0, 0
	values := make([]int, len(g.form.Questions))
	for q := range g.form.Questions {
		question := &g.form.Questions[q]
		level := quality
		if corruption := g.form.Index(analytics.IPAK); feeds(corruption, question.Code) {
			level = clean
		}
		if !question.Scored {
			values[q] = 1
			if rng.Float64() < 0.03 {
				values[q] = 2
			}
			if rng.Float64() < 0.1 {
				values[q] = 0
			}
			continue
		}
		// Each question has its own strength at each unit: pengaduan is
		// mostly weak, kompetensi mostly strong.
		own := seeded("question", unit.Code, question.Code)
		values[q] = score(level+(own.Float64()-0.5)*0.22+mood+rng.NormFloat64()*0.16, len(question.Options))
		total += values[q]
		asked += len(question.Options)
	}
	g.decline(r, values)
	r.Answers = survey.MakeMarks(values)
	r.Respondent = g.respondent(rng)
	r.Comment = g.comment(rng, float64(total)/float64(asked))
	return r
}

// officeMinutes are those of a day in which answers are given where the hours are from
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

// The silent point has had no answer for some open days: a desk tells of it.
const (
	silentPoint = "NOBITA94"
	silentDays  = 14
)

// pointOf draws the point at which an answer was given.
func (g *generator) pointOf(unit *survey.Unit, calendar *survey.Calendar, day survey.Date, rng *rand.Rand) string {
	code := unit.Points[rng.IntN(len(unit.Points))].Code
	if today := g.directory.Today(g.now); code == silentPoint && g.period.Contains(today) && calendar.OpenDays(day, today-1) <= silentDays {
		return unit.Points[0].Code
	}
	return code
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

// evaluate enters what an evaluator would: most units, not all of them.
func (g *generator) evaluate(ctx context.Context, s Store, unit string, rng *rand.Rand) error {
	if rng.Float64() < 0.2 {
		return nil
	}
	share := 0.62 + 0.33*rng.Float64()
	areas := map[string]string{}
	for _, a := range []struct {
		code   string
		weight float64
	}{{"manajemen_perubahan", 8}, {"tatalaksana", 7}, {"sdm", 10}, {"akuntabilitas", 10}, {"pengawasan", 15}, {"pelayanan_publik", 10}} {
		areas[a.code] = fmt.Sprintf("%.2f", a.weight*min(share+rng.NormFloat64()*0.05, 1))
	}
	err := s.PutEvaluation(ctx, analytics.Evaluation{
		Period: g.period.Code, Unit: unit, Version: 1, Achievement: []string{"A", "B", "B", "C"}[rng.IntN(4)], Areas: areas,
		Who: "TPI Kota Cendana (peragaan)", Why: "data peragaan", Key: "demo", At: g.now.UTC(),
	})
	if survey.CodeOf(err) == survey.Conflict {
		return nil // entered before a crash
	}
	return err
}
