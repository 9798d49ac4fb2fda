package ingest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

func TestTheSpoolIsDrainedInOrderOnceAndInBoundedBatches(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(1203)
	f, store, spool := newDepot(t, waiting...)
	f.Activate()
	store.before = func(context.Context, []*survey.Response) error {
		// Once the store has taken a batch, what comes meanwhile goes to it too.
		if first := len(store.sizes) == 1; f.Active() != first {
			t.Errorf("batch %d: active %v", len(store.sizes), f.Active())
		}
		return nil
	}
	if moved, err := f.Drain(t.Context()); moved != 1203 || err != nil {
		t.Fatalf("%d moved, %v", moved, err)
	}
	if !slices.Equal(store.took, ids) || !slices.Equal(store.sizes, []int{500, 500, 203}) || len(spool.order) != 0 || f.Active() {
		t.Errorf("in batches of %v, %d wait, active %v; in order: %v", store.sizes, len(spool.order), f.Active(), slices.Equal(store.took, ids))
	}
	if slices.ContainsFunc(spool.peeks, func(n int) bool { return n != 500 }) {
		t.Errorf("%v are asked for at once", spool.peeks)
	}
	if moved, err := f.Drain(t.Context()); moved != 0 || err != nil || len(store.sizes) != 3 {
		t.Errorf("again: %d moved, %v, the store was asked %d times", moved, err, len(store.sizes))
	}
}

func TestAStoreThatGoesAwayWhileItIsDrainedKeepsWhatItTook(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(1203)
	f, store, spool := newDepot(t, waiting...)
	store.before = func(ctx context.Context, batch []*survey.Response) error {
		if len(store.sizes) == 2 {
			return away(ctx, batch)
		}
		return nil
	}
	if moved, err := f.Drain(t.Context()); moved != 500 || survey.CodeOf(err) != survey.Unavailable || !f.Active() {
		t.Errorf("%d moved, %v, active %v, want the first batch and Unavailable", moved, err, f.Active())
	}
	if !slices.Equal(spool.order, ids[500:]) {
		t.Errorf("%d wait", len(spool.order))
	}
	if moved, err := f.Drain(t.Context()); moved != 703 || err != nil || !slices.Equal(store.took, ids) || f.Active() {
		t.Errorf("then %d moved, %v, active %v", moved, err, f.Active())
	}
}

func TestADrainThatIsEndedDoesNotTakeTheStoreForAway(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(3)
	for name, before := range map[string]func(context.Context, []*survey.Response) error{
		"by the store's word": func(ctx context.Context, _ []*survey.Response) error { return ctx.Err() },
		"by another":          func(context.Context, []*survey.Response) error { return errors.New("the connection was closed") },
	} {
		f, store, spool := newDepot(t, waiting...)
		ctx, cancel := context.WithCancel(t.Context())
		store.before = func(c context.Context, batch []*survey.Response) error {
			cancel()
			return before(c, batch)
		}
		if moved, err := f.Drain(ctx); moved != 0 || err == nil || f.Active() || !slices.Equal(spool.order, ids) || len(spool.reasons) != 0 || len(store.sizes) != 1 {
			t.Errorf("%s: %d moved, %v, active %v, %d wait, %d set aside, the store was asked %d times", name, moved, err, f.Active(), len(spool.order), len(spool.reasons), len(store.sizes))
		}
	}
}

func TestWhatIsSetAsideSaysWhyAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(6)
	f, store, spool := newDepot(t, waiting...)
	if _, err := store.memory.Append(t.Context(), []*survey.Response{other(waiting[1]), waiting[2]}); err != nil {
		t.Fatal(err)
	}
	store.before = refuses(ids[4])
	// 0, 3, 5 are new, 2 is there already: both have left the spool.
	if moved, err := f.Drain(t.Context()); moved != 4 || err != nil || len(spool.order) != 0 || !slices.Equal(store.took, []uuid.UUID{ids[0], ids[3], ids[5]}) {
		t.Errorf("%d moved, %v, %d wait", moved, err, len(spool.order))
	}
	if !slices.Equal(store.sizes, []int{6, 1, 1, 1, 1, 1, 1}) || f.waiting.Load() != 0 {
		t.Errorf("in batches of %v, %d are said to wait, want all at once, then each once", store.sizes, f.waiting.Load())
	}
	if len(spool.reasons) != 2 || spool.reasons[ids[1]] != "the store holds another answer under this id" || spool.reasons[ids[4]] != "the store refuses it: code 121" {
		t.Errorf("set aside: %v", spool.reasons)
	}
}

// One batch without a refusal: what contradicts the store is set aside too.
func TestAContradictionIsSetAsideAmongThoseThatAreStored(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(3)
	f, store, spool := newDepot(t, waiting...)
	if _, err := store.memory.Append(t.Context(), []*survey.Response{other(waiting[1])}); err != nil {
		t.Fatal(err)
	}
	if moved, err := f.Drain(t.Context()); moved != 2 || err != nil || len(spool.order) != 0 || len(store.sizes) != 1 || !slices.Equal(store.took, []uuid.UUID{ids[0], ids[2]}) {
		t.Errorf("%d moved, %v, %d wait, in batches of %v", moved, err, len(spool.order), store.sizes)
	}
	if len(spool.reasons) != 1 || spool.reasons[ids[1]] != "the store holds another answer under this id" {
		t.Errorf("set aside: %v", spool.reasons)
	}
}

func TestAStoreThatGoesAwayBetweenSingleAnswersKeepsTheRest(t *testing.T) {
	t.Parallel()
	waiting, ids := answers(4)
	f, store, spool := newDepot(t, waiting...)
	store.before = func(ctx context.Context, batch []*survey.Response) error {
		if len(store.sizes) == 4 { // for one call
			return away(ctx, batch)
		}
		return refuses(ids[1])(ctx, batch)
	}
	if moved, err := f.Drain(t.Context()); moved != 1 || survey.CodeOf(err) != survey.Unavailable || !slices.Equal(spool.order, ids[2:]) || len(spool.reasons) != 1 {
		t.Errorf("%d moved, %v, %d wait, %d set aside", moved, err, len(spool.order), len(spool.reasons))
	}
	store.before = nil
	if moved, err := f.Drain(t.Context()); moved != 2 || err != nil || !slices.Equal(store.took, []uuid.UUID{ids[0], ids[2], ids[3]}) {
		t.Errorf("then %d moved, %v", moved, err)
	}
	// It is drained: what comes goes to the store without a look into the spool.
	fresh, _ := answers(1)
	if _, err := f.Append(t.Context(), fresh); err != nil || spool.finds != 0 {
		t.Errorf("%v, the spool was looked into %d times", err, spool.finds)
	}
}

// A server that stops while answers are moved one by one sets none aside for it.
func TestADrainThatIsEndedBetweenSingleAnswersSetsNoneAside(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		last error // what the store says of the answer that it has when the drain is ended
		left int
	}{"the store takes it": {nil, 1}, "the store fails": {errors.New("the connection was closed"), 2}} {
		waiting, ids := answers(3)
		f, store, spool := newDepot(t, waiting...)
		ctx, cancel := context.WithCancel(t.Context())
		store.before = func(_ context.Context, batch []*survey.Response) error {
			switch {
			case ctx.Err() != nil:
				return errors.New("the connection was closed")
			case len(batch) > 1:
				return errors.New("code 121")
			case batch[0].ID == ids[1]:
				cancel()
				return tc.last
			}
			return nil
		}
		if moved, err := f.Drain(ctx); moved != 3-tc.left || err == nil || !slices.Equal(spool.order, ids[3-tc.left:]) || len(spool.reasons) != 0 {
			t.Errorf("%s: %d moved, %v, %d wait, set aside: %v", name, moved, err, len(spool.order), spool.reasons)
		}
	}
}

func TestASpoolThatFailsEndsADrainAndLosesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		fail   func(*depot)
		singly bool // one of them is refused
		left   int
	}{
		"it cannot be read":                     {func(d *depot) { d.peekFail = broken }, false, 3},
		"it cannot remove":                      {func(d *depot) { d.removeFail = broken }, false, 2}, // the contradicted one is set aside
		"it cannot set aside":                   {func(d *depot) { d.quarantineFail = broken }, false, 3},
		"it cannot remove one by one":           {func(d *depot) { d.removeFail = broken }, true, 3},
		"it cannot set aside one of one by one": {func(d *depot) { d.quarantineFail = broken }, true, 2},
	} {
		waiting, ids := answers(3)
		f, store, spool := newDepot(t, waiting...)
		f.Activate()
		if tc.singly {
			store.before = refuses(ids[2])
		}
		if _, err := store.memory.Append(t.Context(), []*survey.Response{other(waiting[1])}); err != nil {
			t.Fatal(err)
		}
		tc.fail(spool)
		if _, err := f.Drain(t.Context()); !errors.Is(err, broken) || len(spool.order) != tc.left {
			t.Errorf("%s: %v, %d wait, want the error and %d", name, err, len(spool.order), tc.left)
		}
		spool.peekFail, spool.removeFail, spool.quarantineFail = nil, nil, nil
		if _, err := f.Drain(t.Context()); err != nil || len(spool.order) != 0 || len(store.took) != 3-len(spool.reasons) {
			t.Errorf("%s: then %v, %d wait, the store took %d", name, err, len(spool.order), len(store.took))
		}
	}
}

func TestAfterASpoolThatCannotBeReadTheNextAnswerAsksTheStore(t *testing.T) {
	t.Parallel()
	f, store, spool := newDepot(t)
	f.Activate()
	spool.peekFail = errors.New("broken")
	if _, err := f.Drain(t.Context()); err == nil || f.Active() {
		t.Errorf("%v, active %v", err, f.Active())
	}
	list, ids := answers(1)
	if _, err := f.Append(t.Context(), list); err != nil || !slices.Equal(store.took, ids) {
		t.Errorf("%v, the store took %d", err, len(store.took))
	}
}
