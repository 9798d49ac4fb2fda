package access

// Action is something that needs a permission. Every route names the one that
// it needs.
type Action string

// The actions.
const (
	Browse        Action = "browse"         // the way to a unit, its symbol, what is declared
	Answer        Action = "answer"         // a point's form, sending it, and its receipt
	ReadResults   Action = "read_results"   // the public figures
	SignIn        Action = "sign_in"        // to sign in, with a password or a link, and out
	OwnAccount    Action = "own_account"    // to see and change what is one's own: sessions, password
	Monitor       Action = "monitor"        // health, readiness and metrics
	ReadLive      Action = "read_live"      // figures of every answer, and what the unscored questions tell
	ReadBreakdown Action = "read_breakdown" // figures by service, point, respondent
	ReadDesk      Action = "read_desk"      // the desk: what the units need this morning, their released figures and counts
	ReadComments  Action = "read_comments"  // what citizens wrote, masked, from the release that holds it
	MarkComments  Action = "mark_comments"  // to mark comments as read, followed up or not relevant, and to correct their topics
	RevealComment Action = "reveal_comment" // to see a comment without masks, with a reason that the audit keeps
	WriteReport   Action = "write_report"   // to write into a unit's report: its texts, who signs it, what is done
	TakeEvidence  Action = "take_evidence"  // the evidence package of a unit or agency: all of the above as files, and what was changed and imported
	ReadRows      Action = "read_rows"      // rows of answers, without what tells who gave them
	ReadLKE       Action = "read_lke"       // the LKE sheet with the evaluator's entries
	WriteLKE      Action = "write_lke"      // to enter capaian kinerja and pengungkit
	ReadEvidence  Action = "read_evidence"  // the evidence of a unit, with its files
	WriteEvidence Action = "write_evidence" // to add evidence of a unit, and to withdraw one's own
)

// Allow reports whether an actor may do an action on all that a scope holds.
func Allow(a Actor, action Action, on Scope) bool {
	switch action {
	case Browse, Answer, ReadResults, SignIn, Monitor:
		// What the public may do, everybody may, wherever they are bound to.
		return City().Covers(on)
	case OwnAccount:
		// Whoever signed in, also without any grant left; a key has none.
		return a.Person != "" && City().Covers(on)
	}
	for _, g := range a.Grants {
		if g.Role.may(action) && g.Scope.Covers(on) {
			return true
		}
	}
	return false
}

// Somewhere reports whether there is any scope on which an actor may do an action.
func Somewhere(a Actor, action Action) bool {
	return Allow(a, action, City()) || len(a.Scopes(action)) > 0
}
