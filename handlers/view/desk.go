package view

import (
	"time"

	"persepsi/analytics"
	"persepsi/internal/desk"
	"persepsi/survey"
)

// Desk is what the pages of the desk have beside what every page has.
type Desk struct {
	Links []DeskLink
	// Of names whose desk it is: the city, an agency or a unit.
	Of    string
	Today survey.Date
	// Late tells that the figures are older than they should be; nil: they are not.
	Late *desk.Late
	Zone *time.Location
	// Live is the address of the stream that tells when the page is to be shown anew,
	// Revision what it shows now; empty on a page that changes only when somebody asks.
	Live, Revision string
}

// The parts that the bar of the desk leads to.
const (
	DeskMorning = "morning"
	DeskSheet   = "sheet"
)

// DeskParts are all of them.
func DeskParts() []string { return []string{DeskMorning, DeskComments, DeskSheet} }

// DeskLink leads from the desk's bar to a part of it.
type DeskLink struct {
	Key, Path string
	Here      bool
}

// Morning is the desk's first page.
type Morning struct {
	Frame
	Asked    string // the period that was asked for; empty: each unit in its main one
	Periods  []*desk.Period
	Agencies []*desk.Agency
}

// DeskIndex is an index on the desk.
type DeskIndex struct{ desk.Index }

// Hundred reports whether the index is told out of 100, not out of 4.
func (x DeskIndex) Hundred() bool { return x.Code == analytics.IKM }

// Shown returns a unit's indexes.
func (m *Morning) Shown(u *desk.Unit) []DeskIndex {
	out := make([]DeskIndex, len(u.Indexes))
	for i := range u.Indexes {
		out[i] = DeskIndex{u.Indexes[i]}
	}
	return out
}
