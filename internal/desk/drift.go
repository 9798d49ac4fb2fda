package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Histories read what units' releases told over time.
type Histories interface {
	// History is report.Builder.History.
	History(ctx context.Context, f *report.Figures, unit string, period *survey.Period, of report.Audience, today survey.Date) (*report.History, error)
}

// drifts tell how much the units of a city drift, by what was learned on a day. They are
// never changed; nil: nothing is known.
type drifts struct {
	serial    uint64 // another one for all others
	today     survey.Date
	catalogue int64 // its version
	units     int   // that it was learned of
	values    map[driftKey]analytics.Drift
}

// driftKey names an index that a period asks by an instrument.
type driftKey struct{ period, code, instrument string }

// mostLearned is of how many units it is learned how much units drift: as many as in the
// cities that forecasts were tried on.
const mostLearned = 20

func (d *drifts) known(key driftKey) analytics.Drift {
	if d == nil {
		return analytics.Drift{} // of nothing that is known
	}
	return d.values[key]
}

// id tells drifts apart.
func (d *drifts) id() uint64 {
	if d == nil {
		return 0
	}
	return d.serial
}

// Learn learns from the months of a few units of each running period how much units drift,
// so that no request that foretells a grade has to; the next Refresh publishes it. It does
// so once a day, and where the city was declared anew or more units have releases; else it
// returns at once. After each unit it waits for a time, so that answers and readers get
// their turns. Where something can't be read nothing is learned, and the error tells it.
func (b *Builder) Learn(ctx context.Context, from Histories, rest time.Duration) error {
	f := b.figures()
	if !f.Loaded() {
		return nil
	}
	today := f.Directory().Today(b.now())
	samples, err := driftSamples(f, today)
	if err != nil {
		return err
	}
	next := &drifts{today: today, catalogue: f.Directory().Catalogue().Version, values: map[driftKey]analytics.Drift{}}
	for _, s := range samples {
		next.units += len(s.units)
	}
	if old := b.drifts.Load(); old != nil {
		if next.serial = old.serial; old.today == next.today && old.catalogue == next.catalogue && old.units == next.units {
			return nil
		}
	}
	next.serial++
	r := &driftReader{f: f, from: from, today: today, rest: rest, months: map[unitOf]map[string][]Month{}}
	for _, s := range samples {
		if next.values[s.key], err = r.drift(ctx, s); err != nil {
			return fmt.Errorf("learn how units drift in period %s: %w", s.key.period, err)
		}
	}
	b.drifts.Store(next)
	return nil
}

// driftSample are the units from whose months it is learned how much units drift by an index
// of a running period.
type driftSample struct {
	key    driftKey
	period *survey.Period
	units  []*report.UnitResult
}

// driftSamples returns a sample for each index of the periods that run on a day: some units
// with a release, taken evenly from the catalogue.
func driftSamples(f *report.Figures, today survey.Date) ([]driftSample, error) {
	var out []driftSample
	d := f.Directory()
	for i := range d.Catalogue().Periods {
		p := &d.Catalogue().Periods[i]
		if today < p.From || today > p.To {
			continue // nothing is foretold
		}
		results, err := f.Results(report.Scope{Period: p.Code, Audience: report.Managed})
		if err != nil {
			return nil, err
		}
		for _, code := range analytics.Order(d.Form(p.Code)) {
			var some []*report.UnitResult
			for _, u := range results.Units {
				if u.Released != nil && u.Indexes[code] != nil {
					some = append(some, u)
				}
			}
			s := driftSample{key: driftKey{p.Code, code, d.Form(p.Code).InstrumentOf(code).Ref()}, period: p}
			for i := range min(len(some), mostLearned) {
				s.units = append(s.units, some[i*len(some)/min(len(some), mostLearned)])
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// driftReader reads the months of sampled units, those of each unit once.
type driftReader struct {
	f      *report.Figures
	from   Histories
	today  survey.Date
	rest   time.Duration
	months map[unitOf]map[string][]Month // by index
}

type unitOf struct{ period, unit string }

// drift returns how much the units of a sample drift.
func (r *driftReader) drift(ctx context.Context, s driftSample) (analytics.Drift, error) {
	var courses []analytics.Course
	for _, u := range s.units {
		at := unitOf{s.key.period, u.Unit}
		if r.months[at] == nil {
			months, err := r.recent(ctx, u.Unit, s.period)
			if err != nil {
				return analytics.Drift{}, err
			}
			r.months[at] = months
			select {
			case <-ctx.Done():
				return analytics.Drift{}, ctx.Err()
			case <-time.After(r.rest):
			}
		}
		now := analytics.FigureOf(s.key.code, s.key.instrument, u.Indexes[s.key.code])
		courses = append(courses, stretchesOf(r.f.Directory(), now, r.months[at][s.key.code]))
	}
	return analytics.DriftOf(courses), nil
}

// recent returns the months of a unit's indexes in a period and in its one before.
func (r *driftReader) recent(ctx context.Context, unit string, period *survey.Period) (map[string][]Month, error) {
	out := map[string][]Month{}
	begun := report.Begun(r.f.Directory(), unit, r.today) // the newest first
	at := slices.Index(begun, period)
	for i := min(at+1, len(begun)-1); i >= max(at, 0); i-- {
		of := begun[i]
		h, err := r.from.History(ctx, r.f, unit, of, report.Managed, r.today)
		if err != nil {
			return nil, err
		}
		for _, x := range h.Indexes {
			for _, month := range x.Months {
				out[x.Index] = append(out[x.Index], Month{HistoryMonth: month, Period: &Period{Code: of.Code, Name: of.Name, From: of.From, To: of.To}})
			}
		}
	}
	return out, nil
}
