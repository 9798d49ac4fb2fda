package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// broken is a city of which units, services and points were renamed: answers have the codes u1,
// s1, s2, AAAA11 and BBBB22.
func broken(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, "skm-9", "{}")
	w.apply(t, "{code: u1, name: Unit satu}", "{code: u1, name: Unit satu, services: [{code: s1, name: S1}, {code: s2, name: S2}], points: [{code: AAAA11, name: P1}, {code: BBBB22, name: P2}]}")
	w.apply(t, "{code: u1, ", "{code: baru, was: u1, ")
	w.apply(t, "{code: s1, ", "{code: ktp, was: s1, ")
	w.apply(t, "{code: AAAA11, ", "{code: CCCC33, was: AAAA11, ")
	w.apply(t, "u1: 703", "baru: 703")
	return w
}

// people are as many who answer one way, at one of two places, of one of two sexes.
func (w *world) people(n int, answers string, place, sex int) []survey.Response {
	form := w.directory.Form("p")
	told := make([]int, len(form.Fields))
	at, _ := form.FieldPosition("sex")
	told[at] = sex
	out := make([]survey.Response, n)
	for i := range out {
		out[i] = survey.Response{
			Unit: "u1", Form: form.ID, Mode: survey.ModeQR, Service: []string{"s1", "s2"}[place], Point: []string{"AAAA11", "BBBB22"}[place],
			Answers: survey.Marks(answers + strings.Repeat("-", len(form.Questions)-len(answers))), Respondent: survey.MakeMarks(told),
		}
	}
	return out
}

// count puts what people answered as a unit's tally.
func (w *world) count(t *testing.T, people []survey.Response) *analytics.Tally {
	t.Helper()
	form := w.directory.Form("p")
	tally := analytics.NewTally(form)
	for i := range people {
		if err := tally.Add(&people[i]); err != nil {
			t.Fatal(err)
		}
	}
	w.store.stored[analytics.Key{Period: "p", Unit: "u1", Form: form.ID, Level: analytics.LevelPeriod}] = tally
	w.store.revision++
	w.refresh(t)
	return tally
}

// close makes a final release of what people answered, with its tables.
func (w *world) close(t *testing.T, people []survey.Response) {
	t.Helper()
	tables, err := analytics.MakeTables(w.directory.Form("p"), people, func(int, int) int { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	w.store.tables = map[string]*analytics.Tables{"u1": tables}
	w.release(t, "u1", true)
	r := w.store.released["u1"]
	r.Tally, r.Tables, r.Checksum = w.count(t, people), true, "sum"
	w.store.revision++
	w.refresh(t)
}

// by draws a breakdown of unit baru.
func (w *world) by(t *testing.T, by string, of Audience) (string, error) {
	t.Helper()
	p, _ := w.directory.Period("p")
	b, err := w.builder.Breakdown(t.Context(), w.builder.Figures(), p, "baru", by, of)
	if err != nil {
		return "", err
	}
	out := []string{b.State}
	if b.N != nil {
		out = append(out, fmt.Sprint("of ", *b.N))
	}
	if b.Removed != nil {
		out = append(out, "on "+b.Removed.String())
	}
	for _, c := range b.Cells {
		cell := fmt.Sprintf("%s %d", c.Code, c.N)
		if c.Means != nil {
			cell += fmt.Sprintf(" %.1f", c.Means[analytics.IKM])
		}
		if c.Suppressed {
			cell += " hidden"
		}
		out = append(out, cell)
	}
	if b.Unit != "baru" || b.Period != "p" || b.By != by || b.Least != analytics.LeastCell {
		t.Errorf("%+v", b)
	}
	return strings.Join(out, ", "), nil
}

func TestABreakdownIsOfWhatAnAudienceMaySee(t *testing.T) {
	t.Parallel()
	some := func(w *world) []survey.Response {
		return append(w.people(30, "444444444", 0, 1), w.people(20, "222222222", 1, 2)...)
	}
	removed := &survey.Erasure{Day: day(9, 1), Sealed: true}
	for _, tc := range []struct {
		name, by  string
		of        Audience
		know      func(t *testing.T, w *world)
		want, err string
	}{
		{"no answer", "service", Live, func(*testing.T, *world) {}, "live, of 0", ""},
		{"services, live", "service", Live, nil, "live, of 50, ktp 30 4.0, s2 20 2.0", ""},
		{"points, live", "point", Live, nil, "live, of 50, CCCC33 30 4.0, BBBB22 20 2.0", ""},
		{"points, live, some at none", "point", Live, func(t *testing.T, w *world) {
			nowhere := w.people(5, "444444444", 0, 1)
			for i := range nowhere {
				nowhere[i].Point, nowhere[i].Mode = "", survey.ModePaper
			}
			w.count(t, append(some(w), nowhere...))
		}, "live, of 55,  5 4.0, CCCC33 30 4.0, BBBB22 20 2.0", ""},
		{"people, live", "sex", Live, nil, "live, of 50, L 30 4.0, P 20 2.0", ""},
		{"services, of a running period", "service", Public, nil, "counts, ktp 30, s2 20", ""},
		{"people, before a release", "sex", Public, nil, "counts", ""},
		{"people, of a running period", "sex", Public, func(t *testing.T, w *world) {
			w.count(t, some(w))
			w.release(t, "u1", false, times(10, "444444444")...)
			w.store.released["u1"].People = [][]int64{{0, 7, 5}}
		}, "counts, L 7, P 5", ""},
		{"what there is not", "x", Live, nil, "", "cannot be made"},
		{"what there is not, for everybody", "x", Public, nil, "", "cannot be made"},
		{"the tally cannot be read", "service", Live, func(_ *testing.T, w *world) { w.store.away = map[string]error{"tally": errors.New("away")} }, "", "away"},
		{"services, closed", "service", Public, func(t *testing.T, w *world) { w.close(t, some(w)) }, "final, of 50, ktp 30 4.0, s2 20 2.0", ""},
		{"services, closed, answers came since", "service", Live, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.count(t, append(some(w), some(w)...))
		}, "final, of 50, ktp 30 4.0, s2 20 2.0", ""},
		{"few, closed", "service", Public, func(t *testing.T, w *world) {
			w.close(t, append(w.people(30, "444444444", 0, 1), w.people(4, "222222222", 1, 2)...))
		}, "final, of 34, ktp 30 hidden, s2 4 hidden", ""},
		{"few, closed, for evaluators", "service", Live, func(t *testing.T, w *world) {
			w.close(t, append(w.people(30, "444444444", 0, 1), w.people(4, "222222222", 1, 2)...))
		}, "final, of 34, ktp 0 hidden, s2 0 hidden", ""},
		{"what there is not, closed", "x", Public, func(t *testing.T, w *world) { w.close(t, some(w)) }, "", "cannot be made"},
		{"tables of another form", "service", Public, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.store.released["u1"].Tally = newWorld(t, "spak-5", "{}").tally(t, times(10, "44444")...)
		}, "counts, ktp 30, s2 20", ""},
		{"a final release without tables", "service", Public, func(t *testing.T, w *world) { w.close(t, some(w)); w.store.released["u1"].Tables = false }, "counts, ktp 30, s2 20", ""},
		{"the tables cannot be read", "service", Public, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.store.away = map[string]error{"tables": errors.New("away")}
		}, "", "away"},
		{"the tables are gone", "service", Public, func(t *testing.T, w *world) { w.close(t, some(w)); w.store.tables = nil }, "", "release 1 of unit u1 has no tables any more"},
		{"the tables are cut", "service", Public, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.store.tables["u1"].Tally = w.store.tables["u1"].Tally[:20]
		}, "", "tally"},
		{"people, removed", "sex", Live, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.store.released["u1"].People, w.store.erasure = [][]int64{{0, 30, 20}}, removed
		}, "removed, on 2026-09-01, L 30, P 20", ""},
		{"services, where people were removed", "service", Public, func(t *testing.T, w *world) { w.close(t, some(w)); w.store.erasure = removed }, "final, of 50, ktp 30 4.0, s2 20 2.0", ""},
		{"people, about to be removed", "sex", Public, func(t *testing.T, w *world) { w.close(t, some(w)); w.store.erasure = &survey.Erasure{Day: day(9, 1)} }, "final, of 50, L 30 4.0, P 20 2.0", ""},
		{"nobody knows whether they were removed", "sex", Public, func(t *testing.T, w *world) {
			w.close(t, some(w))
			w.store.away = map[string]error{"erasure": errors.New("away")}
		}, "", "away"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := broken(t)
			w.refresh(t)
			if tc.know == nil {
				w.count(t, some(w))
			} else {
				tc.know(t, w)
				if tc.err == "away" && len(w.store.stored) == 0 {
					w.count(t, some(w))
				}
			}
			w.store.revision++
			w.refresh(t)
			got, err := w.by(t, tc.by, tc.of)
			if got != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s, %v; want %s, %s", got, err, tc.want, tc.err)
			}
			if again, err := w.by(t, tc.by, tc.of); again != tc.want || (err == nil) != (tc.err == "") {
				t.Errorf("again %s, %v", again, err)
			}
		})
	}
}

// Tables are read once for all, and the cache is bounded by what is said to be kept.
func TestTablesOfAClosedPeriodAreReadOnce(t *testing.T) {
	t.Parallel()
	w := broken(t)
	w.refresh(t)
	w.close(t, append(w.people(30, "444444444", 0, 1), w.people(20, "222222222", 1, 2)...))
	p, _ := w.directory.Period("p")
	empty := w.kept.Stats().Bytes
	scores, err := w.builder.Distributions(t.Context(), w.builder.Figures(), p, "baru")
	if err != nil || len(scores) == 0 || scores[0].Counts[3] != 30 {
		t.Fatalf("%v, %+v", err, scores)
	}
	read := w.kept.Stats().Bytes - empty
	if size := len(w.store.tables["u1"].Tally); read < 4*size || read > 4*size+2000 {
		t.Errorf("tables of %d bytes are said to take %d", size, read)
	}
	w.store.away = map[string]error{"tables": errors.New("away")}
	for _, by := range []string{"service", "service"} {
		if got, err := w.by(t, by, Public); err != nil || got != "final, of 50, ktp 30 4.0, s2 20 2.0" {
			t.Errorf("read already: %s, %v", got, err)
		}
	}
	if cells := w.kept.Stats().Bytes - empty - read; cells < 2*cellBytes || cells > 3*cellBytes {
		t.Errorf("two cells are said to take %d bytes", cells)
	}
	w.kept.Clear()
	if _, err := w.builder.Distributions(t.Context(), w.builder.Figures(), p, "baru"); !errors.Is(err, w.store.away["tables"]) {
		t.Errorf("err = %v, want the store's", err)
	}
	r := w.store.released["u1"]
	for _, tc := range []struct {
		of     string
		change func()
	}{
		{"no tables", func() { r.Tables = false }},
		{"another form", func() { r.Tables, r.Tally = true, newWorld(t, "spak-5", "{}").tally(t) }},
		{"no release", func() { w.store.released = nil }},
	} {
		tc.change()
		w.store.revision++
		w.refresh(t)
		if scores, err := w.builder.Distributions(t.Context(), w.builder.Figures(), p, "baru"); scores != nil || err != nil {
			t.Errorf("of %s: %v, %v", tc.of, scores, err)
		}
	}
	if scores, err := w.builder.Distributions(t.Context(), w.builder.Figures(), p, "x"); scores != nil || err != nil {
		t.Errorf("of no unit: %v, %v", scores, err)
	}
}

func TestABreakdownOfAUnitThatThereIsNotIsEmpty(t *testing.T) {
	t.Parallel()
	w := broken(t)
	w.refresh(t)
	p, _ := w.directory.Period("p")
	if b, err := w.builder.Breakdown(t.Context(), w.builder.Figures(), p, "x", "service", Live); err != nil || b.Unit != "x" || *b.N != 0 || len(b.Cells) != 0 {
		t.Errorf("%v, %+v", err, b)
	}
}

// What is counted is saved before a breakdown is read, where that can be done in time.
func TestABreakdownWaitsUntilWhatIsCountedIsSaved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := broken(t)
		w.refresh(t)
		saved := false
		w.store.saving = func() func() bool { return func() bool { return saved } }
		begun := time.Now()
		if got, err := w.by(t, "service", Live); err != nil || got != "live, of 0" || time.Since(begun) != savedWithin {
			t.Errorf("%s after %s: %v", got, time.Since(begun), err)
		}
		<-w.builder.Woken()
		go func() {
			<-w.builder.Woken()
			saved = true
			w.count(t, w.people(30, "444444444", 0, 1))
		}()
		if got, err := w.by(t, "service", Live); err != nil || got != "live, of 30, ktp 30 4.0" {
			t.Errorf("%s: %v", got, err)
		}
	})
}
