package view

import (
	"bytes"
	"fmt"

	"persepsi/internal/wording"
	"persepsi/survey"
)

// Form is the citizen's page.
type Form struct {
	Frame
	survey.Place
	Period   *survey.Period
	Survey   *survey.Form
	Services []survey.Service
	Mode     string
	Chosen   string // the period, where the address names one
	ID       string
	// Values and Faults are by field name, when the form comes back.
	Values map[string]string
	Faults map[string]string
	// Heading says how many faults there are, Summary lists them in the order
	// of the form.
	Heading string
	Summary []FaultLine
	// Trouble is a message where the answer couldn't be stored for now.
	Trouble string
	// Fresh is the address of this form, empty and with a new id.
	Fresh  string
	Notice *Notice
}

// Declined is what the form sends for "don't know / prefer not to say", as the API
// takes it.
const Declined = "null"

// Kept returns the message of a form that comes back.
func (*Form) Kept() string { return "form.faults.kept" }

// Declined returns the value of a declined answer to the template.
func (f *Form) Declined() string { return Declined }

// KioskIdle is how long a kiosk shows a form that somebody left unfinished, in
// seconds without a touch.
const KioskIdle = 90

// Idle returns KioskIdle on a kiosk, else 0.
func (f *Form) Idle() int {
	if f.Kiosk {
		return KioskIdle
	}
	return 0
}

// Left reports whether the page shows something of the person before it: what
// was typed, or the language that was chosen.
func (f *Form) Left() bool { return len(f.Values) > 0 || f.Lang != survey.Languages()[0] }

// FaultLine is a fault in few words: at which question (its number and name),
// what it is, and the place that it links to, where there is one.
type FaultLine struct {
	Anchor     string
	N          int // 0 for what has no number
	Name, Text string
}

// Way returns how the form is filled in: qr, kiosk or assisted. Who sees the
// answers meanwhile depends on it.
func (f *Form) Way() string {
	if f.Mode == "" {
		return survey.ModeQR.String()
	}
	return f.Mode
}

// Minutes returns about how long the form takes, in whole minutes.
func (f *Form) Minutes() int { return f.Survey.Minutes() }

// Intros returns what the form's instruments say before their questions, each once.
func (f *Form) Intros() []survey.Text { return wording.Intros(f.Survey) }

// Groups parts the questions and numbers them as they stand on the page.
func (f *Form) Groups() []wording.Group { return wording.Groups(f.Survey) }

// idMark stands for the id in a page that is rendered once and sent often.
const idMark = "00000000-0000-4000-8000-000000000000"

// Template renders the form once for many citizens and returns what stands
// before and after the one thing that differs between them, the id.
func (p *Pages) Template(f *Form) (before, after []byte, err error) {
	f.ID = idMark
	page, err := p.Render("form", f)
	if err != nil {
		return nil, nil, err
	}
	before, after, ok := bytes.Cut(page, []byte(idMark))
	if !ok || bytes.Contains(after, []byte(idMark)) {
		return nil, nil, fmt.Errorf("the form does not hold its id exactly once")
	}
	return before, after, nil
}
