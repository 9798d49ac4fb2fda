package survey

import (
	"encoding/json"
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
	for _, texts := range [][2]string{{"{", ""}, {"{}", "{"}} {
		if _, err := DecodeImport(7, texts[0], texts[1]); err == nil {
			t.Errorf("%q is read", texts)
		}
	}
}

func TestWhatBecameOfAnImportIsCountedByItsOutcomes(t *testing.T) {
	t.Parallel()
	var got Imported
	got.Add([]Outcome{{Result: Stored}, {Result: Stored}, {Result: Duplicate}})
	if want := (Imported{Stored: 2, Before: 1}); got != want || got.Refused() != nil {
		t.Errorf("%+v, %v, want %+v and no refusal", got, got.Refused(), want)
	}
	got.Add([]Outcome{{Result: Differs}, {Result: Stored}})
	if want := (Imported{Stored: 3, Before: 1, Differing: 1}); got != want || CodeOf(got.Refused()) != Conflict {
		t.Errorf("%+v, %v, want %+v and a Conflict", got, got.Refused(), want)
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
