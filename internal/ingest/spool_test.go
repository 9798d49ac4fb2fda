package ingest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
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
		if len(store.sizes) > 3 {
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

// lines returns what was logged since the last call.
func lines(log *bytes.Buffer, seen *int) []string {
	text := log.String()[*seen:]
	*seen += len(text)
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

func TestRecoveryTellsOnceThatAStoreIsAwayAndThatItIsDrained(t *testing.T) {
	t.Parallel()
	var buffer bytes.Buffer
	seen := 0
	log := slog.New(slog.NewTextHandler(&buffer, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	const gone, back = `level=WARN msg="the store is away; answers go to the local spool"`, `level=INFO msg="the spool is drained" responses=`
	f, store, spool := newDepot(t)
	step := func(name string, want ...string) {
		t.Helper()
		if err := f.Recover(t.Context(), log); err != nil {
			t.Errorf("%s: %v, want no error", name, err)
		}
		if got := lines(&buffer, &seen); !slices.Equal(got, want) {
			t.Errorf("%s: logged %q, want %q", name, got, want)
		}
	}
	spooled := func(n int) {
		t.Helper()
		list, _ := answers(n)
		if _, err := f.Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	step("nothing happened")
	if len(spool.peeks) != 0 || len(store.sizes) != 0 {
		t.Errorf("the spool was read %d times and the store asked %d times for nothing", len(spool.peeks), len(store.sizes))
	}
	store.before = away
	spooled(3)
	step("the store is away", gone)
	step("it still is")
	store.before = nil
	step("it is back", back+"3")
	step("nothing more happened")
	store.before = away
	spooled(1)
	step("away again", gone)
	store.before = nil
	step("and back", back+"1")
	// What the store refused waits though it is there: nobody is told that it is away.
	refused, ids := answers(1)
	store.before = refuses(ids[0])
	if _, err := f.Append(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
	step("one is set aside")
	once := true
	store.before = func(context.Context, []*survey.Response) error {
		if once {
			once = false
			return errors.New("once")
		}
		return nil
	}
	spooled(1)
	step("one is moved later", back+"1")
	f.Activate()
	step("known to be away, and nothing waits", gone, back+"0")
	if len(spool.order) != 0 || f.Active() {
		t.Errorf("%d wait, active %v", len(spool.order), f.Active())
	}
}

// Nothing is away, and still something waits.
func TestRecoverySetsAsideWhatTheStoreRefusedAndUntilThenItHasOneContent(t *testing.T) {
	t.Parallel()
	f, store, spool := newDepot(t)
	list, ids := answers(1)
	store.before = refuses(ids[0])
	if _, err := f.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if out, err := f.Append(t.Context(), []*survey.Response{other(list[0]), list[0]}); err != nil || !slices.Equal(results(out), []survey.Result{survey.Differs, survey.Duplicate}) || len(store.sizes) != 1 {
		t.Errorf("%v, %v, the store was asked %d times, want the spool's word", results(out), err, len(store.sizes))
	}
	if err := f.Recover(t.Context(), slog.New(slog.DiscardHandler)); err != nil || len(spool.order) != 0 || len(spool.reasons) != 1 {
		t.Errorf("%v, %d wait, %d set aside", err, len(spool.order), len(spool.reasons))
	}
}

func TestRecoveryReturnsWhatIsNoOutage(t *testing.T) {
	t.Parallel()
	waiting, _ := answers(1)
	f, _, spool := newDepot(t, waiting...)
	spool.removeFail = errors.New("broken")
	log := slog.New(slog.DiscardHandler)
	if err := f.Recover(t.Context(), log); !errors.Is(err, spool.removeFail) || !strings.HasPrefix(err.Error(), "drain the spool: ") {
		t.Errorf("%v, want the spool's error", err)
	}
	for _, outage := range []error{survey.Errorf(survey.Unavailable, "away"), context.DeadlineExceeded, context.Canceled} {
		spool.removeFail = outage
		if err := f.Recover(t.Context(), log); err != nil {
			t.Errorf("%v is told as an error", outage)
		}
	}
}
