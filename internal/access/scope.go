package access

import (
	"fmt"
	"strings"
)

// Scope is what an action is done on, and what an actor is bound to: the city,
// one agency or one unit. The zero Scope is none of these; nothing is allowed on
// it, and who is bound to it may do nothing.
type Scope struct {
	level        level
	agency, unit string
}

type level uint8

const (
	nowhere level = iota
	wholeCity
	oneAgency
	oneUnit
)

// City is the scope of everything.
func City() Scope { return Scope{level: wholeCity} }

// Agency is the scope of an agency and its units; no scope without a code.
func Agency(code string) Scope {
	if code == "" {
		return Scope{}
	}
	return Scope{level: oneAgency, agency: code}
}

// Unit is the scope of one unit of an agency; no scope without a code.
func Unit(agency, code string) Scope {
	if code == "" {
		return Scope{}
	}
	return Scope{level: oneUnit, agency: agency, unit: code}
}

// Codes returns the codes of the agency and the unit of a scope: of the city and of
// nothing both are empty, of an agency the unit's is.
func (s Scope) Codes() (agency, unit string) { return s.agency, s.unit }

// IsCity reports whether a scope is the whole city.
func (s Scope) IsCity() bool { return s.level == wholeCity }

// Now returns the scope with the agency that its unit belongs to now. A unit that is
// not known stays where it was.
func (s Scope) Now(agencyOf AgencyOf) Scope {
	if s.level == oneUnit && agencyOf != nil {
		if agency := agencyOf(s.unit); agency != "" {
			s.agency = agency
		}
	}
	return s
}

// Same reports whether two scopes are the same one, whatever agency a unit belonged to
// when each was written.
func (s Scope) Same(o Scope) bool {
	if s.level == oneUnit && o.level == oneUnit {
		return s.unit == o.unit
	}
	return s == o
}

// Covers reports whether all of another scope lies in this one.
func (s Scope) Covers(o Scope) bool {
	switch {
	case s.level == nowhere || o.level == nowhere:
		return false
	case s.level == wholeCity:
		return true
	case s.level == oneAgency:
		return o.level >= oneAgency && o.agency == s.agency
	default:
		return s == o
	}
}

// String returns the scope as it is stored and listed: `city`, `agency:dinkes`,
// `unit:dinkes/pkm`; empty for nothing.
func (s Scope) String() string {
	switch s.level {
	case wholeCity:
		return "city"
	case oneAgency:
		return "agency:" + s.agency
	case oneUnit:
		return "unit:" + s.agency + "/" + s.unit
	default:
		return ""
	}
}

// MarshalText returns what String does; a scope of nothing can't be stored.
func (s Scope) MarshalText() ([]byte, error) {
	if s.level == nowhere {
		return nil, fmt.Errorf("a scope of nothing is not stored")
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText wrote, and nothing else.
func (s *Scope) UnmarshalText(text []byte) error {
	kind, code, _ := strings.Cut(string(text), ":")
	var read Scope
	switch kind {
	case "city":
		read = City()
	case "agency":
		read = Agency(code)
	case "unit":
		agency, unit, _ := strings.Cut(code, "/")
		read = Unit(agency, unit)
	}
	if read == (Scope{}) || read.String() != string(text) {
		return fmt.Errorf("%q is no scope", text)
	}
	*s = read
	return nil
}
