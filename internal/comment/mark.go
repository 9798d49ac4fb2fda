package comment

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// State is what somebody who read a comment marked it as.
type State string

// The states. Data name them, so that none is ever renamed.
const (
	Unread     State = "unread" // nobody marked it, or took the mark back
	Read       State = "read"
	FollowedUp State = "followed_up"
	Irrelevant State = "irrelevant"
)

// States lists the states, in the order that pages list them in.
func States() []State { return []State{Unread, Read, FollowedUp, Irrelevant} }

// Mark is one version of what is marked of a comment; the newest one holds.
type Mark struct {
	Period  string    `json:"-"`
	Unit    string    `json:"-"`
	ID      uuid.UUID `json:"-"` // of the answer
	Version int       `json:"-"` // from 1 on, each once
	State   State     `json:"state"`
	// Corrected tells that Topics were said by a person; else those that were found hold.
	Corrected bool      `json:"corrected,omitempty"`
	Topics    []Topic   `json:"topics,omitempty"`
	By        string    `json:"by"` // who, as the audit names them
	At        time.Time `json:"at"`
}

// Conflict tells that a mark is not the next version of what is marked.
func (m *Mark) Conflict() error {
	return survey.Errorf(survey.Conflict, "somebody else marked the comment at the same time; look at it again")
}

// Place is a unit in a period.
type Place struct {
	Period string
	Unit   string // its key, which stays when it is renamed
}

// Store keeps steps and marks, and the texts that they are about.
type Store interface {
	StepStore
	MarkStore
	Answers
	Changes
	Audit(ctx context.Context, entries ...audit.Entry) error
}

// StepStore keeps steps.
type StepStore interface {
	// PutCommentStep stores the step of a release. Conflict: it is there, or the period is erased.
	PutCommentStep(ctx context.Context, s Step) error
	// CommentSteps calls fn with the steps of a unit in a period from a serial on, in their order.
	CommentSteps(ctx context.Context, at Place, from int, fn func(Step) error) error
}

// MarkStore keeps marks.
type MarkStore interface {
	// PutMark stores the next version of a mark. Conflict: another one has its version, or
	// the period is erased.
	PutMark(ctx context.Context, m Mark) error
	// Marks returns the newest version of the marks of a unit in a period: of some answers,
	// or of all where none is named.
	Marks(ctx context.Context, at Place, ids ...uuid.UUID) ([]Mark, error)
	// Marked returns a number for each unit and period that has marks, which grows with
	// each of them.
	Marked(ctx context.Context) (map[Place]int64, error)
}

// Answers are what comments were written in.
type Answers interface {
	// Comments returns what was written in those of the answers that count, as far as it is
	// not erased: nothing of those that were taken out.
	Comments(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error)
	// TakenOut calls fn with the answers of a period that were taken out; see survey.Importer.
	TakenOut(ctx context.Context, period string, fn func(serial int, r *survey.Response) error) error
	// Find returns the stored answers with these ids, also answers that were taken out.
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
}

// Changes tell what a reader has to look at anew.
type Changes interface {
	Erasures(ctx context.Context) ([]survey.Erasure, error)
	// Revisions returns, under the empty period, a number that grows with each release and
	// with each undo.
	Revisions(ctx context.Context) (map[string]int64, error)
	NewestReleases(ctx context.Context, period string) (map[string]int, error)
}

// Releases reads what the releases of a unit added.
type Releases interface {
	// Additions calls fn with the serial of each release from one on, in their order, the
	// number of people that it hides a person among, when it was made, and the answers that it
	// added. A release that cannot be read ends it with an error.
	Additions(ctx context.Context, period, unit string, from int, fn func(serial, least int, at time.Time, added []uuid.UUID) error) error
}

// check refuses what is no state or topic.
func (m *Mark) check(c *Classifier) error {
	if !slices.Contains(States(), m.State) {
		return survey.Errorf(survey.Invalid, "there is no mark %q", string(m.State))
	}
	for _, t := range m.Topics {
		if c.Index(t) < 0 {
			return survey.Errorf(survey.Invalid, "there is no topic %q", string(t))
		}
	}
	return nil
}
