package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/survey"
)

// importOf returns what is kept of an import of rows.
func importOf(list []*survey.Response) *survey.Import {
	i := &survey.Import{At: time.UnixMilli(1_780_000_000_000).UTC(), By: "command line", Period: "2026-s1", Reason: "arsip lama"}
	for _, r := range list {
		if n := len(i.Units); n == 0 || i.Units[n-1].Unit != r.Unit {
			i.Units = append(i.Units, survey.ImportedUnit{Unit: r.Unit, Digest: "ab12"})
		}
		i.Units[len(i.Units)-1].Rows++
	}
	return i
}

func mustImport(t *testing.T, s *OpenStore, list []*survey.Response) survey.ImportResult {
	t.Helper()
	out, err := s.Import(t.Context(), importOf(list), list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func listed(t *testing.T, s *OpenStore) []survey.Import {
	t.Helper()
	var out []survey.Import
	if err := s.Imports(t.Context(), func(i *survey.Import) error {
		out = append(out, *i)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// imports imports rows of which some are stored already, then all of them again.
func imports(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 21)
	list := m.Batch(700)
	mustAppend(t, s, list[:50])
	for _, want := range []survey.ImportResult{{Serial: 1, Stored: 650, Before: 50}, {Serial: 2, Before: 700}} {
		if got := mustImport(t, s, list); got != want {
			t.Errorf("imported %+v, want %+v", got, want)
		}
	}
	if n := len(all(t, s, survey.Filter{})); n != len(list) {
		t.Errorf("%d responses are stored, want %d", n, len(list))
	}
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list))
	other := *list[3]
	other.Answers = survey.Marks(strings.Repeat("1", len(other.Answers)))
	if other.Same(list[3]) {
		t.Fatal("the other response is the same")
	}
	conflict := []*survey.Response{&other}
	if _, err := s.Import(t.Context(), importOf(conflict), conflict); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("an id with other content: err = %v, want Conflict", err)
	}
	if n := len(all(t, s, survey.Filter{})); n != len(list) {
		t.Errorf("%d responses are stored after a conflict, want %d", n, len(list))
	}
}

// importFacts tells all that is kept of imports.
func importFacts(t *testing.T, e Engine) {
	open := e.New(t)
	s := handle(t, open)
	m := NewMaker(t, 22)
	list := m.Batch(30)
	mustImport(t, s, list[:20])
	mustImport(t, s, list[10:])
	mustUndo(t, s, 1)
	undo := theUndo()
	first, second := *importOf(list[:20]), *importOf(list[10:])
	first.Serial, first.Done, first.Stored, first.Undone = 1, true, 20, &undo
	second.Serial, second.Done, second.Stored = 2, true, 10
	if diff := cmp.Diff([]survey.Import{first, second}, listed(t, handle(t, open))); diff != "" {
		t.Errorf("imports (-want +got):\n%s", diff)
	}
	for serial, want := range map[int]survey.Code{1: survey.Conflict, 3: survey.NotFound, 0: survey.NotFound, -1: survey.NotFound} {
		if err := s.UndoImport(t.Context(), serial, theUndo()); survey.CodeOf(err) != want {
			t.Errorf("undo of %d: err = %v, want %v", serial, err, want)
		}
	}
	done := importOf(list)
	done.Serial = 2
	before := len(all(t, s, survey.Filter{}))
	if _, err := s.Import(t.Context(), done, m.Batch(5)); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("going on with an import that is done: err = %v, want Conflict", err)
	}
	if n := len(all(t, s, survey.Filter{})); n != before {
		t.Errorf("that stored %d responses", n-before)
	}
}
