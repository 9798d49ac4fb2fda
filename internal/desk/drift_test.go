package desk

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/cache"
	"persepsi/survey"
)

// drifting has a unit whose months are alike, with a pace to go by, and two others, whose
// people answered by other values in February.
func drifting(t *testing.T, february ...int) *world {
	t.Helper()
	w := newWorld(t, city)
	usual := []int{3, 4, 3}
	w.every(4, given{unit: "u", point: "P1", service: "ktp", hour: 9, values: usual}, day(1, 1), day(3, 30))
	for _, unit := range []string{"v", "z"} {
		for m := time.January; m <= time.March; m++ {
			last := survey.NewDate(2026, m+1, 1) - 1
			w.clock(last.String() + " 20:00")
			w.answer(200, given{unit: unit, point: map[string]string{"v": "P3", "z": "P4"}[unit], service: "x", day: last, hour: 9, values: map[time.Month][]int{time.January: usual, time.February: february, time.March: usual}[m]})
			w.release("2026-s1", unit, 0, false)
		}
	}
	for _, at := range []string{"2026-01-31 20:00", "2026-02-28 20:00", "2026-03-31 16:30"} {
		w.clock(at)
		n := 0
		for _, r := range w.answers[unitPeriod{"u", "2026-s1"}] {
			if r.Day <= w.directory.Today(w.at) {
				n++
			}
		}
		w.release("2026-s1", "u", n, false)
	}
	return w
}

// learn has the builder learn, and returns whose releases it read for that.
func (w *world) learn() []string {
	w.t.Helper()
	w.refresh()
	w.read = nil
	if err := w.builder.Learn(w.t.Context(), w.figures, 0); err != nil {
		w.t.Fatal(err)
	}
	w.refresh()
	slices.Sort(w.read)
	return slices.Compact(w.read)
}

func TestARequestReadsReleasesOfItsOwnUnitAlone(t *testing.T) {
	t.Parallel()
	w := drifting(t, 1)
	for _, learned := range []bool{false, true} {
		if learned {
			w.learn()
		}
		w.read = nil
		d := w.detail("u", "2026-s1", "")
		if d.Figures[0].Forecast == nil {
			t.Fatal("nothing is foretold")
		}
		if slices.ContainsFunc(w.read, func(unit string) bool { return unit != "u" }) {
			t.Errorf("learned %t: releases of %q were read", learned, w.read)
		}
	}
}

func TestForecastsGoByWhatOtherUnitsTaughtAsSoonAsItIsKnown(t *testing.T) {
	t.Parallel()
	var width []float64
	for _, february := range [][]int{{3, 4, 3}, {1, 2, 1}} {
		w := drifting(t, february...)
		w.refresh()
		details, err := NewDetails(w.figures, cache.New(1<<20)) // which keeps what it made before
		if err != nil {
			t.Fatal(err)
		}
		foretold := func() float64 {
			t.Helper()
			on := w.builder.Desk().For(evaluator())
			u, _ := on.Unit("u", "2026-s1")
			d, err := details.Of(t.Context(), on, u, "")
			if err != nil {
				t.Fatal(err)
			}
			return d.Figures[0].Forecast.Values[24] - d.Figures[0].Forecast.Values[0]
		}
		before := foretold()
		if got := w.learn(); !slices.Equal(got, []string{"u", "v", "z"}) {
			t.Fatalf("it was learned of %q", got)
		}
		if width = append(width, foretold()); width[len(width)-1] == before {
			t.Errorf("%g, as before anything was known", before)
		}
	}
	if width[0] >= width[1] {
		t.Errorf("%g beside units that hardly drift, %g beside those that do", width[0], width[1])
	}
}

func TestHowUnitsDriftIsLearnedOnceADay(t *testing.T) {
	t.Parallel()
	w := drifting(t, 1)
	everybody := []string{"u", "v", "z"}
	for _, step := range []struct {
		of   string
		do   func()
		want []string
	}{
		{"the first time", func() {}, everybody},
		{"again", func() {}, nil},
		{"later that day, with an answer", func() {
			w.clock("2026-03-31 23:30")
			w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 31), hour: 9})
		}, nil},
		{"the next day", func() { w.clock("2026-04-01 00:10") }, everybody},
		{"where the city was declared anew", func() { w.directory.Catalogue().Version++ }, everybody},
		{"where fewer units have releases", func() { delete(w.fresh("2026-s1").Released, "z") }, everybody[:2]},
	} {
		step.do()
		if got := w.learn(); !reflect.DeepEqual(append([]string{}, got...), append([]string{}, step.want...)) {
			t.Errorf("%s: of %q, want %q", step.of, got, step.want)
		}
	}
}

func TestWhatCannotBeReadIsLearnedTheNextTime(t *testing.T) {
	t.Parallel()
	w := drifting(t, 1)
	w.refresh()
	w.stepless = errors.New("the store is away")
	if err := w.builder.Learn(t.Context(), w.figures, 0); err == nil || !strings.Contains(err.Error(), "2026-s1") {
		t.Errorf("%v", err)
	}
	w.stepless, w.at = nil, w.at.Add(time.Minute)
	if got := w.learn(); len(got) != 3 {
		t.Errorf("of %q", got)
	}
}

func TestLearningEndsWithTheServer(t *testing.T) {
	t.Parallel()
	w := drifting(t, 1)
	w.refresh()
	w.read = nil
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := w.builder.Learn(ctx, w.figures, time.Hour); !errors.Is(err, context.Canceled) || len(w.read) > 1 {
		t.Errorf("%v after %q", err, w.read)
	}
}
