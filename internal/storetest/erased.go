package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

func erased(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	x.sound(t, "before")
	x.now = x.now.Add(-time.Second)
	x.erase(t)
	if n := x.legible(t); n != len(x.given) || len(x.entries(t)) > 0 {
		t.Fatalf("on the last day %d of %d answers tell something; the audit tells %q", n, len(x.given), x.entries(t))
	}
	x.now = x.now.Add(time.Second)
	x.erase(t)
	if n := x.legible(t); n != 0 {
		t.Errorf("%d of %d answers still tell something", n, len(x.given))
	}
	comments, told, seen := 0, 0, 0
	x.each(t, func(r *survey.Response) {
		old := x.given[r.ID]
		if seen++; !r.Same(&old) || r.Day != old.Day || !r.ReceivedAt.Equal(old.ReceivedAt) {
			t.Errorf("answer %s is another one", r.ID)
		}
		if old.Comment != "" {
			comments++
		}
		if strings.Trim(string(old.Respondent), "-") != "" {
			told++
		}
	})
	if seen != len(x.given) || comments == 0 {
		t.Errorf("%d of %d answers are left, %d had comments", seen, len(x.given), comments)
	}
	want := []string{fmt.Sprintf("comments of %d and respondent fields of %d of %d answers are removed", comments, told, seen)}
	if diff := cmp.Diff(want, x.entries(t)); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("tallies or releases are others (-want +got):\n%.2000s", diff)
	}
	if keys := x.telling(t); len(keys) > 0 {
		t.Errorf("%d tallies tell of respondents, as %v", len(keys), keys[0])
	}
	x.sound(t, "erased")
	x.erase(t)
	list, err := x.Erasures(t.Context())
	if err != nil || len(list) != 1 || !list[0].Done || list[0].Months != 1 || list[0].Answers != int64(seen) || list[0].Day.String() != "2026-07-31" || len(x.entries(t)) != 1 {
		t.Errorf("erasures %+v, err = %v, %d entries", list, err, len(x.entries(t)))
	}
	if err := x.Imports(t.Context(), func(i *survey.Import) error {
		if i.Units[0].Digest != "" || i.Units[0].Rows != 30 {
			t.Errorf("import %d still tells %+v", i.Serial, i.Units[0])
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	retried(t, x)
	late(t, x)
}

// retried sends answers again that were erased meanwhile.
func retried(t *testing.T, x *expiredCity) {
	t.Helper()
	var again []*survey.Response
	for _, r := range x.given {
		again = append(again, &r)
	}
	for n, want := range []survey.Result{survey.Duplicate, survey.Differs} {
		if n == 1 {
			other := *again[0]
			other.Lang = "jv"
			again = []*survey.Response{&other}
		}
		out, err := x.Append(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range out {
			if o.Result != want || !o.ReceivedAt.Equal(again[i].ReceivedAt) {
				t.Fatalf("a retry is %+v, want %v", o, want)
			}
		}
	}
}

// late stores answers to an erased period.
func late(t *testing.T, x *expiredCity) {
	t.Helper()
	m := NewMaker(t, 81)
	key := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: m.form.ID, Level: analytics.LevelPeriod}
	before, err := x.Tally(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	x.answers(t, m, 3, "unit-1", survey.ModeQR) // a day that had none
	told := survey.MakeMarks(slices.Repeat([]int{1}, len(m.form.Fields)))
	list := m.Batch(2)
	for _, a := range list { // and one that had
		a.Unit, a.Day, a.Comment, a.Respondent = "unit-0", survey.NewDate(2026, time.January, 1), "terlambat", told
	}
	mustAppend(t, x, list)
	x.sound(t, "with late answers")
	x.erase(t)
	x.erase(t)
	if n := x.legible(t); n != 0 {
		t.Errorf("%d late answers still tell something", n)
	}
	x.sound(t, "with late answers erased")
	if list := x.entries(t); len(list) != 2 || !strings.HasPrefix(list[1], "answers that came later: ") || !strings.HasSuffix(list[1], "of 5 answers are removed") {
		t.Errorf("the audit tells %q", list)
	}
	tally, err := x.Tally(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.form.Fields {
		cells, err := tally.CellCounts(f.Code)
		if err != nil || tally.N != before.N+2 || len(cells) != 1 || cells[0].Code != "" || cells[0].N != tally.N {
			t.Errorf("respondents by %s are %+v, err = %v, want all among those who did not tell", f.Code, cells, err)
		}
	}
}

// erasedLater begins erasures that others finish, several at once.
func erasedLater(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	of := survey.Erasure{Period: "2026-s1", At: x.now.UTC(), Day: survey.NewDate(2026, time.July, 31), Months: 1}
	if err := x.BeginErasure(t.Context(), of); err != nil {
		t.Fatal(err)
	}
	if err := x.BeginErasure(t.Context(), of); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("begun twice: %v", err)
	}
	x.sound(t, "begun")
	var all sync.WaitGroup
	for range 3 {
		other := *x
		other.releasedCity = newReleasedCity(t, x.open, 24*time.Hour)
		other.now = x.now
		all.Go(func() {
			if err := other.eraser().Run(t.Context(), other.directory, other.now); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for range 100 { // what another process counts is waited for: a server keeps its own time
		if x.legible(t) == 0 {
			break
		}
		x.erase(t)
		time.Sleep(20 * time.Millisecond)
	}
	if n := x.legible(t); n != 0 || len(x.entries(t)) != 1 {
		t.Errorf("%d answers still tell something; %d entries", n, len(x.entries(t)))
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("tallies or releases are others (-want +got):\n%.2000s", diff)
	}
	x.sound(t, "erased")
}

// erasedFinished does to an erased period what is not possible any more.
func erasedFinished(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	x.stored = false
	x.erase(t)
	if list, err := x.Erasures(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("erased while answers wait in a spool: %v, err = %v", list, err)
	}
	x.stored = true
	x.answers(t, NewMaker(t, 82), 25, "unit-1", survey.ModeQR) // a last amendment
	x.erase(t)
	if list, err := x.Erasures(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("erased on the day of a release, of which another may follow: %v, err = %v", list, err)
	}
	x.now = x.now.Add(24 * time.Hour)
	x.erase(t)
	if list, err := x.Erasures(t.Context()); err != nil || len(list) != 1 {
		t.Fatalf("erasures %v, err = %v", list, err)
	}
	if got := x.shown(t); !strings.Contains(got, "81!") { // 4 × 14 and 25
		t.Errorf("released are %q, want those that were possible before", got)
	}
	refused := func(what string, err error) {
		t.Helper()
		if survey.CodeOf(err) != survey.Conflict || !strings.Contains(fmt.Sprint(err), "removed on 2026-08-01, so that "+what) {
			t.Errorf("%s: err = %v", what, err)
		}
	}
	_, err := x.Import(t.Context(), &survey.Import{Period: "2026-s1"}, NewMaker(t, 83).Batch(3))
	refused("an import", err)
	refused("an undo", x.UndoImport(t.Context(), x.imported, survey.Undo{Reason: "x"}))
	newest, err := x.NewestReleases(t.Context(), "2026-s1")
	if err != nil {
		t.Fatal(err)
	}
	refused("a release", x.PutRelease(t.Context(), projection.StoredRelease{Period: "2026-s1", Unit: "unit-1", Serial: newest["unit-1"] + 1, Body: []byte("x")}))
	x.answers(t, NewMaker(t, 84), 40, "unit-1", survey.ModeQR)
	x.now = x.now.Add(48 * time.Hour)
	shown := x.shown(t)
	if got := x.release(t); got != shown {
		t.Errorf("released are %q, want %q as ever", got, shown)
	}
	if n := x.Periods()["2026-s1"].Units[analytics.UnitForm{Unit: "unit-1", Form: "terpadu-16@1"}].N; n != 121 {
		t.Errorf("%d answers count, want the late ones too", n)
	}
	x.sound(t, "erased")
}

// erasedBegun mends a tally of a period whose erasure began and is not sealed: it tells
// of respondents, as the figures that the seal is made of do.
func erasedBegun(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	eraser := x.eraser()
	eraser.Store = &crashingStore{x.Store, 1}
	if err := eraser.Run(t.Context(), x.directory, x.now); !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	told := x.telling(t)
	if len(told) == 0 {
		t.Fatal("no tally tells of respondents")
	}
	e.Spoil(t, x.Store, told[0], []byte("x"))
	if n, err := x.Recount(t.Context(), ""); err != nil || n.Differing != 1 {
		t.Errorf("recount = %+v, err = %v", n, err)
	}
	if now := x.telling(t); len(now) != len(told) {
		t.Errorf("%d tallies tell of respondents, %d did", len(now), len(told))
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("a mended tally is another (-want +got):\n%.2000s", diff)
	}
}

// erasedDamage damages tallies of an erased period.
func erasedDamage(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	x.erase(t)
	before := x.kept(t)
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, time.January, 2)}
	month := day.Rollups()[0]
	e.Spoil(t, x.Store, month, []byte("x"))
	n, err := x.Recount(t.Context(), "")
	if err != nil || n.Differing != 1 || n.Corrections[0] != (analytics.Correction{Key: month, Damaged: true}) {
		t.Errorf("recount = %+v, err = %v, want the month made of its days", n, err)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("a mended month is another (-want +got):\n%.2000s", diff)
	}
	e.Spoil(t, x.Store, day, bytes.Repeat([]byte("x"), 20))
	n, err = x.Recount(t.Context(), "")
	if err != nil || n.Differing != 1 || n.Corrections[0] != (analytics.Correction{Key: day, Damaged: true}) {
		t.Errorf("recount = %+v, err = %v, want the day made of its answers", n, err)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("a mended day is another (-want +got):\n%.2000s", diff)
	}
	if keys := x.telling(t); len(keys) > 0 {
		t.Errorf("%v tell of respondents again", keys)
	}
}
