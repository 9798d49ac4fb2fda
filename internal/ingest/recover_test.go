package ingest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

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
