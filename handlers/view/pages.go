package view

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
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

// Declined returns that word to the page.
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
func (f *Form) Left() bool { return len(f.Values) > 0 || f.Lang != Languages()[0] }

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

// Group is a part of the form.
type Group struct {
	Key       string
	Title     survey.Text // of questions that feed a city's own indexes alone
	Questions []Numbered
}

// Numbered is a question with its number on the page.
type Numbered struct {
	survey.Question
	N int
}

// Groups parts the questions: about the service, about honesty (those that
// feed IPAK), those of each of the city's own indexes, and the unscored ones. They
// are numbered as they stand on the page.
func (f *Form) Groups() []Group {
	groups := []Group{{Key: "service"}, {Key: "honesty"}}
	at := map[string]int{}
	feeds := func(code string, group int) {
		x := f.Survey.Index(code)
		if x == nil {
			return
		}
		for _, a := range x.Aspects {
			for _, q := range a.Questions {
				if _, ok := at[q]; !ok {
					at[q] = group
				}
			}
		}
	}
	feeds(analytics.IPAK, 1)
	feeds(analytics.IKM, 0)
	feeds(analytics.IPKP, 0)
	for _, code := range analytics.Own(f.Survey) {
		groups = append(groups, Group{Key: "own", Title: f.Survey.Index(code).Name})
		feeds(code, len(groups)-1)
	}
	groups = append(groups, Group{Key: "signal"})
	for _, q := range f.Survey.Questions {
		group, scored := at[q.Code]
		if !scored {
			group = len(groups) - 1
		}
		groups[group].Questions = append(groups[group].Questions, Numbered{Question: q})
	}
	if last := &groups[len(groups)-1]; len(last.Questions) > 1 {
		last.Key = "signals"
	}
	groups = slices.DeleteFunc(groups, func(g Group) bool { return len(g.Questions) == 0 })
	n := 0
	for i := range groups {
		for k := range groups[i].Questions {
			n++
			groups[i].Questions[k].N = n
		}
	}
	return groups
}

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
	Name  string
	Units []HomeUnit
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

// Result is a unit's public result.
type Result struct {
	Frame
	survey.Place
	Periods []*survey.Period
	Period  *survey.Period
	Running bool
	Over    bool // its last day is past
	// Remote are the points whose form is linked; AtPoint tells that a form is
	// open for who is there.
	Remote  []survey.Point
	AtPoint bool
	Unit    *report.UnitResult // shadows Place.Unit in templates
	Heading string
	Main    *NamedIndex // of the form's first index, nil where there are no figures
	Others  []*NamedIndex
	People  []People
	Least   int // people that released figures hide a person among
	Zone    *time.Location
	// Next is the first period to come, where none has begun.
	Next *survey.Period
	// Improved is what the unit says that it did about results; nil: nothing yet, which
	// is told where Silent.
	Improved *Improved
	Silent   bool
	// History is the unit over time; Unread tells that its months and releases cannot
	// be read now.
	History *report.History
	Unread  bool
}

// Through returns the last day whose answers the figures may hold.
func (r *Result) Through() survey.Date {
	return survey.DateOf(r.Unit.AsOf.Add(-time.Nanosecond), r.Zone)
}

// Answers returns how many answers there are.
func (r *Result) Answers() int64 {
	if r.Unit == nil {
		return 0
	}
	return r.Unit.Responses.Valid
}

// Enough reports whether there are as many answers as a release needs, of all kinds
// together.
func (r *Result) Enough() bool { return r.Unit.Responses.Valid >= int64(r.Least) }

// People is one breakdown of the respondents.
type People struct {
	Field survey.Field
	Cells []PeopleCell
}

// Listed returns the groups in the form's order, those who told nothing last.
func (p People) Listed() []PeopleCell {
	var told, untold []PeopleCell
	for _, c := range p.Cells {
		if c.Label == nil {
			untold = append(untold, c)
		} else {
			told = append(told, c)
		}
	}
	return append(told, untold...)
}

// PeopleCell is one group of respondents; N is hidden where Suppressed.
type PeopleCell struct {
	Label      survey.Text // nil: not told
	N          int64
	Suppressed bool
}

// LKE is the evaluation sheet, or what asks for a key that opens it.
type LKE struct {
	Frame
	Periods []*survey.Period
	Period  *survey.Period
	Rows    []LKERow
	// Together is the city, nil where the sheet is of one agency. Agencies are in their declared order.
	Together *GroupFigures
	Agencies []GroupFigures
	Sort     string
	In       *Reader  // who reads the sheet; nil: a key is asked for
	Ways     []Reader // the roles that a demonstration lets anybody in as, but that of In
	Refused  string   // a message key: why the last key opened nothing
	// Units by their verdict on WBK: passed, of these on an index that is not adequate,
	// failed, and neither yet. Unfilled are those of all with an input missing.
	Passed, Tentative, Failed, Open, Unfilled int
}

// Count adds a row to the summary.
func (l *LKE) Count(row *LKERow) {
	if len(row.Lacks) > 0 {
		l.Unfilled++
	}
	switch wbk := row.LKE.WBK; {
	case wbk.Missing():
		l.Open++
	case wbk.OK():
		l.Passed++
		if wbk.Tentative() {
			l.Tentative++
		}
	default:
		l.Failed++
	}
}

// Reader is who reads the sheet.
type Reader struct {
	Role   string // manager, evaluator or admin
	Agency string // the name of the one agency whose units are shown; empty: of all
}

// LKERow is one unit's row.
type LKERow struct {
	*report.UnitResult
	IPAK, IPKP *analytics.Index
	Lacks      []string
}

// Judged is a verdict as the sheet shows it.
type Judged struct {
	analytics.Verdict
	level string
	row   LKERow
}

// WBK returns the row's verdict on WBK.
func (r LKERow) WBK() Judged { return Judged{r.LKE.WBK, "wbk", r} }

// WBBM is WBK for the level above.
func (r LKERow) WBBM() Judged { return Judged{r.LKE.WBBM, "wbbm", r} }

// Near returns the chances of reaching the minimum of a row that an index is behind,
// where the index is so near to it that another sample of the same size may decide
// otherwise; else nil.
func (j Judged) Near(row string) *Near {
	x := j.row.IPAK
	if row == "II" {
		x = j.row.IPKP
	} else if row != "I.a" {
		return nil
	}
	if x == nil || x.Chances == nil {
		return nil
	}
	for _, m := range x.Chances.Minima {
		if m.Level == j.level && m.Pass > surely && m.Pass < 1-surely {
			return &Near{ChanceOfMinimum: m, N: x.N, Shown: x.Shown}
		}
	}
	return nil
}

// surely is the least chance that is told of.
const surely = 0.025

// Near tells how a row near its minimum might come out in another sample.
type Near struct {
	analytics.ChanceOfMinimum
	N     int64
	Shown string // the index
}

// Percent writes a chance in whole percent.
func (Near) Percent(x float64) string { return analytics.ShownFloat(100*x, 0) }

// Share tells how a chance is named: in whole percent or, as no chance is told to be
// none or certain, as less than one percent or more than 99.
func (n Near) Share(x float64) string {
	switch n.Percent(x) {
	case "0":
		return "less"
	case "100":
		return "more"
	}
	return "about"
}

// The rows of the pengungkit: the total, and what stands before an area's.
const (
	leverage     = "pengungkit"
	leverageArea = leverage + "."
)

// Lacking returns the rows that the sheet still needs, each said once: where all
// areas of the pengungkit lack their points, they are one ("areas" where only
// the total is known); where some do, the total says nothing more.
func (r LKERow) Lacking() []string {
	known := 0
	for _, t := range r.LKE.WBK.Tests {
		if strings.HasPrefix(t.Row, leverageArea) && !t.Missing {
			known++
		}
	}
	var out []string
	for _, row := range r.Lacks {
		area := strings.HasPrefix(row, leverageArea)
		switch {
		case known > 0 && row == leverage:
			continue
		case known == 0 && area && slices.Contains(r.Lacks, leverage):
			continue
		case known == 0 && area:
			row = "areas"
		}
		if !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	return out
}

// Failure is a page that says what went wrong and helps on.
type Failure struct {
	Frame
	Key    string // of the messages: error.KEY.title, error.KEY.text
	Place  survey.Place
	Next   *survey.Period // the next one that opens here
	Again  string         // address of a new form, where that helps
	Faults []survey.Fault
}

// Sorts are the columns that the sheet can be sorted by.
func (*LKE) Sorts() []string { return []string{"unit", "ipak", "ipkp", "total"} }
