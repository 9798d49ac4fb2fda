package access

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

// InAgency returns the agency that a scope lies in; false for the city.
func (s Scope) InAgency() (code string, ok bool) { return s.agency, s.agency != "" }

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
