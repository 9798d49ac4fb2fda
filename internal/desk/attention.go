package desk

import (
	"cmp"
	"math"
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

const (
	// endsSoon is how many days before its last one a period is told to end.
	endsSoon = 14
	// newsDays is how long the final figures, or a fall in them, are news; oldDays after the
	// period's last day a fall is none any more, however late they were made: by then the
	// next period shows how it goes.
	newsDays, oldDays = 7, 14
	// nearDays is within how many open days the sample is reached at this pace where it is
	// told to be near.
	nearDays = 2
	// falseFalls is how many falls a desk may show on average that are none: one in ten
	// mornings after a release of every unit.
	falseFalls = 0.1
)

// attend notes what needs attention of a unit. Silence is told with its main period alone.
func (m *deskInput) attend(u *Unit, r unitResult, counts *unitCounts, main bool, s *series) {
	add := func(i Item, page Page) {
		i.Units, i.Agency, i.AgencyName, i.Unit, i.UnitName, i.Period = 1, u.Agency, u.AgencyName, u.Code, u.Name, u.Period
		i.Target.Page, i.Target.Agency, i.Target.Unit, i.Target.Period = page, u.Agency, u.Code, u.Period.Code
		u.Attention = append(u.Attention, i)
	}
	if main && u.State == Running && !u.Closed && counts != nil {
		m.listen(u, s, add)
		if hour := counts.burst(m.counts[r.period.Code], s.open, m.today); hour != nil {
			if i := slices.IndexFunc(u.Points, func(p PointCount) bool { return hour.Point != "" && m.keyOf(p.Code) == hour.Point }); i >= 0 {
				hour.Point, hour.PointName = u.Points[i].Code, u.Points[i].Name
			} else {
				hour.Point, hour.AtPoint = "", 0
			}
			add(Item{Kind: Burst, Burst: hour, Target: Target{Point: hour.Point}, weight: float64(hour.Answers)}, PagePoint)
		}
	}
	fresh := u.State == Final && m.today-survey.DateOf(r.Released.At, m.directory.Zone()) <= newsDays
	if m.current(u, r) || fresh && m.today-r.period.To <= oldDays {
		for i := range u.Indexes {
			x := &u.Indexes[i]
			if x.Change == nil || x.Change.State == analytics.ChangeNotCompared {
				continue
			}
			f := fall{index: i, chance: 1}
			if x.Change.State == analytics.ChangeReal && x.Change.Difference < 0 {
				f.chance = x.Change.chance()
			}
			u.falls = append(u.falls, f)
		}
	}
	m.attendSample(u, r, add)
	switch {
	case u.State == Running && u.Days <= endsSoon:
		add(Item{Kind: PeriodEnds, Day: &r.period.To, Days: u.Days}, PageSample)
	case fresh:
		day := survey.DateOf(r.Released.At, m.directory.Zone())
		add(Item{Kind: FinalMade, Day: &day, Days: int(m.today - day)}, PageResults)
	}
	if u.Unread != nil && *u.Unread > 0 {
		add(Item{Kind: CommentsUnread, Count: *u.Unread, weight: float64(*u.Unread)}, PageComments)
	}
	slices.SortStableFunc(u.Attention, urgency)
}

// current reports whether something can still be done for a unit's figures of a period: it
// runs, or ended a few days ago and is not final.
func (m *deskInput) current(u *Unit, r unitResult) bool {
	return u.State == Running || u.State == Closing && m.today-r.period.To <= newsDays
}

// keyOf returns the key of a point's code.
func (m *deskInput) keyOf(code string) string {
	if place, ok := m.directory.Point(code); ok {
		return place.Point.Key()
	}
	return code
}

// listen notes which points are silent: where all are, the unit.
func (m *deskInput) listen(u *Unit, s *series, add func(Item, Page)) {
	_, last, ok := s.whole.bounds()
	if !ok {
		return
	}
	weekdays := s.weekdays(last)
	whole := s.silence(s.whole, weekdays)
	if whole != nil {
		add(Item{Kind: UnitSilent, Silence: whole, weight: whole.weight()}, PagePoint)
	}
	for i := range u.Points {
		p := &u.Points[i]
		of := s.points[m.keyOf(p.Code)]
		known, _ := s.usual(of, weekdays)
		p.Usual = known.perDay()
		if p.Closed { // or elsewhere by now
			continue
		}
		if p.Silence = s.silence(of, weekdays); p.Silence == nil {
			continue
		}
		p.Silence.Point, p.Silence.PointName = p.Code, p.Name
		if whole == nil {
			add(Item{Kind: PointSilent, Silence: p.Silence, Target: Target{Point: p.Code}, weight: p.Silence.weight()}, PagePoint)
		}
	}
}

// weight orders silences: by the answers that are missing.
func (s *Silence) weight() float64 { return s.Usual * float64(s.Days) }

// attendSample notes what is to be said of the sample and of the people served.
func (m *deskInput) attendSample(u *Unit, r unitResult, add func(Item, Page)) {
	if u.Closed || !m.current(u, r) {
		return
	}
	sample := &u.Sample
	if sample.Fault != "" {
		late := m.today >= r.period.From+(r.period.To-r.period.From+1)/2
		if sample.Fault != analytics.PopulationUnknown || late {
			add(Item{Kind: PopulationMissing, Sample: sample, weight: float64(u.Answers)}, PagePopulation)
		}
		return
	}
	if sample.Pace == nil {
		return
	}
	switch p := sample.Pace; p.State {
	case analytics.PaceNever:
		add(Item{Kind: SampleMissed, Sample: sample, weight: float64(p.Short) / float64(*sample.Needed)}, PageSample)
	case analytics.PaceOnTime, analytics.PaceUncertain:
		if p.Week > 0 && float64(p.Short) <= nearDays*p.PerWeek/float64(p.Week) {
			add(Item{Kind: SampleNear, Sample: sample, weight: -float64(p.Short)}, PageSample)
		}
	}
}

// fall is an index that is compared with the period before: chance is how likely such a
// fall is where nothing changed, 1 where it is none.
type fall struct {
	index  int
	chance float64
}

// chance returns how likely so large a fall is where nothing changed, by how often the
// distance from 0 has the interval's part of it: 0.025 where the interval touches 0.
func (c *Change) chance() float64 {
	part := c.CI95[1] - c.Difference
	if part <= 0 {
		return 0
	}
	return math.Erfc(-c.Difference/part*normal975/math.Sqrt2) / 2
}

// normal975 is the 97.5 % point of the normal distribution.
const normal975 = 1.959963984540054

// falls returns the items of the indexes that fell, of each unit the one that fell most
// clearly: of n that are compared on a desk those that by luck fewer than falseFalls of n
// would be. A real change of one unit among hundreds is no news by itself: so many of them
// are real by luck.
func falls(units []*Unit) []Item {
	compared := 0
	for _, u := range units {
		compared += len(u.falls)
	}
	var out []Item
	for _, u := range units {
		if len(u.falls) == 0 {
			continue
		}
		f := slices.MinFunc(u.falls, func(a, b fall) int { return cmp.Compare(a.chance, b.chance) })
		if f.chance >= 1 || f.chance*float64(compared) > falseFalls {
			continue
		}
		x := &u.Indexes[f.index]
		out = append(out, Item{
			Kind: Fall, Units: 1, Agency: u.Agency, AgencyName: u.AgencyName, Unit: u.Code, UnitName: u.Name, Period: u.Period, Fall: x,
			Target: Target{Page: PageIndex, Agency: u.Agency, Unit: u.Code, Period: u.Period.Code, Index: x.Code}, weight: -f.chance,
		})
	}
	return out
}
