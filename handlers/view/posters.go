package view

import (
	"html/template"
	"strings"

	"persepsi/survey"
)

// The page and the file of posters: suffixes of the address of a unit, agency or city.
const (
	PosterPage = "/poster"
	PosterFile = PosterPage + ".pdf"
)

// Posters is one file with the posters of a unit, an agency or the city.
type Posters struct {
	// Of is the address of the unit, agency or city, or of the page of its posters.
	Of string
	N  int // sheets
	// Shut are the closed points, which have none.
	Shut []survey.Place
}

// Languages returns the languages of posters; one line of each is in the other language.
func (Posters) Languages() []string { return survey.Languages() }

// Sizes returns the sizes of a sheet.
func (Posters) Sizes() []string { return []string{"a4", "a6", "tent"} }

// At returns the address of the file of a size in a language.
func (p Posters) At(size, lang string) template.URL {
	return template.URL(strings.TrimSuffix(p.Of, PosterPage) + PosterFile + "?size=" + size + "&lang=" + lang) //nolint:gosec // made of codes that are there
}

// PostersPage is the desk's page of the posters of an agency or the city.
type PostersPage struct {
	Frame
	Posters
	// Agency is the agency's code, empty for the city. Name is the name of the agency or city.
	Agency, Name string
}

// Back returns the address of the page of the agency or city.
func (p *PostersPage) Back() string { return strings.TrimSuffix(p.Of, PosterPage) }

// Posters returns the posters of the unit's open points.
func (p *UnitPage) Posters() Posters {
	return Posters{Of: UnitAddress(p.Unit.Code, UnitOverview), N: len(p.Open), Shut: p.Shut}
}
