package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/survey"
)

func everyField(t *testing.T, e Engine) {
	s := fresh(t, e)
	want := map[uuid.UUID]*survey.Response{}
	list := NewMaker(t, 1).Batch(200)
	for _, r := range list {
		want[r.ID] = r
	}
	mustAppend(t, s, list)
	got := all(t, s, survey.Filter{})
	if len(got) != len(want) {
		t.Fatalf("%d responses, want %d", len(got), len(want))
	}
	for _, r := range got {
		if diff := cmp.Diff(want[r.ID], &r); diff != "" {
			t.Fatalf("response (-want +got):\n%s", diff)
		}
	}
	found, err := s.Find(t.Context(), []uuid.UUID{list[3].ID, uuid.New(), list[7].ID})
	if err != nil || len(found) != 2 {
		t.Fatalf("found %d, err = %v, want 2", len(found), err)
	}
	for _, r := range found {
		if diff := cmp.Diff(want[r.ID], r); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	}
}

func once(t *testing.T, e Engine) {
	s := fresh(t, e)
	r := NewMaker(t, 2).Response()
	mustAppend(t, s, []*survey.Response{r})
	retry := *r
	retry.ReceivedAt, retry.Hour = r.ReceivedAt.Add(time.Hour), r.Hour+1
	other := *r
	other.Comment = "lain"
	elsewhere := *r
	elsewhere.Unit = "unit-9"
	out, err := s.Append(t.Context(), []*survey.Response{&retry, &other, &elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []survey.Result{survey.Duplicate, survey.Differs, survey.Differs} {
		if out[i].Result != want || !out[i].ReceivedAt.Equal(r.ReceivedAt) {
			t.Errorf("outcome %d = %+v, want %v received at %s", i, out[i], want, r.ReceivedAt)
		}
	}
	if got := all(t, s, survey.Filter{}); len(got) != 1 || !got[0].Same(r) {
		t.Errorf("stored = %+v, want the first one only", got)
	}
}

func twiceInABatch(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 3)
	a, b := m.Response(), m.Response()
	again, other := *a, *b
	other.Comment = "lain"
	out, err := s.Append(t.Context(), []*survey.Response{a, b, &again, &other})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []survey.Result{survey.Stored, survey.Stored, survey.Duplicate, survey.Differs} {
		if out[i].Result != want {
			t.Errorf("outcome %d = %v, want %v", i, out[i].Result, want)
		}
	}
	if got := all(t, s, survey.Filter{}); len(got) != 2 {
		t.Errorf("%d stored, want 2", len(got))
	}
}

func concurrentRetries(t *testing.T, e Engine) {
	s := fresh(t, e)
	list := NewMaker(t, 4).Batch(100)
	var mu sync.Mutex
	stored := map[uuid.UUID]int{}
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for i := range list {
				// Each client sends the same answers in another order.
				r := *list[(i*7+client*13)%len(list)]
				out, err := s.Append(t.Context(), []*survey.Response{&r})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if out[0].Result == survey.Stored {
					stored[r.ID]++
				} else if out[0].Result != survey.Duplicate {
					t.Errorf("outcome %v", out[0].Result)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, r := range list {
		if stored[r.ID] != 1 {
			t.Errorf("%s was told stored %d times, want once", r.ID, stored[r.ID])
		}
	}
	if got := all(t, s, survey.Filter{}); len(got) != len(list) {
		t.Errorf("%d stored, want %d", len(got), len(list))
	}
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, NewMaker(t, 0).form, list))
}

func streaming(t *testing.T, e Engine) {
	s := fresh(t, e)
	list := NewMaker(t, 5).Batch(300)
	list[0].Period = "2025-s2"
	mustAppend(t, s, list)
	first := all(t, s, survey.Filter{})
	for i, r := range first {
		if i > 0 && r.Period < first[i-1].Period {
			t.Fatalf("a response of %s comes after one of %s", r.Period, first[i-1].Period)
		}
	}
	if diff := cmp.Diff(first, all(t, s, survey.Filter{})); diff != "" {
		t.Errorf("another time they come in another order (-first +then):\n%s", diff)
	}
	for _, f := range []survey.Filter{{Period: "2026-s1"}, {Unit: "unit-1"}, {Period: "2026-s1", Unit: "unit-2"}, {Period: "nothing"}} {
		want := 0
		for _, r := range list {
			if (f.Period == "" || r.Period == f.Period) && (f.Unit == "" || r.Unit == f.Unit) {
				want++
			}
		}
		if got := all(t, s, f); len(got) != want {
			t.Errorf("%+v: %d responses, want %d", f, len(got), want)
		}
	}
}

func streamError(t *testing.T, e Engine) {
	s := fresh(t, e)
	mustAppend(t, s, NewMaker(t, 6).Batch(20))
	stop := errors.New("stop")
	n := 0
	err := s.Responses(context.Background(), survey.Filter{}, func(*survey.Response) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 3 {
		t.Errorf("err = %v after %d, want ours after 3", err, n)
	}
}
