package view

import (
	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Desk is what the pages of the desk have beside what every page has.
type Desk struct {
	Links []DeskLink
	// Of names whose desk it is: the city, an agency or a unit; empty where it is of
	// several Units that are no whole.
	Of    string
	Units int
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
func DeskParts() []string { return []string{DeskMorning, DeskSheet} }

// DeskLink leads from the desk's bar to a part of it.
type DeskLink struct {
	Key, Path string
	Here      bool
}

// Morning is the desk's first page.
type Morning struct {
	Frame
	Today   survey.Date
	Period  *survey.Period
	Periods []*survey.Period
	Units   []DeskUnit
}

// DeskUnit is a unit on the desk.
type DeskUnit struct {
	*report.UnitResult
	Figures []DeskIndex
}

// DeskIndex is an index of a unit on the desk.
type DeskIndex struct {
	Code string
	Name survey.Text // nil: a regulation's, which is named by its code
	*analytics.Index
}

// Hundred reports whether the index is told out of 100, not out of 4.
func (x DeskIndex) Hundred() bool { return x.Code == analytics.IKM }

// NewDeskUnit returns a unit with its indexes in the order of a form.
func NewDeskUnit(form *survey.Form, u *report.UnitResult) DeskUnit {
	out := DeskUnit{UnitResult: u}
	for i := range form.Indexes {
		code := form.Indexes[i].Code
		if x := u.Indexes[code]; x != nil {
			out.Figures = append(out.Figures, DeskIndex{Code: code, Name: x.Name, Index: x})
		}
	}
	return out
}
