package view

import (
	"html/template"

	"persepsi/survey"
)

// Thanks is the page after sending.
type Thanks struct {
	Frame
	survey.Place
	Receipt string // empty where no such answer is stored
	ID      string // of the answer
	Unsure  bool   // whether it is stored can't be told now
	Again   string // address of a new form, for helpers
}

// Home leads a citizen without a symbol to a unit.
type Home struct {
	Frame
	Search   string
	Agencies []HomeAgency
	// Symbol is a point's symbol, in a demonstration.
	Symbol  template.HTML
	Point   survey.Place
	Empty   bool
	Answers int64
	Counted bool // Answers is known
	Units   int
}

// Unfolded reports whether every agency shows its units at once: where they
// are few, or the citizen searched for them.
func (h *Home) Unfolded() bool { return h.Search != "" || h.Units <= unfoldedUnits }

// unfoldedUnits is about what fits two screens of a phone.
const unfoldedUnits = 6

// HomeAgency is an agency with the units that match a search.
type HomeAgency struct {
	Code, Name string
	Units      []HomeUnit
}

// HomeUnit is a unit, with its points whose form may be opened from afar
// where a survey is open.
type HomeUnit struct {
	survey.Unit
	Open   bool
	Shut   bool // closed: no survey opens there any more
	Remote []survey.Point
}

// Code takes a point's code that is typed.
type Code struct {
	Frame
	Typed   string
	Unknown bool
}

// Failure is a page that says what went wrong and helps on.
type Failure struct {
	Frame
	Key    string // of the messages: error.KEY.title, error.KEY.text
	Place  survey.Place
	Next   *survey.Period // the next one that opens here
	Again  string         // address of a new form, where that helps
	Faults []survey.Fault
	Lacks  string   // the action that a signed-in person may not do
	Ask    []string // who could grant it
	Held   []string // roles of theirs that wait for a second factor
}
