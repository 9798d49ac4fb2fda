package comment

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Release is a release with the answers that it added.
type Release struct {
	Serial int
	Least  int       // people that it hides a person among
	At     time.Time // when it was made
	Added  []uuid.UUID
}

// Step is what may be told of the comments that one release of a unit added. It is made
// once, of the release and the answers that it added, and kept: derived from them, but for
// the order of its comments and the salt, which are random so that neither tells when
// somebody wrote. No text is in it.
type Step struct {
	Period string    `json:"-"`
	Unit   string    `json:"-"`
	Serial int       `json:"-"` // of the release
	Day    time.Time `json:"at"`
	// Salt is in the keys of its comments: a key of a step that was made anew finds nothing.
	Salt     string        `json:"salt"`
	Labels   []Label       `json:"labels"`
	Comments []StepComment `json:"comments"`
}

// Conflict tells that the step of its release is stored already.
func (s *Step) Conflict() error {
	return survey.Errorf(survey.Conflict, "the comments of release %d of unit %s in period %s are there", s.Serial, s.Unit, s.Period)
}

// StepComment is a comment of a step.
type StepComment struct {
	ID     uuid.UUID `json:"id"`     // of the answer; shown to nobody
	Label  int       `json:"label"`  // its place among the step's labels
	Topics Topics    `json:"topics"` // as they were found when the step was made
}

// maker makes steps.
type maker struct {
	masker     *Masker
	classifier *Classifier
}

// answer is what a step needs of an answer that a release added.
type answer struct {
	Row
	id     uuid.UUID
	wrote  bool
	topics Topics
}

// rowOf returns what labels need of an answer.
func rowOf(r *survey.Response) Row {
	return Row{Kind: r.Mode.Kind(), Service: strings.Clone(r.Service), Day: r.Day}
}

// read takes what a step needs of an answer.
func (m *maker) read(r *survey.Response) answer {
	a := answer{Row: rowOf(r), id: r.ID, wrote: strings.TrimSpace(r.Comment) != ""}
	if a.wrote {
		a.topics = m.classifier.Classify(Plain(m.masker.Mask(r.Comment)))
	}
	return a
}

// step makes the step of a release from all answers that it added.
func (m *maker) step(period, unit string, of Release, answers []answer) (Step, error) {
	s := Step{Period: period, Unit: unit, Serial: of.Serial, Day: of.At.UTC().Truncate(time.Second)}
	var salt [4]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return s, fmt.Errorf("make the salt of a step: %w", err)
	}
	s.Salt = hex.EncodeToString(salt[:])
	rows := make([]Row, len(answers))
	for i := range answers {
		rows[i] = answers[i].Row
	}
	labels := Labels(rows, of.Least)
	for i := range answers {
		if !answers[i].wrote || !labels[i].Told() {
			continue
		}
		at := slices.Index(s.Labels, labels[i])
		if at < 0 {
			at, s.Labels = len(s.Labels), append(s.Labels, labels[i])
		}
		s.Comments = append(s.Comments, StepComment{ID: answers[i].id, Label: at, Topics: answers[i].topics})
	}
	found := slices.Clone(s.Labels) // in an order that would tell who came first
	slices.SortFunc(s.Labels, func(a, b Label) int {
		return cmp.Or(cmp.Compare(b.To, a.To), cmp.Compare(b.From, a.From), cmp.Compare(a.Service, b.Service))
	})
	for i := range s.Comments {
		s.Comments[i].Label = slices.Index(s.Labels, found[s.Comments[i].Label])
	}
	mathrand.Shuffle(len(s.Comments), func(i, j int) { s.Comments[i], s.Comments[j] = s.Comments[j], s.Comments[i] })
	return s, nil
}

// Key names a comment on pages: the release, its place in the random order of the step,
// and the step's salt. It tells nothing of the answer.
type Key struct {
	Serial, Place int
	Salt          string
}

// String returns the key as it stands in forms and addresses: `12-3-9f0a11c2`.
func (k Key) String() string { return fmt.Sprintf("%d-%d-%s", k.Serial, k.Place, k.Salt) }

// ParseKey reads a key. NotFound: it is none.
func ParseKey(s string) (Key, error) {
	none := survey.Errorf(survey.NotFound, "there is no such comment")
	parts := strings.Split(s, "-")
	if len(parts) != 3 || len(parts[2]) != 8 {
		return Key{}, none
	}
	serial, err := strconv.Atoi(parts[0])
	if err != nil || serial < 1 {
		return Key{}, none
	}
	place, err := strconv.Atoi(parts[1])
	if err != nil {
		return Key{}, none
	}
	return Key{Serial: serial, Place: place, Salt: parts[2]}, nil
}
