package ingest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// depot is a Spool in memory that notes what is done to it and can fail.
type depot struct {
	*memorySpool
	reasons map[uuid.UUID]string // of what was set aside
	peeks   []int                // how many were asked for
	finds   int

	statsFail, peekFail, removeFail, quarantineFail error
}

func (d *depot) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	d.finds++
	return d.memorySpool.Find(ctx, ids)
}

func (d *depot) Peek(ctx context.Context, n int) ([]*survey.Response, error) {
	d.peeks = append(d.peeks, n)
	if d.peekFail != nil {
		return nil, d.peekFail
	}
	return d.memorySpool.Peek(ctx, n)
}

func (d *depot) Remove(ctx context.Context, ids []uuid.UUID) error {
	if d.removeFail != nil {
		return d.removeFail
	}
	return d.memorySpool.Remove(ctx, ids)
}

func (d *depot) Quarantine(ctx context.Context, r *survey.Response, reason string) error {
	if d.quarantineFail != nil {
		return d.quarantineFail
	}
	d.reasons[r.ID] = reason
	return d.memorySpool.Quarantine(ctx, r, reason)
}

func (d *depot) Stats(ctx context.Context) (SpoolStats, error) {
	s, err := d.memorySpool.Stats(ctx)
	return s, errors.Join(err, d.statsFail)
}

// remote is a store that notes what it took, in order, and does what a test wants
// of a batch before it looks at it.
type remote struct {
	memory
	took    []uuid.UUID
	sizes   []int
	before  func(ctx context.Context, batch []*survey.Response) error
	replies error // after storing
}

func (r *remote) Append(ctx context.Context, batch []*survey.Response) ([]survey.Outcome, error) {
	r.sizes = append(r.sizes, len(batch))
	if r.before != nil {
		if err := r.before(ctx, batch); err != nil {
			return nil, err
		}
	}
	out, err := r.memory.Append(ctx, batch)
	for i, o := range out {
		if o.Result == survey.Stored {
			r.took = append(r.took, batch[i].ID)
		}
	}
	return out, errors.Join(err, r.replies)
}

// away is a before of a store that cannot be reached.
func away(context.Context, []*survey.Response) error {
	return survey.Errorf(survey.Unavailable, "away")
}

// refuses is a before of a store that never takes some answers.
func refuses(ids ...uuid.UUID) func(context.Context, []*survey.Response) error {
	return func(_ context.Context, batch []*survey.Response) error {
		if slices.ContainsFunc(batch, func(r *survey.Response) bool { return slices.Contains(ids, r.ID) }) {
			return errors.New("code 121")
		}
		return nil
	}
}

func newDepot(t *testing.T, waiting ...*survey.Response) (*Failover, *remote, *depot) {
	t.Helper()
	store := &remote{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}
	spool := &depot{memorySpool: newMemorySpool(), reasons: map[uuid.UUID]string{}}
	if _, err := spool.Append(t.Context(), waiting); err != nil {
		t.Fatal(err)
	}
	f, err := NewFailover(t.Context(), store, spool, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return f, store, spool
}

func answers(n int) (list []*survey.Response, ids []uuid.UUID) {
	for range n {
		r := answer("")
		list, ids = append(list, r), append(ids, r.ID)
	}
	return list, ids
}

// other returns an answer with other content under the id of one, received later.
func other(r *survey.Response) *survey.Response {
	o := *r
	o.Comment += " lain"
	o.ReceivedAt = r.ReceivedAt.Add(time.Hour)
	return &o
}

func results(out []survey.Outcome) (list []survey.Result) {
	for _, o := range out {
		list = append(list, o.Result)
	}
	return list
}

func TestASpoolIsFullBeforeTheLongestAnswerMightNotFit(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	for bytes, want := range map[int64]bool{0: false, limit - 16<<10: false, limit - 16<<10 + 1: true, limit: true} {
		if got := (SpoolStats{Bytes: bytes, Limit: limit}).Full(); got != want {
			t.Errorf("%d of %d bytes: full %v, want %v", bytes, limit, got, want)
		}
	}
}

func TestWithoutTroubleNothingTouchesTheSpool(t *testing.T) {
	t.Parallel()
	f, store, spool := newDepot(t)
	list, ids := answers(3)
	out, err := f.Append(t.Context(), append(list, list[0], other(list[1])))
	if want := []survey.Result{survey.Stored, survey.Stored, survey.Stored, survey.Duplicate, survey.Differs}; err != nil || !slices.Equal(results(out), want) {
		t.Errorf("%v, %v, want %v", results(out), err, want)
	}
	if !slices.Equal(store.took, ids) || len(spool.order) != 0 || spool.finds != 0 || f.Active() {
		t.Errorf("the store took %d, %d spooled, %d looked up, active %v", len(store.took), len(spool.order), spool.finds, f.Active())
	}
}

func TestAStoreThatTakesTooLongIsAwayForEverybodyAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, store, spool := newDepot(t)
		store.before = func(ctx context.Context, _ []*survey.Response) error {
			<-ctx.Done()
			return ctx.Err()
		}
		list, ids := answers(2)
		began := time.Now()
		out, err := f.Append(t.Context(), list[:1])
		if err != nil || out[0].Result != survey.Stored || time.Since(began) != time.Second || !f.Active() {
			t.Errorf("%v, %v after %s, active %v, want it spooled after the timeout", results(out), err, time.Since(began), f.Active())
		}
		if _, err := f.Append(t.Context(), list[1:]); err != nil || time.Since(began) != time.Second || len(store.sizes) != 1 {
			t.Errorf("the next one: %v after %s, the store was asked %d times, want it spooled at once", err, time.Since(began), len(store.sizes))
		}
		if !slices.Equal(spool.order, ids) {
			t.Errorf("%d wait, want both in order", len(spool.order))
		}
	})
}

func TestWhatAStoreRefusesIsSpooledAndTheStoreIsNotAway(t *testing.T) {
	t.Parallel()
	f, store, spool := newDepot(t)
	list, ids := answers(2)
	store.before = refuses(ids[0])
	if out, err := f.Append(t.Context(), list[:1]); err != nil || out[0].Result != survey.Stored || f.Active() || !slices.Equal(spool.order, ids[:1]) {
		t.Errorf("%v, %v, active %v, %d spooled", results(out), err, f.Active(), len(spool.order))
	}
	if _, err := f.Append(t.Context(), list[1:]); err != nil || !slices.Equal(store.took, ids[1:]) {
		t.Errorf("the next one: %v, the store took %d, want it", err, len(store.took))
	}
}

func TestAStoreThatIsKnownToBeAwayIsNotAsked(t *testing.T) {
	t.Parallel()
	f, store, spool := newDepot(t)
	f.Activate()
	list, ids := answers(1)
	if out, err := f.Append(t.Context(), list); err != nil || out[0].Result != survey.Stored || len(store.sizes) != 0 || !slices.Equal(spool.order, ids) || !f.Active() {
		t.Errorf("%v, %v, the store was asked %d times, %d spooled", results(out), err, len(store.sizes), len(spool.order))
	}
}

func TestASpoolThatCannotBeReadStartsNoFailover(t *testing.T) {
	t.Parallel()
	f, err := NewFailover(t.Context(), &remote{}, &depot{memorySpool: newMemorySpool(), statsFail: errors.New("broken")}, time.Second)
	if err == nil || f != nil {
		t.Errorf("%v, %v, want an error and none", f, err)
	}
}

// A server that starts anew finds what the last one left in the spool: an id there
// has one content, and everybody else's answer goes to the store.
func TestWhatWaitsFromBeforeAStartAnswersForItsIDs(t *testing.T) {
	t.Parallel()
	waiting, _ := answers(2)
	f, store, spool := newDepot(t, waiting...)
	fresh, ids := answers(2)
	again := *waiting[0]
	again.ReceivedAt = again.ReceivedAt.Add(time.Hour)
	out, err := f.Append(t.Context(), []*survey.Response{fresh[0], other(waiting[1]), fresh[1], &again, other(fresh[0])})
	want := []survey.Result{survey.Stored, survey.Differs, survey.Stored, survey.Duplicate, survey.Differs}
	if err != nil || !slices.Equal(results(out), want) {
		t.Fatalf("%v, %v, want %v", results(out), err, want)
	}
	if !out[1].ReceivedAt.Equal(waiting[1].ReceivedAt) || !out[3].ReceivedAt.Equal(waiting[0].ReceivedAt) {
		t.Errorf("%v, want the moments of those that wait", out)
	}
	if !slices.Equal(store.took, ids) || len(spool.order) != 2 {
		t.Errorf("the store took %d, %d wait, want the two fresh ones and the two of before", len(store.took), len(spool.order))
	}
	asked := len(store.sizes)
	if out, err := f.Append(t.Context(), waiting); err != nil || !slices.Equal(results(out), []survey.Result{survey.Duplicate, survey.Duplicate}) || len(store.sizes) != asked {
		t.Errorf("those that wait alone: %v, %v, the store was asked %d times more", results(out), err, len(store.sizes)-asked)
	}
}

func TestOnceNothingWaitsTheSpoolIsNotLookedIntoAnyMore(t *testing.T) {
	t.Parallel()
	waiting, waitingIDs := answers(4)
	f, store, spool := newDepot(t, waiting...)
	contradicted := other(waiting[1])
	if _, err := store.memory.Append(t.Context(), []*survey.Response{contradicted}); err != nil {
		t.Fatal(err)
	}
	store.before = refuses(waitingIDs[2])
	if moved, err := f.Drain(t.Context()); moved != 2 || err != nil {
		t.Fatalf("%d moved, %v, want two and two set aside", moved, err)
	}
	fresh, _ := answers(1)
	if _, err := f.Append(t.Context(), fresh); err != nil || spool.finds != 0 {
		t.Errorf("%v, the spool was looked into %d times", err, spool.finds)
	}
	// The same for what is drained in one batch, with what was not stored sent in between.
	store.before = away
	if _, err := f.Append(t.Context(), waiting[:1]); err != nil {
		t.Fatal(err)
	}
	if out, err := f.Append(t.Context(), []*survey.Response{waiting[0], other(waiting[0])}); err != nil || !slices.Equal(results(out), []survey.Result{survey.Duplicate, survey.Differs}) {
		t.Fatalf("%v, %v, want a duplicate and one that differs", results(out), err)
	}
	if _, err := f.Append(t.Context(), []*survey.Response{other(contradicted)}); err != nil {
		t.Fatal(err)
	}
	store.before = nil
	if moved, err := f.Drain(t.Context()); moved != 1 || err != nil || len(spool.order) != 0 {
		t.Fatalf("%d moved, %v, %d wait, want one, none and one more set aside", moved, err, len(spool.order))
	}
	fresh, _ = answers(1)
	if _, err := f.Append(t.Context(), fresh); err != nil || spool.finds != 0 {
		t.Errorf("%v, the spool was looked into %d times", err, spool.finds)
	}
}

func TestWhileDrainingAStoreThatGoesAwayAgainIsReplacedByTheSpool(t *testing.T) {
	t.Parallel()
	waiting, _ := answers(1)
	f, store, spool := newDepot(t, waiting...)
	store.before = away
	fresh, ids := answers(1)
	out, err := f.Append(t.Context(), []*survey.Response{waiting[0], fresh[0]})
	if err != nil || !slices.Equal(results(out), []survey.Result{survey.Duplicate, survey.Stored}) || !f.Active() || !slices.Contains(spool.order, ids[0]) {
		t.Errorf("%v, %v, active %v, %d wait", results(out), err, f.Active(), len(spool.order))
	}
	f.active.Store(false)
	spool.full = true
	fresh, _ = answers(1)
	if out, err := f.Append(t.Context(), []*survey.Response{waiting[0], fresh[0]}); out != nil || survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("neither takes it: %v, %v, want no outcomes", results(out), err)
	}
}
