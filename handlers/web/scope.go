package web

import (
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/survey"
)

// ScopeOf returns what figures are of, as grants name it: by the keys of agency and
// unit, which a code that is renamed leaves as they are. A unit's agency is the one
// that it belongs to, whatever agency was asked for with it.
func ScopeOf(d *survey.Directory, scope report.Scope) access.Scope {
	switch {
	case scope.Unit != "":
		if place, ok := d.Unit(scope.Unit); ok {
			return access.Unit(place.Agency.Key(), place.Unit.Key())
		}
		return access.Unit("", scope.Unit)
	case scope.Agency != "":
		if agency, ok := d.Agency(scope.Agency); ok {
			return access.Agency(agency.Key())
		}
		return access.Agency(scope.Agency)
	default:
		return access.City()
	}
}

// ScopeNames returns the names of the agency and the unit that a scope is of: their
// codes where they are not known any more, nothing of what it does not name.
func ScopeNames(d *survey.Directory, on access.Scope) (agency, unit string) {
	agency, unit = on.Codes()
	if a, ok := d.Agency(agency); ok {
		agency = a.Name
	}
	if place, ok := d.Unit(unit); ok {
		unit = place.Unit.Name
	}
	return agency, unit
}
