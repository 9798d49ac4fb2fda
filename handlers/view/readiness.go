package view

import (
	"net/url"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// ReadyLevel is how far a unit is from WBK or WBBM.
type ReadyLevel struct {
	Code  string // wbk or wbbm
	Name  string
	Unit  *report.Ready
	Of    *analytics.Readiness
	To    survey.Date // the period's last day
	Rows  []wording.Minimum
	Areas []wording.Minimum // of the pengungkit
	Row   wording.LKERow
}

// levelNames are what the levels are called.
func levelNames() []Part { return []Part{{Code: "wbk", Name: "WBK"}, {Code: "wbbm", Name: "WBBM"}} }

// Levels returns how far the unit is from each level, WBK first.
func (u *UnitSheet) Levels() []ReadyLevel {
	var out []ReadyLevel
	for _, l := range levelNames() {
		level := ReadyLevel{Code: l.Code, Name: l.Name, Unit: u.Ready, Of: u.Ready.At(l.Code), To: u.Period.To, Row: u.Row}
		level.Rows, level.Areas = wording.Minima(u.Ready, l.Code)
		out = append(out, level)
	}
	return out
}

// AreasBelow and AreasMissing count the areas below their minimum, and those that lack their
// points.
func (l ReadyLevel) AreasBelow() (n int) {
	for _, m := range l.Areas {
		if !m.Missing && !m.OK() {
			n++
		}
	}
	return n
}

// AreasMissing counts the areas that are not entered.
func (l ReadyLevel) AreasMissing() (n int) {
	for _, m := range l.Areas {
		if m.Missing {
			n++
		}
	}
	return n
}

// Judged returns the level's verdict.
func (l ReadyLevel) Judged() wording.ShownVerdict {
	if l.Code == "wbbm" {
		return l.Row.WBBM()
	}
	return l.Row.WBK()
}

// Near returns what luck has to do with a row, where nothing is foretold of it.
func (l ReadyLevel) Near(m wording.Minimum) *wording.Near {
	if m.Chance != nil {
		return nil
	}
	return l.Judged().Near(m.Row)
}

// Readiness is the readiness of the city, or of what somebody sees of it, on one page.
type Readiness struct {
	Frame
	In      Reader
	Parts   []Part
	Periods []*survey.Period
	Period  *survey.Period
	// Level is the level asked for, Filter what else is chosen.
	Level  string
	Filter report.ReadyFilter
	// Agencies may be chosen; none where there is but one.
	Agencies []Part
	Units    []*report.Ready // the units that the filter chooses
	All      int             // as many there are without a state chosen
	Counts   map[analytics.Ready]int
}

// mostReady is how many units are shown at once.
const mostReady = 30

// Shown returns the units that are shown at once, Rest those that are folded.
func (r *Readiness) Shown() []*report.Ready { return r.Units[:min(len(r.Units), mostReady)] }

// Rest returns the units after those of Shown.
func (r *Readiness) Rest() []*report.Ready { return r.Units[len(r.Shown()):] }

// Sure returns how many units are certain to pass.
func (r *Readiness) Sure() int { return r.Counts[analytics.ReadyCertain] }

// LevelName returns what the level is called.
func (r *Readiness) LevelName() string {
	for _, l := range levelNames() {
		if l.Code == r.Level {
			return l.Name
		}
	}
	return ""
}

// States lists the states to choose from, what asks for something first.
func (*Readiness) States() []analytics.Ready { return analytics.ReadyStates() }

// Levels lists the levels to choose from.
func (*Readiness) Levels() []Part { return levelNames() }

// Part returns the code of what is shown, empty where there is no choice.
func (r *Readiness) Part() string { return partOf(r.Parts) }

// Query returns what the page was asked for with some of it changed: name and value in turn,
// an empty value leaves it out.
func (r *Readiness) Query(changed ...string) string {
	q := url.Values{"period": {r.Period.Code}, "predikat": {r.Level}, "lang": {r.Lang}}
	for name, value := range map[string]string{"opd": r.Filter.Agency, "keadaan": string(r.Filter.State), "q": r.Filter.Search, "bagian": r.Part()} {
		q.Set(name, value)
	}
	for i := 0; i+1 < len(changed); i += 2 {
		q.Set(changed[i], changed[i+1])
	}
	for name, values := range q {
		if values[0] == "" {
			q.Del(name)
		}
	}
	return q.Encode()
}

// Chosen reports whether less than all is asked for.
func (r *Readiness) Chosen() bool {
	return r.Filter.Agency != "" || r.Filter.State != "" || r.Filter.Search != ""
}
