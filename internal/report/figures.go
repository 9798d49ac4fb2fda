package report

import (
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Figures are all that can be shown at one moment: a snapshot of each period,
// made with one catalogue. They are immutable: whoever answers a request from
// one value of them shows figures that agree.
type Figures struct {
	directory *survey.Directory
	at        time.Time // zero: nothing was loaded yet
	periods   map[string]*Snapshot
	answers   int64
}

// Snapshot is one period at one moment, as each audience sees it. It is
// immutable.
type Snapshot struct {
	directory *survey.Directory
	totals    *Totals
	views     [audiences]*View
	faults    [audiences]error // why a view could not be made
	strays    error            // tells of answers that are in no view; nil: there are none
	answers   int64
	expires   time.Time // it is made anew then, whether something changed or not; zero: never
}

// Scope says which results are asked for, and for whom.
type Scope struct {
	Period   string
	Agency   string // empty: every agency
	Unit     string // empty: every unit
	Audience Audience
	// Explain adds to each index how it came about.
	Explain bool
}

// ErrNotLoaded tells that there are no figures yet because the store has been
// away since the start: nobody may take that for there being no answers.
var ErrNotLoaded = &survey.Error{Code: survey.Unavailable, Message: "the figures could not be loaded since the service started", RetryAfter: 10 * time.Second}

// Directory returns the catalogue that the figures were made with.
func (f *Figures) Directory() *survey.Directory { return f.directory }

// Loaded reports whether there are figures: until then it holds nothing, which
// is not to say that there are no answers.
func (f *Figures) Loaded() bool { return !f.at.IsZero() }

// Shared returns the figures without those that evaluators alone see; who asks for them gets
// ErrNotLoaded. Who keeps figures for a while, as a desk does, keeps no live results in memory
// then: they are others each second.
func (f *Figures) Shared() *Figures {
	out := *f
	out.periods = make(map[string]*Snapshot, len(f.periods))
	for code, s := range f.periods {
		shared := *s
		shared.views[Live], shared.faults[Live] = nil, ErrNotLoaded
		out.periods[code] = &shared
	}
	return &out
}

// At returns the time of the last refresh: figures hold every answer that this
// server had stored before it. One in the spool, or stored by another server a
// moment ago, may be missing.
func (f *Figures) At() time.Time { return f.at }

// Answers returns the number of answers of every unit and period.
func (f *Figures) Answers() int64 { return f.answers }

// Totals returns the totals of a unit in a period, nil where it has no answers.
// The tally must not be changed.
func (f *Figures) Totals(period, unit string) *analytics.Tally {
	if s := f.periods[period]; s != nil {
		return s.totals.of(f.directory.UnitKey(unit), f.directory.Form(period))
	}
	return nil
}

// Released returns the newest release of a unit in a period, nil where there is
// none.
func (f *Figures) Released(period, unit string) *analytics.ReleasedTally {
	if s := f.periods[period]; s != nil {
		return s.totals.Released[f.directory.UnitKey(unit)]
	}
	return nil
}

// Evaluation returns the newest entry of an evaluator for a unit in a period.
func (f *Figures) Evaluation(period, unit string) (analytics.Evaluation, bool) {
	s := f.periods[period]
	if s == nil {
		return analytics.Evaluation{}, false
	}
	e, ok := s.totals.Evaluations[f.directory.UnitKey(unit)]
	return e, ok
}

// View returns the view that a scope is cut from. Errors: NotFound for a
// period, agency or unit that doesn't exist; ErrNotLoaded.
func (f *Figures) View(s Scope) (*View, error) {
	d := f.directory
	if _, ok := d.Period(s.Period); !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no period %q", survey.Printable(s.Period))
	}
	if _, ok := d.Agency(s.Agency); s.Agency != "" && !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no agency %q", survey.Printable(s.Agency))
	}
	if place, ok := d.Unit(s.Unit); s.Unit != "" && (!ok || s.Agency != "" && !slices.Contains(place.Agency.Codes(), s.Agency)) {
		return nil, survey.Errorf(survey.NotFound, "there is no unit %q", survey.Printable(s.Unit))
	}
	if !f.Loaded() {
		return nil, ErrNotLoaded
	}
	snapshot := f.periods[s.Period]
	return snapshot.views[s.Audience], snapshot.faults[s.Audience]
}

// Results returns the results of a scope; errors as those of View.
func (f *Figures) Results(s Scope) (*Results, error) {
	v, err := f.View(s)
	if err != nil {
		return nil, err
	}
	return v.Results(s), nil
}
