package desk

import (
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// group makes the roll-up of an agency, or of the city where it has no code, in a period,
// or returns the old one where nothing that it was made of changed.
func (m *deskInput) group(code, of string, units []*Unit, old *Group) *Group {
	period, _ := m.directory.Period(of)
	made := make([]*analytics.GroupResult, 0, len(m.groups))
	for _, p := range newestFirst(m.directory.Catalogue().Periods) {
		made = append(made, m.groups[p.Code][code])
	}
	if old != nil && slices.Equal(old.made, made) && slices.Equal(old.units, units) {
		return old
	}
	pooled := m.groups[of][code]
	g := &Group{
		made: made, units: units,
		Agency: code, Name: pooled.Name, Period: m.periods[period.Code], Units: pooled.Units, Answered: pooled.Answered, Answers: pooled.Responses.Valid,
	}
	for _, index := range analytics.Order(m.directory.Form(period.Code)) {
		if x := pooled.Indexes[index]; x != nil {
			g.Indexes = append(g.Indexes, m.groupIndex(code, index, x, period))
		}
	}
	for _, u := range units {
		if u.Sample.Needed != nil && u.Sample.Missing == 0 {
			g.Enough++
		}
		fell, rose := false, false
		for i := range u.Indexes {
			if c := u.Indexes[i].Change; c != nil && c.State == analytics.ChangeReal {
				fell, rose = fell || c.Difference < 0, rose || c.Difference > 0
			}
		}
		if fell {
			g.Fell++
		}
		if rose {
			g.Rose++
		}
		for i, day := range u.Counts.Days {
			if i == len(g.Days) {
				g.Days = append(g.Days, DayCount{Day: day.Day})
			}
			g.Days[i].Answers += day.Answers
			g.Days[i].Open = g.Days[i].Open || day.Open
		}
	}
	g.Rankings, g.Pace = m.rankings(of, units, old), paceOf(units)
	g.digest = digestOfGroup(g)
	return g
}

// groupIndex is index for a pooled one.
func (m *deskInput) groupIndex(code, index string, x *analytics.Index, period *survey.Period) Index {
	out := m.indexOf(index, period, x)
	var before *survey.Period
	for i := range m.directory.Catalogue().Periods {
		p := &m.directory.Catalogue().Periods[i]
		if g := m.groups[p.Code][code]; p.To < period.From && g != nil && g.Indexes[index] != nil && (before == nil || p.To > before.To) {
			before = p
		}
	}
	if before != nil {
		out.Change = m.change(index, period, x, before, m.groups[before.Code][code].Indexes[index])
	}
	return out
}

// newestFirst returns the periods of a catalogue, those that began last first.
func newestFirst(periods []survey.Period) []*survey.Period {
	out := make([]*survey.Period, len(periods))
	for i := range periods {
		out[i] = &periods[i]
	}
	slices.SortStableFunc(out, func(a, b *survey.Period) int { return int(b.From) - int(a.From) })
	return out
}
