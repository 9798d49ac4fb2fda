package view

import (
	"slices"

	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// Morning is the desk's first page: what needs somebody, then the units.
type Morning struct {
	Frame
	Asked   string // the period that was asked for; empty: each unit in its main one
	Search  string // what was searched for
	Agency  string // the code of the one agency that was asked for; empty: all
	Periods []*desk.Period
	Attention
	// Notes are what there is to tell beside what is urgent.
	Notes  []desk.Item
	Unread []desk.Item // comments that nobody has read yet, by period
	// Whole is the period that all units are shown in; nil: they are in several.
	Whole *DeskUnit
	// Units are listed one by one; Left is how many of those that were found are not.
	// Agencies are listed instead of the rest where there are too many.
	Units    []*DeskUnit
	Left     int
	Agencies []DeskAgency
	// All is how many units there are on the desk.
	All int
}

const (
	// mostCards is up to how many units have a card each, mostLines up to how many a line.
	mostCards, mostLines = 6, 30
	// mostFound is how many units of a search or an agency are listed.
	mostFound = 60
)

// DeskAgency is an agency whose units are not listed on the page.
type DeskAgency struct {
	Code, Name string
	Units      int
	Urgent     int // units with something to look at
	Enough     int // units with as many answers as they need
	Known      int // units of which it is known how many they need
}

// Fill sets what a page shows of some agencies of a desk: all units where they are few,
// those with something to look at and the agencies where they are many. shown makes a
// unit ready for the page; found tells which units are searched for, nil: all are shown.
func (m *Morning) Fill(items []desk.Item, agencies []*desk.Agency, shown func(*desk.Unit) *DeskUnit, found func(*desk.Agency, *desk.Unit) bool) {
	for _, i := range items {
		switch {
		case urgent(i):
		case i.Kind == desk.CommentsUnread:
			m.Unread = append(m.Unread, i)
		default:
			m.Notes = append(m.Notes, i)
		}
	}
	slices.SortStableFunc(m.Unread, func(a, b desk.Item) int { return int(b.Period.From - a.Period.From) }) // the newest first
	m.Attention = NewAttention(items, m.AllItems, desk.MostShown)
	var all []*DeskUnit
	for _, a := range agencies {
		out := DeskAgency{Code: a.Code, Name: a.Name}
		for _, u := range a.Units {
			m.All++
			if found != nil && !found(a, u) {
				continue
			}
			one := shown(u)
			all = append(all, one)
			out.count(one)
		}
		m.Agencies = append(m.Agencies, out)
	}
	if m.Whole = together(all); m.Whole != nil {
		m.In = m.Whole.Period
	}
	if len(all) <= mostLines || found != nil || m.Agency != "" {
		m.Agencies = nil
		m.Units = all[:min(len(all), mostFound)]
		m.Left = len(all) - len(m.Units)
		return
	}
	for _, u := range all {
		if len(u.Urgent) > 0 && len(m.Units) < mostLines {
			m.Units = append(m.Units, u)
		}
	}
}

func (a *DeskAgency) count(u *DeskUnit) {
	a.Units++
	if len(u.Urgent) > 0 {
		a.Urgent++
	}
	if u.Sample.Needed != nil {
		a.Known++
		if u.Sample.Missing == 0 {
			a.Enough++
		}
	}
}

// together returns a unit for all where they stand in one period and alike; nil: they
// don't.
func together(all []*DeskUnit) *DeskUnit {
	for _, u := range all {
		if u.Period.Code != all[0].Period.Code || u.State != all[0].State {
			return nil
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// Cards reports whether the units are few enough to have a card each.
func (m *Morning) Cards() bool { return len(m.Units) <= mostCards && m.Agencies == nil }

// Many reports whether there are so many units that a search helps.
func (m *Morning) Many() bool { return m.All > mostLines || m.Search != "" }

// Running reports whether answers are taken at some unit that is shown.
func (m *Morning) Running() bool {
	return slices.ContainsFunc(m.Units, func(u *DeskUnit) bool { return u.State == desk.Running })
}

// DeskUnit is a unit as the desk shows it.
type DeskUnit struct {
	*desk.Unit
	Figures []wording.DeskIndex
	// Axis is what an index would stand on, where there is none to show.
	Axis   wording.DeskIndex
	Urgent []desk.Item
	Least  int // people that released figures hide a person among
}

// NewDeskUnit makes a unit ready for the page. gradesOf returns the grade table of an
// index, nil that of a period without figures.
func NewDeskUnit(u *desk.Unit, least int, gradesOf func(*desk.Index) wording.DeskIndex) *DeskUnit {
	out := &DeskUnit{Unit: u, Axis: gradesOf(nil), Least: least}
	for i := range u.Indexes {
		out.Figures = append(out.Figures, gradesOf(&u.Indexes[i]))
	}
	for _, i := range u.Attention {
		if urgent(i) {
			out.Urgent = append(out.Urgent, i)
		}
	}
	return out
}

// Few reports whether there are too few answers for figures.
func (u *DeskUnit) Few() bool { return u.Answers < int64(u.Least) }

// Silent returns the points that are silent.
func (u *DeskUnit) Silent() []desk.PointCount {
	var out []desk.PointCount
	for _, p := range u.Points {
		if p.Silence != nil {
			out = append(out, p)
		}
	}
	return out
}

// Heard reports whether it is known that every point takes answers as usual.
func (u *DeskUnit) Heard() bool {
	return u.Known && u.State == desk.Running && !u.Closed && u.Answers > 0 && len(u.Silent()) == 0 &&
		!slices.ContainsFunc(u.Attention, func(i desk.Item) bool { return i.Kind == desk.UnitSilent })
}

// StateName returns the last part of the key of what is said of the unit's period.
func (u *DeskUnit) StateName() string {
	return [...]string{desk.Before: "before", desk.Running: "running", desk.Closing: "closing", desk.Final: "final"}[u.State]
}
