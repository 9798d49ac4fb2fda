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
	GrantKey      = "grant_key"
	WithdrawKey   = "withdraw_key"
	AddPerson     = "add_person"
	FirstAdmin    = "first_admin"
	LinkPerson    = "link_person"
	ResetPerson   = "reset_person"
	Grant         = "grant"
	Withdraw      = "withdraw"
	Handover      = "handover"
	DisablePerson = "disable_person"
	EnablePerson  = "enable_person"
	ExportFull    = "export_full"
	Erase         = "erase"
	ResolveAside  = "resolve_aside"
	ForgetServer  = "forget_server"
	SetPassword   = "set_password"
	EndSessions   = "end_sessions"
	AddPasskey    = "add_passkey"
	RemovePasskey = "remove_passkey"
	AddTOTP       = "add_totp"
	RemoveTOTP    = "remove_totp"
	UseRecovery   = "use_recovery"
	HoldBack      = "hold_back"
	RevealComment = "reveal_comment"
	EditReport    = "edit_report"

	AddEvidence      = "add_evidence"
	WithdrawEvidence = "withdraw_evidence"
	Dossier          = "evidence_package"
	AllReports       = "all_reports"
)

// Actions returns the actions that there are.
func Actions() []string {
	return []string{
		Apply, Amend, Import, UndoImport, SetEvaluation, AddKey, GrantKey, WithdrawKey, RevokeKey,
		AddPerson, FirstAdmin, LinkPerson, ResetPerson, Grant, Withdraw, Handover, DisablePerson, EnablePerson,
		ExportFull, Erase, ResolveAside, ForgetServer, SetPassword, EndSessions,
		AddPasskey, RemovePasskey, AddTOTP, RemoveTOTP, UseRecovery, HoldBack, RevealComment, EditReport,
		AddEvidence, WithdrawEvidence, Dossier, AllReports,
	}
}
