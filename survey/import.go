package survey

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// ErrOtherKey tells that the first import of a period came to be stored meanwhile, with
// another Key: what is to be imported is read anew with that one.
var ErrOtherKey = &Error{Code: Conflict, Message: "another import of the period began at the same moment; import the file again"}

// SharesKey returns ErrOtherKey where another import of the same period has another Key.
func (i *Import) SharesKey(o *Import) error {
	if o.Period == i.Period && o.Key != "" && o.Key != i.Key {
		return ErrOtherKey
	}
	return nil
}

// Import is an import of answers: a fact that is kept for ever. What it stored can
// be taken out of the figures again, and is kept too.
type Import struct {
	// Serial counts the imports of a city from 1 on.
	Serial int       `json:"-"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Period string    `json:"period"`
	// File is the SHA-256 of the file, in hexadecimal, and Key 16 random bytes, likewise,
	// that all imports of a period have in common: ids of rows and the audit's checksum of
	// the file are made with it. Both are empty once the period is erased, for whoever has
	// them could try out what a file of few rows said.
	File string `json:"file,omitempty"`
	Key  string `json:"key,omitempty"`
	// Units are the units of its rows.
	Units []ImportedUnit `json:"units"`
	// Reason is why it came after its period's end, or brought the rows of another
	// import again; empty where neither was so.
	Reason string `json:"reason,omitempty"`
	// Done tells that all of its rows are stored. One that isn't goes on where the
	// same is imported again.
	Done bool `json:"-"`
	// Stored counts the rows that it stored, once it is done; the others were there
	// before.
	Stored int `json:"-"`
	// Undone tells who took its answers out; nil: nobody.
	Undone *Undo `json:"-"`
}

// ImportedUnit is what an import brought of a unit.
type ImportedUnit struct {
	Unit string `json:"unit"`
	Rows int    `json:"rows"`
	// Digest is a SHA-256, in hexadecimal, of what the rows say, in whatever order and
	// file they came: two imports of the same answers have the same. Empty once the
	// period is erased.
	Digest string `json:"digest"`
}

// Rows returns the number of rows that it brought.
func (i *Import) Rows() int {
	n := 0
	for _, u := range i.Units {
		n += u.Rows
	}
	return n
}

// Erase removes what tells of its rows' content, and reports whether there was
// anything. What it was compared by is needed no more: see Erasure.Refuse.
func (i *Import) Erase() bool {
	any := i.File != "" || i.Key != ""
	i.File, i.Key = "", ""
	for n := range i.Units {
		any = any || i.Units[n].Digest != ""
		i.Units[n].Digest = ""
	}
	return any
}

// Repeats returns the units of which another import brought the same rows of the same
// period.
func (i *Import) Repeats(other *Import) (units []string) {
	for _, u := range i.Units {
		for _, o := range other.Units {
			if i.Period == other.Period && u.Unit == o.Unit && u.Digest == o.Digest && u.Digest != "" {
				units = append(units, u.Unit)
			}
		}
	}
	return units
}

// DecodeImport reads an import as stores keep it: what it is told of by and, where its
// answers were taken out, by whom, both as JSON.
func DecodeImport(serial int, body, undone string) (*Import, error) {
	i := new(Import)
	err := json.Unmarshal([]byte(body), i)
	if i.Serial = serial; err == nil && undone != "" {
		i.Undone = new(Undo)
		err = json.Unmarshal([]byte(undone), i.Undone)
	}
	if err != nil {
		return nil, fmt.Errorf("read import %d: %w", serial, err)
	}
	return i, nil
}

// Undo tells who took the answers of an import out of the figures, and why.
type Undo struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// ImportResult tells what became of the rows of an import.
type ImportResult struct {
	Serial int // of the import
	Stored int // rows that it stored
	Before int // rows of which the same response was stored before
	// Differing counts rows whose ids came to be stored with other content meanwhile.
	Differing int
}

// Add counts what became of some rows.
func (i *ImportResult) Add(list []Outcome) {
	for _, o := range list {
		switch o.Result {
		case Stored:
			i.Stored++
		case Duplicate:
			i.Before++
		default:
			i.Differing++
		}
	}
}

// Refused is the Conflict of an Importer where ids came to be stored with other content.
func (i *ImportResult) Refused() error {
	if i.Differing == 0 {
		return nil
	}
	return Errorf(Conflict, "%d ids were stored with other content while the file was imported; import it again to see which", i.Differing)
}

// NoImport is the NotFound of an Importer, in the same words whichever store says it.
func NoImport(serial int) error { return Errorf(NotFound, "there is no import %d", serial) }

// DoneBefore is the Conflict of one who would go on with an import that is done, or undone.
func DoneBefore(serial int) error { return Errorf(Conflict, "import %d is done", serial) }

// UndoneBefore is the Conflict of one who would undo an import that is undone.
func UndoneBefore(serial int) error { return Errorf(Conflict, "import %d is undone already", serial) }

// Importer stores many responses at once, beside a server that goes on storing
// answers, and takes them out again.
type Importer interface {
	// Import stores all of them or, where it returns an error, none, unless
	// the store says otherwise. of is what is to be kept of it; where of.Serial is
	// that of an import which isn't done, this goes on with it. Conflict: an id came
	// to be stored with other content meanwhile, or the period is erased. ErrOtherKey:
	// nothing is stored, as another import of the period has another Key.
	Import(ctx context.Context, of *Import, list []*Response) (ImportResult, error)
	// Imports calls fn with every import, the oldest first.
	Imports(ctx context.Context, fn func(*Import) error) error
	// UndoImport takes the answers that an import stored out of the figures; they
	// stay stored, and their ids taken. NotFound: there is no such import; Conflict:
	// it is undone already, or not done, or its period is erased. Where it is broken off, the store goes on by
	// itself.
	UndoImport(ctx context.Context, serial int, u Undo) error
	// TakenOut calls fn with every response of a period that was taken out, and with
	// the serial of its import. The response is valid only during the call.
	TakenOut(ctx context.Context, period string, fn func(serial int, r *Response) error) error
}
