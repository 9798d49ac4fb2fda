package desk

import (
	"context"
	"slices"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// driftKey names what is learned of an index from the units of a city on a day.
type driftKey struct {
	period, code string
	today        survey.Date
}

// mostLearned is of how many units it is learned how much units drift: as many as in the
// cities that forecasts were tried on.
const mostLearned = 20

// drift returns how much units of the city drift, by the months of this period and the one
// before of some of them, taken evenly from the catalogue. What can't be read is left out.
// It is learned once a day: it changes little, and a page shall not wait for it each time.
func (m *detailMaker) drift(ctx context.Context, code string) analytics.Drift {
	out, err := cache.Get(m.cache, driftKey{m.period.Code, code, m.today}, func() (analytics.Drift, int, error) {
		results, err := m.f.Results(report.Scope{Period: m.period.Code, Audience: report.Managed})
		if err != nil {
			return analytics.Drift{}, 0, err
		}
		var some []*report.UnitResult
		for _, u := range results.Units {
			if u.Released != nil && u.Indexes[code] != nil {
				some = append(some, u)
			}
		}
		var courses []analytics.Course
		for i := range min(len(some), mostLearned) {
			u := some[i*len(some)/min(len(some), mostLearned)]
			now := analytics.FigureOf(code, m.form.InstrumentOf(code).Ref(), u.Indexes[code])
			courses = append(courses, m.stretches(now, m.recent(ctx, u.Unit, code)))
		}
		return analytics.DriftOf(courses), driftBytes, nil
	})
	if err != nil {
		return analytics.Drift{} // of nothing that is known
	}
	return out
}

// driftBytes is what a drift takes in memory, roughly.
const driftBytes = 100

// recent returns the months of a unit in the period and in its one before.
func (m *detailMaker) recent(ctx context.Context, unit, code string) []Month {
	var out []Month
	begun := report.Begun(m.d, unit, m.today) // the newest first
	at := slices.Index(begun, m.period)
	if at < 0 {
		return nil
	}
	for i := min(at+1, len(begun)-1); i >= at; i-- {
		p := begun[i]
		h, err := m.figures.History(ctx, m.f, unit, p, report.Managed, m.today)
		if err != nil {
			continue
		}
		for _, month := range monthsOf(h, code) {
			out = append(out, Month{HistoryMonth: month, Period: &Period{Code: p.Code, Name: p.Name, From: p.From, To: p.To}})
		}
	}
	return out
}
