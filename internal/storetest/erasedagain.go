package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// erasedAgain erases a period as earlier programs did, which left what tallies and
// releases told; the next run removes that too, and tells it.
func erasedAgain(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	of := survey.Erasure{Period: "2026-s1", At: x.now.UTC(), Day: survey.NewDate(2026, 7, 31), Months: 1}
	MustBeginErasure(t, x.Store, of) // with the releases as they are
	for range 30 {
		if err := retention.Erase(t.Context(), x.Store, of.Period); err == nil {
			break
		} else if !errors.Is(err, retention.ErrNotNow) {
			t.Fatal(err)
		}
	}
	if err := x.Audit(t.Context(), audit.Entry{Action: audit.Erase, Subject: of.Period, Changes: []audit.Change{{What: "seal 2026-s1 unit-0", After: "release 5 5ea1, respondent cells ce11"}}}); err != nil {
		t.Fatal(err)
	}
	e.Earlier(t, x.Store)
	if n := x.legible(t); n != 0 || len(x.telling(t)) < 10 {
		t.Fatalf("%d answers tell something, %d tallies: the test tests nothing", n, len(x.telling(t)))
	}
	if list, err := x.Erasures(t.Context()); err != nil || !list[0].Earlier || list[0].Done || list[0].Sealed || !list[0].Removes() {
		t.Errorf("erasures %+v, err = %v", list, err)
	}
	if v := x.verify(t); len(v.Wrong) > 0 || v.Releases < 8 {
		t.Errorf("before the run wrong are %q of %d", v.Wrong, v.Releases)
	}
	if n, err := x.Recount(t.Context(), ""); err != nil || n.Differing != 0 || len(x.telling(t)) > 0 {
		t.Errorf("recount = %+v, err = %v, %d tallies tell of respondents, want that nobody is said to have forged them", n, err, len(x.telling(t)))
	}
	x.erase(t)
	if diff := cmp.Diff(before, x.kept(t)); diff != "" || len(x.telling(t)) > 0 {
		t.Errorf("%d tallies tell of respondents; others are (-want +got):\n%.2000s", len(x.telling(t)), diff)
	}
	x.sound(t, "erased again")
	if list, err := x.Erasures(t.Context()); err != nil || !list[0].Done || !list[0].Sealed {
		t.Errorf("erasures %+v, err = %v", list, err)
	}
	if wrong, err := retention.Unsealed(t.Context(), x.Store, ""); err != nil || len(wrong) > 0 {
		t.Errorf("wrong of the seals: %q, err = %v", wrong, err)
	}
	a := newAttacker(t)
	for _, h := range e.Dump(t, x.Store) {
		a.look(h)
	}
	if len(a.read) > 0 {
		t.Errorf("somebody who has the database reads %q", a.read)
	}
}

var errDead = errors.New("the process died")

// crashingStore is a store whose process dies after some writes.
type crashingStore struct {
	Store
	writesLeft int
}

func (d *crashingStore) write(fn func() error) error {
	if d.writesLeft == 0 {
		return errDead
	}
	d.writesLeft--
	return fn()
}

func (d *crashingStore) BeginErasure(ctx context.Context, e survey.Erasure) error {
	return d.write(func() error { return d.Store.BeginErasure(ctx, e) })
}

func (d *crashingStore) ReplaceRelease(ctx context.Context, checksum string, r projection.StoredRelease) error {
	return d.write(func() error { return d.Store.ReplaceRelease(ctx, checksum, r) })
}

func (d *crashingStore) Save(ctx context.Context, b *projection.Batch, puts []projection.Put) (left []analytics.Key, err error) {
	if len(puts) == 0 {
		return d.Store.Save(ctx, b, puts)
	}
	err = d.write(func() error {
		left, err = d.Store.Save(ctx, b, puts)
		return err
	})
	return left, err
}

func (d *crashingStore) PutSeal(ctx context.Context, period string, at int64, seal *survey.Seal, said ...audit.Entry) error {
	return d.write(func() error { return d.Store.PutSeal(ctx, period, at, seal, said...) })
}

func (d *crashingStore) EraseAnswers(ctx context.Context, period string) error {
	return d.write(func() error { return d.Store.EraseAnswers(ctx, period) })
}

func (d *crashingStore) EraseComments(ctx context.Context, period string) error {
	return d.write(func() error { return d.Store.EraseComments(ctx, period) })
}

func (d *crashingStore) ReplaceImport(ctx context.Context, i *survey.Import) error {
	return d.write(func() error { return d.Store.ReplaceImport(ctx, i) })
}

func (d *crashingStore) EndErasure(ctx context.Context, period string) error {
	return d.write(func() error { return d.Store.EndErasure(ctx, period) })
}

// erasedInSteps has each process that erases die after one write, or three where the third
// is the first that is another than those of the one before.
func erasedInSteps(t *testing.T, e Engine) {
	x := newExpiredCity(t, e)
	before := x.kept(t)
	steps, writes := 0, 1
	for done := false; !done; steps++ {
		if steps == 100 {
			t.Fatal("it comes to no end")
		}
		d := &crashingStore{x.Store, writes}
		p := projection.New(d, Library(t))
		eraser := x.eraser()
		eraser.Store, eraser.Tallies, eraser.Releases = d, p, projection.NewReleaser(p, 24*time.Hour, func() bool { return true })
		err := eraser.Run(t.Context(), x.directory, x.now)
		if err != nil && !errors.Is(err, errDead) {
			t.Fatal(err)
		}
		if v := x.verify(t); len(v.Wrong) > 0 || v.Releases < 8 {
			t.Errorf("after step %d wrong are %q of %d", steps, v.Wrong, v.Releases)
		}
		list, err := x.Erasures(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if !list[0].Sealed && x.legible(t) != len(x.given) {
			t.Fatalf("after step %d answers were changed, and there is no seal", steps)
		}
		done = list[0].Done
		if x.legible(t) == 0 { // each erases answers and comments once more before it goes on
			writes = 3
		}
	}
	if steps < 12 {
		t.Errorf("%d steps: the test tests too little", steps)
	}
	if diff := cmp.Diff(before, x.kept(t)); diff != "" || len(x.telling(t)) > 0 || x.legible(t) > 0 {
		t.Errorf("%d tallies and %d answers tell of respondents; others are (-want +got):\n%.2000s", len(x.telling(t)), x.legible(t), diff)
	}
	if n := len(x.entries(t)); n != 1 {
		t.Errorf("the audit tells of %d erasures", n)
	}
	x.sound(t, "erased")
}
