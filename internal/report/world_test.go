package report

import (
	"cmp"
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// world is a city of two units, and a store of tallies in memory.
type world struct {
	text      string // of the apply file
	directory *survey.Directory
	today     survey.Date // on which it is applied
	board     *Board
	builder   *Builder
	kept      *cache.Cache
	store     *tallies
}

// tallies is a BoardStore in memory: tests put what they need, and tell by the
// revision that there is something new.
type tallies struct {
	stored      map[analytics.Key]*analytics.Tally
	evaluations []analytics.Evaluation
	revision    int64
	now         map[string]*analytics.PeriodTotals
	released    map[string]*analytics.ReleasedTally
	tables      map[string]*analytics.Tables
	erasure     *survey.Erasure
	takenOut    map[string][survey.KindCount]int64
	damaged     map[string]bool
	steps       map[string][]*analytics.ReleasedTally
	unread      error            // of Steps
	away        map[string]error // what else cannot be read
	saving      func() func() bool
}

func (s *tallies) Refresh(context.Context) error {
	if err := s.away["totals"]; err != nil {
		return err
	}
	if s.now["p"] == nil && s.revision == 0 || s.now["p"] != nil && s.now["p"].Revision == s.revision {
		return nil
	}
	units := map[analytics.UnitForm]*analytics.Tally{}
	for k, t := range s.stored {
		if k.Level == analytics.LevelPeriod && k.Period == "p" {
			units[analytics.UnitForm{Unit: k.Unit, Form: k.Form}] = t
		}
	}
	s.now = map[string]*analytics.PeriodTotals{"p": {Revision: s.revision, Units: units, Released: maps.Clone(s.released), Damaged: s.damaged, TakenOut: s.takenOut}}
	return nil
}

func (s *tallies) Periods() map[string]*analytics.PeriodTotals { return s.now }

func (s *tallies) SaveSoon() func() bool {
	if s.saving != nil {
		return s.saving()
	}
	return func() bool { return true }
}

func (s *tallies) Saved(_ context.Context, k analytics.Key) (*analytics.Tally, error) {
	return s.stored[k], s.away["tally"]
}

func (s *tallies) Erasure(context.Context, string) (*survey.Erasure, error) {
	return s.erasure, s.away["erasure"]
}

// Tables reads nothing for who has left.
func (s *tallies) Tables(ctx context.Context, _, unit string, _ int) (*analytics.Tables, error) {
	return s.tables[unit], cmp.Or(s.away["tables"], ctx.Err())
}

func (s *tallies) Steps(_ context.Context, _, unit string, fn func(*analytics.ReleasedTally) error) error {
	for _, r := range s.steps[unit] {
		if err := fn(r); err != nil {
			return err
		}
	}
	return s.unread
}

func (s *tallies) Evaluations(context.Context, string) ([]analytics.Evaluation, error) {
	return s.evaluations, s.away["entries"]
}

func newWorld(t testing.TB, instrument, methods string) *world {
	t.Helper()
	store := &tallies{stored: map[analytics.Key]*analytics.Tally{}}
	w := &world{kept: cache.New(1 << 20), store: store, text: strings.NewReplacer("INSTRUMENT", instrument, "METHODS", methods).Replace(`
city: {name: Kota Contoh}
agencies:
  - code: a
    name: Dinas A
    units: [{code: u1, name: Unit satu}, {code: u2, name: Unit dua}]
periods:
  - {code: p, from: 2026-01-01, to: 2026-06-30, instrument: INSTRUMENT, methods: METHODS, population: {u1: 703, u2: 50}}
`)}
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	w.declare(t, lib)
	w.board = NewBoard(store)
	if w.builder, err = NewBuilder(w.board, func() *survey.Directory { return w.directory }, w.kept, time.Now); err != nil {
		t.Fatal(err)
	}
	return w
}

// declare makes the directory of the world's text.
func (w *world) declare(t testing.TB, lib *survey.Library) {
	t.Helper()
	table, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	applied, err := survey.Apply(&survey.Catalogue{}, []byte(w.text), lib, table, nil, nil, w.today)
	if err != nil {
		t.Fatal(err)
	}
	if w.directory, err = survey.NewDirectory(applied.Catalogue, lib, table); err != nil {
		t.Fatal(err)
	}
}

// apply changes the catalogue, and nothing else.
func (w *world) apply(t testing.TB, old, text string) {
	t.Helper()
	if !strings.Contains(w.text, old) {
		t.Fatalf("the city has no %q", old)
	}
	w.text = strings.Replace(w.text, old, text, 1)
	w.declare(t, w.directory.Library())
	if err := w.builder.Rebuild(); err != nil {
		t.Fatal(err)
	}
}

// enter stores an evaluator's entry.
func (w *world) enter(t testing.TB, unit, achievement, pengungkit string) {
	t.Helper()
	e := analytics.Evaluation{Period: "p", Unit: unit, Version: 1, Achievement: achievement, Pengungkit: pengungkit, Who: "TPI", Why: "uji"}
	for _, o := range w.store.evaluations {
		e.Version = max(e.Version, o.Version+1)
	}
	w.store.evaluations = []analytics.Evaluation{e}
	w.store.revision++
	w.refresh(t)
}

// answer puts the responses of a unit, one string of answers each.
func (w *world) answer(t testing.TB, unit string, rows ...string) {
	t.Helper()
	w.store.stored[analytics.Key{Period: "p", Unit: unit, Form: w.directory.Form("p").ID, Level: analytics.LevelPeriod}] = w.tally(t, rows...)
	w.store.revision++
	w.refresh(t)
}

// release releases answers of a unit.
func (w *world) release(t testing.TB, unit string, final bool, rows ...string) {
	t.Helper()
	if w.store.released == nil {
		w.store.released = map[string]*analytics.ReleasedTally{}
	}
	serial := 1
	if old := w.store.released[unit]; old != nil {
		serial = old.Serial + 1
	}
	w.store.released[unit] = &analytics.ReleasedTally{
		Serial: serial, Final: final, AsOf: time.Date(2026, 3, serial, 0, 0, 0, 0, time.UTC), Tally: w.tally(t, rows...),
	}
	w.store.revision++
	w.refresh(t)
}

func (w *world) tally(t testing.TB, rows ...string) *analytics.Tally {
	t.Helper()
	form := w.directory.Form("p")
	tally := analytics.NewTally(form)
	for _, answers := range rows {
		if n := len(form.Questions) - len(answers); n > 0 {
			answers += strings.Repeat("-", n)
		}
		if err := tally.Add(&survey.Response{
			ID: uuid.New(), Form: form.ID, Answers: survey.Marks(answers), Respondent: survey.Marks(strings.Repeat("-", len(form.Fields))), Mode: survey.ModePaper,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return tally
}

func (w *world) refresh(t testing.TB) {
	t.Helper()
	if err := w.builder.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) results(t testing.TB, s Scope) *Results {
	t.Helper()
	s.Period = "p"
	r, err := w.builder.Figures().Results(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// withSums makes n rows of answers whose columns have these sums.
func withSums(n int, sums ...int) []string {
	rows := make([][]byte, n)
	for i := range rows {
		rows[i] = make([]byte, len(sums))
		for q, s := range sums {
			// The first s mod n rows get one more than the others.
			v := s / n
			if i < s%n {
				v++
			}
			rows[i][q] = byte('0' + v)
		}
	}
	out := make([]string, n)
	for i := range rows {
		out[i] = string(rows[i])
	}
	return out
}

// officeRows are the answers of the published sheet of 29 respondents: its
// questionnaire asks sarana before pengaduan, the form asks by the unsur list.
func officeRows() []string {
	return withSums(29, 105, 101, 100, 116, 102, 105, 106, 115, 105)
}
