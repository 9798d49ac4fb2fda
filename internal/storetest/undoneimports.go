package storetest

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

func theUndo() survey.Undo {
	return survey.Undo{At: time.UnixMilli(1_790_000_000_000).UTC(), By: "penilai", Reason: "berkas keliru"}
}

func mustUndo(t *testing.T, s *OpenStore, serial int) {
	t.Helper()
	if err := s.UndoImport(t.Context(), serial, theUndo()); err != nil {
		t.Fatal(err)
	}
}

// takenOut returns the ids of what was taken out of the period of the tests, and the
// serials of their imports.
func takenOut(t *testing.T, s *OpenStore) map[uuid.UUID]int {
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
