package lke

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// failing is a store of which one part fails.
type failing struct {
	*memoryStore
	write, read error
}

func (f *failing) RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error {
	if f.write != nil {
		return f.write
	}
	return f.memoryStore.RecordEvaluation(ctx, e, said...)
}

func (f *failing) RecordEvaluations(ctx context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	if f.write != nil {
		return f.write
	}
	return f.memoryStore.RecordEvaluations(ctx, list, said)
}

func (f *failing) EvaluationHistory(ctx context.Context, period, unit string) ([]analytics.Evaluation, error) {
	if f.read != nil {
		return nil, f.read
	}
	all, err := f.memoryStore.EvaluationHistory(ctx, period, unit)
	return slices.DeleteFunc(slices.Clone(all), func(e analytics.Evaluation) bool { return e.Unit != unit }), err
}

// of is a draft of a unit over a version of its entry.
func of(unit string, version int) Draft {
	return Draft{Period: "p", Unit: unit, Actor: "k", Who: "k", Why: "uji", Version: &version, Achievement: pointer("A")}
}

func TestAnEntryThatIsNotStoredIsToldWithWhy(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	tooMuch := &survey.Error{Code: survey.Invalid, Message: "too much", Faults: []survey.Fault{{Field: "u", Message: "too much"}}}
	conflict := func(faults ...survey.Fault) error {
		return &survey.Error{Code: survey.Conflict, Message: "another is stored", Faults: faults}
	}
	for name, tc := range map[string]struct {
		write, read, check error
		want               error
	}{
		"somebody was faster":      {write: conflict(survey.Fault{Field: "u", Message: "version 2 is stored"}), want: errors.New("the entry was changed since: version 2 is stored")},
		"a conflict without a why": {write: conflict(), want: conflict()},
		"a fault of the store":     {write: tooMuch, want: tooMuch},
		"the store fails":          {write: broken, want: broken},
		"nothing can be read":      {read: broken, want: broken},
		"nothing can be checked":   {check: broken, want: broken},
	} {
		entries, store := entriesOver(t, first())
		entries.Store = &failing{store, tc.write, tc.read}
		if tc.check != nil {
			entries.Check = func(analytics.Evaluation) error { return tc.check }
		}
		_, err := entries.Record(t.Context(), of("u", 1))
		if err == nil || err.Error() != tc.want.Error() || len(store.list) != 1 {
			t.Errorf("%s: %v, %d entries, want %v", name, err, len(store.list), tc.want)
		}
		list, err := entries.RecordAll(t.Context(), []Draft{of("u", 1)})
		if err == nil || list != nil || len(store.list) != 1 || survey.CodeOf(err) != survey.CodeOf(errors.Join(tc.write, tc.read, tc.check)) {
			t.Errorf("%s, several at once: %v, %d entries", name, err, len(store.list))
		}
		if _, err := entries.Try(t.Context(), of("u", 1)); (err == nil) != (tc.write != nil) {
			t.Errorf("%s, tried alone: %v", name, err)
		}
	}
}

func TestEntriesOfSeveralUnitsAreOfOneMomentAndEachIsAudited(t *testing.T) {
	t.Parallel()
	entries, store := entriesOver(t, first())
	entries.Store = &failing{memoryStore: store}
	clock := int64(9)
	entries.Now = func() time.Time { clock++; return time.Unix(clock, 0) }
	list, err := entries.RecordAll(t.Context(), []Draft{of("u", 1), of("v", 0)})
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %d entries", err, len(list))
	}
	for i, unit := range []string{"u", "v"} {
		e, said := store.list[i+1], store.said[i]
		if diff := cmp.Diff(list[i], e); diff != "" || e.Unit != unit || e.Version != 2-i || e.Achievement != "A" || !e.At.Equal(time.Unix(10, 0)) {
			t.Errorf("%s: %+v, and another was returned (-want +got):\n%s", unit, e, diff)
		}
		if said.Subject != "p/"+unit || said.Detail != fmt.Sprintf("version %d by k", 2-i) || !said.At.Equal(e.At) || !slices.Equal(said.Periods, []string{"p"}) || !slices.Equal(said.Units, []string{unit}) {
			t.Errorf("the audit is told %+v", said)
		}
	}
}

func TestOfEntriesThatWereChangedSinceNoneIsStoredAndEachIsNamed(t *testing.T) {
	t.Parallel()
	entries, store := entriesOver(t, first())
	entries.Store = &failing{memoryStore: store}
	list, err := entries.RecordAll(t.Context(), []Draft{of("u", 0), of("v", 0), of("w", 3)})
	var e *survey.Error
	if !errors.As(err, &e) || e.Code != survey.Conflict || list != nil || len(store.list) != 1 {
		t.Fatalf("%v, %d entries, want a conflict", err, len(store.list))
	}
	want := []survey.Fault{
		{Field: "u", Code: "conflict", Message: "the entry was changed since: version 1 is stored, and version 0 was read"},
		{Field: "w", Code: "conflict", Message: "the entry was changed since: version 0 is stored, and version 3 was read"},
	}
	if diff := cmp.Diff(want, e.Faults); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	bad := of("v", 0)
	bad.Why = ""
	if _, err := entries.RecordAll(t.Context(), []Draft{of("u", 1), bad}); survey.CodeOf(err) != survey.Invalid || len(store.list) != 1 {
		t.Errorf("one with a fault: %v, %d entries, want Invalid and none stored", err, len(store.list))
	}
}

// What stands in the columns of a workbook that officers have must be read from there for ever.
func TestEachRowOfASheetIsReadFromItsColumns(t *testing.T) {
	t.Parallel()
	entries, _ := entriesOver(t)
	notes := func(key string, row int) []SheetCell {
		return []SheetCell{
			{"catatan." + key, key, "", true, row, 13, 23},
			{"tpi.catatan." + key, key, "tpi", true, row, 17, 25},
			{"tpn.catatan." + key, key, "tpn", true, row, 20, 27},
		}
	}
	answers := func(field, key string, row int) []SheetCell {
		n := notes(key, row)
		return []SheetCell{
			{field, key, "", false, row, 10, 22},
			n[0],
			{"tpi." + field, key, "tpi", false, row, 15, 24},
			n[1],
			{"tpn." + field, key, "tpn", false, row, 18, 26},
			n[2],
		}
	}
	cells := SheetCells(entries.Table)
	for key, want := range map[string][]SheetCell{
		Total:                  answers(Total, Total, 7),
		AreaPrefix + "sdm":     answers(AreaPrefix+"sdm", AreaPrefix+"sdm", 10),
		RowResult:              notes(RowResult, 14),
		RowLevel:               answers(Achievement, RowLevel, 17),
		RowTotal:               notes(RowTotal, 20),
		AreaPrefix + "no area": nil,
	} {
		got := slices.DeleteFunc(slices.Clone(cells), func(c SheetCell) bool { return c.Key != key })
		if diff := cmp.Diff(want, got, cmp.Transformer("none", func(l []SheetCell) []SheetCell { return append([]SheetCell{}, l...) })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}
