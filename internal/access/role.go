package access

// Role is what somebody is to the city.
type Role string

// The roles. Nobody is granted Public.
const (
	Public    Role = "public"    // everybody without a key or an account
	Viewer    Role = "viewer"    // reads what managers read, and changes nothing
	Officer   Role = "officer"   // serves at a counter, and brings in what was answered on paper
	Manager   Role = "manager"   // an OPD manager: released figures, breakdowns and the sheet of the own agency
	Evaluator Role = "evaluator" // TPI, Inspektorat: all figures, and the LKE entries
	Admin     Role = "admin"     // sees what managers see, may enter what evaluators do, and grants roles
)

// Roles lists the roles that can be granted.
func Roles() []Role { return []Role{Manager, Evaluator, Admin, Officer, Viewer} }

// may reports whether a role has an action beyond those of the public.
func (r Role) may(action Action) bool {
	switch r {
	case Evaluator:
		return action == ReadLive || action == ReadBreakdown || action == ReadDesk || action == ReadComments || action == RevealComment || action == TakeEvidence || action == ReadRows || action == ReadLKE || action == WriteLKE || action == ReadEvidence || action == WriteEvidence
	case Admin: // sees what managers see
		return action == ReadBreakdown || action == ReadDesk || action == ReadComments || action == MarkComments || action == WriteReport || action == TakeEvidence || action == ReadLKE || action == WriteLKE || action == ReadEvidence || action == WriteEvidence
	case Manager:
		return action == ReadBreakdown || action == ReadDesk || action == ReadComments || action == MarkComments || action == WriteReport || action == TakeEvidence || action == ReadLKE || action == ReadEvidence || action == WriteEvidence
	case Officer, Viewer:
		return action == ReadBreakdown || action == ReadDesk || action == ReadComments || action == ReadLKE || action == ReadEvidence
	default:
		return false
	}
}
