package desk

import (
	"slices"

	"persepsi/survey"
)

// countsOf returns when and where a unit's answers of a period were given.
func (m *deskInput) countsOf(at survey.Place, r unitResult, calendar *survey.Calendar, counts *unitCounts) Counts {
	all := counts.all()
	out := Counts{Known: true, Hours: all.hours}
	last := min(r.period.To, m.today)
	out.Days = make([]DayCount, 0, max(last-r.period.From+1, 0))
	for day := r.period.From; day <= last; day++ {
		out.Days = append(out.Days, DayCount{Day: day, Answers: int32(counts.days.on(int(day - r.period.From))), Open: calendar.Open(day)})
	}
	var named []string
	for i := range at.Unit.Points {
		p := &at.Unit.Points[i]
		named = append(named, p.Key())
		out.Points = append(out.Points, pointCount(p, r.period.From, counts.points[p.Key()]))
	}
	for _, key := range sortedKeys(counts.points) {
		if !slices.Contains(named, key) {
			p := &survey.Point{Code: key, Closed: true}
			if place, ok := m.directory.Point(key); ok { // at another unit by now
				p = &survey.Point{Code: place.Point.Code, Name: place.Point.Name, Closed: true}
			}
			out.Points = append(out.Points, pointCount(p, r.period.From, counts.points[key]))
		}
	}
	named = named[:0]
	for i := range at.Unit.Services {
		s := &at.Unit.Services[i]
		named = append(named, s.Key())
		out.Services = append(out.Services, ServiceCount{Code: s.Code, Name: s.Name, Closed: s.Closed, Answers: all.services[s.Key()]})
	}
	for _, key := range sortedKeys(all.services) {
		if !slices.Contains(named, key) {
			out.Services = append(out.Services, ServiceCount{Code: key, Closed: true, Answers: all.services[key]})
		}
	}
	return out
}

func pointCount(p *survey.Point, from survey.Date, days dayCounts) PointCount {
	out := PointCount{Code: p.Code, Name: p.Name, Closed: p.Closed}
	last := -1
	for at, n := range days {
		if n > 0 {
			out.Answers, last = out.Answers+int64(n), at
		}
	}
	if last >= 0 {
		day := from + survey.Date(last)
		out.Last = &day
	}
	return out
}

// shareSample shares the sample among the services in proportion to the people that each
// served, so that the shares add up to it: the last ones go where the largest parts of one
// are left (the method of largest remainders).
func (m *deskInput) shareSample(u *Unit, r unitResult, at survey.Place) {
	served := r.period.Served[at.Unit.Code]
	if served == nil || u.Sample.Needed == nil || *u.Sample.Population <= 0 {
		return
	}
	needed, people := int64(*u.Sample.Needed), int64(*u.Sample.Population)
	left := needed
	type part struct {
		at   int
		rest int64
	}
	var parts []part
	for i := range u.Services {
		s := &u.Services[i]
		n, ok := served[s.Code]
		if !ok {
			continue
		}
		s.Served = &n
		s.Needed = needed * int64(n) / people
		left -= s.Needed
		parts = append(parts, part{i, needed * int64(n) % people})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return int(min(max(b.rest-a.rest, -1), 1)) })
	for _, p := range parts[:min(int(left), len(parts))] {
		u.Services[p.at].Needed++
	}
	for i := range u.Services {
		s := &u.Services[i]
		s.Missing = max(s.Needed-s.Answers, 0)
	}
}
