package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

func day(month time.Month, d int) survey.Date { return survey.NewDate(2026, month, d) }

// spans draws the spans of releases on some days of a period from 10 January 2026 to a day,
// the last of which may be final.
func spans(to survey.Date, final bool, days ...survey.Date) string {
	period := &survey.Period{From: day(1, 10), To: to}
	var list []point
	for i, d := range days {
		list = append(list, point{ReleasedTally: &analytics.ReleasedTally{Serial: i + 1, AsOf: d.In(time.UTC), Final: final && i == len(days)-1}})
	}
	var out []string
	for _, s := range spansOf(list, period, time.UTC) {
		from := 0
		if s.from != nil {
			from = s.from.Serial
		}
		if s.first != s.first.Month() || s.last != s.last.Month() {
			return fmt.Sprintf("from %s to %s, which are no months' first days", s.first, s.last)
		}
		out = append(out, fmt.Sprintf("%d-%d:%d>%d%s", int(s.first.Time().Month()), int(s.last.Time().Month()), from, s.to.Serial, map[bool]string{true: "…"}[s.soFar]))
	}
	return strings.Join(out, " ")
}

func TestAMonthIsTheSpanBetweenTheReleasesNearestItsEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		final bool
		days  []survey.Date
		want  string
	}{
		{"no release", false, nil, ""},
		{"one in the first month", false, []survey.Date{day(1, 20)}, "1-1:0>1…"},
		{"one at the end of a month", false, []survey.Date{day(2, 1)}, "1-1:0>1"},
		{"one later", false, []survey.Date{day(3, 20)}, "1-3:0>1…"},
		{"the final one alone", true, []survey.Date{day(7, 1)}, "1-6:0>1"},
		{"the end of each month", true, []survey.Date{day(2, 1), day(3, 1), day(4, 1), day(5, 1), day(6, 1), day(7, 1)}, "1-1:0>1 2-2:1>2 3-3:2>3 4-4:3>4 5-5:4>5 6-6:5>6"},
		{"before and after an end", false, []survey.Date{day(1, 29), day(2, 3), day(2, 10)}, "1-1:0>2 2-2:2>3…"},
		{"as near before and after", false, []survey.Date{day(1, 30), day(2, 3), day(2, 10)}, "1-1:0>1 2-2:1>3…"},
		{"a week away", false, []survey.Date{day(2, 8), day(2, 20)}, "1-1:0>1 2-2:1>2…"},
		{"more than a week away", false, []survey.Date{day(2, 9), day(2, 20)}, "1-2:0>2…"},
		{"an end without one", false, []survey.Date{day(2, 1), day(2, 14), day(4, 2), day(4, 15)}, "1-1:0>1 2-3:1>3 4-4:3>4…"},
		{"a month that is not over", false, []survey.Date{day(2, 1), day(2, 26)}, "1-1:0>1 2-2:1>2…"},
		{"after the close", true, []survey.Date{day(6, 1), day(7, 1), day(8, 5)}, "1-5:0>1 6-6:1>3"},
	} {
		if got := spans(day(6, 30), tc.final, tc.days...); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	if got := spans(day(3, 1), true, day(3, 1), day(3, 2)); got != "1-2:0>1 3-3:1>2" {
		t.Errorf("the last month has one day: %s", got)
	}
}

// step adds a release to a unit's.
func (w *world) step(t *testing.T, unit string, asOf time.Time, final bool, rows ...string) {
	t.Helper()
	w.release(t, unit, final, rows...)
	r := w.store.released[unit]
	r.AsOf, r.Checksum = asOf, fmt.Sprint(asOf)
	if w.store.steps == nil {
		w.store.steps = map[string][]*analytics.ReleasedTally{}
	}
	w.store.steps[unit] = append(w.store.steps[unit], r)
	w.store.revision++
	w.refresh(t)
}

func (w *world) history(t *testing.T, of Audience) (*History, error) {
	t.Helper()
	p, _ := w.directory.Period("p")
	return w.builder.History(t.Context(), w.builder.Figures(), "u1", p, of, day(12, 1))
}

func shownMonths(x IndexHistory) string {
	var out []string
	for _, m := range x.Months {
		if m.HistoryFigure == nil {
			out = append(out, "few")
		} else {
			out = append(out, fmt.Sprint(*m.N, ":", m.Shown))
		}
	}
	return strings.Join(out, " ")
}

func TestAHistoryIsReadOnceAndGoesNoFurtherThanTheFiguresDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	zone := w.directory.Zone()
	four, eight, three := times(10, "444444444"), times(18, "444444444"), times(12, "333333333")
	w.step(t, "u1", day(1, 20).In(zone), false, four...)
	w.step(t, "u1", day(1, 20).In(zone).Add(-time.Hour).AddDate(0, 0, 12), false, four...) // the last of its day stands for it
	w.step(t, "u1", day(2, 1).In(zone), false, four...)
	w.step(t, "u1", day(3, 1).In(zone), false, eight...) // eight more: too few for a month
	w.step(t, "u1", day(4, 1).In(zone), false, append(eight, three...)...)
	h, err := w.history(t, Public)
	if err != nil {
		t.Fatal(err)
	}
	x := h.Indexes[0]
	if got := shownMonths(x); got != "10:100.00 few 12:75.00" {
		t.Errorf("months: %s", got)
	}
	if len(x.Steps) != 4 || x.Steps[0].Serial != 1 || x.Steps[1].Serial != 3 || *x.Steps[3].N != 30 || x.Steps[3].Shown != x.Rows[0].Shown {
		t.Errorf("steps: %+v", x.Steps)
	}
	// It is kept, so that a store that is away is missed by nobody; what is made of
	// it nobody may change.
	w.store.unread = errors.New("away")
	if again, err := w.history(t, Public); err != nil || shownMonths(again.Indexes[0]) != shownMonths(x) {
		t.Errorf("again: %v", err)
	}
	// A release that the figures don't show is in no history.
	w.store.unread = nil
	w.store.steps["u1"] = append(w.store.steps["u1"], &analytics.ReleasedTally{Serial: 9, AsOf: day(5, 1).In(zone), Tally: w.tally(t, times(99, "111111111")...)})
	w.kept.Clear()
	if again, err := w.history(t, Public); err != nil || len(again.Indexes[0].Steps) != 4 {
		t.Errorf("later: %v, %+v", err, again)
	}
	// Nor is a difference taken over one out of which answers were taken, though it
	// holds as many.
	read := w.store.steps["u1"]
	fewer := *read[3]
	fewer.Serial, fewer.AsOf, fewer.Removes = 4, read[3].AsOf.Add(time.Hour), true
	w.store.steps["u1"] = []*analytics.ReleasedTally{read[0], read[1], read[2], read[3], &fewer, read[4]}
	w.kept.Clear()
	if again, err := w.history(t, Public); err != nil || shownMonths(again.Indexes[0]) != "10:100.00 few few" {
		t.Errorf("taken out: %v, %s", err, shownMonths(again.Indexes[0]))
	}
	w.store.steps["u1"] = read
	// Over one that cannot be read no difference is taken.
	w.store.steps["u1"][3] = nil
	w.kept.Clear()
	if again, err := w.history(t, Public); err != nil || shownMonths(again.Indexes[0]) != "10:100.00 few" {
		t.Errorf("damaged: %v, %s", err, shownMonths(again.Indexes[0]))
	}
}

func TestAHistoryStandsWithoutWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	w.builder.now = func() time.Time { return now }
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	w.store.unread = errors.New("away")
	for _, what := range []string{"the store is away", "it is asked for again"} {
		h, err := w.history(t, Public)
		if survey.CodeOf(err) != survey.Unavailable || h == nil || len(h.Indexes[0].Rows) != 1 || h.Indexes[0].Rows[0].Shown != "100.00" || len(h.Indexes[0].Steps) != 0 {
			t.Errorf("%s: %v, %+v", what, err, h)
		}
		w.store.unread = nil // nobody asks for a while
	}
	now = now.Add(restFor)
	if h, err := w.history(t, Public); err != nil || len(h.Indexes[0].Steps) != 1 {
		t.Errorf("after a while: %v", err)
	}
	if _, err := w.builder.History(t.Context(), w.builder.Figures(), "x", nil, Public, 0); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("an unknown unit: %v", err)
	}
	if _, err := w.builder.History(t.Context(), &Figures{directory: w.directory}, "u1", nil, Public, 0); !errors.Is(err, ErrNotLoaded) {
		t.Errorf("without figures: %v", err)
	}
}

func TestWhatAHistoryDependsOnHasAnotherKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	key := func(of Audience, today survey.Date) string { return w.builder.Figures().HistoryKey("u1", of, today) }
	seen := map[string]string{}
	see := func(what, key string) {
		t.Helper()
		if first, ok := seen[key]; ok {
			t.Errorf("%s has the key of %s: %s", what, first, key)
		}
		seen[key] = what
	}
	see("the first", key(Public, day(3, 1)))
	if key(Public, day(3, 2)) != key(Public, day(3, 1)) {
		t.Error("another day has another key")
	}
	see("evaluators", key(Live, day(3, 1)))
	see("before the period", key(Public, day(1, 1)-1))
	w.step(t, "u1", day(3, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	see("another release", key(Public, day(3, 1)))
	see("another release, for evaluators", key(Live, day(3, 1)))
	w.apply(t, "name: Kota Contoh", "name: Kota Lain")
	see("another catalogue", key(Public, day(3, 1)))
}

func TestRowsAreComparedOnlyWithWhatWasMadeAlike(t *testing.T) {
	t.Parallel()
	figure := &HistoryFigure{}
	row := func(name string, from, to survey.Date, value, instrument, method string) HistoryRow {
		exact, _ := analytics.ParseRatio(value)
		return HistoryRow{Name: name, From: from, To: to, HistoryFigure: figure, exact: exact, Instrument: instrument, Method: method}
	}
	first := row("first", day(1, 1), day(1, 31), "80", "skm-9@1", "exact@1")
	for _, tc := range []struct {
		name                            string
		rows                            []HistoryRow
		before, difference, notCompared string
	}{
		{"alike", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80.005", "skm-9@1", "exact@1")}, "first", "+0.01", ""},
		{"lower", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "79.5", "skm-9@1", "exact@1")}, "first", "-0.50", ""},
		{"the same", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80.0", "skm-9@1", "exact@1")}, "first", "0.00", ""},
		{"another version", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80", "skm-9@2", "exact@1")}, "first", "", "form"},
		{"another method", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80", "skm-9@1", "w0.11@1")}, "first", "", "method"},
		{"an unknown form", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80", "", "")}, "first", "", "unknown"},
		{"an unknown form alone", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80", "", "exact@1")}, "first", "", "unknown"},
		{"an unknown form before", []HistoryRow{row("first", day(1, 1), day(1, 31), "80", "", "exact@1"), row("x", day(2, 1), day(2, 28), "80", "skm-9@1", "exact@1")}, "first", "", "unknown"},
		{"an unknown method before", []HistoryRow{row("first", day(1, 1), day(1, 31), "80", "skm-9@1", ""), row("x", day(2, 1), day(2, 28), "80", "skm-9@1", "exact@1")}, "first", "", "unknown"},
		{"no figure", []HistoryRow{first, {From: day(2, 1), To: day(2, 2)}}, "", "", ""},
		{"the shorter of two that ended on a day", []HistoryRow{row("long", day(1, 1), day(2, 28), "70", "skm-9@1", "exact@1"), row("short", day(2, 1), day(2, 28), "60", "skm-9@1", "exact@1"), row("x", day(3, 1), day(3, 2), "81", "skm-9@1", "exact@1")}, "short", "+21.00", ""},
		{"an unknown method", []HistoryRow{first, row("x", day(2, 1), day(2, 28), "80", "skm-9@1", "")}, "first", "", "unknown"},
		{"nothing before", []HistoryRow{row("x", day(2, 1), day(2, 28), "80", "skm-9@1", "exact@1")}, "", "", ""},
		{"some of the same days", []HistoryRow{first, row("x", day(1, 31), day(2, 28), "80", "skm-9@1", "exact@1")}, "", "", ""},
		{"one without a figure between", []HistoryRow{first, {From: day(2, 1), To: day(2, 2)}, row("x", day(3, 1), day(3, 2), "81", "skm-9@1", "exact@1")}, "first", "+1.00", ""},
		{"the last that ended", []HistoryRow{first, row("long", day(1, 1), day(3, 31), "1", "", ""), row("mid", day(2, 1), day(2, 28), "70", "skm-9@1", "exact@1"), row("x", day(3, 1), day(3, 2), "81", "skm-9@1", "exact@1")}, "mid", "+11.00", ""},
		{"a longer one that ended later", []HistoryRow{row("long", day(1, 1), day(2, 28), "70", "skm-9@1", "exact@1"), row("short", day(1, 5), day(1, 31), "60", "skm-9@1", "exact@1"), row("x", day(3, 1), day(3, 2), "81", "skm-9@1", "exact@1")}, "long", "+11.00", ""},
	} {
		compare(tc.rows)
		if got := tc.rows[len(tc.rows)-1]; got.Before != tc.before || got.ShownDifference != tc.difference || got.NotCompared != tc.notCompared || (got.Difference == nil) != (tc.difference == "") {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}
