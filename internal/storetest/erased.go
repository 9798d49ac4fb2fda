package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// expired is a city whose one period is over, with every kind of answer in it, and is
// to be erased from now on.
type expired struct {
	*released
	open     func() Store
	given    map[uuid.UUID]survey.Response // as they were stored
	takenOut map[uuid.UUID]bool
	undone   int // the serial of the import that was undone
	imported int // and of one that was not
}

func expiredCity(t *testing.T, e Engine) *expired {
	t.Helper()
	open := e.New(t)
	day := 24 * time.Hour
	x := &expired{released: releasedCity(t, open, day), open: open, given: map[uuid.UUID]survey.Response{}, takenOut: map[uuid.UUID]bool{}}
	x.directory.City().Notice.RetentionMonths = 1
	m := NewMaker(t, 80)
	x.now = x.directory.Catalogue().Periods[0].From.In(x.directory.Zone()).Add(time.Hour)
	wrong := x.imported30(t, m)
	for range 4 {
		x.answers(t, m, 33, "unit-0", survey.ModeQR)
		x.answers(t, m, 12, "unit-0", survey.ModeAssisted)
		x.answers(t, m, 14, "unit-1", survey.ModeKiosk)
		x.answers(t, m, 2, "unit-2", survey.ModeQR)
		x.imported = x.imported30(t, m)
		x.now = x.now.Add(day)
		x.release(t)
	}
	x.undone = wrong
	mustUndo(t, x.Opened, wrong)
	x.now = x.now.Add(day)
	x.release(t)
	x.now = x.directory.Catalogue().Periods[0].End(x.directory.Zone()).Add(survey.Grace)
	if got := x.release(t); strings.Count(got, "!") != 2 {
		t.Fatalf("released are %q, want two finals", got)
	}
	x.each(t, func(r *survey.Response) {
		c := *r
		c.Comment, c.Answers, c.Respondent = strings.Clone(r.Comment), survey.Marks(strings.Clone(string(r.Answers))), survey.Marks(strings.Clone(string(r.Respondent)))
		x.given[r.ID] = c
	})
	if err := x.TakenOut(t.Context(), "2026-s1", func(_ int, r *survey.Response) error {
		x.takenOut[r.ID] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	x.now = survey.NewDate(2026, time.July, 31).In(x.directory.Zone())
	return x
}

// imported30 imports 30 answers of unit-0 that tell much.
func (x *expired) imported30(t *testing.T, m *Maker) int {
	t.Helper()
	list := m.Batch(30)
	for i, a := range list {
		a.Unit, a.Mode, a.Point = "unit-0", survey.ModePaper, ""
		a.ReceivedAt = x.now.Add(time.Duration(i-60) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, x.directory.Zone())
	}
	x.imports++
	out, err := x.Import(t.Context(), &survey.Import{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "unit-0", Rows: 30, Digest: fmt.Sprint(x.imports)}}}, list)
	if err != nil {
		t.Fatal(err)
	}
	mustSettle(t, x.Opened)
	return out.Serial
}

// each calls fn with every stored answer, those that were taken out too.
func (x *expired) each(t *testing.T, fn func(*survey.Response)) {
	t.Helper()
	if err := x.Responses(t.Context(), survey.Filter{}, func(r *survey.Response) error {
		fn(r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := x.TakenOut(t.Context(), "2026-s1", func(_ int, r *survey.Response) error {
		fn(r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (x *expired) eraser() *retention.Eraser {
	return &retention.Eraser{Store: x.Store, Tallies: x.Projector, Releases: x.releaser, Actor: "server", Log: slog.New(slog.DiscardHandler)}
}

func (x *expired) erase(t *testing.T) {
	t.Helper()
	for range 30 { // others may stand in the way for a moment
		if err := x.eraser().Run(t.Context(), x.directory, x.now); err != nil {
			t.Fatal(err)
		}
		list, err := x.Erasures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || list[0].Done {
			return
		}
	}
}

// legible counts the answers that still tell something that is to be removed.
func (x *expired) legible(t *testing.T) (n int) {
	t.Helper()
	x.each(t, func(r *survey.Response) {
		if !r.Erased() || r.Comment != "" {
			n++
		}
	})
	return n
}

// entries returns the details of what the audit tells of erasures.
func (x *expired) entries(t *testing.T) (out []string) {
	t.Helper()
	if err := x.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == "erase" {
			if e.Subject != "2026-s1" || e.Reason != "retention of 1 months" || !slices.Equal(e.Periods, []string{"2026-s1"}) || e.Actor != "server" {
				t.Errorf("entry %+v", e)
			}
			out = append(out, e.Detail)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// kept returns all that must stay, byte by byte: tallies without what respondents told,
// releases without what is cleared of them, and each table of theirs as everybody sees it.
func (x *expired) kept(t *testing.T) map[string]string {
	t.Helper()
	mustSettle(t, x.Opened)
	out := map[string]string{}
	if err := x.Docs(t.Context(), projection.Selection{}, func(k analytics.Key, d projection.Doc) error {
		tally, err := analytics.DecodeTally(Library(t), d.Tally)
		if err != nil {
			return err
		}
		tally.ForgetRespondents()
		out[fmt.Sprint(k)] = string(tally.Encode())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	newest, err := x.NewestReleases(t.Context(), "2026-s1")
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{"unit-0", "unit-1", "unit-2"} {
		if err := x.Releases(t.Context(), "2026-s1", unit, 1, func(s projection.StoredRelease) error {
			r := new(projection.Release)
			if err := json.Unmarshal(s.Body, r); err != nil {
				return err
			}
			if r.Cleared == 0 {
				x.forget(r, newest[unit])
			}
			r.Previous, r.Cleared, r.Partial, r.Whole, r.WholePeople, r.Tables = "", 0, nil, nil, nil, nil
			body, err := json.Marshal(r)
			out[fmt.Sprint(unit, s.Serial)] = string(body)
			x.seen(t, unit, s.Serial, out)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// forget takes away from a release what an erasure takes by respondent field.
func (x *expired) forget(r *projection.Release, newest int) {
	if r.People = analytics.ClearPeople(r.People); r.Serial < newest {
		r.People = nil
	}
	for kind := range r.Through {
		for _, list := range [][]int{r.Through[kind], r.Without[kind]} {
			if len(list) > 0 {
				clear(list[len(x.directory.Form("2026-s1").Questions):])
			}
		}
	}
	if !slices.ContainsFunc(r.Without[:], func(list []int) bool { return len(list) > 0 && slices.Max(list) > 0 }) {
		clear(r.Without[:])
	}
}

// seen adds the tables of a release that tell of no respondent field, as everybody sees
// them and as evaluators do.
func (x *expired) seen(t *testing.T, unit string, serial int, out map[string]string) {
	t.Helper()
	tables, form := x.readTables(t, unit, serial), x.directory.Form("2026-s1")
	if tables == nil {
		return
	}
	methods, err := analytics.ChooseMethods(x.directory, &x.directory.Catalogue().Periods[0], form)
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range analytics.Dimensions(form) {
		if _, ok := form.FieldPosition(by); ok {
			continue
		}
		cells, err := tables.Cells(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint(unit, serial, by)] = fmt.Sprint(cells)
		if cells, err = tables.Tally.Breakdown(by, methods); err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint(unit, serial, by, "live")] = fmt.Sprint(cells)
	}
}

// telling lists the stored tallies that tell something of respondents.
func (x *expired) telling(t *testing.T) (out []analytics.Key) {
	t.Helper()
	if err := x.Docs(t.Context(), projection.Selection{}, func(k analytics.Key, d projection.Doc) error {
		tally, err := analytics.DecodeTally(Library(t), d.Tally)
		if err == nil && tally.TellsRespondents() {
			out = append(out, k)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// sound fails where a recount or a check of the releases finds anything.
func (x *expired) sound(t *testing.T, what string) {
	t.Helper()
	if n, err := x.Recount(t.Context(), ""); err != nil || n.Differing != 0 || n.Responses == 0 {
		t.Errorf("%s: recount = %+v, err = %v", what, n, err)
	}
	if v := x.verify(t); len(v.Wrong) > 0 || v.Releases < 5 {
		t.Errorf("%s: %d releases, wrong: %v", what, v.Releases, v.Wrong)
	}
}

func erased(t *testing.T, e Engine) {
	x := expiredCity(t, e)
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
func retried(t *testing.T, x *expired) {
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
func late(t *testing.T, x *expired) {
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
	x := expiredCity(t, e)
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
		other.released = releasedCity(t, x.open, 24*time.Hour)
		other.now = x.now
		all.Go(func() {
			if err := other.eraser().Run(t.Context(), other.directory, other.now); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for range 100 { // what another process counts is waited for
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
	x := expiredCity(t, e)
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

// erasedDamage damages tallies of an erased period.
func erasedDamage(t *testing.T, e Engine) {
	x := expiredCity(t, e)
	x.erase(t)
	before := x.kept(t)
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, time.January, 2)}
	month := day.Rollups()[0]
	e.Spoil(t, x.Store, month, []byte("x"))
	n, err := x.Recount(t.Context(), "")
	if err != nil || n.Differing != 1 || n.Mended[0] != (analytics.Mended{Key: month, Damaged: true}) {
		t.Errorf("recount = %+v, err = %v, want the month made of its days", n, err)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("a mended month is another (-want +got):\n%.2000s", diff)
	}
	e.Spoil(t, x.Store, day, bytes.Repeat([]byte("x"), 20))
	n, err = x.Recount(t.Context(), "")
	if err != nil || n.Differing != 1 || n.Mended[0] != (analytics.Mended{Key: day, Damaged: true}) {
		t.Errorf("recount = %+v, err = %v, want the day made of its answers", n, err)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" {
		t.Errorf("a mended day is another (-want +got):\n%.2000s", diff)
	}
	if keys := x.telling(t); len(keys) > 0 {
		t.Errorf("%v tell of respondents again", keys)
	}
}
