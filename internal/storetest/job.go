package storetest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/jobs"
	"persepsi/survey"
)

// longWork is changed one change at a time, and its parts are read by every process.
func longWork(t *testing.T, e Engine) {
	open := e.New(t)
	s := handle(t, open)
	at := time.Date(2026, 7, 2, 3, 4, 5, 0, time.UTC)
	older := jobs.Job{ID: "b", Version: 1, Kind: "reports", What: json.RawMessage(`{"period":"p"}`), Title: "Semua laporan", Person: "siti", Asked: at, State: jobs.Waiting, Until: at.Add(time.Hour)}
	newer := jobs.Job{ID: "a", Version: 1, Kind: "reports", What: json.RawMessage(`{}`), Person: "budi", Asked: at.Add(time.Second), State: jobs.Waiting}
	put := func(j jobs.Job, part *jobs.Part, want survey.Code) {
		t.Helper()
		if err := s.PutJob(t.Context(), j, part); want == "" && err != nil || want != "" && survey.CodeOf(err) != want {
			t.Errorf("version %d of %s: err = %v, want %q", j.Version, j.ID, err, want)
		}
	}
	put(newer, nil, "")
	put(older, nil, "")
	put(older, nil, survey.Conflict)
	older.Version, older.State, older.Done, older.Total, older.At, older.Server, older.Beat = 2, jobs.Running, 1, 3, "Loket", "x", at.Add(time.Minute)
	put(older, &jobs.Part{Key: "u2", File: "b.pdf", Data: []byte("two")}, "")
	put(older, &jobs.Part{Key: "u9", File: "c.pdf", Data: []byte("lost")}, survey.Conflict)
	skipped := older
	skipped.Version = 4
	put(skipped, nil, survey.Conflict)
	older.Version, older.Done, older.Size = 3, 2, 6
	put(older, &jobs.Part{Key: "u1", Note: "tidak ikut"}, "")
	older.Version = 4
	put(older, &jobs.Part{Key: "u2", File: "b.pdf", Data: []byte("two again")}, "")
	gone := newer
	gone.ID, gone.Version = "c", 2
	put(gone, nil, survey.Conflict)

	other := handle(t, open)
	got, err := other.Jobs(t.Context())
	if diff := cmp.Diff([]jobs.Job{older, newer}, got); err != nil || diff != "" {
		t.Errorf("jobs (-want +got), err = %v:\n%s", err, diff)
	}
	parts, err := other.Parts(t.Context(), "b")
	if diff := cmp.Diff([]jobs.Part{{Key: "u1", Note: "tidak ikut"}, {Key: "u2", File: "b.pdf"}}, parts); err != nil || diff != "" {
		t.Errorf("parts (-want +got), err = %v:\n%s", err, diff)
	}
	if data, err := other.PartData(t.Context(), "b", "u2"); err != nil || string(data) != "two again" {
		t.Errorf("a part is %q, err = %v", data, err)
	}
	for _, at := range [][2]string{{"b", "u9"}, {"a", "u2"}} {
		if _, err := other.PartData(t.Context(), at[0], at[1]); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("part %v: err = %v", at, err)
		}
	}
	partsOf := func(want ...string) {
		t.Helper()
		got, err := other.PartsOf(t.Context())
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("there are parts of %q, err = %v, want %q", got, err, want)
		}
	}
	partsOf("b")
	newer.Version = 2
	put(newer, &jobs.Part{Key: "u2", Data: []byte("another's")}, "")
	partsOf("a", "b")
	if err := s.DropParts(t.Context(), "b"); err != nil {
		t.Error(err)
	}
	if parts, err := s.Parts(t.Context(), "b"); err != nil || len(parts) != 0 {
		t.Errorf("of dropped parts there are %v, err = %v", parts, err)
	}
	partsOf("a")
	if err := s.DropJob(t.Context(), "b"); err != nil {
		t.Error(err)
	}
	if got, err := other.Jobs(t.Context()); err != nil || len(got) != 1 || got[0].ID != "a" {
		t.Errorf("after one is dropped there are %v, err = %v", got, err)
	}
	older.Version = 5
	put(older, &jobs.Part{Key: "u3", Data: []byte("late")}, survey.Conflict)
	if err := s.DropJob(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if data, err := other.PartData(t.Context(), "a", "u2"); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of a dropped job a part is %s, err = %v", data, err)
	}
	partsOf()
}
