package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// detail returns the closer look at a unit in a period, compared with another.
func (w *world) detail(code, period, against string) *Detail {
	w.t.Helper()
	out, err := w.look(evaluator(), code, period, against)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) look(who access.Actor, code, period, against string) (*Detail, error) {
	w.t.Helper()
	w.refresh()
	d := w.builder.Desk().For(who)
	u, ok := d.Unit(code, period)
	if !ok {
		w.t.Fatalf("no unit %s in %q", code, period)
	}
	details, err := NewDetails(w.figures, cache.New(1<<20))
	if err != nil {
		w.t.Fatal(err)
	}
	return details.Of(w.t.Context(), d, u, against)
}

// month gives forty answers in a month and releases all at its end.
func (w *world) month(period, unit string, year int, month time.Month, values ...int) {
	w.t.Helper()
	last := survey.NewDate(year, month+1, 1) - 1
	w.clock(last.String() + " 20:00")
	w.answer(40, given{period: period, unit: unit, point: "P1", service: "ktp", day: last, hour: 9, values: values})
	w.release(period, unit, 0, false)
}

// halves has a unit with a closed half year of six months that differ little, and three
// months of the next, the last of which is far lower.
func halves(t testing.TB) *world {
	w := newWorld(t, city)
	for m := time.July; m <= time.December; m++ {
		values := []int{4, 3, 4}
		if m%2 == 0 {
			values = []int{3, 4, 4, 3}
		}
		w.month("2025-s2", "u", 2025, m, values...)
	}
	w.clock("2026-01-02 06:00")
	w.release("2025-s2", "u", 0, true)
	w.month("2026-s1", "u", 2026, time.January, 4, 3)
	w.month("2026-s1", "u", 2026, time.February, 4, 3, 4)
	w.month("2026-s1", "u", 2026, time.March, 1, 2)
	return w
}

func signals(x *IndexDetail) (out []string) {
	for _, s := range x.Spans {
		for _, m := range s.Months {
			out = append(out, fmt.Sprint(m.First.String()[2:7], " ", m.Signal))
		}
	}
	return out
}

func TestControlLimitsStayThoseOfTheFirstClosedPeriod(t *testing.T) {
	t.Parallel()
	w := halves(t)
	x := &w.detail("u", "2026-s1", "").Figures[0]
	want := []string{
		"25-07 baseline", "25-08 baseline", "25-09 baseline", "25-10 baseline", "25-11 baseline", "25-12 baseline",
		"26-01 within", "26-02 within", "26-03 below",
	}
	if got := signals(x); !slices.Equal(got, want) || len(x.Spans) != 1 || x.Baseline == nil || x.Baseline.Code != "2025-s2" {
		t.Errorf("%q of %+v in %d spans", got, x.Baseline, len(x.Spans))
	}
	// All months have forty answers, and so the same limits, in both periods.
	first := x.Spans[0].Months[0].Control
	for _, m := range x.Spans[0].Months {
		if m.Lower != first.Lower || m.Upper != first.Upper || !(m.Lower < m.Upper) {
			t.Errorf("%s: %g..%g, want %g..%g", m.First, m.Lower, m.Upper, first.Lower, first.Upper)
		}
		if m.HistoryFigure == nil || m.CI95 == nil {
			t.Errorf("%s has no interval", m.First)
		}
	}
	// A month more moves none of them.
	w.month("2026-s1", "u", 2026, time.April, 1, 1)
	again := &w.detail("u", "2026-s1", "").Figures[0]
	if m := again.Spans[0].Months; len(m) != 10 || m[8].Control != x.Spans[0].Months[8].Control {
		t.Errorf("%+v", m)
	}
	// Of the first period alone there is nothing before: its first four months make them.
	alone := &w.detail("u", "2025-s2", "").Figures[0]
	if got := signals(alone); alone.Baseline != nil || got[3] != "25-10 baseline" || got[4] != "25-11 within" {
		t.Errorf("%q", got)
	}
}

func TestATrendBreaksWhereTheFormChanged(t *testing.T) {
	t.Parallel()
	w := halves(t)
	w.clock("2026-07-01 06:00")
	w.release("2026-s1", "u", 0, true)
	w.change("to: 2026-12-31, instrument: skm-9}", "to: 2026-12-31, instrument: terpadu-16}")
	w.month("2026-s2", "u", 2026, time.July, 4)
	x := &w.detail("u", "2026-s2", "").Figures[0]
	if len(x.Spans) != 2 || x.Spans[0].Anew || !x.Spans[1].Anew || len(x.Spans[1].Months) != 1 || x.Spans[1].Questions != 9 || x.Spans[1].Months[0].Signal != analytics.SignalWaiting {
		t.Errorf("%q: %+v", signals(x), x.Spans)
	}
	if x.Change == nil || x.Change.State != analytics.ChangeNotCompared || x.Change.Why != analytics.ApartForm {
		t.Errorf("%+v", x.Change)
	}
	if u, _ := w.builder.Desk().For(evaluator()).Unit("u", "2026-s2"); len(u.falls) != 0 {
		t.Errorf("what is not compared counts among what may have fallen: %+v", u.falls)
	}
}

func TestUnsurStandLowestFirstWithWhatRaisingThemDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(80, given{unit: "u", point: "P1", service: "ktp", day: day(3, 26), hour: 9, values: []int{4}})
	// One question is answered lower by everybody.
	for _, r := range w.answers[unitPeriod{"u", "2026-s1"}] {
		values := make([]int, len(w.directory.Form("2026-s1").Questions))
		for q := range values {
			if w.directory.Form("2026-s1").Questions[q].Scored {
				values[q] = 3
			}
		}
		values[4], values[2] = 2, 4
		r.Answers = survey.MakeMarks(values)
	}
	w.answer(0, given{unit: "u"})
	w.release("2026-s1", "u", 0, false)
	x := &w.detail("u", "", "").Figures[0]
	if len(x.Unsur) != 9 || len(x.Lowest) != 1 || !x.Unsur[0].Low || x.Unsur[1].Low || x.Unsur[0].Shown != "2.00" || x.Unsur[8].Shown != "4.00" {
		t.Fatalf("%+v", x.Unsur)
	}
	for i, u := range x.Unsur {
		if i > 0 && u.Exact.Cmp(x.Unsur[i-1].Exact) < 0 {
			t.Errorf("%s stands below %s", u.Code, x.Unsur[i-1].Code)
		}
		if !(u.CI95[0] <= *u.Mean && *u.Mean <= u.CI95[1]) || u.CI95[0] == u.CI95[1] {
			t.Errorf("%s: %g in %v", u.Code, *u.Mean, u.CI95)
		}
	}
	if l := x.Unsur[0].Lever; l == nil || l.ShownGain != "0.28" || l.Capped {
		t.Errorf("%+v", l)
	}
	if l := x.Unsur[8].Lever; l == nil || !l.Capped || l.ShownGain != "0.00" {
		t.Errorf("%+v", l)
	}
	if x.Figure.Explanation == nil || x.Figure.Explanation.Value == "" {
		t.Error("it is not told how the index came about")
	}
}

func TestAUnitIsComparedWithThePeriodThatIsAskedFor(t *testing.T) {
	t.Parallel()
	w := halves(t)
	usual := w.detail("u", "2026-s1", "")
	same := w.detail("u", "2026-s1", "2025-s2")
	if usual.Against != nil || same.Against == nil || same.Against.Code != "2025-s2" || same.Figures[0].Change == nil {
		t.Fatalf("%+v", same.Against)
	}
	if a, b := usual.Figures[0].Change, same.Figures[0].Change; a.Difference != b.Difference || a.Period.Code != "2025-s2" || b.State != analytics.ChangeReal {
		t.Errorf("%+v, %+v", a, b)
	}
	// The other way round the difference has the other sign.
	back := w.detail("u", "2025-s2", "2026-s1")
	if usual := w.detail("u", "2025-s2", ""); usual.Figures[0].Change != nil {
		t.Error("the first period has one before")
	}
	if a, b := same.Figures[0].Change, back.Figures[0].Change; a.Difference != -b.Difference || a.Difference >= 0 {
		t.Errorf("%g and %g", a.Difference, b.Difference)
	}
	for _, code := range []string{"2026-s1", "2026-s2", "nowhere"} { // itself, to come, none
		var told *survey.Error
		if _, err := w.look(evaluator(), "u", "2026-s1", code); !errors.As(err, &told) || told.Code != survey.NotFound {
			t.Errorf("%s: %v", code, err)
		}
	}
	if len(usual.Others) != 1 {
		t.Errorf("%+v", usual.Others)
	}
}

func TestAGradeIsForetoldOfARunningPeriodWithAPaceAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	forecast := func() *analytics.Forecast {
		t.Helper()
		d := w.detail("u", "2026-s1", "")
		if len(d.Figures) == 0 {
			return nil
		}
		return d.Figures[0].Forecast
	}
	at := given{unit: "u", point: "P1", service: "ktp", hour: 9, values: []int{3, 4, 3}}
	w.every(3, at, day(3, 1), day(3, 30))
	if f := forecast(); f != nil {
		t.Errorf("without a release: %+v", f)
	}
	w.release("2026-s1", "u", 40, false)
	f := forecast()
	u := w.unit("u", "2026-s1")
	if f == nil || f.Further != u.Sample.Pace.AtClose-40 || f.Now != u.Indexes[0].Figure.Mutu {
		t.Fatalf("%+v of a pace of %+v", f, u.Sample.Pace)
	}
	sum := 0.0
	for _, chance := range f.Chances {
		sum += chance
	}
	if sum < 0.998 || sum > 1.002 || !slices.IsSorted(f.Values[:]) || f.Values[0] < 25 || f.Values[24] > 100 || f.Values[0] == f.Values[24] {
		t.Errorf("%+v", f)
	}
	w.clock("2026-01-12 10:00") // five open days
	if f := forecast(); f != nil {
		t.Errorf("after a few days: %+v", f)
	}
	w.clock("2026-07-03 10:00")
	if f := forecast(); f != nil {
		t.Errorf("after the close: %+v", f)
	}
}

// Two releases of which both tell how often each score was given tell how those few answered
// who came between.
func TestScoresOfQuestionsAreSpreadInTheFirstFinalReleaseAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.answer(20, given{unit: "u", point: "P1", service: "ktp", day: day(3, 26), hour: 9, values: []int{3, 4}})
	w.release("2026-s1", "u", 0, false)
	if d := w.detail("u", "2026-s1", ""); d.Spread != nil {
		t.Errorf("%+v", d.Spread)
	}
	w.clock("2026-07-01 06:00")
	w.release("2026-s1", "u", 0, true)
	d := w.detail("u", "2026-s1", "")
	if len(d.Spread) != 9 || !slices.Equal(d.Spread[0].Counts, []int64{0, 0, 10, 10}) || len(d.Spread[0].Options) != 4 || d.Spread[0].Text.In("id") == "" {
		t.Errorf("%+v", d.Spread)
	}
	w.answer(10, given{unit: "u", point: "P1", service: "ktp", day: day(6, 30), hour: 9, values: []int{1}}) // late ones
	w.release("2026-s1", "u", 0, true)
	late := w.detail("u", "2026-s1", "")
	if len(late.Spread) != 9 || !slices.Equal(late.Spread[0].Counts, []int64{0, 0, 10, 10}) {
		t.Errorf("a later final: %+v", late.Spread)
	}
	if x := late.Figures[0].Figure; x.N == d.Figures[0].Figure.N {
		t.Errorf("the later final holds %d answers", x.N)
	}
}

func TestAUnitIsShownWithoutMonthsWhereReleasesCannotBeRead(t *testing.T) {
	t.Parallel()
	w := halves(t)
	w.stepless = errors.New("the store is away")
	w.refresh()
	details, err := NewDetails(w.figures, cache.New(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	read := func() *Detail {
		t.Helper()
		on := w.builder.Desk().For(evaluator())
		u, _ := on.Unit("u", "2026-s1")
		d, err := details.Of(t.Context(), on, u, "")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := read()
	if !d.Incomplete || len(d.Figures) != 1 || d.Figures[0].Spans != nil || len(d.Figures[0].Unsur) != 9 {
		t.Errorf("%+v", d)
	}
	w.stepless = nil
	w.at = w.at.Add(time.Minute)
	if d := read(); d.Incomplete || len(d.Figures[0].Spans) != 1 {
		t.Errorf("%+v", d.Figures[0].Spans)
	}
}

func TestACloserLookIsMadeOnceForAllAndHasTheCountsOfNow(t *testing.T) {
	t.Parallel()
	w := halves(t)
	w.refresh()
	details, err := NewDetails(w.figures, cache.New(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	read := func(who access.Actor) *Detail {
		t.Helper()
		d := w.builder.Desk().For(who)
		u, ok := d.Unit("u", "2026-s1")
		if !ok {
			t.Fatal("no unit")
		}
		out, err := details.Of(t.Context(), d, u, "")
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := read(evaluator()), read(actor(access.Manager, access.Agency("a")))
	if &a.Figures[0] != &b.Figures[0] {
		t.Error("it was made twice")
	}
	w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 31), hour: 9})
	w.refresh()
	if c := read(evaluator()); c.Answers != a.Answers+1 || c.Figures[0].Figure.Shown != a.Figures[0].Figure.Shown {
		t.Errorf("%d answers, before %d", c.Answers, a.Answers)
	}
}

// Of all scores on a unit's pages none moves with an answer that is not released.
func TestNothingOfACloserLookTellsOfAnswersThatAreNotReleased(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		worlds := [2]*world{newWorld(t, city), newWorld(t, city)}
		score := rapid.IntRange(0, 4)
		known := rapid.SliceOfN(rapid.IntRange(1, 4), 9, 9).Draw(r, "known")
		old := rapid.SliceOfN(rapid.IntRange(1, 4), 9, 9).Draw(r, "old")
		waiting, final := rapid.IntRange(0, 40).Draw(r, "waiting"), rapid.Bool().Draw(r, "final")
		var shown [2]string
		for i, w := range worlds {
			hidden := rapid.SliceOfN(score, 9, 9).Draw(r, "hidden")
			w.month("2025-s2", "u", 2025, time.November, old...)
			w.month("2025-s2", "u", 2025, time.December, old...)
			if final {
				w.clock("2026-01-02 06:00")
				w.release("2025-s2", "u", 0, true)
			}
			w.month("2026-s1", "u", 2026, time.January, known...)
			w.month("2026-s1", "u", 2026, time.February, old...)
			w.clock("2026-03-31 16:30")
			w.answer(waiting, given{unit: "u", point: "P1", service: "ktp", day: day(3, 31), hour: 9, values: hidden})
			for _, who := range []access.Actor{evaluator(), actor(access.Manager, access.Agency("a"))} {
				for _, of := range [][2]string{{"2026-s1", ""}, {"2026-s1", "2025-s2"}, {"2025-s2", "2026-s1"}} {
					d, err := w.look(who, "u", of[0], of[1])
					if err != nil {
						r.Fatal(err)
					}
					text, err := json.Marshal(d)
					if err != nil {
						r.Fatal(err)
					}
					shown[i] += string(text)
				}
			}
		}
		if shown[0] != shown[1] {
			r.Fatalf("%s\nor\n%s", shown[0], shown[1])
		}
	})
}
