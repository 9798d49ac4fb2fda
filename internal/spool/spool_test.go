package spool

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/ingest"
	"persepsi/internal/sqlitefile"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

func newSpool(t *testing.T, dir string, limit int64) *DB {
	t.Helper()
	s, err := Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestTheSpoolKeepsOrderAndEveryFieldOverARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSpool(t, dir, 1<<30)
	list := storetest.NewMaker(t, 1).Batch(50)
	if _, err := s.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = newSpool(t, dir, 1<<30)
	got, err := s.Peek(t.Context(), 30)
	if diff := cmp.Diff(list[:30], got); err != nil || diff != "" {
		t.Fatalf("peek (-want +got), err = %v:\n%s", err, diff)
	}
	if err := s.Remove(t.Context(), []uuid.UUID{list[0].ID, list[2].ID}); err != nil {
		t.Fatal(err)
	}
	if err := s.Quarantine(t.Context(), list[1], "why"); err != nil {
		t.Fatal(err)
	}
	st, err := s.Stats(t.Context())
	if err != nil || st.Waiting != 47 || st.Quarantined != 1 || !st.Oldest.Equal(list[3].ReceivedAt) || st.Bytes == 0 {
		t.Errorf("stats = %+v, err = %v", st, err)
	}
}

func TestWhatLeftTheSpoolIsNotLegibleInItsFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSpool(t, dir, 1<<30)
	list := storetest.NewMaker(t, 1).Batch(50)
	ids := make([]uuid.UUID, len(list))
	for i, r := range list {
		ids[i], r.Comment = r.ID, "kalimat-rahasia"
	}
	if _, err := s.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string][]byte{"comment": []byte("kalimat-rahasia"), "id": ids[0][:]} {
		if n := storetest.LegibleIn(t, dir, text); n != 0 {
			t.Errorf("the files hold the %s of what was moved to the store %d times", what, n)
		}
	}
}

func TestTheSpoolStoresAnIDOnce(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	r := storetest.NewMaker(t, 2).Response()
	again, other := *r, *r
	other.Comment = "lain"
	out, err := s.Append(t.Context(), []*survey.Response{r, &again, &other})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []survey.Result{survey.Stored, survey.Duplicate, survey.Differs} {
		if out[i].Result != want || !out[i].ReceivedAt.Equal(r.ReceivedAt) {
			t.Errorf("outcome %d = %+v, want %v of %v", i, out[i], want, r.ReceivedAt)
		}
	}
	found, err := s.Find(t.Context(), []uuid.UUID{r.ID, uuid.New()})
	if err != nil || len(found) != 1 || !found[0].Same(r) {
		t.Errorf("found %v, err = %v", found, err)
	}
}

func TestAFullSpoolRefusesAndKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 400<<10)
	m := storetest.NewMaker(t, 3)
	kept := 0
	for range 200 {
		_, err := s.Append(t.Context(), m.Batch(20))
		if err != nil {
			if survey.CodeOf(err) != survey.Unavailable {
				t.Fatal(err)
			}
			break
		}
		kept += 20
	}
	st, err := s.Stats(t.Context())
	if err != nil || kept == 0 || kept == 4000 || st.Waiting != int64(kept) {
		t.Errorf("kept %d, stats = %+v, err = %v", kept, st, err)
	}
}

func TestASpoolThatWasFullTakesAnswersAgainWhenItIsDrained(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 400<<10)
	m := storetest.NewMaker(t, 4)
	for range 3 {
		full := false
		for range 200 {
			if _, err := s.Append(t.Context(), m.Batch(20)); survey.CodeOf(err) == survey.Unavailable {
				full = true
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		st, err := s.Stats(t.Context())
		if err != nil || !full || !st.Full() {
			t.Fatalf("full = %v, stats = %+v, err = %v", full, st, err)
		}
		for {
			list, err := s.Peek(t.Context(), 100)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			ids := make([]uuid.UUID, len(list))
			for i, r := range list {
				ids[i] = r.ID
			}
			if err := s.Remove(t.Context(), ids); err != nil {
				t.Fatal(err)
			}
		}
		if st, err = s.Stats(t.Context()); err != nil || st.Waiting != 0 || st.Full() {
			t.Fatalf("drained: stats = %+v, err = %v", st, err)
		}
	}
}

func TestWhatIsResolvedStaysAndIsNoLongerCounted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSpool(t, dir, 1<<30)
	m := storetest.NewMaker(t, 5)
	list := m.Batch(2)
	for _, r := range list {
		if err := s.Quarantine(t.Context(), r, "why"); err != nil {
			t.Fatal(err)
		}
	}
	other, err := OpenExisting(dir) // a command beside the server
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	if err := other.Resolve(t.Context(), 1, "stored", at); err != nil {
		t.Fatal(err)
	}
	if err := other.Resolve(t.Context(), 1, "dropped: no", at); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("resolved twice: %v, want Conflict", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Quarantined != 1 {
		t.Errorf("stats = %+v, %v, want one left", st, err)
	}
	var got []ingest.QuarantinedResponse
	if err := s.Quarantined(t.Context(), func(a ingest.QuarantinedResponse) error {
		got = append(got, a)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []ingest.QuarantinedResponse{
		{Response: list[0], Number: 1, Reason: "why", Resolution: "stored", ResolvedAt: at},
		{Response: list[1], Number: 2, Reason: "why"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("aside (-want +got):\n%s", diff)
	}
}

func TestASpoolOfTheFirstShapeIsReadAndWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := sqlitefile.Open(filepath.Join(dir, datadir.SpoolFile), "FULL", cacheKiB)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteScript(c, shape, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and once more when it has the new shape
		s := newSpool(t, dir, 1<<30)
		if err := s.Quarantine(t.Context(), storetest.NewMaker(t, 6).Response(), "why"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLookingForASpoolMakesNone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "typo")
	if _, err := OpenExisting(dir); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("err = %v, want NotFound", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory was made: %v", err)
	}
}
