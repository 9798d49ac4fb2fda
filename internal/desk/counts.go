package desk

import (
	"context"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Days are the numbers of answers by day, as a projection keeps them.
type Days interface {
	// Days returns how many answers to a form units got on each of some days. It may know
	// of answers that came since the last figures.
	Days(ctx context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error)
}

const (
	// daysAtOnce is how many days are read at once: whoever counts answers waits meanwhile, and
	// those who send some wait for a turn.
	daysAtOnce = 7
	// mostRecent is how many days are read again with every change; of older ones no
	// answer is expected any more, and where the sum shows that some came all are read.
	mostRecent = 8
	// fewUnits is up to how many units are read one by one.
	fewUnits = 20
)

// periodCounts are the numbers of answers of a period's units by day. One goroutine at a
// time uses it; what it lends is never changed again.
type periodCounts struct {
	form     string
	from, to survey.Date
	cut      survey.Date // days from here on are read again with every change
	room     int         // how many days there are by now
	units    map[string]*unitCounts
	serial   *uint64 // of the newest unitCounts
}

// unitCounts has the counts of one unit by day, from the period's first on.
type unitCounts struct {
	serial uint64           // another one for all others
	tally  *analytics.Tally // what they were read for: they hold all of its answers
	undone int64
	days   dayCounts
	points map[string]dayCounts // by key
	// before are the totals of the days before cut, recent those of each since.
	before totals
	recent map[survey.Date]analytics.Counts
}

// dayCounts are numbers of answers by day, from a period's first day on, as far as there are
// any: in 32 bits, as tallies count, for there is a list for each unit, point and period.
type dayCounts []uint32

// on returns the number of a day; at counts from the period's first.
func (d dayCounts) on(at int) int64 {
	if at < len(d) {
		return int64(d[at])
	}
	return 0
}

// up returns a copy of the first n days with room for all that may come.
func (d dayCounts) up(n, room int) dayCounts {
	return append(make(dayCounts, 0, room), d[:min(n, len(d))]...)
}

// put writes a number at a place of the list, which grows as far as that.
func (d dayCounts) put(at int, n int64, room int) dayCounts {
	if d == nil {
		d = make(dayCounts, 0, room)
	}
	for len(d) <= at {
		d = append(d, 0)
	}
	d[at] = uint32(n)
	return d
}

// totals are numbers of answers of several days.
type totals struct {
	n        int64
	services map[string]int64
	hours    [7][24]int64
}

func (t *totals) add(c *analytics.Counts) {
	t.n += c.N
	for _, s := range c.Services {
		t.services[s.Key] += s.N
	}
	for _, h := range c.Hours {
		t.hours[h.Weekday][h.Hour] += h.N
	}
}

// all returns the totals of every day.
func (u *unitCounts) all() totals {
	out := totals{n: u.before.n, services: map[string]int64{}, hours: u.before.hours}
	for key, n := range u.before.services {
		out.services[key] = n
	}
	for _, c := range u.recent {
		out.add(&c)
	}
	return out
}

// unitNow is what the figures know of a unit's answers.
type unitNow struct {
	key    string
	tally  *analytics.Tally
	undone int64
}

// holds reports whether the counts are those of what the figures know.
func (u *unitCounts) holds(now unitNow) bool {
	return u != nil && u.tally == now.tally // which is another one after an undo too
}

// refresh brings the counts up to date with what the figures know of the units.
func (p *periodCounts) refresh(ctx context.Context, days Days, period string, today survey.Date, units []unitNow) error {
	var changed []unitNow
	for _, now := range units {
		if !p.units[now.key].holds(now) {
			changed = append(changed, now)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	p.room = int(max(min(today, p.to)-p.from, 0)) + 1
	recent := max(min(today-1, p.to), p.from) // on the first day there is none before
	if p.cut == 0 || recent-p.cut > mostRecent {
		p.cut = recent
		return p.readAll(ctx, days, period, units)
	}
	fresh, err := days.Days(ctx, analytics.DaysOf{Period: period, Form: p.form, From: p.cut, Before: p.to + 1})
	if err != nil {
		return err
	}
	byUnit := p.byUnit(fresh)
	var lacking []unitNow
	for _, now := range changed {
		old := p.units[now.key]
		if old == nil || old.undone != now.undone {
			lacking = append(lacking, now)
			continue
		}
		u := old.with(p, byUnit[now.key], now)
		if u.all().n < now.tally.Responses() { // some came for days of long ago
			lacking = append(lacking, now)
			continue
		}
		p.units[now.key] = u
	}
	if len(lacking) > fewUnits {
		return p.readAll(ctx, days, period, units)
	}
	for _, now := range lacking {
		if err := p.read(ctx, days, period, now.key, []unitNow{now}); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads every day of every unit.
func (p *periodCounts) readAll(ctx context.Context, days Days, period string, units []unitNow) error {
	return p.read(ctx, days, period, "", units)
}

// read reads every day of one unit, or of all, some of them at a time.
func (p *periodCounts) read(ctx context.Context, days Days, period, unit string, units []unitNow) error {
	fresh := make(map[string]*unitCounts, len(units))
	for _, now := range units {
		fresh[now.key] = p.made(now, totals{services: map[string]int64{}})
	}
	for from := p.from; from <= p.to; from += daysAtOnce {
		list, err := days.Days(ctx, analytics.DaysOf{Period: period, Form: p.form, Unit: unit, From: from, Before: min(from+daysAtOnce, p.to+1)})
		if err != nil {
			return err
		}
		for key, of := range p.byUnit(list) {
			if u := fresh[key]; u != nil {
				u.take(p, of)
			}
		}
	}
	for key, u := range fresh {
		p.units[key] = u
	}
	return nil
}

// made makes counts of what figures know of a unit, with the totals of the days before cut.
func (p *periodCounts) made(now unitNow, before totals) *unitCounts {
	*p.serial++
	return &unitCounts{
		serial: *p.serial, tally: now.tally, undone: now.undone, points: map[string]dayCounts{}, before: before, recent: map[survey.Date]analytics.Counts{},
	}
}

func (p *periodCounts) byUnit(list map[analytics.UnitDay]analytics.Counts) map[string]map[survey.Date]analytics.Counts {
	out := map[string]map[survey.Date]analytics.Counts{}
	for at, c := range list {
		if at.Day < p.from || at.Day > p.to {
			continue // no answer of the period can be on it
		}
		if out[at.Unit] == nil {
			out[at.Unit] = map[survey.Date]analytics.Counts{}
		}
		out[at.Unit][at.Day] = c
	}
	return out
}

// with returns the counts with other ones of the days from cut on.
func (u *unitCounts) with(p *periodCounts, recent map[survey.Date]analytics.Counts, now unitNow) *unitCounts {
	out := p.made(now, u.before)
	old := int(p.cut - p.from)
	out.days = u.days.up(old, p.room)
	for key, list := range u.points {
		out.points[key] = list.up(old, p.room)
	}
	out.take(p, recent)
	return out
}

// take counts days that were not counted yet.
func (u *unitCounts) take(p *periodCounts, days map[survey.Date]analytics.Counts) {
	for day, c := range days {
		at := int(day - p.from)
		u.days = u.days.put(at, c.N, p.room)
		for _, point := range c.Points {
			u.points[point.Key] = u.points[point.Key].put(at, point.N, p.room)
		}
		if day < p.cut {
			u.before.add(&c)
		} else {
			u.recent[day] = c
		}
	}
}

// nowOf returns what the figures know of the answers of a period's units.
func nowOf(f *report.Figures, r *report.Results) []unitNow {
	out := make([]unitNow, 0, len(r.Units))
	d := f.Directory()
	for _, u := range r.Units {
		out = append(out, unitNow{key: d.UnitKey(u.Unit), tally: f.Totals(r.Period, u.Unit), undone: u.Responses.Undone})
	}
	return out
}
