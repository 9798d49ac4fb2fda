// Package evidence keeps what units show beside their figures (eviden): for a row of the LKE,
// or as proof that results were published or followed up. An entry is a link, which is never
// fetched, or a file, which the store keeps in pieces and nobody runs or unpacks.
//
// Entries are facts: they are added and withdrawn with a reason, never changed. What a unit
// has in a period is a row of steps, each with its number, so that of two at the same moment
// one looks again.
package evidence

import (
	"context"
	"time"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
	"persepsi/survey"
)

// The rows that entries may belong to, beside lke.RowLevel and those of the six areas.
const (
	Publication = "publication" // that results were published
	FollowUp    = "follow_up"   // that something was done about them
)

// The ways in which results are published.
const (
	Online  = "online"
	Offline = "offline"
)

// Rows returns the rows that entries may belong to, in the order of the LKE.
func Rows(t *analytics.LKETable) []string {
	out := []string{Publication, FollowUp}
	for _, a := range t.Areas {
		out = append(out, lke.AreaPrefix+a.Code)
	}
	return append(out, lke.RowLevel)
}

// Place is what entries are of: a unit in a period.
type Place struct {
	Period string `json:"-"`
	Unit   string `json:"-"` // its key, which stays when it is renamed
}

// Entry is an entry.
type Entry struct {
	Place
	N     int               `json:"-"` // its number in its place, which stays
	Row   string            `json:"row"`
	Title string            `json:"title"`
	Note  string            `json:"note,omitempty"`
	Link  string            `json:"link,omitempty"` // http or https; empty: there is a file
	File  *File             `json:"file,omitempty"` // nil: there is a link
	Shown *PublicationProof `json:"shown,omitempty"`
	By    string            `json:"by"` // who, as the audit names them
	At    time.Time         `json:"at"`
	// Form is the id of the form that it came by, so that one that is sent twice is one entry.
	Form string `json:"form,omitempty"`
	// Withdrawn is nil while the entry holds.
	Withdrawn *Withdrawal `json:"-"`
}

// PublicationProof tells of Publication how, when and where.
type PublicationProof struct {
	Way   string      `json:"way"` // Online or Offline
	Day   survey.Date `json:"day"`
	Where string      `json:"where"`
}

// File is a file as it is kept.
type File struct {
	ID     string `json:"id"`     // of its pieces
	Name   string `json:"name"`   // as it was told, cleaned: one name without a path
	Type   string `json:"type"`   // one of Types
	Bytes  int64  `json:"bytes"`  // 1..MostFile
	SHA256 string `json:"sha256"` // of these bytes, lower-case hex
	// Cut tells that more was sent: metadata of a picture, such as where it was taken.
	Cut bool `json:"cut,omitempty"`
}

// Withdrawal tells that an entry doesn't hold any more.
type Withdrawal struct {
	N      int       `json:"n"` // of the entry
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Step is what happened to the entries of a place: one was added, or one was withdrawn.
type Step struct {
	Place
	Serial    int         `json:"-"` // in its place, from 1 on, each once
	Added     *Entry      `json:"added,omitempty"`
	Withdrawn *Withdrawal `json:"withdrawn,omitempty"`
}

// Expiry tells that the pieces of a file go at a moment, unless an entry that holds names it
// then: they are stored before the entry, and are left for a while when it is withdrawn.
type Expiry struct {
	Place
	File string
	Due  time.Time // to the millisecond
}

// Source is where entries and files are read.
type Source interface {
	// EvidenceSteps returns the steps of a place, the first one first; without a unit those
	// of all units of the period, by unit.
	EvidenceSteps(ctx context.Context, of Place) ([]Step, error)
	// Piece returns a piece of a file, from 0 on. NotFound: there is none.
	Piece(ctx context.Context, file string, n int) ([]byte, error)
	// EvidenceRoom returns what the files of the whole city take and leave.
	EvidenceRoom(ctx context.Context) (Room, error)
}

// Room is what the files of all units of all periods take in a store, and what is left.
type Room struct {
	Pieces int64 // of MostPiece bytes, or fewer
	Free   int64 // bytes of the store's disk that are free; negative: it does not tell
}

// Store keeps entries and files.
type Store interface {
	Source
	// RecordEvidence adds a step with what the audit tells of it: both or neither. Conflict:
	// it is not the one after the newest. The expiry of an added file ends with it, at once or
	// when it is due at the end that is told; TooSlow: it is over, and the pieces may be gone.
	// The file of an entry that is withdrawn expires at the end that is told.
	RecordEvidence(ctx context.Context, s Step, end Expiry, said ...audit.Entry) error
	// PutExpiry stores the expiry of a file whose pieces will follow.
	PutExpiry(ctx context.Context, e Expiry) error
	// PutPiece stores a piece of a file, of MostPiece bytes at most.
	PutPiece(ctx context.Context, file string, n int, data []byte) error
	// Expiries returns the expiries that are due at a moment.
	Expiries(ctx context.Context, at time.Time) ([]Expiry, error)
	// EndExpiry removes an expiry that is still what was read, and where gone the pieces of
	// its file before, some at a time; after it was broken off it is to be done again.
	EndExpiry(ctx context.Context, e Expiry, gone bool) error
}

// List returns the entries of a place, the first one first, withdrawn ones too.
func List(ctx context.Context, from Source, of Place) ([]Entry, error) {
	steps, err := from.EvidenceSteps(ctx, of)
	return entries(steps), err
}

// ListPeriod returns the entries of all units of a period, by unit.
func ListPeriod(ctx context.Context, from Source, period string) (map[string][]Entry, error) {
	steps, err := from.EvidenceSteps(ctx, Place{Period: period})
	out := map[string][]Entry{}
	for first := 0; first < len(steps); {
		next := first + 1
		for next < len(steps) && steps[next].Place == steps[first].Place {
			next++
		}
		out[steps[first].Unit] = entries(steps[first:next])
		first = next
	}
	return out, err
}

// entries returns what the steps of one place amount to.
func entries(steps []Step) []Entry {
	var out []Entry
	for i := range steps {
		s := &steps[i]
		if s.Added != nil {
			e := *s.Added
			e.Place, e.N = s.Place, s.Serial
			out = append(out, e)
		}
		for k := range out {
			if s.Withdrawn != nil && out[k].N == s.Withdrawn.N {
				out[k].Withdrawn = s.Withdrawn
			}
		}
	}
	return out
}

// says reports whether an entry says what another one does, by whatever name its file came.
func (e *Entry) says(other *Entry) bool {
	sum := func(f *File) string {
		if f == nil {
			return ""
		}
		return f.SHA256
	}
	shown := e.Shown == other.Shown || e.Shown != nil && other.Shown != nil && *e.Shown == *other.Shown
	return e.Row == other.Row && e.Title == other.Title && e.Note == other.Note && e.Link == other.Link && sum(e.File) == sum(other.File) && shown
}

// Holds reports whether an entry was not withdrawn.
func (e *Entry) Holds() bool { return e.Withdrawn == nil }

// HasFile reports whether an entry has a file that is still there at a moment.
func (e *Entry) HasFile(at time.Time) bool {
	return e.File != nil && (e.Holds() || at.Before(e.Withdrawn.At.Add(KeptWithdrawn)))
}
