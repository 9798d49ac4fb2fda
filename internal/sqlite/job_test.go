package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"persepsi/internal/jobs"
	"persepsi/internal/storetest"
)

// ending is a context that ends after a number of looks at it.
type ending struct {
	context.Context //nolint:containedctx // it is one
	looks           int
}

func (e *ending) Err() error {
	if e.looks--; e.looks < 0 {
		return context.Canceled
	}
	return nil
}

// What is removed is overwritten: 256 MB in one commit would hold up every answer meanwhile.
func TestPartsOfAJobAreRemovedInCommitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	j := jobs.Job{ID: "a", State: jobs.Running}
	for i := range 5 {
		j.Version++
		if err := db.PutJob(t.Context(), j, &jobs.Part{Key: fmt.Sprint(i), Data: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	for _, drop := range []func(context.Context, string) error{db.DropParts, db.DropJob} {
		before := number(t, db, `SELECT count(*) FROM job_parts`)
		if err := drop(&ending{t.Context(), 2}, "a"); !errors.Is(err, context.Canceled) {
			t.Fatalf("err = %v", err)
		}
		if got := number(t, db, `SELECT count(*) FROM job_parts`); got != before-2 {
			t.Errorf("after two commits %d of %d parts are left", got, before)
		}
	}
	if number(t, db, `SELECT count(*) FROM jobs`) != 1 {
		t.Error("the job went before its parts")
	}
	if err := db.DropJob(t.Context(), "a"); err != nil || number(t, db, `SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM job_parts)`) != 0 {
		t.Errorf("then it is not removed: %v", err)
	}
}
