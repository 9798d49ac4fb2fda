package storetest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

func talliesEqual(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 11)
	rng := rand.New(rand.NewPCG(11, 2))
	var list []*survey.Response
	for range 30 {
		batch := m.Batch(1 + rng.IntN(40))
		mustAppend(t, s, batch)
		list = append(list, batch...)
		if rng.IntN(3) == 0 {
			mustSettle(t, s)
		}
	}
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list))
	if n := mustSettle(t, s); n != 0 {
		t.Errorf("settled %d buckets again", n)
	}
	n, err := s.Recount(t.Context(), "")
	if err != nil || n.Differing != 0 || n.Responses != int64(len(list)) {
		t.Errorf("recount = %+v, err = %v; want %d responses and nothing differing", n, err, len(list))
	}
	k := analytics.KeyOf(list[0])
	tally, err := s.Tally(t.Context(), k)
	if err != nil || tally == nil || string(tally.Encode()) != string(Count(t, m.form, list)[k].Encode()) {
		t.Errorf("the tally of %+v is not the right one, err = %v", k, err)
	}
	k.Unit = "nowhere"
	if tally, err := s.Tally(t.Context(), k); err != nil || tally != nil {
		t.Errorf("tally of nothing: %v, err = %v", tally, err)
	}
}

func settleWhileAppending(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 12)
	list := m.Batch(600)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			if _, err := s.Settle(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := 0; i < len(list); i += 5 {
		mustAppend(t, s, list[i:i+5])
	}
	cancel()
	wg.Wait()
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list))
}

func twoHandles(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	m := NewMaker(t, 13)
	list := m.Batch(400)
	var wg sync.WaitGroup
	for i, s := range []*OpenStore{a, b} {
		wg.Go(func() {
			for k := i * 200; k < (i+1)*200; k += 10 {
				mustAppend(t, s, list[k:k+10])
				mustSettle(t, s)
			}
		})
	}
	wg.Wait()
	mustSettle(t, a)
	mustSettle(t, b)
	mustSettle(t, a)
	CheckTallies(t, b, Count(t, m.form, list))
	again := *list[0]
	if out, err := b.Append(t.Context(), []*survey.Response{&again}); err != nil || out[0].Result != survey.Duplicate {
		t.Errorf("outcome = %+v, err = %v, want Duplicate", out, err)
	}
}

func healed(t *testing.T, e Engine) {
	open := e.New(t)
	dead := Project(t, open())
	m := NewMaker(t, 14)
	list := m.Batch(100)
	mustAppend(t, dead, list[:50])
	mustSettle(t, dead)
	mustAppend(t, dead, list[50:])
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	s := handle(t, open)
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list))
}

func recount(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 15)
	list := m.Batch(100)
	mustAppend(t, s, list)
	mustSettle(t, s)
	k := analytics.KeyOf(list[0])
	up := k.Rollups()
	for _, key := range []analytics.Key{k, up[0], up[1]} {
		before, err := s.Revisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e.Spoil(t, s.Store, key, damage())
		n, err := s.Recount(t.Context(), k.Period)
		if err != nil || n.Differing != 1 {
			t.Errorf("spoilt level %d: recount = %+v, err = %v, want one differing", key.Level, n, err)
		}
		if want := []analytics.Correction{{Key: key, Damaged: true}}; !slices.Equal(n.Corrections, want) {
			t.Errorf("the recount tells of %+v, want %+v", n.Corrections, want)
		}
		CheckTallies(t, s, Count(t, m.form, list))
		after, err := s.Revisions(t.Context())
		if err != nil || after[k.Period] <= before[k.Period] {
			t.Errorf("revision %d → %d, err = %v, want it to grow", before[k.Period], after[k.Period], err)
		}
	}
}

// recountTells damages a bucket that lags: the recount settles first, and so
// mends before it compares.
func recountTells(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 19)
	list := m.Batch(100)
	mustAppend(t, s, list)
	mustSettle(t, s)
	k := analytics.KeyOf(list[0])
	e.Spoil(t, s.Store, k, damage())
	r := m.Response()
	r.Unit, r.Day = k.Unit, k.Start
	mustAppend(t, s, []*survey.Response{r})
	list = append(list, r)
	n, err := s.Recount(t.Context(), "")
	if want := []analytics.Correction{{Key: k, Damaged: true}}; err != nil || n.Differing != 1 || !slices.Equal(n.Corrections, want) {
		t.Errorf("recount = %+v, err = %v, want it to tell of %+v", n, err, want)
	}
	if n.Responses != int64(len(list)) {
		t.Errorf("%d responses recounted, want each of %d once", n.Responses, len(list))
	}
	CheckTallies(t, s, Count(t, m.form, list))
}

// unreadable damages a tally of each level, then stores one answer of the same
// bucket, or of another day of the same unit and month.
func unreadable(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 17)
	list := m.Batch(100)
	mustAppend(t, s, list)
	mustSettle(t, s)
	k := analytics.KeyOf(list[0])
	up := k.Rollups()
	for _, key := range []analytics.Key{k, up[0], up[1]} {
		for _, same := range []bool{true, false} {
			r := m.Response()
			for r.Unit != k.Unit || r.Day.Month() != k.Start.Month() || (r.Day == k.Start) != same {
				r = m.Response()
			}
			e.Spoil(t, s.Store, key, damage())
			mustAppend(t, s, []*survey.Response{r})
			list = append(list, r)
			mustSettle(t, s)
			if !same && key.Level == analytics.LevelDay {
				// Nobody need have looked at it.
				if _, err := s.Recount(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			}
			CheckTallies(t, s, Count(t, m.form, list))
		}
	}
}

// board damages the period's tally of one unit, then stores an answer of
// another one: the board reads both.
func board(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 18)
	list := m.Batch(60)
	mustAppend(t, s, list)
	b := report.NewBoard(s)
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	k := analytics.KeyOf(list[0])
	e.Spoil(t, s.Store, k.Rollups()[1], damage())
	r := m.Response()
	for r.Unit == k.Unit {
		r = m.Response()
	}
	mustAppend(t, s, []*survey.Response{r})
	list = append(list, r)
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.Spoil(t, s.Store, k.Rollups()[1], damage()) // behind the board, which holds totals only
	period := &survey.Period{Code: k.Period}
	if whole, err := b.Breakdown(t.Context(), period, k.Unit, m.form); survey.CodeOf(err) != survey.Unavailable { // who asks counts nothing
		t.Errorf("a damaged breakdown is %+v, err = %v", whole, err)
	}
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole, err := b.Breakdown(t.Context(), period, k.Unit, m.form)
	if right := Count(t, m.form, list)[k.Rollups()[1]]; err != nil || string(whole.Encode()) != string(right.Encode()) {
		t.Errorf("the breakdown is not the right one, err = %v", err)
	}
	for _, unit := range []string{k.Unit, r.Unit} {
		want := int64(0)
		for _, given := range list {
			if given.Unit == unit {
				want++
			}
		}
		if got := b.Period(k.Period).Units[analytics.UnitForm{Unit: unit, Form: k.Form}]; got == nil || got.N != want {
			t.Errorf("the board has %+v of %s, want %d answers", got, unit, want)
		}
	}
	CheckTallies(t, s, Count(t, m.form, list))
}

func revisions(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	m := NewMaker(t, 16)
	last := int64(0)
	for _, change := range []func(){
		func() { mustAppend(t, a, m.Batch(3)); mustSettle(t, a) },
		func() { mustAppend(t, a, m.Batch(3)); mustSettle(t, a) },
		func() {
			if err := a.RecordEvaluation(context.Background(), analytics.Evaluation{Period: "2026-s1", Unit: "unit-0", Version: 1}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		change()
		got, err := b.Revisions(t.Context())
		if err != nil || got["2026-s1"] <= last {
			t.Errorf("revision = %d after %d, err = %v", got["2026-s1"], last, err)
		}
		last = got["2026-s1"]
	}
}

// damage is what no tally is encoded as.
func damage() []byte { return []byte{1, 2} }
