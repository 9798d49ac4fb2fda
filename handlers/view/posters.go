package view

import (
	"html/template"
	"strings"

	"persepsi/survey"
)

// Where posters are, behind the address of what they are of.
const (
	PosterPage = "/poster"
	PosterFile = PosterPage + ".pdf"
)

// Posters are those of a unit, an agency or the city, in one file.
type Posters struct {
	// Of is the address of what they are of, or of their page.
	Of string
	N  int // sheets
	// Shut are the closed points, which have none.
	Shut []survey.Place
}

// Languages are those that a poster may be in; a line of it is in the other.
func (Posters) Languages() []string { return survey.Languages() }

// Sizes are those of a sheet.
func (Posters) Sizes() []string { return []string{"a4", "a6", "tent"} }

// At returns the address of the file of a size in a language.
func (p Posters) At(size, lang string) template.URL {
	return template.URL(strings.TrimSuffix(p.Of, PosterPage) + PosterFile + "?size=" + size + "&lang=" + lang) //nolint:gosec // made of codes that are there
}

// PostersPage is the desk's page of the posters of an agency or the city.
type PostersPage struct {
	Frame
	Posters
	// Agency is the code of the agency, empty for the city; Name that of either.
	Agency, Name string
}

// Back is the address of the page that it belongs to.
func (p *PostersPage) Back() string { return strings.TrimSuffix(p.Of, PosterPage) }

// Posters are those of the unit.
func (p *UnitPage) Posters() Posters {
	return Posters{Of: UnitAddress(p.Unit.Code, UnitOverview), N: len(p.Open), Shut: p.Shut}
}
