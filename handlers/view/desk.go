package view

import (
	"persepsi/internal/desk"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

// DeskFrame is the part of a page's frame that only pages of the desk have.
type DeskFrame struct {
	Links []DeskLink
	// Of names whose desk it is: the city, an agency or a unit.
	Of    string
	Today survey.Date
	// Late tells that the figures are of longer ago than they should be; nil: they are not.
	Late *desk.Staleness
	// Live is the address of the stream that tells when the page is to be shown anew,
	// Revision what it shows now; empty on a page that changes only when somebody asks.
	Live, Revision string
}

// The parts that the bar of the desk leads to.
const (
	DeskMorning    = "morning"
	DeskCity       = "city"
	DeskAgencyPart = "agency"
	DeskSheet      = "sheet"
	DeskWork       = "work"
)

// DeskLink leads from the desk's bar to a part of it.
type DeskLink struct {
	Key, Path string
	Here      bool
}

// DeskAddress returns where a target of the desk is, without a language: empty where it is
// about several units, and then the page itself lists them.
func DeskAddress(t desk.Target) string {
	query := "?period=" + t.Period
	switch {
	case t.Unit == "":
		return ""
	case t.Page == desk.PageResults:
		return permalink.Result(t.Unit) + query
	case t.Page == desk.PagePoint || t.Page == desk.PageSample || t.Page == desk.PagePopulation:
		return UnitAddress(t.Unit, UnitSample) + query
	default:
		return UnitAddress(t.Unit, UnitOverview) + query
	}
}
