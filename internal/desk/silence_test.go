package desk

import (
	"math"
	"testing"

	"persepsi/survey"
)

func TestASilentPointIsToldWithWhatIsUsual(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.every(2, given{unit: "u", point: "P1", service: "ktp", hour: 9}, day(1, 5), day(3, 31))
	w.every(3, given{unit: "u", point: "P2", service: "ktp", hour: 9}, day(1, 5), day(3, 25))
	u := w.unit("u", "")
	wantKinds(t, "a point that is silent for four days", u.Attention, "point_silent u/P2")
	s := u.Attention[0].Silence
	if s.Since != day(3, 26) || s.Last != day(3, 25) || s.Days != 4 || math.Abs(s.Usual-3) > 0.01 || s.PointName != "Loket 2" || s.Probability > silenceChance {
		t.Errorf("%+v", s)
	}
	if at := u.Attention[0].Target; at.Page != PagePoint || at.Unit != "u" || at.Point != "P2" || at.Period != "2026-s1" {
		t.Errorf("leads to %+v", at)
	}
	if p := u.Points[1]; p.Silence != s || p.Answers != 3*57 || *p.Last != day(3, 25) || math.Abs(p.Usual-3) > 0.01 {
		t.Errorf("%+v", p)
	}
	if p := u.Points[0]; p.Silence != nil || *p.Last != day(3, 31) {
		t.Errorf("a point that is not: %+v", p)
	}
}

func TestASilenceIsNoAlarmWhere(t *testing.T) {
	t.Parallel()
	from := day(1, 5)
	for name, make := range map[string]func(w *world){
		"the days since were Saturday and Sunday": func(w *world) {
			w.every(3, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 27)) // a Friday
			w.clock("2026-03-30 07:00")
		},
		"the day since was a holiday": func(w *world) {
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 18))
			w.clock("2026-03-20 09:00") // the morning after
		},
		"today is not over": func(w *world) {
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 30))
			w.clock("2026-03-31 15:59")
		},
		"chance explains it": func(w *world) {
			w.every(1, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 27))
		},
		"the point is new": func(w *world) {
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, day(3, 23), day(3, 26))
		},
		"hardly anybody answers": func(w *world) {
			for d := from; d <= day(1, 15); d++ {
				w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: d})
			}
		},
		"the point is closed": func(w *world) {
			w.change("{code: P1, name: Loket 1}", "{code: P1, name: Loket 1, closed: true}")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(2, 20))
		},
		"the point is closed and another one is not": func(w *world) {
			w.change("{code: P1, name: Loket 1}", "{code: P1, name: Loket 1, closed: true}")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(2, 20))
			w.every(9, given{unit: "u", point: "P2", service: "ktp"}, from, day(3, 31))
			w.every(9, given{unit: "u", point: "ELSEWHERE", service: "ktp"}, from, day(2, 20))
		},
		"the unit is closed": func(w *world) {
			w.change("name: Unit satu", "name: Unit satu\n        closed: true")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(2, 20))
		},
		"the agency is closed": func(w *world) {
			w.change("name: Dinas A", "name: Dinas A\n    closed: true")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(2, 20))
		},
		"no period ran meanwhile": func(w *world) {
			w.change("to: 2026-06-30", "to: 2026-03-06")
			w.change("from: 2026-07-01, to: 2026-12-31", "from: 2026-03-30, to: 2026-12-31")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 6))
			w.clock("2026-03-30 11:00")
		},
		"no period runs": func(w *world) {
			w.change("to: 2026-06-30", "to: 2026-03-20")
			w.every(9, given{unit: "u", point: "P1", service: "ktp"}, from, day(3, 16))
		},
		"nobody answered ever": func(*world) {},
	} {
		w := newWorld(t, city)
		make(w)
		for _, i := range w.unit("u", "").Attention {
			if i.Kind == UnitSilent || i.Kind == PointSilent {
				t.Errorf("%s: %+v", name, i.Silence)
			}
		}
	}
}

func TestAWholeUnitThatIsSilentIsOneItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.every(3, given{unit: "u", point: "P1", service: "ktp"}, day(1, 5), day(3, 24))
	w.every(3, given{unit: "u", point: "P2", service: "ktp"}, day(1, 5), day(3, 24))
	u := w.unit("u", "")
	wantKinds(t, "two silent points", u.Attention, "unit_silent u")
	if s := u.Attention[0].Silence; s.Point != "" || s.Days != 5 || math.Abs(s.Usual-6) > 0.01 || u.Points[0].Silence == nil {
		t.Errorf("%+v", s)
	}
	// An answer on a closed day ends a silence too.
	w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 29)}) // a Sunday
	u = w.unit("u", "")
	if s := u.Attention[0].Silence; s.Since != day(3, 30) || s.Last != day(3, 29) || s.Days != 2 {
		t.Errorf("after an answer on Sunday: %+v", s)
	}
	w.answer(1, given{unit: "u", point: "P1", service: "ktp", day: day(3, 30)})
	wantKinds(t, "after an answer on Monday", w.unit("u", "").Attention, "point_silent u/P2")
}

func TestASilenceBeginsInThePeriodBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, city)
	w.every(4, given{period: "2025-s2", unit: "u", point: "P1", service: "ktp"}, survey.NewDate(2025, 10, 1), survey.NewDate(2025, 12, 30))
	w.clock("2026-01-06 17:00")
	w.answer(1, given{unit: "z", point: "P4", service: "x", day: day(1, 6)})
	u := w.unit("u", "")
	if len(u.Attention) == 0 || u.Attention[0].Kind != UnitSilent || u.Attention[0].Silence.Since != survey.NewDate(2025, 12, 31) {
		t.Errorf("%q", kinds(u.Attention))
	}
	if old, _ := w.desk().Unit("u", "2025-s2"); len(old.Attention) > 0 {
		t.Errorf("the period before says %q", kinds(old.Attention))
	}
}

// A Saturday on which hardly anybody comes is no day like others.
func TestASilentSaturdayWeighsAsItIsUsual(t *testing.T) {
	t.Parallel()
	s := &series{from: day(1, 1), to: day(3, 28), open: func(d survey.Date) bool { return d.Weekday() != 0 }, whole: days{}, points: map[string]days{}}
	for d := day(1, 5); d <= day(3, 20); d++ {
		switch d.Weekday() {
		case 0:
		case 6:
			if d%14 == 0 {
				s.whole[d] = 1
			}
		default:
			s.whole[d] = 12
		}
	}
	s.to = day(3, 21) // one Saturday without an answer
	if got := s.silence(s.whole, s.weekdays(day(3, 20))); got != nil {
		t.Errorf("a Saturday: %+v", got)
	}
	s.to = day(3, 24) // and Monday and Tuesday
	if got := s.silence(s.whole, s.weekdays(day(3, 20))); got == nil || got.Days != 3 || got.Since != day(3, 21) {
		t.Errorf("two more days: %+v", got)
	}
}

// The worked figure of docs/desk.md.
func TestTheWorkedSilence(t *testing.T) {
	t.Parallel()
	s := &series{from: 1000, open: func(survey.Date) bool { return true }, whole: days{}, to: 1122}
	for d := survey.Date(1100); d < 1120; d++ {
		s.whole[d] = 3
	}
	got := s.silence(s.whole, [7]float64{1, 1, 1, 1, 1, 1, 1})
	if got == nil || got.Days != 3 || math.Abs(got.Probability-0.00026) > 0.000005 {
		t.Errorf("%+v, want 0.00026", got)
	}
	s.to = 1121
	if got := s.silence(s.whole, [7]float64{1, 1, 1, 1, 1, 1, 1}); got != nil {
		t.Errorf("two days: %+v", got)
	}
}

func TestAWeekdayWeighsAsBusyAsItWas(t *testing.T) {
	t.Parallel()
	s := &series{from: day(1, 5), open: func(d survey.Date) bool { return d.Weekday() != 0 }, whole: days{}}
	for d := day(1, 5); d <= day(1, 31); d++ { // four weeks, with no answer on their Saturdays
		if d.Weekday() >= 1 && d.Weekday() <= 5 {
			s.whole[d] = 10
		}
	}
	got := s.weekdays(day(1, 31))
	for weekday, want := range map[int]float64{0: 1, 1: 1.1, 5: 1.1, 6: 0.5} { // 4 days as usual, 200 answers in 24 days, stand beside
		if math.Abs(got[weekday]-want) > 1e-9 {
			t.Errorf("weekday %d weighs %v, want %v", weekday, got[weekday], want)
		}
	}
	if got := (&series{from: day(1, 5), open: everyDay, whole: days{}}).weekdays(day(1, 31)); got != [7]float64{1, 1, 1, 1, 1, 1, 1} {
		t.Errorf("without an answer: %v", got)
	}
}

// everyDay is open without an end.
func everyDay(survey.Date) bool { return true }

// Where people come in groups a few days without any are nothing.
func TestASilenceIsJudgedByHowUnevenlyAnswersCome(t *testing.T) {
	t.Parallel()
	s := &series{from: 1000, open: everyDay, whole: days{}, to: 1146}
	for d := survey.Date(1100); d <= 1140; d += 5 {
		s.whole[d] = 12
	}
	if got := s.silence(s.whole, s.weekdays(1140)); got != nil {
		t.Errorf("six days after groups that come every five: %+v", got)
	}
	s.to = 1240
	if got := s.silence(s.whole, s.weekdays(1140)); got == nil {
		t.Error("a hundred days are not told")
	}
}

// What was usual half a year ago is not.
func TestWhatIsUsualGoesByTheLastTwelveWeeks(t *testing.T) {
	t.Parallel()
	s := &series{from: 1000, open: everyDay, whole: days{}, to: 1262}
	for d := survey.Date(1000); d < 1100; d++ {
		s.whole[d] = 20
	}
	for d := survey.Date(1176); d <= 1256; d += 4 {
		s.whole[d] = 1
	}
	if got := s.silence(s.whole, s.weekdays(1256)); got != nil {
		t.Errorf("%+v", got)
	}
	if u, _ := s.usual(s.whole, s.weekdays(1256)); u.answers != 21 || u.days != 84 {
		t.Errorf("%+v", u)
	}
}
