package storetest

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// expiredCity is a city whose one period is over, with every kind of answer in it, and is
// to be erased from now on.
type expiredCity struct {
	*releasedCity
	open     func() Store
	given    map[uuid.UUID]survey.Response // as they were stored
	takenOut map[uuid.UUID]bool
	undone   int // the serial of the import that was undone
	imported int // and of one that was not
}

func newExpiredCity(t *testing.T, e Engine) *expiredCity {
	t.Helper()
	open := e.New(t)
	day := 24 * time.Hour
	x := &expiredCity{releasedCity: newReleasedCity(t, open, day), open: open, given: map[uuid.UUID]survey.Response{}, takenOut: map[uuid.UUID]bool{}}
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
	mustUndo(t, x.OpenStore, wrong)
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
func (x *expiredCity) imported30(t *testing.T, m *Maker) int {
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
	mustSettle(t, x.OpenStore)
	return out.Serial
}

// each calls fn with every stored answer, those that were taken out too.
func (x *expiredCity) each(t *testing.T, fn func(*survey.Response)) {
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

func (x *expiredCity) eraser() *retention.Eraser {
	return &retention.Eraser{Store: x.Store, Tallies: x.Projector, Releases: x.releaser, Actor: "server", Log: slog.New(slog.DiscardHandler)}
}

func (x *expiredCity) erase(t *testing.T) {
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
func (x *expiredCity) legible(t *testing.T) (n int) {
	t.Helper()
	x.each(t, func(r *survey.Response) {
		if !r.Erased() || r.Comment != "" {
			n++
		}
	})
	return n
}

// entries returns the details of what the audit tells of erasures.
func (x *expiredCity) entries(t *testing.T) (out []string) {
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
func (x *expiredCity) kept(t *testing.T) map[string]string {
	t.Helper()
	mustSettle(t, x.OpenStore)
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
func (x *expiredCity) forget(r *projection.Release, newest int) {
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
func (x *expiredCity) seen(t *testing.T, unit string, serial int, out map[string]string) {
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
func (x *expiredCity) telling(t *testing.T) (out []analytics.Key) {
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
func (x *expiredCity) sound(t *testing.T, what string) {
	t.Helper()
	if n, err := x.Recount(t.Context(), ""); err != nil || n.Differing != 0 || n.Responses == 0 {
		t.Errorf("%s: recount = %+v, err = %v", what, n, err)
	}
	if v := x.verify(t); len(v.Wrong) > 0 || v.Releases < 5 {
		t.Errorf("%s: %d releases, wrong: %v", what, v.Releases, v.Wrong)
	}
}
