package audit

// What entries tell of: see docs/audit.md. Data name them, so that none is ever renamed.
const (
	Apply         = "apply"
	Amend         = "amend"
	Import        = "import"
	UndoImport    = "import_undo"
	SetEvaluation = "set_evaluation"
	AddKey        = "add_key"
	RevokeKey     = "revoke_key"
	ExportFull    = "export_full"
	Erase         = "erase"
	ResolveAside  = "resolve_aside"
	ForgetServer  = "forget_server"
	SetPassword   = "set_password"
	EndSessions   = "end_sessions"
)

// Actions returns the actions that there are.
func Actions() []string {
	return []string{Apply, Amend, Import, UndoImport, SetEvaluation, AddKey, RevokeKey, ExportFull, Erase, ResolveAside, ForgetServer, SetPassword, EndSessions}
}
