package main

import (
	"fmt"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/survey"
)

// grantFlags name a role and what it is granted on.
type grantFlags struct {
	Role string `required:"" help:"admin, manager, officer, evaluator or viewer." placeholder:"ROLE"`
	scopeFlags
}

// scopeFlags name what something is granted on.
type scopeFlags struct {
	Agency string `help:"The one agency that the role is for." placeholder:"CODE" shown:"the whole city"`
	Unit   string `help:"The one unit that the role is for." placeholder:"CODE" shown:"all that --agency names"`
}

// grant returns the grant that the flags name, until an instant; zero: without an end.
func (g *grantFlags) grant(d *survey.Directory, until time.Time) (access.Grant, error) {
	on, err := g.scope(d)
	if err != nil {
		return access.Grant{}, err
	}
	out, err := access.NewGrant(access.Role(g.Role), on, until)
	if err != nil {
		return access.Grant{}, survey.Errorf(survey.Invalid, "--role: %s", err.Error())
	}
	return out, nil
}

// granted returns the role and scope of a grant that may be there: what can't be
// granted is refused by its name.
func (g *grantFlags) granted(d *survey.Directory) (access.Role, access.Scope, error) {
	out, err := g.grant(d, time.Time{})
	return out.Role, out.Scope, err
}

func (g *scopeFlags) scope(d *survey.Directory) (access.Scope, error) {
	agency := ""
	if g.Agency != "" {
		found, ok := d.Agency(g.Agency)
		if !ok {
			return access.Scope{}, survey.Unknown("--agency", "agency", g.Agency, d.Agencies())
		}
		agency = found.Key()
	}
	switch {
	case g.Unit != "":
		place, ok := d.Unit(g.Unit)
		if !ok {
			return access.Scope{}, survey.Unknown("--unit", "unit", g.Unit, d.Units())
		}
		if agency != "" && place.Agency.Key() != agency {
			return access.Scope{}, survey.Errorf(survey.Invalid, "--unit: unit %s belongs to agency %s", g.Unit, place.Agency.Code)
		}
		return access.Unit(place.Agency.Key(), place.Unit.Key()), nil
	case agency != "":
		return access.Agency(agency), nil
	default:
		return access.City(), nil
	}
}

// lastDay returns the instant at which a day that a flag names ends in the city; zero
// where none is named.
func lastDay(flag, text string, d *survey.Directory, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := survey.ParseDate(text)
	if err != nil {
		return time.Time{}, survey.Errorf(survey.Invalid, "%s: must be a day such as 2026-12-31", flag)
	}
	if day < d.Today(now) {
		return time.Time{}, survey.Errorf(survey.Invalid, "%s: %s is past", flag, day)
	}
	return (day + 1).In(d.Zone()).UTC(), nil
}

// listedGrant is a grant as lists show it.
type listedGrant struct {
	Role  access.Role `json:"role"`
	On    string      `json:"on"`    // city, agency:CODE, unit:AGENCY/CODE
	Until *time.Time  `json:"until"` // null: it has no end
}

func listedGrants(grants []access.Grant) []listedGrant {
	out := make([]listedGrant, len(grants))
	for i, g := range grants {
		out[i] = listedGrant{Role: g.Role, On: g.Scope.String()}
		if !g.Until.IsZero() {
			out[i].Until = &grants[i].Until
		}
	}
	return out
}

// granted returns grants in a line: `manager agency:dinkes until 2026-12-31`.
func granted(grants []access.Grant, d *survey.Directory) string {
	out := make([]string, len(grants))
	for i, g := range grants {
		out[i] = fmt.Sprintf("%s %s", g.Role, g.Scope)
		if !g.Until.IsZero() { // the last day
			out[i] += " until " + survey.DateOf(g.Until.Add(-1), d.Zone()).String()
		}
	}
	return strings.Join(out, ", ")
}

// agencyOf returns what tells which agency a unit belongs to now.
func agencyOf(d *survey.Directory) access.AgencyOf {
	return func(unit string) string {
		if place, ok := d.Unit(unit); ok {
			return place.Agency.Key()
		}
		return ""
	}
}
