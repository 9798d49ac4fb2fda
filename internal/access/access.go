// Package access says who may do what: roles, API keys, the short sessions that
// are made of them, and one pure rule, Allow. People and their sign-in come on
// top of it later.
package access

// Role is what an actor is to the city.
type Role string

// The roles. Public is everybody without a key.
const (
	Public    Role = "public"
	Manager   Role = "manager"   // an OPD manager: all figures of the own agency
	Evaluator Role = "evaluator" // TPI, Inspektorat: all figures, and the LKE entries
	Admin     Role = "admin"     // everything
)

// Roles lists the roles that a key can have.
func Roles() []Role { return []Role{Manager, Evaluator, Admin} }

// Action is something that needs a permission.
type Action string

// The actions.
const (
	ReadResults   Action = "read_results"   // the public figures
	ReadBreakdown Action = "read_breakdown" // figures by service, point, respondent
	ReadLKE       Action = "read_lke"       // the LKE sheet with the evaluator's entries
	WriteLKE      Action = "write_lke"      // to enter capaian kinerja and pengungkit
)

// Actor is who acts: a role, and what it is bound to.
type Actor struct {
	Name  string // the key's name; empty for the public
	Role  Role
	Scope Scope
}

// Anybody is who sends no key.
func Anybody() Actor { return Actor{Role: Public, Scope: City()} }

// Allow reports whether an actor may do an action on all that a scope holds.
func Allow(a Actor, action Action, on Scope) bool {
	if action == ReadResults {
		return City().Covers(on)
	}
	if !a.Scope.Covers(on) {
		return false
	}
	switch a.Role {
	case Admin, Evaluator:
		return action == ReadBreakdown || action == ReadLKE || action == WriteLKE
	case Manager:
		return action == ReadBreakdown || action == ReadLKE
	default:
		return false
	}
}
