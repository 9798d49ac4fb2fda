package analytics

import (
	"cmp"

	"persepsi/survey"
)

// Level says what span of time a stored tally covers.
type Level uint8

// The levels, from the bucket upward.
const (
	LevelDay    Level = 1 // a bucket: one unit, one period, one day
	LevelMonth  Level = 2 // merged from the month's days
	LevelPeriod Level = 3 // merged from the period's months
)

// Key names one stored tally.
type Key struct {
	Period string
	Unit   string
	Form   string
	Level  Level
	// Start is the day of a bucket, the first day of a month's tally, and 0
	// for a whole period.
	Start survey.Date
}

// Rollups returns the keys of the tallies that a tally is merged into: month and
// period of a bucket, the period of a month.
func (k Key) Rollups() []Key {
	month, period := k, k
	month.Level, month.Start = LevelMonth, k.Start.Month()
	period.Level, period.Start = LevelPeriod, 0
	switch k.Level {
	case LevelDay:
		return []Key{month, period}
	case LevelMonth:
		return []Key{period}
	default:
		return nil
	}
}

// Compare orders keys as stores keep them: period, level, start, unit, form.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Period, o.Period), cmp.Compare(k.Level, o.Level), cmp.Compare(k.Start, o.Start),
		cmp.Compare(k.Unit, o.Unit), cmp.Compare(k.Form, o.Form))
}

// KeyOf returns the bucket of a response.
func KeyOf(r *survey.Response) Key {
	return Key{Period: r.Period, Unit: r.Unit, Form: r.Form, Level: LevelDay, Start: r.Day}
}

// PeriodTotals are the totals of a period. They are never changed again.
type PeriodTotals struct {
	// Revision grows whenever a tally or an evaluation of the period is stored.
	Revision int64
	// Units holds the tally of each unit and form, without its breakdown. It
	// stays the same value until it counts something else.
	Units map[UnitForm]*Tally
	// Released holds the newest release of each unit that has one. It stays the
	// same value until there is a newer one.
	Released map[string]*ReleasedTally
	// Damaged are the units whose newest release can't be read.
	Damaged map[string]bool
	// TakenOut counts the answers of each unit and kind that an undone import had
	// brought: Units does not hold them, a release may still.
	TakenOut map[string][survey.KindCount]int64
}

// UnitForm names the answers of a unit to one form. A period has one form, but
// an answer to another one may have been on its way when that was declared.
type UnitForm struct{ Unit, Form string }

// TallyFilter selects stored tallies; an empty field selects all.
type TallyFilter struct {
	Level  Level
	Period string
	Unit   string
}

// Correction is a stored tally that was replaced by a recount.
type Correction struct {
	Key
	Damaged bool // it could not be read; otherwise it told other counts
}

// MostCorrections bounds the list of a RecountResult.
const MostCorrections = 20

// RecountResult is the result of a recount.
type RecountResult struct {
	Buckets   int   // buckets counted
	Responses int64 // responses read
	Differing int   // stored tallies (of any level) that differed from the recount
	// Corrections are the first of those that differed, MostCorrections at most.
	Corrections []Correction
	// Moving are units that could not be compared, because another process was
	// storing answers of theirs all the while.
	Moving int
}

// AddCorrection notes a tally that was replaced.
func (r *RecountResult) AddCorrection(m Correction) {
	r.Differing++
	if len(r.Corrections) < MostCorrections {
		r.Corrections = append(r.Corrections, m)
	}
}

// Add adds what another recount found.
func (r *RecountResult) Add(o RecountResult) {
	r.Buckets += o.Buckets
	r.Responses += o.Responses
	r.Differing += o.Differing
	r.Moving += o.Moving
	r.Corrections = append(r.Corrections, o.Corrections[:min(len(o.Corrections), MostCorrections-len(r.Corrections))]...)
}
