package view

import (
	"persepsi/internal/comment"
	"persepsi/survey"
)

// DeskComments is the part of the desk that comments are read in.
const DeskComments = "comments"

// MarkWords are the words that addresses and messages have for the states of a comment, in
// the order of comment.States.
func MarkWords() []string { return []string{"belum", "dibaca", "ditindaklanjuti", "tidak-relevan"} }

// Comments is a list of comments: of a unit, or of all units on a desk.
type Comments struct {
	Frame
	Period  *survey.Period
	Periods []*survey.Period
	At      string // the page's own path: that of a unit, or of the whole desk
	// UnitPage tells that the list is of one unit.
	UnitPage bool
	// Unread is how many nobody has marked; Most the code of the topic that most of them
	// speak of, empty where none stands out. All is how many there are.
	Unread, All int
	Most        string
	// Asked tells that the list is narrowed by more than a mark; Bare is its address without.
	Asked  bool
	Bare   string
	States []Choice
	Topics []Choice
	Places []Choice // services of a unit, or units of a desk
	Weeks  []Choice
	Search string
	Hidden []HiddenField // what a search keeps of the address
	Items  []*Comment
	Next   string // the address of the next page; empty: there is none
	// Searched is how many comments the search has read so far where it found too few and
	// goes on on the next page.
	Searched int
	Done     *MarkUndo // what was marked a moment ago
}

// HiddenField is a value that a form sends along.
type HiddenField struct{ Name, Value string }

// Choice is a link that narrows a list.
type Choice struct {
	Key   string // of what is said of it, after the family of the list
	Name  string // of what a city named; Key is empty then
	Count int
	Share int // of the largest count, in percent
	Path  string
	Here  bool
	Week  survey.Date // of weeks
}

// Comment is a comment on a page.
type Comment struct {
	comment.Item
	UnitCode, UnitName string
	Service            string // its name; empty: not told
	Spoken             []Topic
	All                []Topic // every topic, for who corrects them
	Mark               string  // the address of the form that marks it; empty: the reader may not
	Reveal             string  // of the page that shows it without masks; empty: nothing is masked, or the reader may not
}

// Day reports whether the comment's day is told.
func (c *Comment) Day() bool { return c.Label.From == c.Label.To }

// Topic is a topic of a comment.
type Topic struct {
	Code  string
	Is    bool // the comment speaks of it
	Guess bool // nobody has looked at it
}

// MarkUndo is a mark that was made a moment ago, and the form that takes it back.
type MarkUndo struct {
	State   string
	Key     string
	Version int
	Path    string
}

// UnmaskedComment is a comment without masks.
type UnmaskedComment struct {
	Frame
	Period *survey.Period
	One    *Comment
	Whole  string // what was written; empty: a reason is asked for
	Reason string
	Fault  bool
	Most   int // characters of a reason
	Back   string
}
