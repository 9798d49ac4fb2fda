package report

import (
	"errors"
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// A unit that was closed before the period has its place only where something is known of it.
func TestAClosedUnitHasItsPlaceWhereSomethingIsKnownOfIt(t *testing.T) {
	t.Parallel()
	rows := times(10, "444444444")
	for name, tc := range map[string]struct {
		learn func(*testing.T, *world)
		want  int
	}{
		"nothing":           {func(*testing.T, *world) {}, 0},
		"answers":           {func(t *testing.T, w *world) { w.answer(t, "u2", rows...) }, 1},
		"an entry":          {func(t *testing.T, w *world) { w.enter(t, "u2", "A", "40") }, 1},
		"a release":         {func(t *testing.T, w *world) { w.release(t, "u2", true, rows...) }, 1},
		"a damaged release": {func(_ *testing.T, w *world) { w.store.damaged = map[string]bool{"u2": true}; w.store.revision++ }, 1},
		"answers to another form": {func(_ *testing.T, w *world) {
			w.store.stored[analytics.Key{Period: "p", Unit: "u2", Form: "x", Level: analytics.LevelPeriod}] = w.tally(t, rows...)
			w.store.revision++
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "skm-9", "{}")
			w.apply(t, "name: Unit dua}", "name: Unit dua, closed: true}")
			w.apply(t, "instrument: skm-9,", "instrument: skm-9, units: [u2],")
			w.refresh(t) // it has no place yet
			tc.learn(t, w)
			_ = w.builder.Refresh(t.Context()) // which tells of answers to another form
			for audience := range audiences {
				r := w.results(t, Scope{Audience: audience})
				if len(r.Units) != tc.want || (len(r.Agencies) > 0) != (tc.want > 0) {
					t.Errorf("audience %d: %d units, %d agencies", audience, len(r.Units), len(r.Agencies))
				}
			}
		})
	}
	w := newWorld(t, "skm-9", "{}")
	w.today = day(2, 1)
	w.apply(t, "name: Unit dua}", "name: Unit dua, closed: true}")
	w.refresh(t)
	if units := w.results(t, Scope{}).Units; len(units) != 2 {
		t.Errorf("%d units: one that was closed in the period is missing", len(units))
	}
}

// Answers that are taken out are told as soon as they are, whatever else stays.
func TestUndoneAnswersAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	for _, want := range []int64{0, 3, 7} {
		w.store.takenOut = map[string][survey.KindCount]int64{"u1": {want - want/2, want / 2}}
		w.store.revision++
		w.refresh(t)
		for audience := range audiences {
			if r := w.results(t, Scope{Audience: audience}); r.Units[0].Responses.Undone != want || r.Units[1].Responses.Undone != 0 {
				t.Errorf("audience %d: %d and %d are told to be undone, want %d and none", audience, r.Units[0].Responses.Undone, r.Units[1].Responses.Undone, want)
			}
		}
	}
}

// Evaluators see who declines to answer after the final release too, which holds none of it.
func TestWhoDeclinesIsCountedAfterTheFinalRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "spak-5", "{}")
	rows := times(10, "44440")
	w.answer(t, "u1", rows...)
	w.release(t, "u1", true, rows...)
	for _, want := range []int64{10, 11} {
		r := w.results(t, Scope{Audience: Live})
		of := []*analytics.Index{r.Units[0].Indexes[analytics.IPAK], r.Agencies[0].Indexes[analytics.IPAK], r.City.Indexes[analytics.IPAK]}
		for i, x := range of {
			if n := x.Aspects[4].Declined; n == nil || *n != want {
				t.Errorf("of unit, agency and city, place %d: %v decline, want %d", i, n, want)
			}
		}
		if public := w.results(t, Scope{}); public.Units[0].Indexes[analytics.IPAK].Aspects[4].Declined != nil || public.City.Indexes[analytics.IPAK].Aspects[4].Declined != nil {
			t.Error("everybody is told who declines")
		}
		w.answer(t, "u1", append(rows, "44440")...)
	}
}

// An entry is of the unit as it is called now, and counts as long as it is there.
func TestAnEntryIsOfTheUnitThatItWasMadeFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.apply(t, "{code: u1, name: Unit satu}", "{code: baru, was: u1, name: Unit satu}")
	w.apply(t, "u1: 703", "baru: 703")
	w.answer(t, "u1", "4444444444444444-")
	w.enter(t, "u1", "A", "40")
	for _, audience := range []Audience{Live, Managed} {
		u := w.results(t, Scope{Audience: audience}).Units[0]
		if u.Evaluation == nil || u.Evaluation.Unit != "baru" || u.LKE.Pengungkit == nil {
			t.Errorf("audience %d: %+v", audience, u.Evaluation)
		}
	}
	w.store.evaluations = nil
	w.store.revision++
	w.refresh(t)
	for _, audience := range []Audience{Live, Managed} {
		if u := w.results(t, Scope{Audience: audience}).Units[0]; u.Evaluation != nil || u.LKE.Pengungkit != nil {
			t.Errorf("audience %d has points of an entry that is gone: %+v", audience, u.LKE)
		}
	}
}

// A verdict is provisional only where too few people answered the index behind it.
func TestARowIsProvisionalWhereItsIndexIsOfTooFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}") // 44 of the 50 whom u2 serves are enough
	for n, want := range map[int]bool{43: true, 44: false} {
		w.answer(t, "u2", times(n, "4444444444444444-")...)
		var rows []string
		for _, test := range w.results(t, Scope{Audience: Live}).Units[1].LKE.WBK.Tests {
			if test.Provisional {
				rows = append(rows, test.Row)
			}
		}
		if slices.Contains(rows, "I.a") != want || slices.Contains(rows, "II") != want {
			t.Errorf("of %d answers: provisional are %v", n, rows)
		}
	}
}

func TestWhatSomeQuestionLacksIsTold(t *testing.T) {
	t.Parallel()
	held, all := analytics.AspectResult{}, analytics.AspectResult{Withheld: true}
	for name, tc := range map[string]struct {
		indexes map[string]*analytics.Index
		want    bool
	}{
		"no index":     {nil, false},
		"no answer":    {map[string]*analytics.Index{analytics.IKM: nil}, false},
		"all is shown": {map[string]*analytics.Index{analytics.IKM: {Aspects: []analytics.AspectResult{held}}}, false},
		"one is not":   {map[string]*analytics.Index{analytics.IKM: {Aspects: []analytics.AspectResult{held, all}}}, true},
	} {
		u := &UnitResult{Indexes: tc.indexes}
		if got := u.SomeWithheld(); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// A city has thousands of results in memory, and two snapshots of them while one is made.
func TestWhatAudiencesSeeAlikeIsHeldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	w.answer(t, "u2", times(20, "444444444")...)
	w.release(t, "u1", true, times(20, "434444444")...)
	w.enter(t, "u2", "A", "47.875")
	of := func(unit string, by Audience) *UnitResult {
		return w.results(t, Scope{Unit: unit, Audience: by}).Units[0]
	}
	if of("u1", Public) != of("u1", Managed) {
		t.Error("everybody and managers see the same of u1, and it is held twice")
	}
	if of("u2", Public) == of("u2", Managed) || of("u2", Public).Evaluation != nil || of("u2", Managed).Evaluation == nil {
		t.Error("managers alone see the entry of u2")
	}
	live, public := of("u1", Live).Indexes[analytics.IKM], of("u1", Public).Indexes[analytics.IKM]
	if &live.Reconciliation[0] != &public.Reconciliation[0] || live.Aspects[1].Sum == 0 || public.Aspects[1].Sum != 0 {
		t.Errorf("a final release: %+v for evaluators, %+v for everybody, want the same but for the sums", live.Aspects[1], public.Aspects[1])
	}
}

func TestSharedFiguresHoldNoLiveOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	whole := w.builder.Figures()
	shared := whole.Shared()
	for _, audience := range []Audience{Public, Managed} {
		want, err := whole.View(Scope{Period: "p", Audience: audience})
		if got, e := shared.View(Scope{Period: "p", Audience: audience}); err != nil || e != nil || got != want {
			t.Errorf("audience %d: %v, %v, %v", audience, got, err, e)
		}
	}
	if got, err := shared.View(Scope{Period: "p", Audience: Live}); got != nil || !errors.Is(err, ErrNotLoaded) {
		t.Errorf("live ones: %v, %v, want ErrNotLoaded", got, err)
	}
	if got, err := whole.View(Scope{Period: "p", Audience: Live}); got == nil || err != nil {
		t.Errorf("the figures that it was taken from lost a view: %v", err)
	}
	if shared.Totals("p", "u1") != whole.Totals("p", "u1") || !shared.At().Equal(whole.At()) || shared.Answers() != whole.Answers() {
		t.Error("it is of other figures")
	}
}
