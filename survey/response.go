package survey

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Marks are answers by position, one character each: '1'..'9' then 'a'..'z'
// for the values 1..35, '0' for a declined answer ("don't know / prefer not to
// say"), '-' for none. They are what both stores keep: compact, legible, and
// fixed by the form that the response names.
type Marks string

const (
	markNone     = '-'
	markDeclined = '0'
	maxMark      = 35
)

// Declined stands for a declined answer where MakeMarks takes values.
const Declined = -1

// MakeMarks writes values by position; 0 is a missing answer.
func MakeMarks(values []int) Marks {
	b := make([]byte, len(values))
	for i, v := range values {
		b[i] = mark(v)
	}
	return Marks(b)
}

func mark(v int) byte {
	switch {
	case v == Declined:
		return markDeclined
	case v <= 0 || v > maxMark:
		return markNone
	case v < 10:
		return byte('0' + v)
	default:
		return byte('a' + v - 10)
	}
}

// Declined reports whether the answer at a position was declined.
func (m Marks) Declined(i int) bool { return i >= 0 && i < len(m) && m[i] == markDeclined }

// Scores returns the marks with every declined answer as a missing one: what
// figures and releases know of them.
func (m Marks) Scores() Marks {
	return Marks(strings.ReplaceAll(string(m), string(markDeclined), string(markNone)))
}

// At returns the value at a position, 0 for none and for a declined answer.
func (m Marks) At(i int) int {
	if i < 0 || i >= len(m) {
		return 0
	}
	return int(markValues[m[i]])
}

// markValues holds the value of each mark, 0 for any other character: what
// counts millions of answers looks marks up here.
var markValues = func() (values [256]uint8) {
	for v := 1; v <= maxMark; v++ {
		values[mark(v)] = uint8(v)
	}
	return values
}()

// Mode is the way by which an answer came.
type Mode uint8

// The modes, in the order in which a tally counts them.
const (
	ModeQR       Mode = iota // the citizen's own phone
	ModeKiosk                // a tablet of the office
	ModeAssisted             // an officer typed what the citizen said
	ModePaper                // typed in from paper or imported
	ModeCount
)

func modeNames() [ModeCount]string { return [...]string{"qr", "kiosk", "assisted", "paper"} }

// String returns the mode's name: qr, kiosk, assisted or paper.
func (m Mode) String() string {
	if m < ModeCount {
		return modeNames()[m]
	}
	return fmt.Sprintf("mode(%d)", uint8(m))
}

// ScreenModes are the names of the modes that a form on a screen has, the first being that of
// one that names none.
func ScreenModes() []string {
	return []string{ModeQR.String(), ModeKiosk.String(), ModeAssisted.String()}
}

// ParseMode reads a mode's name.
func ParseMode(s string) (Mode, error) {
	for i, n := range modeNames() {
		if n == s {
			return Mode(i), nil
		}
	}
	return 0, fmt.Errorf("unknown mode %q", s)
}

// Kind says whose hand an answer went through. Who entered answers knows them,
// so that figures may be told apart by neither kind alone.
type Kind uint8

// The kinds.
const (
	KindCitizen Kind = iota // sent by the citizen: from the own phone, or at a kiosk
	KindStaff               // entered by staff: assisted, paper, imports
	KindCount
)

// Kind returns the kind of an answer that came this way.
func (m Mode) Kind() Kind {
	if m == ModeQR || m == ModeKiosk {
		return KindCitizen
	}
	return KindStaff
}

// Response is one valid answer of one citizen, as stored: a fact that is only
// ever added, and never changed but by Erase.
type Response struct {
	// ID is made by the client with the form, so that a retry is the same
	// answer.
	ID      uuid.UUID
	Period  string
	Unit    string
	Point   string // empty for paper
	Service string // empty where paper doesn't tell
	Form    string // the form's ID
	Mode    Mode
	Lang    string
	// Day and Hour are the civil day and hour (0..23) of the answer in the
	// city's time zone, computed once, when it was received; of one that came
	// within Grace after its period's end, they are the period's last.
	Day  Date
	Hour uint8
	// StartedAt is the client's clock when the form was opened, zero where
	// not told; ReceivedAt is ours. Both in UTC with millisecond precision.
	StartedAt  time.Time
	ReceivedAt time.Time
	// Answers follow Form.Questions, Respondent follows Form.Fields (the
	// mark is the category's place, from 1).
	Answers    Marks
	Respondent Marks
	Comment    string
}

// Same reports whether two responses say the same: all that was answered is
// equal. When it was received, and so its day and hour, may differ: that is a
// retry. So may the time when the form was opened: it is what a clock said that
// may have been set since. What was removed from one of them is compared of
// neither: see Erase.
func (r *Response) Same(o *Response) bool {
	erased := r.Erased() || o.Erased()
	return r.ID == o.ID && r.Period == o.Period && r.Unit == o.Unit && r.Point == o.Point &&
		r.Service == o.Service && r.Form == o.Form && r.Mode == o.Mode && r.Lang == o.Lang &&
		r.Answers == o.Answers && (erased || r.Respondent == o.Respondent && r.Comment == o.Comment)
}

// Again is the outcome of a response whose id is stored with another one: the same again, or
// a contradiction.
func (r *Response) Again(stored *Response) Outcome {
	out := Outcome{Result: Differs, ReceivedAt: stored.ReceivedAt}
	if r.Same(stored) {
		out.Result = Duplicate
	}
	return out
}

// receiptAlphabet is Crockford's base 32: no I, L, O, U.
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Receipt returns the code, such as 7Q2M-K4TX, that the citizen may keep: 40
// bits of a SHA-256 over the id, so that the same answer has the same receipt
// however often it is sent. It tells nothing of what was answered: the
// thank-you page's address holds id and receipt, and whoever came upon one made
// of the answers too would only have to try them all, 262,144 for nine questions.
func (r *Response) Receipt() string {
	sum := sha256.Sum256(append([]byte("persepsi receipt "), r.ID[:]...))
	bits := uint64(binary.BigEndian.Uint32(sum[:4]))<<8 | uint64(sum[4])
	code := [9]byte{4: '-'}
	for i := range 8 {
		at := i
		if i >= 4 {
			at++
		}
		code[at] = receiptAlphabet[bits>>(35-5*i)&31]
	}
	return string(code[:])
}
