package report

import (
	"context"
	"time"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// HistoryMonth is an index of the answers that one or more months brought: those
// between the releases nearest their ends. It counts answers in the month in which
// they arrived.
type HistoryMonth struct {
	// First and Last are the first days of the first and last of the months: of more
	// than one where no release is near the end of one.
	First survey.Date `json:"first"`
	Last  survey.Date `json:"last"`
	// From and To are the moments of the two releases; no From for the first.
	From *time.Time `json:"from,omitempty"`
	To   time.Time  `json:"to"`
	// SoFar tells that the last month is not over by what is released.
	SoFar bool `json:"so_far,omitempty"`
	// Without a figure there are too few answers to some question.
	*HistoryFigure
}

// HistoryStep is an index of all answers that were released up to a moment.
type HistoryStep struct {
	Serial int       `json:"serial"`
	AsOf   time.Time `json:"as_of"`
	Final  bool      `json:"final,omitempty"`
	*HistoryFigure
}

// course is one index within a period.
type course struct {
	months []HistoryMonth
	steps  []HistoryStep
}

// courseKey names the courses of a unit's indexes in a period: by its newest release,
// which names all before it, and by what is declared. unit is the code that answers have.
type courseKey struct {
	period, unit string
	serial       int
	checksum     string
	catalogue    int64
}

// historyBytes is what a month or step takes in memory, roughly.
const historyBytes = 500

// course reads a unit's releases in a period, up to the one that the figures show,
// and keeps what it finds of each index for who asks next. None without a release.
// unit is the code that it had first, by which releases are stored.
func (b *Builder) course(ctx context.Context, f *Figures, period *survey.Period, unit string) (map[string]course, error) {
	v, err := f.View(Scope{Period: period.Code, Unit: unit, Audience: Public})
	if err != nil {
		return nil, err
	}
	newest := f.Released(period.Code, unit)
	if newest == nil || newest.Tally.Form().ID != v.calc.Form.ID {
		return nil, nil //nolint:nilnil // nothing is released: no error
	}
	d := f.Directory()
	key := courseKey{period.Code, unit, newest.Serial, newest.Checksum, d.Catalogue().Version}
	return cache.Get(b.cache, key, func() (map[string]course, int, error) {
		list, err := b.readPoints(ctx, period.Code, unit, newest, d)
		if err != nil {
			return nil, 0, err
		}
		out, size := map[string]course{}, 0
		spans := spansOf(list, period, d.Zone())
		for i := range v.calc.Form.Indexes {
			c := course{months: []HistoryMonth{}, steps: []HistoryStep{}}
			code := v.calc.Form.Indexes[i].Code
			asked := v.calc.Form.InstrumentOf(code).Ref()
			for _, p := range list {
				if x := v.calc.Point(p.Tally, i); x != nil {
					c.steps = append(c.steps, HistoryStep{p.Serial, p.AsOf, p.Final, figureOf(code, asked, x)})
				}
			}
			for _, s := range spans {
				c.months = append(c.months, s.month(v.calc, i, int64(d.City().LeastReleased())))
			}
			out[code] = c
			size += (len(c.steps) + len(c.months)) * historyBytes
		}
		return out, size, nil
	})
}

// point is the last release of a day.
type point struct {
	*analytics.ReleasedTally
	day survey.Date // the last whose answers it may hold
	// breaks counts the releases up to here over which no difference may be taken:
	// those that cannot be read, or that took answers out.
	breaks int
}

// restFor is how long no release is read again after the store failed: who asks
// for a page meanwhile has it without, and waits for nothing.
const restFor = 5 * time.Second

// readPoints reads a unit's releases up to one, of each day the last. Unavailable
// where the store doesn't give them.
func (b *Builder) readPoints(ctx context.Context, period, unit string, newest *analytics.ReleasedTally, d *survey.Directory) ([]point, error) {
	unavailable := &survey.Error{Code: survey.Unavailable, Message: "the releases cannot be read now; try again in a moment", RetryAfter: restFor}
	if b.now().UnixNano() < b.rest.Load() {
		return nil, unavailable
	}
	var out []point
	breaks := 0
	err := b.source.Steps(ctx, period, unit, func(r *analytics.ReleasedTally) error {
		if r == nil {
			breaks++
			return nil
		}
		if r.Serial > newest.Serial || r.Tally.Form().ID != newest.Tally.Form().ID {
			return nil // made since, or of no form that is shown
		}
		if r.Removes {
			breaks++
		}
		p := point{r, d.Today(r.AsOf.Add(-time.Nanosecond)), breaks}
		if n := len(out); n > 0 && out[n-1].day == p.day {
			out[n-1] = p
		} else {
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		b.rest.Store(b.now().Add(restFor).UnixNano())
		unavailable.Cause = err
		return nil, unavailable
	}
	return out, nil
}

// nearEnough is how far from the end of a month a release may be that stands for it.
const nearEnough = 7 * 24 * time.Hour

// span are the answers between two releases; from is nil for the first.
type span struct {
	from        *point
	to          *point
	first, last survey.Date // months
	soFar       bool
}

// spansOf cuts a period into months, at the releases nearest to their ends. Months
// without a release near the end between them are one span.
func spansOf(list []point, period *survey.Period, zone *time.Location) []span {
	if len(list) == 0 {
		return nil
	}
	newest := &list[len(list)-1]
	var out []span
	next := span{first: period.From.Month()}
	for month := nextMonth(period.From); month <= period.To; month = nextMonth(month) {
		end := month.In(zone)
		if end.After(newest.AsOf) {
			break
		}
		next.to, next.last = nearest(list, end), month-1
		if next.to == nil {
			continue
		}
		next.last = next.last.Month()
		out = append(out, next)
		next = span{from: next.to, first: month}
	}
	if next.from != nil && next.from.Serial == newest.Serial {
		return out
	}
	next.to, next.soFar = newest, !newest.Final
	next.last = min(survey.DateOf(newest.AsOf.Add(-time.Nanosecond), zone), period.To).Month()
	return append(out, next)
}

// nextMonth returns the first day of the month after a day's.
func nextMonth(d survey.Date) survey.Date { return (d.Month() + 31).Month() }

// nearest returns the release that is nearest to a moment, the earlier of two that
// are as near; nil where none is near enough.
func nearest(list []point, to time.Time) *point {
	var best *point
	for i := range list {
		p := &list[i]
		if d := p.AsOf.Sub(to).Abs(); d <= nearEnough && (best == nil || d < best.AsOf.Sub(to).Abs()) {
			best = p
		}
	}
	return best
}

// month returns an index of a span.
func (s span) month(calc *analytics.Calculation, i int, least int64) HistoryMonth {
	out := HistoryMonth{First: s.first, Last: s.last, To: s.to.AsOf, SoFar: s.soFar}
	var earlier *analytics.Tally
	breaks := 0
	if s.from != nil {
		out.From, earlier, breaks = &s.from.AsOf, s.from.Tally, s.from.breaks
	}
	if breaks == s.to.breaks {
		code := calc.Form.Indexes[i].Code
		out.HistoryFigure = figureOf(code, calc.Form.InstrumentOf(code).Ref(), calc.Span(earlier, s.to.Tally, i, least))
	}
	return out
}
