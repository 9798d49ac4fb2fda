// Package lke takes what evaluators enter for a unit's LKE, by whichever way it
// comes: the rules that an entry must keep, which version it replaces, what the audit
// tells of it, and what its history holds. The rows and columns of a unit's sheet in the
// LKE workbook are laid out here too, so that who writes and who reads it agree.
package lke

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Store keeps the entries.
type Store interface {
	// RecordEvaluation adds an entry with what the audit tells of it: both or neither.
	// Conflict: its version is not the one after the newest.
	RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error
	// RecordEvaluations adds entries of several units of a period with what the audit tells of
	// them: all of it or nothing. Conflict: of some the version is not the one after the newest;
	// its faults name their units by their keys. Invalid: they can't be stored together.
	RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error
	// EvaluationHistory returns every entry of a unit in a period, the oldest first: that of
	// version 1 at 0.
	EvaluationHistory(ctx context.Context, period, unit string) ([]analytics.Evaluation, error)
}

// MostTogether is how many bytes the values of entries may have that are stored together: a
// document of MongoDB has 16 MiB, with their fields and what the audit tells.
const MostTogether = 6 << 20

// Entries takes entries and stores them.
type Entries struct {
	Store Store
	// Check returns the faults of an entry's values, as an Invalid error.
	Check func(analytics.Evaluation) error
	// Table has the rows and bounds of remarks.
	Table *analytics.LKETable
	Now   func() time.Time
}

// NewEntries returns what takes entries by the rules of the shipped table.
func NewEntries(store Store, check func(analytics.Evaluation) error, now func() time.Time) (*Entries, error) {
	table, err := analytics.LoadLKE()
	if err != nil {
		return nil, err
	}
	return &Entries{Store: store, Check: check, Table: table, Now: now}, nil
}

// Draft is what somebody enters for a unit in a period. What is nil stays as it was.
type Draft struct {
	Period string // a code
	Unit   string // the unit's key, which stays when its code is another
	// Actor is the person or key that enters it, as the audit names them, Who is in
	// charge of it: somebody else may type what an evaluator found.
	Actor, Who string
	Why        string // 3 to 200 characters
	// Version is the entry that was read and that this one replaces; 0: none yet.
	Version *int
	// Achievement is the level A..E of capaian kinerja; empty: taken back.
	Achievement *string
	Pengungkit  *Pengungkit
	// Remarks are notes and what teams answer, by field; what is not named stays, and an empty
	// text is taken back.
	Remarks map[string]string
	// Faults were found when the draft was read; with any nothing is stored.
	Faults []survey.Fault
}

// Pengungkit are points in text, as decimal numbers: the total, or by area, or both
// where they agree. What is empty or not there is missing.
type Pengungkit struct {
	Total string
	Areas map[string]string
}

// The bounds of who and why, in characters.
const (
	LeastWords = 3
	MostWords  = 200
)

// Record stores a draft as the next entry and returns it. Errors: Invalid names each
// field: who, why, capaian_kinerja, pengungkit, pengungkit.AREA, remarks; Conflict where
// another version than the one that was read is stored; VersionRequired where a draft
// without fault names none.
func (s *Entries) Record(ctx context.Context, d Draft) (analytics.Evaluation, error) {
	e, old, err := s.try(ctx, &d)
	if err != nil {
		return e, err
	}
	err = s.Store.RecordEvaluation(ctx, e, Audited(old, &e))
	var raced *survey.Error
	if errors.As(err, &raced) && raced.Code == survey.Conflict && len(raced.Faults) > 0 { // between looking and storing
		err = survey.Errorf(survey.Conflict, "the entry was changed since: %s", raced.Faults[0].Message)
	}
	return e, err
}

// RecordAll stores drafts of several units of a period at one moment, all or none, and returns
// their entries. Errors: those of Record and of the store's RecordEvaluations; TooLarge: their
// values have more than MostTogether bytes.
func (s *Entries) RecordAll(ctx context.Context, drafts []Draft) ([]analytics.Evaluation, error) {
	at := s.Now().UTC()
	list, said := make([]analytics.Evaluation, len(drafts)), make([]audit.Entry, len(drafts))
	bytes := 0
	var conflicts []survey.Fault
	for i := range drafts {
		e, old, err := s.try(ctx, &drafts[i])
		var late *survey.Error
		if errors.As(err, &late) && late.Code == survey.Conflict {
			conflicts = append(conflicts, survey.Fault{Field: e.Unit, Code: "conflict", Message: late.Message})
			continue
		}
		if err != nil {
			return nil, err
		}
		e.At = at
		list[i], said[i] = e, Audited(old, &e)
		for _, text := range Values(&e) {
			quoted, err := json.Marshal(text) // as it is stored: some signs take six bytes there
			if err != nil {
				return nil, fmt.Errorf("measure an entry: %w", err)
			}
			bytes += len(quoted)
		}
	}
	if len(conflicts) > 0 {
		return nil, &survey.Error{Code: survey.Conflict, Message: "entries were changed since; nothing was stored", Faults: conflicts}
	}
	if bytes > MostTogether {
		return nil, &survey.Error{Code: survey.TooLarge, Message: "these entries are too large to be stored at once; take fewer units at a time", Faults: []survey.Fault{
			{Field: "file", Code: "too_large", Message: fmt.Sprintf("its entries and those before have more than %d MB", MostTogether>>20)},
		}}
	}
	if err := s.Store.RecordEvaluations(ctx, list, said); err != nil {
		return nil, err
	}
	return list, nil
}

// Try returns the entry that Record would store now, or the error that it would return, and
// stores nothing.
func (s *Entries) Try(ctx context.Context, d Draft) (analytics.Evaluation, error) {
	e, _, err := s.try(ctx, &d)
	return e, err
}

func (s *Entries) try(ctx context.Context, d *Draft) (e analytics.Evaluation, old *analytics.Evaluation, err error) {
	history, err := s.Store.EvaluationHistory(ctx, d.Period, d.Unit)
	if err != nil {
		return e, nil, err
	}
	before := newest(history)
	e, err = s.entry(d, &before)
	return e, &before, err
}

// newest returns the last entry of a history, the zero one where there is none.
func newest(history []analytics.Evaluation) analytics.Evaluation {
	if len(history) == 0 {
		return analytics.Evaluation{}
	}
	return history[len(history)-1]
}

// entry makes the entry that follows an old one.
func (s *Entries) entry(d *Draft, old *analytics.Evaluation) (analytics.Evaluation, error) {
	e := *d.over(old)
	e.At = s.Now().UTC()
	faults := slices.Clone(d.Faults)
	words := func(field, text string) {
		if n := utf8.RuneCountInString(text); n < LeastWords || n > MostWords {
			faults = append(faults, survey.Fault{Field: field, Code: "required", Message: fmt.Sprintf("must have %d to %d characters", LeastWords, MostWords)})
		}
	}
	if e.Who != e.Key { // an own name may be as short as it is
		words("who", e.Who)
	}
	words("why", e.Why)
	if len(d.Remarks) > 0 { // others were checked when they were told
		faults = append(faults, remarkFaults(s.Table, e.Remarks)...)
	}
	if d.Version != nil && *d.Version != old.Version {
		return e, survey.Errorf(survey.Conflict, "the entry was changed since: version %d is stored, and version %d was read", old.Version, *d.Version)
	}
	var bad *survey.Error
	if err := s.Check(e); errors.As(err, &bad) {
		faults = append(faults, bad.Faults...)
	} else if err != nil {
		return e, err
	}
	if len(faults) == 0 && d.Version == nil {
		return e, survey.Errorf(survey.VersionRequired, "send the version that was read; version %d is stored", old.Version)
	}
	return e, survey.Faulty("the entry has faults; nothing was stored", faults)
}

// Is reports whether a draft was stored already, as the newest of a unit's steps: a
// form that was sent twice is no conflict.
func (d *Draft) Is(steps []Step) bool {
	if len(steps) == 0 || d.Version == nil || len(d.Faults) > 0 {
		return false
	}
	var before analytics.Evaluation
	if len(steps) > 1 {
		before = steps[1].Evaluation
	}
	now, e := steps[0].Evaluation, d.over(&before)
	return before.Version == *d.Version && now.Key == e.Key && now.Who == e.Who && now.Why == e.Why && len(Changes(&now, e)) == 0
}

// over returns what a draft makes of an old entry, unchecked.
func (d *Draft) over(old *analytics.Evaluation) *analytics.Evaluation {
	e := &analytics.Evaluation{
		Period: d.Period, Unit: d.Unit, Version: old.Version + 1, Achievement: old.Achievement, Pengungkit: old.Pengungkit, Areas: old.Areas, Remarks: remarked(old.Remarks, d.Remarks),
		Who: strings.TrimSpace(d.Who), Why: strings.TrimSpace(d.Why), Key: strings.TrimSpace(d.Actor),
	}
	if d.Achievement != nil {
		e.Achievement = *d.Achievement
	}
	if d.Pengungkit != nil {
		e.Pengungkit, e.Areas = d.Pengungkit.Total, nil
		for code, points := range d.Pengungkit.Areas {
			if points == "" {
				continue
			}
			if e.Areas == nil {
				e.Areas = map[string]string{}
			}
			e.Areas[code] = points
		}
	}
	return e
}
