package migrations

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

// update rewrites the golden files. A golden of a released step is never
// rewritten: another shape is another step.
var update = flag.Bool("update", false, "write the golden files of shapes that have none yet")

// golden compares a shape with the one that was released.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	want, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && *update {
		err = os.WriteFile(file, []byte(got), 0o600)
		want = []byte(got)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s was released and never changes; a new shape is a new step.\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestThePlanIsWhatTheLedgerLacksInOrder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		have   []int
		newest int
		want   []int
	}{
		{"a fresh store gets every step", nil, 3, []int{1, 2, 3}},
		{"a store gets the steps that came since", []int{1}, 3, []int{2, 3}},
		{"a store of this program gets none", []int{1, 2, 3}, 3, nil},
		{"the order of the ledger doesn't matter", []int{2, 1}, 3, []int{3}},
		{"a step that is lacking in between is made up for", []int{2}, 2, []int{1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := plan(tc.have, tc.newest)
			if err != nil || !slices.Equal(got, tc.want) {
				t.Errorf("got %v, %v, want %v", got, err, tc.want)
			}
		})
	}
}

func TestAStoreOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	for _, have := range [][]int{{1, 2}, {2}, {99, 1}} {
		_, err := plan(have, 1)
		newerRefused(t, err)
	}
}

// newerRefused checks that the error tells a person what to do.
func newerRefused(t *testing.T, err error) {
	t.Helper()
	if survey.CodeOf(err) != survey.Conflict {
		t.Fatalf("err = %v, want Conflict", err)
	}
	var e *survey.Error
	if errors.As(err, &e); !strings.Contains(e.Message, "newer version of the program") || !strings.Contains(e.Message, "use that version") {
		t.Errorf("the message is %q", e.Message)
	}
}
