package spool

import (
	"fmt"
	"testing"
	"time"

	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/ingest"
	"persepsi/internal/storetest"
)

func TestWhatWasSetAsideOfAnErasedPeriodIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSpool(t, dir, 1<<30)
	m := storetest.NewMaker(t, 94)
	list := m.Batch(3)
	list[1].Period = "2026-s2"
	for _, r := range list {
		r.Comment, r.Respondent = "kalimat-rahasia", "12345"
		if err := s.Quarantine(t.Context(), r, "sebab"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Resolve(t.Context(), 1, "duplicate", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(t.Context(), []string{"2026-s1"}); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := s.Quarantined(t.Context(), func(q ingest.QuarantinedResponse) error {
		got = append(got, fmt.Sprint(q.Period, q.Erased(), q.Comment, q.Reason, q.Resolution))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint([]string{"2026-s1true" + "sebab" + "duplicate", "2026-s2falsekalimat-rahasiasebab", "2026-s1truesebab"})
	if fmt.Sprint(got) != want {
		t.Errorf("set aside are %v, want %v", got, want)
	}
	if n := storetest.LegibleIn(t, dir, []byte("kalimat-rahasia")); n != 1 {
		t.Errorf("the spool's files hold %d comments, want the other period's", n)
	}
	// One that is killed before the log is emptied leaves it to the next.
	if err := sqlitex.ExecuteTransient(s.c, `UPDATE aside SET respondent = '~', comment = '' WHERE period = '2026-s2'`, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := storetest.LegibleIn(t, dir, []byte("kalimat-rahasia")); n == 0 {
		t.Error("the log is empty already: the test tests nothing")
	}
	if err := s.Erase(t.Context(), []string{"2026-s1", "2026-s2"}); err != nil {
		t.Fatal(err)
	}
	if n := storetest.LegibleIn(t, dir, []byte("kalimat-rahasia")); n != 0 {
		t.Errorf("the spool's files hold %d comments of erased periods", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
