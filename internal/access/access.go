// Package access says who may do what: roles, API keys, the short sessions that
// are made of them, and one pure rule, Allow. People and their sign-in come on
// top of it later.
package access

// Role is what an actor is to the city.
type Role string

// The roles. No key has Public.
const (
	Public    Role = "public"    // everybody without a key
	Manager   Role = "manager"   // an OPD manager: released figures, breakdowns and the sheet of the own agency
	Evaluator Role = "evaluator" // TPI, Inspektorat: all figures, and the LKE entries
	Admin     Role = "admin"     // sees what managers see, and may enter what evaluators do
)

// Roles lists the roles that a key can have.
func Roles() []Role { return []Role{Manager, Evaluator, Admin} }

// Action is something that needs a permission. Every route names the one that
// it needs.
type Action string

// The actions.
const (
	Browse        Action = "browse"         // the way to a unit, its symbol, what is declared
	Answer        Action = "answer"         // a point's form, sending it, and its receipt
	ReadResults   Action = "read_results"   // the public figures
	SignIn        Action = "sign_in"        // to open and close a session
	Monitor       Action = "monitor"        // health, readiness and metrics
	ReadLive      Action = "read_live"      // figures of every answer, and what the unscored questions tell
	ReadBreakdown Action = "read_breakdown" // figures by service, point, respondent
	ReadLKE       Action = "read_lke"       // the LKE sheet with the evaluator's entries
	WriteLKE      Action = "write_lke"      // to enter capaian kinerja and pengungkit
)

// Actions lists every action.
func Actions() []Action {
	return []Action{Browse, Answer, ReadResults, SignIn, Monitor, ReadLive, ReadBreakdown, ReadLKE, WriteLKE}
}

// Actor is who acts: a role, and what it is bound to. The zero Actor is bound to
// nothing.
type Actor struct {
	Name  string // the key's name; empty for the public
	Role  Role
	Scope Scope
}

// Anybody is who sends no key.
func Anybody() Actor { return Actor{Role: Public, Scope: City()} }

// Allow reports whether an actor may do an action on all that a scope holds.
func Allow(a Actor, action Action, on Scope) bool {
	switch action {
	case Browse, Answer, ReadResults, SignIn, Monitor:
		// What the public may do, everybody may, wherever they are bound to.
		return City().Covers(on)
	}
	return a.Role.may(action) && a.Scope.Covers(on)
}

// may reports whether a role has an action beyond those of the public.
func (r Role) may(action Action) bool {
	switch r {
	case Evaluator:
		return action == ReadLive || action == ReadBreakdown || action == ReadLKE || action == WriteLKE
	case Admin: // sees what managers see
		return action == ReadBreakdown || action == ReadLKE || action == WriteLKE
	case Manager:
		return action == ReadBreakdown || action == ReadLKE
	default:
		return false
	}
}
