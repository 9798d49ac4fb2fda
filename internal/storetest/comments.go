package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/internal/comment"
	"persepsi/survey"
)

func step(period, unit string, serial int) comment.Step {
	return comment.Step{
		Period: period, Unit: unit, Serial: serial, Day: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Salt: "0011aabb",
		Labels:   []comment.Label{{Service: "ktp", From: First(), To: First()}},
		Comments: []comment.StepComment{{ID: uuid.New(), Label: 0, Topics: 5}, {ID: uuid.New(), Label: 0}},
	}
}

func steps(t *testing.T, s *OpenStore, at comment.Place, from int) (out []comment.Step) {
	t.Helper()
	if err := s.CommentSteps(t.Context(), at, from, func(x comment.Step) error {
		out = append(out, x)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func commentSteps(t *testing.T, e Engine) {
	s := fresh(t, e)
	var want []comment.Step
	for serial := 1; serial <= 11; serial++ { // as text 10 comes before 2
		x := step("p", "u", serial)
		if err := s.PutCommentStep(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		want = append(want, x)
	}
	for _, at := range []comment.Place{{Period: "p", Unit: "u/1"}, {Period: "p", Unit: "u1"}, {Period: "p/u", Unit: "1"}, {Period: "q", Unit: "u"}} {
		if err := s.PutCommentStep(t.Context(), step(at.Period, at.Unit, 1)); err != nil {
			t.Fatal(err)
		}
	}
	again := step("p", "u", 3)
	if err := s.PutCommentStep(t.Context(), again); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a step that is there: err = %v, want Conflict", err)
	}
	if diff := cmp.Diff(want, steps(t, s, comment.Place{Period: "p", Unit: "u"}, 1)); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[8:], steps(t, s, comment.Place{Period: "p", Unit: "u"}, 9)); diff != "" {
		t.Errorf("steps from 9 on (-want +got):\n%s", diff)
	}
}

func commentMarks(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	at := comment.Place{Period: "p", Unit: "u"}
	first := comment.Mark{Period: "p", Unit: "u", ID: uuid.UUID{1}, Version: 1, State: comment.Read, By: "ratna@kota.go.id", At: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	second := first
	second.Version, second.State, second.Corrected, second.Topics = 2, comment.FollowedUp, true, []comment.Topic{"waktu"}
	for _, x := range []struct {
		mark comment.Mark
		want survey.Code
	}{{second, survey.Conflict}, {first, ""}, {first, survey.Conflict}, {second, ""}} {
		if err := s.PutMark(t.Context(), x.mark); x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("version %d: err = %v, want %q", x.mark.Version, err, x.want)
		}
	}
	for version := 3; version <= 11; version++ {
		next := second
		next.Version = version
		if err := s.PutMark(t.Context(), next); err != nil {
			t.Fatal(err)
		}
	}
	newest := second
	newest.Version = 11
	another := first
	another.ID, another.State = uuid.UUID{2}, comment.Irrelevant
	alike := another
	alike.Period, alike.Unit = "p/u", "1"
	for _, m := range []comment.Mark{another, alike} {
		if err := other.PutMark(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	got, err := other.Marks(t.Context(), at)
	if diff := cmp.Diff([]comment.Mark{newest, another}, got); err != nil || diff != "" {
		t.Errorf("marks (-want +got), err = %v:\n%s", err, diff)
	}
	got, err = other.Marks(t.Context(), at, another.ID, uuid.UUID{3})
	if diff := cmp.Diff([]comment.Mark{another}, got); err != nil || diff != "" {
		t.Errorf("the mark of one (-want +got), err = %v:\n%s", err, diff)
	}
	n, err := other.Marked(t.Context())
	if diff := cmp.Diff(map[comment.Place]int64{at: 12, {Period: "p/u", Unit: "1"}: 1}, n); err != nil || diff != "" {
		t.Errorf("numbers of marks (-want +got), err = %v:\n%s", err, diff)
	}
	// Of many who mark at once, one is first.
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			next := another
			next.Version = 2
			switch err := s.PutMark(t.Context(), next); {
			case err == nil:
				won.Add(1)
			case survey.CodeOf(err) != survey.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d marks of one version were stored, want one", won.Load())
	}
}

func commentTexts(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	var ids []uuid.UUID
	want := map[uuid.UUID]string{}
	for id, r := range x.given {
		ids = append(ids, id)
		if r.Comment != "" && !x.takenOut[id] {
			want[id] = r.Comment
		}
	}
	got, err := x.Comments(t.Context(), append(ids, uuid.New()))
	if diff := cmp.Diff(want, got); err != nil || diff != "" || len(want) == 0 {
		t.Errorf("comments (-want +got), err = %v:\n%s", err, diff)
	}
	outs := 0
	for id := range x.takenOut {
		if x.given[id].Comment != "" {
			outs++
		}
	}
	if outs == 0 {
		t.Error("no comment was taken out: nothing is tested")
	}
}

func commentsErased(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	for serial := 1; serial <= 3; serial++ {
		if err := x.PutCommentStep(t.Context(), step("2026-s1", "unit-0", serial)); err != nil {
			t.Fatal(err)
		}
	}
	m := comment.Mark{Period: "2026-s1", Unit: "unit-0", ID: uuid.UUID{1}, Version: 1, State: comment.Read, By: "siti", At: x.now}
	kept := m
	kept.Period = "2026-s1x"
	for _, m := range []comment.Mark{m, kept} {
		if err := x.PutMark(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	x.erase(t)
	at := comment.Place{Period: "2026-s1", Unit: "unit-0"}
	marks, err := x.Marks(t.Context(), at)
	if left := steps(t, x.OpenStore, at, 1); err != nil || len(marks) > 0 || len(left) > 0 {
		t.Errorf("%d marks and %d steps are left of an erased period, err = %v", len(marks), len(left), err)
	}
	n, err := x.Marked(t.Context())
	if diff := cmp.Diff(map[comment.Place]int64{{Period: "2026-s1x", Unit: "unit-0"}: 1}, n); err != nil || diff != "" {
		t.Errorf("numbers of marks (-want +got), err = %v:\n%s", err, diff)
	}
	var ids []uuid.UUID
	for id := range x.given {
		ids = append(ids, id)
	}
	if texts, err := x.Comments(t.Context(), ids); err != nil || len(texts) > 0 {
		t.Errorf("%d comments are left, err = %v", len(texts), err)
	}
	for _, err := range []error{x.PutMark(t.Context(), m), x.PutCommentStep(t.Context(), step("2026-s1", "unit-0", 4))} {
		if survey.CodeOf(err) != survey.Conflict {
			t.Errorf("an erased period takes a mark or a step: err = %v, want Conflict", err)
		}
	}
	if left := steps(t, x.OpenStore, at, 1); len(left) > 0 {
		t.Error("the erased period has a step again")
	}
}
