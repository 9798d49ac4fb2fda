package view

import (
	"strings"
	"time"

	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// UnitSheet is one unit's part of the evaluation sheet: what the survey gives, what
// evaluators entered and, for who may, the form to enter it.
type UnitSheet struct {
	Frame
	survey.Place
	Periods []*survey.Period // that have begun, the newest first
	Period  *survey.Period
	Row     wording.LKERow
	Ready   *report.Ready
	// Behind tells that points and tests are still without the newest entry.
	Behind bool
	// Fields are the evaluator's entries in the order of the page; a form where Writes.
	Fields []EntryField
	Writes bool
	// Related tells that they may see how aspects go together with satisfaction.
	Related bool
	// Nonresponse is who did not know or would not say; nil: there is nothing to tell who reads.
	Nonresponse *Nonresponse
	// Dossier is the evidence package; nil: it is not for who reads.
	Dossier *Dossier
	// Why is the note that was typed, Version the entry that the form replaces.
	Why, WhyFault string
	Version       int
	// Heading says how many faults there are, Summary lists them.
	Heading string
	Summary []FaultLine
	// Saved tells that the form was just stored, Clash that it was not because another
	// entry is stored than it was filled in over. Newer are those that were stored
	// meanwhile, the newest first.
	Saved, Clash bool
	Newer        []EntryStep
	History      []EntryStep // the newest first
	Remarks      []RemarkRow // the rows that have any
	// Before and After are the neighbours on the sheet, Open the next whose entries are
	// not complete, OpenCount how many such there are beside this one.
	Before, After, Open *report.UnitResult
	OpenCount           int
}

// Kept returns the message of a form that comes back.
func (*UnitSheet) Kept() string { return "lke.fault.kept" }

// mostEntries is how many entries of a history are shown at once.
const mostEntries = 8

// Recent returns the newest entries, Older those that are folded.
func (u *UnitSheet) Recent() []EntryStep { return u.History[:min(len(u.History), mostEntries)] }

// Older returns the entries before those of Recent.
func (u *UnitSheet) Older() []EntryStep { return u.History[len(u.Recent()):] }

// EntryField is one thing that an evaluator enters.
type EntryField struct {
	Name  string // as the API and the audit name it, and the form's field and its id
	Row   string // of the sheet
	Area  bool
	Value string // as it stands in the form
	Level []LevelOption
	Max   string // the most points, with two decimals at most
	Fault string
	// Theirs is the entry by which others changed it meanwhile, into Now (empty: taken
	// back), where that is not Value; else nil.
	Theirs *EntryStep
	Now    string
}

// LevelOption is a level of capaian kinerja with its points.
type LevelOption struct{ Level, Points string }

// EntryStep is an entry of the history.
type EntryStep struct {
	Version  int
	At       time.Time // in the city's zone
	Who, Key string    // who is in charge, and by which key or person it came where that is another
	Why      string
	Changes  []EntryChange
}

// EntryChange is what an entry changed: what it is called, before and after in text; empty:
// missing.
type EntryChange struct{ Name, Before, After string }

// RemarkRow is a row of the sheet with what stands in it beside the answer that counts.
type RemarkRow struct {
	Row   string
	Parts []RemarkPart
}

// RemarkPart is what the unit or a team says of a row.
type RemarkPart struct {
	Team         string     // as it is called; empty: the unit
	Answer, Note string     // as they are typed; empty: there is none
	Step         *EntryStep // by which the newer of them came
}

// Typed returns a decimal number as people type it in a language: 8,75 in Bahasa
// Indonesia.
func Typed(lang, number string) string {
	if Language(lang) == "id" {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}
