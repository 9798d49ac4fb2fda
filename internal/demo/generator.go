package demo

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

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
	err := s.RecordEvaluation(ctx, analytics.Evaluation{
		Period: g.period.Code, Unit: unit, Version: 1, Achievement: []string{"A", "B", "B", "C"}[rng.IntN(4)], Areas: areas,
		Who: "TPI Kota Cendana (peragaan)", Why: "data peragaan", Key: "demo", At: g.now.UTC(),
	})
	if survey.CodeOf(err) == survey.Conflict {
		return nil // entered before a crash
	}
	return err
}
