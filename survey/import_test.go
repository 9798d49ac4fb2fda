package survey

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnImportIsReadAsItWasKept(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.May, 4, 3, 2, 1, 0, time.UTC)
	want := &Import{Serial: 7, At: at, By: "rina", Period: "2026-s1", File: "5ea1", Units: []ImportedUnit{{Unit: "loket", Rows: 2, Digest: "5ea2"}}}
	body, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeImport(7, string(body), "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("(-want +got), err = %v:\n%s", err, diff)
	}
	want.Undone = &Undo{At: at, By: "budi", Reason: "salah berkas"}
	undone, err := json.Marshal(want.Undone)
	if err != nil {
		t.Fatal(err)
	}
	got, err = DecodeImport(7, string(body), string(undone))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("undone (-want +got), err = %v:\n%s", err, diff)
	}
	for _, texts := range [][2]string{{"{", ""}, {"{}", "{"}, {"{", "{}"}} {
		if _, err := DecodeImport(7, texts[0], texts[1]); err == nil {
			t.Errorf("%q is read", texts)
		}
	}
}

func TestWhatBecameOfAnImportIsCountedByItsOutcomes(t *testing.T) {
	t.Parallel()
	var got ImportResult
	got.Add([]Outcome{{Result: Stored}, {Result: Stored}, {Result: Duplicate}})
	if want := (ImportResult{Stored: 2, Before: 1}); got != want || got.Refused() != nil {
		t.Errorf("%+v, %v, want %+v and no refusal", got, got.Refused(), want)
	}
	got.Add([]Outcome{{Result: Differs}, {Result: Stored}})
	if want := (ImportResult{Stored: 3, Before: 1, Differing: 1}); got != want || CodeOf(got.Refused()) != Conflict {
		t.Errorf("%+v, %v, want %+v and a Conflict", got, got.Refused(), want)
	}
}

// What tells of the content of its rows is in three places, and is gone from all of them.
func TestAnErasedImportTellsNothingOfItsRows(t *testing.T) {
	t.Parallel()
	for _, one := range []Import{{}, {File: "5ea1"}, {Key: "5ea1"}, {Units: []ImportedUnit{{Unit: "a"}, {Unit: "b", Digest: "5ea1"}}}, {Units: []ImportedUnit{{Unit: "a", Digest: "5ea1"}, {Unit: "b"}}}} {
		had := one.File+one.Key != "" || len(one.Units) > 0
		if got := one.Erase(); got != had || one.Erase() || one.File+one.Key != "" || len(one.Units) > 0 && one.Units[0].Digest+one.Units[1].Digest != "" {
			t.Errorf("%v of %+v", got, one)
		}
	}
}

// The rows of a period are compared by one key: of another period, or of one whose key is
// gone, there is nothing to compare.
func TestImportsOfAPeriodShareTheirKey(t *testing.T) {
	t.Parallel()
	now := &Import{Period: "2026-s1", Key: "k1"}
	for _, tc := range []struct {
		other Import
		want  error
	}{
		{Import{Period: "2026-s1", Key: "k1"}, nil},
		{Import{Period: "2026-s1", Key: "k2"}, ErrOtherKey},
		{Import{Period: "2026-s1"}, nil},
		{Import{Period: "2026-s2", Key: "k2"}, nil},
	} {
		if err := now.SharesKey(&tc.other); !errors.Is(err, tc.want) {
			t.Errorf("beside %+v: %v", tc.other, err)
		}
	}
	for err, code := range map[error]Code{NoImport(3): NotFound, DoneBefore(3): Conflict, UndoneBefore(3): Conflict} {
		if CodeOf(err) != code || !strings.Contains(err.Error(), "import 3") {
			t.Errorf("%v is a %v", err, CodeOf(err))
		}
	}
}

func TestAnIDThatComesAgainIsARetryOrAContradiction(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.May, 4, 3, 2, 1, 0, time.UTC)
	stored := &Response{Unit: "loket", Answers: "444444444", ReceivedAt: at}
	same, other := *stored, *stored
	same.ReceivedAt, other.Answers = at.Add(time.Hour), "444444443"
	if got, want := same.Again(stored), (Outcome{Duplicate, at}); got != want {
		t.Errorf("a retry is %+v, want %+v", got, want)
	}
	if got, want := other.Again(stored), (Outcome{Differs, at}); got != want {
		t.Errorf("a contradiction is %+v, want %+v", got, want)
	}
}
