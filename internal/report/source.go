package report

import (
	"context"

	"persepsi/analytics"
	"persepsi/survey"
)

// Source is what figures are made of: a Board, which counts with a store. It is a port although
// the product has that one alone: the rooms above are tested on worlds that are made up figure
// by figure, which no store could be brought into. What it returns is never changed again.
type Source interface {
	OnDemand
	// Refresh brings what Period returns up to date.
	Refresh(ctx context.Context) error
	// Period returns the totals of a period: the same value until they change.
	Period(code string) *Totals
	// Breakdown reads the totals of a unit with their breakdown, as they were saved last; nil
	// where it has no answers to the form.
	Breakdown(ctx context.Context, period *survey.Period, unit string, form *survey.Form) (*analytics.Tally, error)
}

// OnDemand reads from a store when somebody asks: a Board keeps nothing of it.
type OnDemand interface {
	// SaveSoon has the next Refresh save what is counted, for what is read with its breakdown,
	// and returns what reports whether one has.
	SaveSoon() (done func() bool)
	// Erasure returns a period's erasure; nil: respondent fields of its answers are there.
	Erasure(ctx context.Context, period string) (*survey.Erasure, error)
	// Tables returns the tables that a unit's release of a serial has; nil: none.
	Tables(ctx context.Context, period, unit string, serial int) (*analytics.Tables, error)
	// Steps calls fn with a unit's releases in a period, the oldest first; with nil in
	// the place of one that cannot be read.
	Steps(ctx context.Context, period, unit string, fn func(*analytics.ReleasedTally) error) error
}

// Totals are the totals of a period by unit and form, live and released, and what evaluators
// entered by unit. A tally stays the same value until it counts something else.
type Totals struct {
	Units map[analytics.UnitForm]*analytics.Tally
	// Released are the newest releases by unit.
	Released    map[string]*analytics.ReleasedTally
	Damaged     map[string]bool // units whose newest release can't be read
	TakenOut    map[string][survey.KindCount]int64
	Evaluations map[string]analytics.Evaluation
}

// undone counts the answers of a unit that were taken out.
func (t *Totals) undone(unit string) (n int64) {
	for _, some := range t.TakenOut[unit] {
		n += some
	}
	return n
}

// of returns the totals of a unit's answers to a form, nil where there are none.
func (t *Totals) of(unit string, form *survey.Form) *analytics.Tally {
	return t.Units[analytics.UnitForm{Unit: unit, Form: form.ID}]
}

var none Totals
