package lkebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/survey"
)

// Difference is a cell that holds something else than the stored entry.
type Difference struct {
	Sheet, Cell  string
	Field        string
	Ours, Theirs string // empty: nothing is entered
}

// Change is what a unit's sheet enters. Draft lacks who and why.
type Change struct {
	Unit        *survey.Unit
	Draft       lke.Draft
	Differences []Difference
	Steps       []lke.Step // of the stored entries, the newest first
}

// Places tells whose a sheet is.
type Places interface {
	// Period returns a period by its code.
	Period(code string) (*survey.Period, bool)
	// Unit returns a unit by any of its codes; its key is one.
	Unit(code string) (survey.Place, bool)
}

// Compare returns what sheets change of the stored entries, unit by unit; none where nothing
// is otherwise. A cell that was left as it was written changes nothing, whatever was stored
// since. Errors: Invalid names unknown periods and units; Conflict each cell that was changed
// while somebody stored another entry of its unit.
func Compare(ctx context.Context, sheets []Sheet, places Places, store lke.Store) ([]Change, error) {
	var out []Change
	var faults, conflicts []survey.Fault
	var first *Sheet
	for _, s := range sheets {
		period, known := places.Period(s.Period)
		place, found := places.Unit(s.Unit)
		switch name := survey.Printable(s.Name); {
		case !known:
			faults = append(faults, survey.Fault{Field: name + "!" + placeOf(lke.SheetRowPeriod), Code: "unknown_period", Message: "there is no period " + survey.Printable(s.Period)})
			continue
		case !found || place.Unit.Key() != s.Unit:
			faults = append(faults, survey.Fault{Field: name + "!" + placeOf(lke.SheetRowUnit), Code: "unknown_unit", Message: "there is no unit " + survey.Printable(s.Unit)})
			continue
		case !period.Covers(place.Unit.Code):
			faults = append(faults, survey.Fault{Field: name + "!" + placeOf(lke.SheetRowUnit), Code: "unknown_unit", Message: "takes no part in period " + period.Code})
			continue
		}
		if len(s.Entered) == 0 {
			continue
		}
		if first == nil {
			first = &s
		}
		if s.Period != first.Period { // what is taken at once is of one period
			faults = append(faults, survey.Fault{
				Field: survey.Printable(s.Name) + "!" + placeOf(lke.SheetRowPeriod), Code: "other_period",
				Message: fmt.Sprintf("is of period %s, and sheet %s of %s; read them as workbooks of their own", s.Period, survey.Printable(first.Name), first.Period),
			})
			continue
		}
		history, err := store.EvaluationHistory(ctx, s.Period, s.Unit)
		if err != nil {
			return nil, err
		}
		var now analytics.Evaluation
		if len(history) > 0 {
			now = history[len(history)-1]
		}
		change := s.change(&now)
		if len(change.Differences) == 0 {
			continue
		}
		if now.Version != s.Version {
			for _, d := range change.Differences {
				conflicts = append(conflicts, survey.Fault{Field: survey.Printable(d.Sheet) + "!" + d.Cell, Code: "conflict", Message: fmt.Sprintf("version %d of the entry is stored and the workbook was made of version %d; take a new workbook", now.Version, s.Version)})
			}
			continue
		}
		change.Unit, change.Steps = place.Unit, lke.Steps(history)
		out = append(out, change)
	}
	if err := survey.Faulty(refusal, faults); err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return nil, &survey.Error{Code: survey.Conflict, Message: refusal, Faults: conflicts}
	}
	return out, nil
}

func placeOf(row int) string { return place(lke.ColumnKey, row) }

// change returns what a sheet makes of the stored entry.
func (s *Sheet) change(now *analytics.Evaluation) Change {
	values := lke.Values(now)
	out := Change{Draft: lke.Draft{Period: s.Period, Unit: s.Unit, Version: &s.Version}}
	for _, field := range slices.Sorted(maps.Keys(s.Entered)) {
		theirs := s.Entered[field]
		if values[field] == theirs || !lke.IsNote(field) && equal(values[field], theirs) {
			continue
		}
		out.Differences = append(out.Differences, Difference{Sheet: s.Name, Cell: s.Cells[field], Field: field, Ours: values[field], Theirs: theirs})
		values[field] = theirs
	}
	level := values[lke.Achievement]
	out.Draft.Achievement = &level
	out.Draft.Pengungkit = &lke.Pengungkit{Total: values[lke.Total], Areas: map[string]string{}}
	for field, points := range values {
		if area, ok := strings.CutPrefix(field, lke.AreaPrefix); ok {
			out.Draft.Pengungkit.Areas[area] = points
		}
	}
	for _, d := range out.Differences { // what is shown, and nothing else
		field, text := d.Field, d.Theirs
		if field != lke.Achievement && field != lke.Total && !strings.HasPrefix(field, lke.AreaPrefix) {
			if out.Draft.Remarks == nil {
				out.Draft.Remarks = map[string]string{}
			}
			out.Draft.Remarks[field] = text
		}
	}
	return out
}

// equal reports whether two values are the same number: 8.750 is 8.75.
func equal(a, b string) bool {
	x, ok := analytics.ParseRatio(a)
	y, ok2 := analytics.ParseRatio(b)
	return ok && ok2 && x.Cmp(y) == 0
}

// Take stores changes under a reason: all of them or, where any is refused, none, also where
// somebody stores another entry in that moment. Errors: Invalid and Conflict name sheet and
// cell.
func Take(ctx context.Context, entries *lke.Entries, changes []Change, actor, who, why string) ([]analytics.Evaluation, error) {
	var faults []survey.Fault
	for i := range changes {
		c := &changes[i]
		c.Draft.Actor, c.Draft.Who, c.Draft.Why = actor, who, why
		_, err := entries.Try(ctx, c.Draft)
		var e *survey.Error
		if errors.As(err, &e) && e.Code == survey.Invalid {
			for _, f := range e.Faults {
				named := survey.Fault{Field: c.where(f.Field), Code: f.Code, Message: f.Message}
				if !slices.ContainsFunc(faults, func(o survey.Fault) bool { return o.Field == named.Field }) { // a reason is of all
					faults = append(faults, named)
				}
			}
		} else if err != nil && survey.CodeOf(err) != survey.Conflict { // which all are told of below
			return nil, fmt.Errorf("unit %s: %w", c.Unit.Code, err)
		}
	}
	if err := survey.Faulty(refusal, faults); err != nil {
		return nil, err
	}
	drafts := make([]lke.Draft, len(changes))
	for i := range changes {
		drafts[i] = changes[i].Draft
	}
	out, err := entries.RecordAll(ctx, drafts)
	return out, overtaken(err, changes)
}

// overtaken names the cells of the units of which another entry was stored meanwhile.
func overtaken(err error, changes []Change) error {
	var e *survey.Error
	if !errors.As(err, &e) || e.Code != survey.Conflict {
		return err
	}
	out := &survey.Error{Code: survey.Conflict, Message: refusal}
	for i := range changes {
		c := &changes[i]
		at := slices.IndexFunc(e.Faults, func(f survey.Fault) bool { return f.Field == c.Draft.Unit })
		if at < 0 {
			continue
		}
		for _, d := range c.Differences {
			out.Faults = append(out.Faults, survey.Fault{Field: survey.Printable(d.Sheet) + "!" + d.Cell, Code: "conflict", Message: e.Faults[at].Message + "; take a new workbook"})
		}
	}
	if len(out.Faults) == 0 {
		return err
	}
	return out
}

// where returns the cell of a field of an entry; a reason has none.
func (c *Change) where(field string) string {
	for _, d := range c.Differences {
		if d.Field == field {
			return survey.Printable(d.Sheet) + "!" + d.Cell
		}
	}
	if field == "who" || field == "why" {
		return field
	}
	return c.Unit.Code + ", " + field
}
