package storetest

import (
	"context"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// liveFigures has one process that keeps what it counts in memory as long as it
// may, and another one that settles when it likes. Whatever the first shows must
// be all that was stored before, each answer once.
func liveFigures(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	now := time.Unix(0, 0)
	if e.Alone {
		a.Projector = projection.NewLive(a.Store, Library(t), time.Minute, func() time.Time {
			now = now.Add(time.Second) // so that it saves now and then by itself
			return now
		})
	}
	m := NewMaker(t, 20)
	rng := rand.New(rand.NewPCG(20, 1))
	var list []*survey.Response
	for step := range 60 {
		s := a
		if rng.IntN(3) == 0 {
			s = b
		}
		batch := m.Batch(1 + rng.IntN(6))
		mustAppend(t, s, batch)
		list = append(list, batch...)
		switch rng.IntN(4) {
		case 0:
			mustSettle(t, b)
		case 1:
			if _, err := b.Recount(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
		}
		if !e.Alone {
			mustSettle(t, b) // until then nobody knows what its answers were
		}
		if err := a.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rng.IntN(3) == 0 {
			mustSettle(t, b) // before what a keeps is read
		}
		checkLive(t, step, a, Count(t, m.form, list))
	}
	mustSettle(t, a)
	CheckTallies(t, a, Count(t, m.form, list))
}

// settledOnAsking has a process that saves once a minute, and somebody who asks for what is
// saved: the next Refresh saves all that was stored before they asked, and no later one. Of
// several processes each saves at once.
func settledOnAsking(t *testing.T, e Engine) {
	s := fresh(t, e)
	now := time.Unix(0, 0)
	if e.Alone {
		s.Projector = projection.NewLive(s.Store, Library(t), time.Minute, func() time.Time { return now })
	}
	m := NewMaker(t, 28)
	var list []*survey.Response
	next := func() {
		batch := m.Batch(5)
		mustAppend(t, s, batch)
		list = append(list, batch...)
	}
	refresh := func() {
		if err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	saved := func() bool {
		for k, right := range Count(t, m.form, list) {
			if k.Level != analytics.LevelPeriod {
				continue
			}
			got, err := s.Saved(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if got == nil || string(got.Encode()) != string(right.Encode()) {
				return false
			}
		}
		return true
	}
	next()
	refresh()
	next()
	refresh()
	if saved() == e.Alone {
		t.Errorf("a minute's answers are saved at once: %t", e.Alone)
	}
	next()
	first, second := s.SaveSoon(), s.SaveSoon()
	if first() || second() {
		t.Error("what nobody saved yet is said to be saved")
	}
	refresh()
	if !first() || !second() || !saved() {
		t.Errorf("asked for and not saved: %t, %t, the tallies right: %t", first(), second(), saved())
	}
	next()
	refresh()
	if saved() == e.Alone {
		t.Errorf("who asked once has all answers saved at once: %t", e.Alone)
	}
}

func checkLive(t *testing.T, step int, a *OpenStore, want map[analytics.Key]*analytics.Tally) {
	t.Helper()
	for k, right := range want {
		if k.Level != analytics.LevelPeriod {
			continue
		}
		totals := a.Periods()[k.Period]
		of := analytics.UnitForm{Unit: k.Unit, Form: k.Form}
		if totals == nil || totals.Units[of] == nil || !totals.Units[of].Equal(right) {
			t.Fatalf("step %d: the totals of %s are not those of its %d responses", step, k.Unit, right.N)
		}
	}
	checkRead(t.Context(), t, a, want)
}

// checkRead reads breakdowns and months.
func checkRead(ctx context.Context, t *testing.T, a *OpenStore, want map[analytics.Key]*analytics.Tally) {
	t.Helper()
	checkDays(ctx, t, a, want)
	for k, right := range want {
		switch k.Level {
		case analytics.LevelPeriod:
			whole, err := a.Tally(ctx, k)
			if err != nil || whole == nil || string(whole.Encode()) != string(right.Encode()) {
				t.Fatalf("the breakdown of %s is not that of its %d responses, err = %v", k.Unit, right.N, err)
			}
		case analytics.LevelMonth:
			months, err := a.Months(ctx, k.Period, k.Unit, k.Form)
			if err != nil || months[k.Start] == nil || string(months[k.Start].Encode()) != string(right.Encode()) {
				t.Fatalf("month %s of %s is not that of its %d responses, err = %v", k.Start, k.Unit, right.N, err)
			}
		}
	}
}

// twoForms has a unit answered to one form and, on the same days, to another:
// the period's form may be changed while its first answer is on its way.
func twoForms(t *testing.T, e Engine) {
	s := fresh(t, e)
	if e.Alone {
		now := time.Unix(0, 0)
		s.Projector = projection.NewLive(s.Store, Library(t), time.Minute, func() time.Time { return now })
	}
	makers := []*Maker{NewMaker(t, 26), newMaker(t, 27, "skm-9@1")}
	lists := make([][]*survey.Response, len(makers))
	want := map[analytics.Key]*analytics.Tally{}
	for range 3 { // saved, and what is added in memory, and to both
		for i, m := range makers {
			batch := m.Batch(5)
			mustAppend(t, s, batch)
			lists[i] = append(lists[i], batch...)
			if err := s.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			maps.Copy(want, Count(t, m.form, lists[i]))
			checkLive(t, 0, s, want)
		}
	}
	mustSettle(t, s)
	CheckTallies(t, s, want)
	if n, err := s.Recount(t.Context(), ""); err != nil || n.Differing > 0 {
		t.Errorf("recounted %+v, err = %v", n, err)
	}
}
