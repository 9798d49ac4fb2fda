package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/survey"
)

// imported imports n answers of a unit that were received before now, and returns the
// serial of the import. They tell nothing of the respondents and answer every question.
func (r *releasedCity) imported(t *testing.T, m *Maker, n int, unit string) int {
	t.Helper()
	list := m.Batch(n)
	values := make([]int, len(m.form.Questions))
	for q := range values {
		values[q] = 1 + q%len(m.form.Questions[q].Options)
	}
	r.imports++
	values[0], values[1] = 1+r.imports%4, 1+r.imports/4 // so that answers of two imports differ
	for i, a := range list {
		a.Unit, a.Mode, a.Point, a.Service = unit, survey.ModePaper, "", ""
		a.Answers, a.Respondent = survey.MakeMarks(values), survey.MakeMarks(make([]int, len(m.form.Fields)))
		a.ReceivedAt = r.now.Add(time.Duration(i-n) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, r.directory.Zone())
	}
	return mustImport(t, r.OpenStore, list).Serial
}

// releasedUndo undoes imports while figures of them are released: in a running period,
// by another process, and after the close.
func releasedUndo(t *testing.T, e Engine) {
	open := e.New(t)
	day := 24 * time.Hour
	r := newReleasedCity(t, open, day)
	other := newReleasedCity(t, open, day)
	m := NewMaker(t, 50)
	r.now = r.directory.Catalogue().Periods[0].From.In(r.directory.Zone()).Add(time.Hour)
	next := func(what, want string) {
		t.Helper()
		r.now = r.now.Add(day)
		if got := r.release(t); got != want {
			t.Errorf("%s: released are %q, want %q", what, got, want)
		}
		other.now = r.now
		if got := other.shown(t); got != want {
			t.Errorf("%s: another process shows %q, want %q", what, got, want)
		}
	}
	undo := func(serial int) {
		t.Helper()
		mustUndo(t, other.OpenStore, serial) // by a command: the server finds out
	}
	few := r.imported(t, m, 4, "unit-0")
	many := r.imported(t, m, 30, "unit-0")
	alone := r.imported(t, m, 25, "unit-1")
	r.now = r.now.Add(time.Hour)
	r.imported(t, m, 30, "unit-0")
	next("imports", "54 15 - ")
	undo(few)
	next("four are undone", "54 15 - ")
	undo(many)
	removes := func(want bool) {
		t.Helper()
		if of := r.Periods()["2026-s1"].Released["unit-0"]; of.Removes != want {
			t.Errorf("release %d tells that it removes answers: %v", of.Serial, of.Removes)
		}
	}
	removes(false)
	next("thirty more are undone", "20 15 - ")
	removes(true)
	undo(alone)
	next("all of a unit are undone", "20 0 - ")
	r.imported(t, m, 40, "unit-0")
	r.imported(t, m, 40, "unit-1")
	next("others come", "60 30 - ")
	late := r.imported(t, m, 10, "unit-1")
	r.answers(t, m, 60, "unit-2", survey.ModeQR)
	fresh := r.imported(t, m, 12, "unit-2")
	undo(fresh) // before it was ever released
	next("one that was never released is undone", "60 40 50 ")

	r.now = r.directory.Catalogue().Periods[0].End(r.directory.Zone()).Add(survey.Grace)
	next("the close", "70! 50! 60! ")
	for unit, n := range map[string]int64{"unit-0": 70, "unit-1": 50, "unit-2": 60} {
		if got := r.tables(t, unit, r.Periods()["2026-s1"].Released[unit].Serial); got != n {
			t.Errorf("the tables of %s tell of %d answers, want %d", unit, got, n)
		}
	}
	undo(late)
	next("ten are undone after the close", "70! 40! 60! ")
	checked := r.verify(t)
	if len(checked.Wrong) > 0 || checked.Releases == 0 {
		t.Errorf("%d releases are verified, wrong: %v", checked.Releases, checked.Wrong)
	}
	if diff := cmp.Diff(fmt.Sprint(map[string][survey.KindCount]int64{"unit-0": {0, 34}, "unit-1": {0, 35}, "unit-2": {0, 12}}), fmt.Sprint(other.Periods()["2026-s1"].TakenOut)); diff != "" {
		t.Errorf("taken out (-want +got):\n%s", diff)
	}
	again := newReleasedCity(t, open, day)
	if got := again.shown(t); got != "70! 40! 60! " {
		t.Errorf("a process that starts shows %q", got)
	}
	if n, err := again.Recount(t.Context(), ""); err != nil || n.Differing != 0 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
}

// mendedImport undoes an import and imports it again without one row, before the next
// release and after one that let it go.
func mendedImport(t *testing.T, e Engine) {
	for _, between := range []bool{false, true} {
		r := newReleasedCity(t, e.New(t), 0)
		m := NewMaker(t, 60)
		r.now = r.directory.Catalogue().Periods[0].End(r.directory.Zone()).Add(-time.Hour)
		r.imported(t, m, 60, "unit-0")
		r.now = r.now.Add(time.Minute)
		list := m.Batch(41)
		for _, a := range list {
			a.Unit, a.Mode, a.Point, a.Period = "unit-0", survey.ModePaper, "", "2026-s1"
			a.ReceivedAt = r.now.Add(-time.Second).UTC()
			a.Day = survey.DateOf(a.ReceivedAt, r.directory.Zone())
			a.Respondent = survey.MakeMarks(make([]int, len(m.form.Fields)))
			values := make([]int, len(m.form.Questions))
			for q := range values {
				values[q] = 1 + (int(a.ID[0])+q)%len(m.form.Questions[q].Options)
			}
			a.Answers, a.Service, a.Hour = survey.MakeMarks(values), "", 0
		}
		wrong := mustImport(t, r.OpenStore, list).Serial
		r.now = r.directory.Catalogue().Periods[0].End(r.directory.Zone()).Add(survey.Grace)
		want(t, "the close", r.release(t), "101! - - ")
		mustUndo(t, r.OpenStore, wrong)
		expected := "101! - - "
		if between {
			r.now = r.now.Add(time.Minute)
			want(t, "undone", r.release(t), "60! - - ")
			expected = "60! - - "
		}
		mended := make([]*survey.Response, 0, len(list))
		for _, a := range list[1:] {
			c := *a
			c.ID, c.ReceivedAt = uuid.New(), r.now.UTC()
			mended = append(mended, &c)
		}
		mustImport(t, r.OpenStore, mended)
		r.now = r.now.Add(time.Minute)
		want(t, fmt.Sprintf("mended and imported again, released between: %v", between), r.release(t), expected)
		if v := r.verify(t); len(v.Wrong) > 0 {
			t.Errorf("wrong: %v", v.Wrong)
		}
	}
}
