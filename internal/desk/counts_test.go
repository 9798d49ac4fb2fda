package desk

import (
	"errors"
	"testing"

	"persepsi/survey"
)

// answersOn returns the answers of a day by what the desk shows.
func answersOn(u *Unit, d survey.Date) int64 { return int64(u.Counts.Days[d-u.Period.From].Answers) }

func TestDaysAreReadAgainOnlyWhereSomethingCame(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.desk()
	first := len(w.reads)
	if first == 0 {
		t.Fatal("nothing was read")
	}
	w.desk()
	if len(w.reads) != first {
		t.Errorf("read again: %+v", w.reads[first:])
	}
	w.answer(2, given{unit: "v", point: "P3", service: "x", day: day(3, 31), hour: 10})
	if u := w.unit("v", ""); answersOn(u, day(3, 31)) != 2 || answersOn(u, day(3, 20)) != 3 || u.Points[0].Answers != u.Answers || u.Services[0].Answers != u.Answers {
		t.Errorf("%+v", u.Points)
	}
	if n := len(w.reads) - first; n != 1 {
		t.Fatalf("%d reads for an answer of today", n)
	}
	if of := w.reads[first]; of.From != day(3, 30) || of.Unit != "" || of.Period != "2026-s1" {
		t.Errorf("read %+v for an answer of today", of)
	}
}

func TestAnswersForDaysOfLongAgoAreFound(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.desk()
	first := len(w.reads)
	w.answer(7, given{unit: "v", service: "x", day: day(1, 9), paper: true}) // a file of last quarter
	if u := w.unit("v", ""); answersOn(u, day(1, 9)) != 10 {
		t.Errorf("%d answers", answersOn(u, day(1, 9)))
	}
	for _, of := range w.reads[first+1:] {
		if of.Unit != "v" {
			t.Errorf("read %+v for a file of unit v", of)
		}
	}
	// An import is undone and another one of as many rows comes for another day.
	at := unitPeriod{"v", "2026-s1"}
	list := w.answers[at]
	w.answers[at] = append(list[:0:0], list[:len(list)-7]...)
	w.fresh("2026-s1").TakenOut["v"] = [survey.KindCount]int64{survey.KindStaff: 7}
	w.answer(7, given{unit: "v", service: "x", day: day(1, 12), paper: true})
	if u := w.unit("v", ""); answersOn(u, day(1, 9)) != 3 || answersOn(u, day(1, 12)) != 10 {
		t.Errorf("after an undo: %d and %d", answersOn(u, day(1, 9)), answersOn(u, day(1, 12)))
	}
}

func TestCountsFollowTheDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	whole := 0
	for d := day(3, 2); d <= day(3, 31); d++ {
		w.reads = nil
		w.clock(d.String() + " 10:30")
		w.answer(int(d-day(3, 1)), given{unit: "v", point: "P3", service: "x", day: d, hour: 9})
		u := w.unit("v", "")
		sum, hours := int64(0), int64(0)
		for _, c := range u.Counts.Days {
			sum += int64(c.Answers)
		}
		for weekday := range u.Hours {
			hours += u.Hours[weekday][9]
		}
		if sum != u.Answers || hours != u.Answers || u.Points[0].Answers != u.Answers || *u.Points[0].Last != d {
			t.Fatalf("%s: %d answers, %d by day, %d by hour, %d at the point", d, u.Answers, sum, hours, u.Points[0].Answers)
		}
		switch of := w.reads[len(w.reads)-1]; {
		case len(w.reads) > 1:
			whole++
		case of.From < d-1-mostRecent:
			t.Errorf("%s: read from %s on", d, of.From)
		}
	}
	if whole != 4 { // at first, and then each ninth day
		t.Errorf("all days were read %d times in thirty days", whole)
	}
}

func TestWhereDaysCannotBeReadTheLastOnesAreShown(t *testing.T) {
	t.Parallel()
	w := busy(t)
	w.desk()
	w.answer(1, given{unit: "v", point: "P3", service: "x", day: day(3, 31)})
	if err := w.figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.away = errors.New("away")
	if err := w.builder.Refresh(t.Context()); !errors.Is(err, w.away) {
		t.Errorf("error %v", err)
	}
	u := mustUnit(t, w.builder.Desk().For(evaluator()), "v")
	if !u.Known || answersOn(u, day(3, 31)) != 0 || answersOn(u, day(3, 20)) != 3 {
		t.Errorf("%v", u.Known)
	}
	w.away = nil
	if u := w.unit("v", ""); answersOn(u, day(3, 31)) != 1 {
		t.Error("afterwards nothing is read")
	}
	broken := busy(t)
	if err := broken.figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	broken.away = errors.New("away")
	if err := broken.builder.Refresh(t.Context()); err == nil {
		t.Error("no error")
	}
	if u := mustUnit(t, broken.builder.Desk().For(evaluator()), "v"); u.Known || u.Answers == 0 || u.Sample.Pace != nil || len(u.Attention) > 0 {
		t.Errorf("without days: %+v", u.Attention)
	}
}

// Who starts a server of ten years waits for none of them.
func TestPeriodsOfLongAgoAreReadOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.change("periods:", `periods:
  - {code: 2024-s1, from: 2024-01-01, to: 2024-06-30, instrument: skm-9}
  - {code: 2024-s2, from: 2024-07-01, to: 2024-12-31, instrument: skm-9}
  - {code: 2025-s1, from: 2025-01-01, to: 2025-06-30, instrument: skm-9}`)
	for _, p := range []string{"2024-s1", "2024-s2", "2025-s1"} {
		period, _ := w.directory.Period(p)
		w.answer(3, given{period: p, unit: "v", point: "P3", service: "x", day: period.From + 1})
	}
	w.answer(3, given{unit: "v", point: "P3", service: "x", day: day(3, 2)})
	known := func() (out []bool) {
		d := w.desk()
		for _, p := range []string{"2026-s1", "2025-s1", "2024-s2", "2024-s1"} {
			u, _ := d.Unit("v", p)
			out = append(out, u.Known)
		}
		return out
	}
	for i := range 3 {
		for n, is := range known() {
			if is != (n <= i+1) {
				t.Errorf("after refresh %d: %d is known: %v", i+1, n, is)
			}
		}
	}
}

// Answers of a period's first days come one after the other, to a server that was started
// before the period or on that day.
func TestAPeriodsFirstDaysAreCounted(t *testing.T) {
	t.Parallel()
	for _, started := range []string{"2025-12-20 08:00", "2026-01-01 08:00"} {
		w := newWorld(t, city)
		w.clock(started)
		w.desk()
		whole := int64(0)
		for d := day(1, 1); d <= day(1, 12); d++ {
			w.clock(d.String() + " 10:30")
			for n := int64(1); n <= 3; n++ {
				w.answer(1, given{unit: "v", point: "P3", service: "x", day: d, hour: 9})
				whole++
				u := w.unit("v", "2026-s1")
				if answersOn(u, d) != n || u.Points[0].Answers != whole || u.Services[0].Answers != whole {
					t.Fatalf("started %s: on %s there are %d answers, want %d; %d at the point, want %d", started, d, answersOn(u, d), n, u.Points[0].Answers, whole)
				}
			}
		}
	}
}

// Until the first answer a period's form may be another one.
func TestAnswersAreCountedByTheFormThatAPeriodGotBeforeThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	if u := w.unit("u", "2026-s1"); !u.Known || answersOn(u, day(3, 30)) != 0 {
		t.Errorf("before the first answer: %+v", u.Counts)
	}
	w.change("to: 2026-06-30, instrument: skm-9", "to: 2026-06-30, instrument: terpadu-16")
	w.answer(3, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30), hour: 9})
	if n := answersOn(w.unit("u", "2026-s1"), day(3, 30)); n != 3 {
		t.Errorf("%d answers to the new form are counted, want 3", n)
	}
}
