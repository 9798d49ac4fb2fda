package projection

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// Release is the fact that some of a unit's answers in a period were made
// public, in totals. It is kept for ever, and says which answers those are, so
// that a recount can check it.
type Release struct {
	Period string `json:"period"`
	Unit   string `json:"unit"`
	Form   string `json:"form"`
	// Serial counts the releases of the unit in the period, from 1 on; Previous
	// is the checksum of the one before, empty for the first.
	Serial   int    `json:"serial"`
	Previous string `json:"previous,omitempty"`
	// AsOf is the moment before which the answers that it added were received,
	// At when it was made.
	AsOf  time.Time `json:"as_of"`
	At    time.Time `json:"at"`
	Final bool      `json:"final,omitempty"`
	// Least is the number of people that it was made to hide among.
	Least int `json:"least"`
	// Held counts the answers of each kind that it holds.
	Held [survey.KindCount]int64 `json:"held"`
	// Added are the answers that the one before doesn't hold, by day.
	Added []Answers `json:"added,omitempty"`
	// Removed are answers of undone imports that it holds no longer, by the release
	// that added them.
	Removed []Partial `json:"removed,omitempty"`
	// Through tells, by kind and by question (after them by respondent field),
	// up to which serial the answers to it are counted: those of later ones are
	// too few yet. Without tells up to which serial's removal those who were removed
	// are no longer counted, likewise: in a respondent field they may be for a while.
	Through counts `json:"through"`
	Without counts `json:"without,omitzero"`
	// Partial are the held answers of which some question isn't counted yet, and the
	// removed ones of which a respondent field still is.
	Partial []Partial `json:"partial,omitempty"`
	// Totals is the encoded tally of all that is counted, Whole that of the
	// answers alone that are not partial. People counts respondents by field and
	// category.
	Totals []byte    `json:"totals"`
	Whole  []byte    `json:"whole,omitempty"`
	People [][]int64 `json:"people,omitempty"`
	// WholePeople are the people of Whole.
	WholePeople [][]int64 `json:"whole_people,omitempty"`
	// Tables are the tables of the unit's first final release: it and each that follows
	// have them.
	Tables *analytics.Tables `json:"tables,omitempty"`
	// Cleared is the city's day on which removing the respondent fields of its answers
	// began; zero: they are there. From then on it tells nothing by field but People, and
	// that in the unit's newest release alone: see clear.
	Cleared survey.Date `json:"cleared,omitzero"`
}

// counts is up to which serial a release counts the answers of each kind to a
// question, or in a field: see Release.Through and Release.Without.
type counts [survey.KindCount][]int

// Answers are the ids of a day's answers, in their order.
type Answers struct {
	Day survey.Date `json:"day"`
	IDs IDs         `json:"ids"`
}

// Partial are some answers that were added by one release.
type Partial struct {
	Serial int `json:"serial"`
	IDs    IDs `json:"ids"`
}

// IDs are the ids of answers, one after the other, sorted: their order tells
// nothing of who came when.
type IDs []byte

// Len returns the number of ids.
func (ids IDs) Len() int { return len(ids) / len(uuid.UUID{}) }

// All calls yield with every id.
func (ids IDs) All(yield func(uuid.UUID) bool) {
	for part := range slices.Chunk(ids, len(uuid.UUID{})) {
		id := uuid.UUID{}
		copy(id[:], part)
		if !yield(id) {
			return
		}
	}
}

func idsOf(list []uuid.UUID) IDs {
	slices.SortFunc(list, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	out := make(IDs, 0, len(list)*len(uuid.UUID{}))
	for i := range list {
		out = append(out, list[i][:]...)
	}
	return out
}

// StoredRelease is a release as a store keeps it.
type StoredRelease struct {
	Period, Unit string
	Serial       int
	Checksum     string // SHA-256 of Body, in hexadecimal
	Body         []byte
}

// NotNext is the Conflict of PutRelease, in the same words whichever store says it.
func (r *StoredRelease) NotNext() error {
	return survey.Errorf(survey.Conflict, "release %d of unit %s in period %s is not the next", r.Serial, r.Unit, r.Period)
}

// NotReplaced is the Conflict of ReplaceRelease, likewise.
func (r *StoredRelease) NotReplaced() error {
	return survey.Errorf(survey.Conflict, "release %d of unit %s in period %s is another one, or not to be replaced", r.Serial, r.Unit, r.Period)
}

// encode returns what is stored of a release.
func (r *Release) encode() (StoredRelease, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return StoredRelease{}, fmt.Errorf("write a release: %w", err)
	}
	return StoredRelease{Period: r.Period, Unit: r.Unit, Serial: r.Serial, Checksum: checksum(body), Body: body}, nil
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// decode reads a release, and checks that it is the one that was stored.
func (s StoredRelease) decode() (*Release, error) {
	if checksum(s.Body) != s.Checksum {
		return nil, fmt.Errorf("release %d of unit %s in period %s is damaged: its checksum is another one", s.Serial, s.Unit, s.Period)
	}
	r := new(Release)
	dec := json.NewDecoder(bytes.NewReader(s.Body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(r); err != nil {
		return nil, fmt.Errorf("release %d of unit %s in period %s: %w", s.Serial, s.Unit, s.Period, err)
	}
	if r.Period != s.Period || r.Unit != s.Unit || r.Serial != s.Serial {
		return nil, fmt.Errorf("release %d of unit %s in period %s is that of another: %d, %s, %s", s.Serial, s.Unit, s.Period, r.Serial, r.Unit, r.Period)
	}
	return r, nil
}

// Tables returns the tables that a release has; nil: none.
func (p *Projector) Tables(ctx context.Context, period, unit string, serial int) (*analytics.Tables, error) {
	var out *analytics.Tables
	err := p.store.Releases(ctx, period, unit, serial, func(s StoredRelease) error {
		if s.Serial != serial { // a later one was made meanwhile
			return nil
		}
		r, err := s.decode()
		if err == nil {
			out = r.Tables
		}
		return err
	})
	return out, err
}

// released returns what may be seen of a release.
func (s StoredRelease) released(forms analytics.Forms) (*analytics.ReleasedTally, error) {
	r, err := s.decode()
	if err != nil {
		return nil, err
	}
	t, err := analytics.DecodeTotals(forms, r.Totals)
	if err != nil {
		return nil, fmt.Errorf("release %d of unit %s in period %s: %w", s.Serial, s.Unit, s.Period, err)
	}
	return &analytics.ReleasedTally{
		Serial: r.Serial, AsOf: r.AsOf, At: r.At, Final: r.Final, Checksum: s.Checksum, Tally: t, People: r.People, Tables: r.Tables != nil,
		Removes: len(r.Removed) > 0, Cleared: r.Cleared,
	}, nil
}
