package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// city has an agency of two units, one of them with two points, and another agency of one.
const city = `
city:
  name: Kota Contoh
  hours: {mon-fri: 08:00-16:00}
  holidays: [{date: 2026-03-19, name: Hari raya}]
agencies:
  - code: a
    name: Dinas A
    units:
      - code: u
        name: Unit satu
        services: [{code: ktp, name: KTP}, {code: akta, name: Akta}, {code: kk, name: KK}]
        points: [{code: P1, name: Loket 1}, {code: P2, name: Loket 2}]
      - {code: v, name: Unit dua, services: [{code: x, name: X}], points: [{code: P3, name: Loket 3}]}
  - code: b
    name: Dinas B
    units: [{code: z, name: Unit lain, services: [{code: x, name: X}], points: [{code: P4, name: Loket 4}]}]
periods:
  - {code: 2025-s2, name: Semester II 2025, from: 2025-07-01, to: 2025-12-31, instrument: skm-9, population: {u: 703, v: 703, z: 703}}
  - {code: 2026-s1, name: Semester I 2026, from: 2026-01-01, to: 2026-06-30, instrument: skm-9, population: {u: {ktp: 400, akta: 303}, v: 703, z: 703}}
  - {code: 2026-s2, name: Semester II 2026, from: 2026-07-01, to: 2026-12-31, instrument: skm-9}
`

// world is a city with answers in memory, and the builders of its figures and its desk.
type world struct {
	t         testing.TB
	at        time.Time
	directory *survey.Directory
	text      string
	answers   map[unitPeriod][]*survey.Response
	totals    map[string]*report.Totals
	steps     map[unitPeriod][]*analytics.ReleasedTally
	tables    map[string]*analytics.Tables // by unit
	stepless  error                        // of Steps
	away      error                        // of Days and of figures
	reads     []analytics.DaysOf
	read      []string // units whose Steps were read
	figures   *report.Builder
	builder   *Builder
}

type unitPeriod struct{ unit, period string }

func newWorld(t testing.TB, text string) *world {
	t.Helper()
	w := &world{t: t, answers: map[unitPeriod][]*survey.Response{}, totals: map[string]*report.Totals{}, steps: map[unitPeriod][]*analytics.ReleasedTally{}, tables: map[string]*analytics.Tables{}}
	w.clock("2026-03-31 16:30")
	w.declare(text)
	var err error
	if w.figures, err = report.NewBuilder(w, func() *survey.Directory { return w.directory }, cache.New(0), func() time.Time { return w.at }); err != nil {
		t.Fatal(err)
	}
	w.builder = NewBuilder(w.figures.Figures, w, nil, func() time.Time { return w.at })
	return w
}

func (*world) SaveSoon() func() bool { return func() bool { return true } }

// clock sets the time of the city.
func (w *world) clock(at string) {
	w.t.Helper()
	zone, err := time.LoadLocation(survey.DefaultTimeZone)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.at, err = time.ParseInLocation("2006-01-02 15:04", at, zone); err != nil {
		w.t.Fatal(err)
	}
}

// declare makes the city of an apply file's text.
func (w *world) declare(text string) {
	w.t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		w.t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := survey.Apply(new(survey.Catalogue), []byte(text), lib, methods, nil, nil, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.directory, err = survey.NewDirectory(a.Catalogue, lib, methods); err != nil {
		w.t.Fatal(err)
	}
	w.text = text
}

// change declares the city with another text at one place.
func (w *world) change(old, text string) {
	w.t.Helper()
	if !strings.Contains(w.text, old) {
		w.t.Fatalf("the city has no %q", old)
	}
	w.declare(strings.Replace(w.text, old, text, 1))
}

// given is an answer that a test makes.
type given struct {
	period, unit, point, service string
	day                          survey.Date
	hour                         int
	paper                        bool
	values                       []int // of the questions in turn; 3 and 4 where there are none
	alike                        bool  // everybody gives the same values to the same questions
}

func day(month time.Month, d int) survey.Date { return survey.NewDate(2026, month, d) }

// answer stores n answers.
func (w *world) answer(n int, g given) {
	w.t.Helper()
	if g.period == "" {
		g.period = "2026-s1"
	}
	if g.values == nil {
		g.values = []int{3, 4}
	}
	form := w.directory.Form(g.period)
	at := unitPeriod{g.unit, g.period}
	for i := range n {
		values := make([]int, len(form.Questions))
		for q := range values {
			if form.Questions[q].Scored {
				at := i + q
				if g.alike {
					at = q
				}
				values[q] = g.values[at%len(g.values)]
			}
		}
		r := &survey.Response{
			ID: uuid.New(), Period: g.period, Unit: g.unit, Form: form.ID, Service: g.service, Point: g.point, Day: g.day, Hour: uint8(g.hour), Answers: survey.MakeMarks(values),
		}
		if g.paper {
			r.Mode, r.Point = survey.ModePaper, ""
		}
		w.answers[at] = append(w.answers[at], r)
	}
	tally := analytics.NewTotals(form)
	for _, r := range w.answers[at] {
		if err := tally.Add(r); err != nil {
			w.t.Fatal(err)
		}
	}
	t := w.fresh(g.period)
	t.Units[analytics.UnitForm{Unit: g.unit, Form: form.ID}] = tally
}

// fresh returns new totals of a period that may be changed.
func (w *world) fresh(period string) *report.Totals {
	t := &report.Totals{Units: map[analytics.UnitForm]*analytics.Tally{}, Released: map[string]*analytics.ReleasedTally{}, TakenOut: map[string][survey.KindCount]int64{}}
	if old := w.totals[period]; old != nil {
		for k, v := range old.Units {
			t.Units[k] = v
		}
		for k, v := range old.Released {
			t.Released[k] = v
		}
		for k, v := range old.TakenOut {
			t.TakenOut[k] = v
		}
	}
	w.totals[period] = t
	return t
}

// release releases the first n answers of a unit; all where n is 0.
func (w *world) release(period, unit string, n int, final bool) {
	w.t.Helper()
	list := w.answers[unitPeriod{unit, period}]
	if n == 0 {
		n = len(list)
	}
	tally := analytics.NewTotals(w.directory.Form(period))
	for _, r := range list[:n] {
		if err := tally.Add(r); err != nil {
			w.t.Fatal(err)
		}
	}
	t := w.fresh(period)
	serial := 1
	if old := t.Released[unit]; old != nil {
		serial = old.Serial + 1
	}
	made := &analytics.ReleasedTally{Serial: serial, AsOf: w.at, At: w.at, Final: final, Checksum: fmt.Sprint(unit, serial), Tally: tally, People: make([][]int64, len(w.directory.Form(period).Fields))}
	if old := t.Released[unit]; old != nil {
		made.Tables = old.Tables
	}
	if final && !made.Tables {
		whole := analytics.NewTally(w.directory.Form(period))
		for _, r := range list[:n] {
			if err := whole.Add(r); err != nil {
				w.t.Fatal(err)
			}
		}
		made.Tables, w.tables[unit] = true, &analytics.Tables{Version: 1, Tally: whole.Encode()}
	}
	t.Released[unit] = made
	w.steps[unitPeriod{unit, period}] = append(w.steps[unitPeriod{unit, period}], made)
}

// every gives n answers at a point on each open day from one to another.
func (w *world) every(n int, g given, from, to survey.Date) {
	place, _ := w.directory.Unit(g.unit)
	calendar := w.directory.Calendar(place)
	for d := from; d <= to; d++ {
		if calendar.Open(d) {
			g.day = d
			w.answer(n, g)
		}
	}
}

// Refresh, Period, Breakdown, Tables and Steps make a world a report.Source.
func (w *world) Refresh(context.Context) error { return w.away }

func (w *world) Period(code string) *report.Totals {
	if t := w.totals[code]; t != nil {
		return t
	}
	return w.fresh(code)
}

func (w *world) Breakdown(context.Context, *survey.Period, string, *survey.Form) (*analytics.Tally, error) {
	return nil, nil //nolint:nilnil // nobody asks
}

func (w *world) Erasure(context.Context, string) (*survey.Erasure, error) {
	return nil, nil //nolint:nilnil // nobody asks
}

func (w *world) Tables(_ context.Context, _, unit string, _ int) (*analytics.Tables, error) {
	return w.tables[unit], nil
}

func (w *world) Steps(_ context.Context, period, unit string, fn func(*analytics.ReleasedTally) error) error {
	w.read = append(w.read, unit)
	for _, r := range w.steps[unitPeriod{unit, period}] {
		if err := fn(r); err != nil {
			return err
		}
	}
	return w.stepless
}

// Days counts the answers of days.
func (w *world) Days(_ context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error) {
	if w.away != nil {
		return nil, w.away
	}
	w.reads = append(w.reads, of)
	tallies := map[analytics.UnitDay]*analytics.Tally{}
	for at, list := range w.answers {
		if at.period != of.Period || of.Unit != "" && at.unit != of.Unit {
			continue
		}
		for _, r := range list {
			if r.Day < of.From || r.Day >= of.Before || r.Form != of.Form {
				continue
			}
			key := analytics.UnitDay{Unit: r.Unit, Day: r.Day}
			if tallies[key] == nil {
				tallies[key] = analytics.NewTally(w.directory.Form(of.Period))
			}
			if err := tallies[key].Add(r); err != nil {
				return nil, err
			}
		}
	}
	out := map[analytics.UnitDay]analytics.Counts{}
	for key, t := range tallies {
		out[key] = t.Counts()
	}
	return out, nil
}

// desk makes figures and desk anew, and returns the desk of who may see the whole city.
func (w *world) desk() *Desk {
	w.t.Helper()
	w.refresh()
	return w.builder.Desk().For(evaluator())
}

func (w *world) refresh() {
	w.t.Helper()
	if err := w.figures.Refresh(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.builder.Refresh(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// unit returns a unit of the whole city's desk.
func (w *world) unit(code, period string) *Unit {
	w.t.Helper()
	u, ok := w.desk().Unit(code, period)
	if !ok {
		w.t.Fatalf("no unit %s in %q", code, period)
	}
	return u
}

func evaluator() access.Actor { return actor(access.Evaluator, access.City()) }

func actor(role access.Role, on access.Scope) access.Actor {
	return access.Actor{Name: "x", Person: "x", Grants: []access.Grant{{Role: role, Scope: on}}}
}

// kinds are the kinds of items with what they are about.
func kinds(items []Item) (out []string) {
	for _, i := range items {
		about := i.Unit
		if i.Silence != nil && i.Silence.Point != "" {
			about += "/" + i.Silence.Point
		}
		out = append(out, strings.TrimSpace(i.Kind.String()+" "+about))
	}
	return out
}

func wantKinds(t testing.TB, name string, items []Item, want ...string) {
	t.Helper()
	if got := kinds(items); !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func reportScope(period string) report.Scope {
	return report.Scope{Period: period, Audience: report.Managed}
}
