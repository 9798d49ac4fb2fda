package storetest

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/projection"
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

func mustImport(t *testing.T, s *Opened, list []*survey.Response) survey.Imported {
	t.Helper()
	out, err := s.Import(t.Context(), importOf(list), list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func theUndo() survey.Undo {
	return survey.Undo{At: time.UnixMilli(1_790_000_000_000).UTC(), By: "penilai", Reason: "berkas keliru"}
}

func mustUndo(t *testing.T, s *Opened, serial int) {
	t.Helper()
	if err := s.UndoImport(t.Context(), serial, theUndo()); err != nil {
		t.Fatal(err)
	}
}

func listed(t *testing.T, s *Opened) []survey.Import {
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

// takenOut returns the ids of what was taken out of the period of the tests, and the
// serials of their imports.
func takenOut(t *testing.T, s *Opened) map[uuid.UUID]int {
	t.Helper()
	out := map[uuid.UUID]int{}
	if err := s.TakenOut(t.Context(), "2026-s1", func(serial int, r *survey.Response) error {
		out[r.ID] = serial
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
	for _, want := range []survey.Imported{{Serial: 1, Stored: 650, Before: 50}, {Serial: 2, Before: 700}} {
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

// undone undoes an import of answers between those of citizens, among them all of a
// unit and a day.
func undone(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	m := NewMaker(t, 23)
	list := m.Batch(2600)
	own, brought := list[:300], list[300:]
	for _, r := range brought[:40] {
		r.Unit = "unit-alone"
	}
	for _, r := range brought {
		r.Period = "2026-s1"
	}
	mustAppend(t, s, own)
	mustImport(t, s, brought)
	mustSettle(t, s)
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := takenOut(t, s); len(got) != 0 {
		t.Errorf("%d are taken out of what nobody undid", len(got))
	}
	before, err := s.Revisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mustUndo(t, s, 1)
	if got := all(t, s, survey.Filter{}); len(got) != len(own) {
		t.Errorf("%d responses count, want %d", len(got), len(own))
	}
	if got := all(t, s, survey.Filter{Period: "2026-s1", Unit: "unit-alone"}); len(got) != 0 {
		t.Errorf("%d responses of a unit count, want none", len(got))
	}
	mustSettle(t, s)
	want := Count(t, m.form, own)
	CheckTallies(t, s, want)
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkLive(t, 0, other, want)
	if totals := other.Periods()["2026-s1"]; totals != nil && totals.Units[analytics.UnitForm{Unit: "unit-alone", Form: m.form.ID}] != nil {
		t.Error("another process still shows a unit of which nothing counts")
	}
	n, err := s.Recount(t.Context(), "")
	if err != nil || n.Differing != 0 || n.Responses != int64(len(own)) {
		t.Errorf("recount = %+v, err = %v; want %d responses and nothing differing", n, err, len(own))
	}
	after, err := s.Revisions(t.Context())
	if err != nil || after[projection.AllReleases] <= before[projection.AllReleases] {
		t.Errorf("the revision of releases %d → %d, err = %v: nobody looks at them", before[projection.AllReleases], after[projection.AllReleases], err)
	}

	out := takenOut(t, s)
	ids := make([]uuid.UUID, len(brought))
	for i, r := range brought {
		ids[i] = r.ID
		if out[r.ID] != 1 {
			t.Fatalf("%s was taken out of import %d, want 1", r.ID, out[r.ID])
		}
	}
	found, err := s.Find(t.Context(), ids)
	if err != nil || len(found) != len(brought) {
		t.Errorf("%d of the %d are still stored, err = %v", len(found), len(brought), err)
	}
	byID := map[uuid.UUID]*survey.Response{}
	for _, r := range brought {
		byID[r.ID] = r
	}
	for _, r := range found {
		if diff := cmp.Diff(byID[r.ID], r); diff != "" {
			t.Fatalf("what was taken out is kept otherwise (-want +got):\n%s", diff)
		}
	}
	outcomes, err := s.Append(t.Context(), brought[:3])
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Result != survey.Duplicate {
			t.Errorf("what was taken out is stored again: %+v", o)
		}
	}
	more := m.Batch(100)
	mustAppend(t, s, more)
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, append(own, more...)))
}

// undoneAlone undoes an import that found some of its rows stored, by a citizen's
// phone and by another import.
func undoneAlone(t *testing.T, e Engine) {
	s := fresh(t, e)
	m := NewMaker(t, 24)
	list := m.Batch(90)
	for _, r := range list {
		r.Period = "2026-s1"
	}
	mustAppend(t, s, list[:10])
	mustImport(t, s, list[:50]) // 40 of them are its own
	mustImport(t, s, list[30:]) // 40 likewise
	mustUndo(t, s, 2)
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list[:50]))
	if got := takenOut(t, s); len(got) != 40 {
		t.Errorf("%d are taken out, want 40", len(got))
	}
	mustUndo(t, s, 1)
	mustSettle(t, s)
	CheckTallies(t, s, Count(t, m.form, list[:10]))
	if got := takenOut(t, s); len(got) != 80 || got[list[20].ID] != 1 || got[list[80].ID] != 2 {
		t.Errorf("%d are taken out, of imports %d and %d", len(got), got[list[20].ID], got[list[80].ID])
	}
}

// undoneBetween has processes that count while another one undoes imports.
func undoneBetween(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	if e.Alone {
		now := time.Unix(0, 0)
		a.Projector = projection.NewLive(a.Store, Library(t), time.Minute, func() time.Time {
			now = now.Add(time.Second)
			return now
		})
	}
	m := NewMaker(t, 25)
	rng := rand.New(rand.NewPCG(25, 1))
	var kept []*survey.Response
	imported := map[int][]*survey.Response{}
	for range 40 {
		batch := m.Batch(1 + rng.IntN(8))
		switch rng.IntN(4) {
		case 0:
			imported[mustImport(t, b, batch).Serial] = batch
		case 1:
			for serial := range imported {
				mustUndo(t, b, serial)
				delete(imported, serial)
				break
			}
		default:
			mustAppend(t, a, batch)
			kept = append(kept, batch...)
		}
		if rng.IntN(2) == 0 {
			if err := a.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if rng.IntN(3) == 0 {
			mustSettle(t, b)
		}
	}
	for _, list := range imported {
		kept = append(kept, list...)
	}
	mustSettle(t, b)
	if err := a.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkLive(t, 40, a, Count(t, m.form, kept))
	mustSettle(t, a)
	CheckTallies(t, a, Count(t, m.form, kept))
}
