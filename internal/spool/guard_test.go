package spool

import (
	"testing"

	"persepsi/internal/datadir"
	"persepsi/internal/storetest"
)

func TestTheSpoolAcknowledgesNothingOnceItsDirectoryIsLost(t *testing.T) {
	t.Parallel()
	storetest.Lost(t, datadir.SpoolFile, func(t *testing.T, dir string, lose func()) {
		s := newSpool(t, dir, 1<<30)
		m := storetest.NewMaker(t, 13)
		kept := m.Batch(3)
		if _, err := s.Append(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		lose()
		_, err := s.Append(t.Context(), m.Batch(1))
		storetest.WantGone(t, "append", err)
		_, err = s.Find(t.Context(), storetest.IDs(kept))
		storetest.WantGone(t, "find", err)
		storetest.WantGone(t, "ping", s.Ping(t.Context()))
		// What the open file still holds may yet reach the store.
		list, err := s.Peek(t.Context(), 10)
		if err != nil || len(list) != len(kept) {
			t.Errorf("peek: %d, %v", len(list), err)
		}
		if err := s.Remove(t.Context(), storetest.IDs(kept)); err != nil {
			t.Errorf("remove what was drained: %v", err)
		}
	})
}

func TestTheProbeFindsOutThatASpoolWhichFailedWorksAgain(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir(), 1<<30)
	s.failing.Store(true)
	if err := s.Ping(t.Context()); err != nil || s.failing.Load() {
		t.Errorf("ping: %v, failing = %v", err, s.failing.Load())
	}
}
