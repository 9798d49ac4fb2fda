package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// told does something again and again, each time with the next call of the store
// failing, until none fails: whatever fails is to be told. Before each time ready is
// called, where it is something that is done once.
func told(t *testing.T, what string, s Store, ready func(), do func(*failingStore, *projection.Projector) error) {
	t.Helper()
	for n := 0; ; n++ {
		if ready != nil {
			ready()
		}
		l := &failingStore{Store: s, callsLeft: n}
		err := do(l, projection.New(l, Library(t)))
		switch {
		case l.failed == "" && err == nil && n > 0:
			return
		case l.failed == "":
			t.Fatalf("%s: err = %v after %d calls of which none failed", what, err, n)
		case !errors.Is(err, errAway):
			t.Errorf("%s: call %d, %s, failed and the error is %v", what, n, l.failed, err)
		}
	}
}

// outages lets each call of the store fail, one at a time, in everything that a
// projection does: nothing is said to be done or right that is not known to be.
func outages(t *testing.T, e Engine) {
	if testing.Short() && !e.Alone {
		t.Skip("hundreds of attempts: the projection is the same above either store, short runs try it above SQLite")
	}
	x := newExpiredCity(t, e)
	whileItRuns(t, e)
	whenItIsOver(t, x, "")
	told(t, "erase", x.Store, nil, func(l *failingStore, p *projection.Projector) error {
		eraser := x.eraser()
		eraser.Store, eraser.Tallies, eraser.Releases = l, p, projection.NewReleaser(p, 24*time.Hour, func() bool { return true })
		return eraser.Run(t.Context(), x.directory, x.now)
	})
	x.sound(t, "erased")
	whenItIsOver(t, x, ", erased")
}

func whileItRuns(t *testing.T, e Engine) {
	t.Helper()
	ctx := t.Context()
	r := newReleasedCity(t, e.New(t), 0)
	r.now = r.directory.Catalogue().Periods[0].From.In(r.directory.Zone()).Add(time.Hour)
	m := NewMaker(t, 90)
	more := func() {
		r.now = r.now.Add(2 * time.Hour)
		for _, unit := range []string{"unit-0", "unit-1"} {
			r.answers(t, m, 20, unit, survey.ModeQR)
		}
	}
	// spoilt spoils documents of yesterday, and those above it, which are to grow or not.
	spoilt := func(grows bool, levels ...analytics.Level) func() {
		return func() {
			more()
			mustSettle(t, r.OpenStore)
			if grows {
				more()
			}
			for _, level := range levels {
				k := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: m.form.ID, Level: level}
				if level != analytics.LevelPeriod {
					k.Start = survey.DateOf(r.now, r.directory.Zone()) - 1
				}
				if level == analytics.LevelMonth {
					k.Start = k.Start.Month()
				}
				e.Spoil(t, r.Store, k, []byte("x"))
			}
		}
	}
	settle := func(_ *failingStore, p *projection.Projector) error { _, err := p.Settle(ctx); return err }
	refresh := func(_ *failingStore, p *projection.Projector) error { return p.Refresh(ctx) }
	release := func(_ *failingStore, p *projection.Projector) error {
		if err := p.Refresh(ctx); err != nil {
			return err
		}
		_, err := projection.NewReleaser(p, 0, func() bool { return true }).Release(ctx, r.directory, r.now)
		return err
	}
	told(t, "settle", r.Store, more, settle)
	told(t, "refresh", r.Store, more, refresh)
	told(t, "release", r.Store, more, release)
	told(t, "settle what cannot be read", r.Store, spoilt(true, analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod), settle)
	told(t, "refresh what cannot be read", r.Store, spoilt(false, analytics.LevelPeriod), refresh)
	told(t, "days that cannot be read", r.Store, spoilt(false, analytics.LevelDay), func(_ *failingStore, p *projection.Projector) error {
		_, err := p.Days(ctx, analytics.DaysOf{Period: "2026-s1", Form: m.form.ID, Before: 1 << 20})
		return err
	})
	told(t, "keep in memory what another server settles", r.Store, nil, func(l *failingStore, _ *projection.Projector) error {
		more()
		p := projection.NewLive(l, Library(t), time.Hour, func() time.Time { return r.now })
		if err := p.Refresh(ctx); err != nil {
			return err
		}
		mustSettle(t, r.OpenStore)
		return p.Refresh(ctx)
	})
	r.now = r.directory.Catalogue().Periods[0].End(r.directory.Zone()).Add(survey.Grace)
	told(t, "release finals", r.Store, nil, release)
	if v := r.verify(t); len(v.Wrong) > 0 || v.Releases < 4 {
		t.Errorf("wrong are %q of %d releases", v.Wrong, v.Releases)
	}
}

func whenItIsOver(t *testing.T, x *expiredCity, when string) {
	t.Helper()
	const period, unit = "2026-s1", "unit-0"
	form := x.directory.Form(period)
	key := analytics.Key{Period: period, Unit: unit, Form: form.ID, Level: analytics.LevelPeriod}
	for _, c := range []struct {
		what string
		do   func(context.Context, *projection.Projector) error
	}{
		{"recount", func(ctx context.Context, p *projection.Projector) error { _, err := p.Recount(ctx, period); return err }},
		{"verify", func(ctx context.Context, p *projection.Projector) error {
			_, err := p.Verify(ctx, period, form)
			return err
		}},
		{"tally", func(ctx context.Context, p *projection.Projector) error { _, err := p.Tally(ctx, key); return err }},
		{"months", func(ctx context.Context, p *projection.Projector) error {
			_, err := p.Months(ctx, period, unit, form.ID)
			return err
		}},
		{"days", func(ctx context.Context, p *projection.Projector) error {
			_, err := p.Days(ctx, analytics.DaysOf{Period: period, Form: form.ID, Before: 1 << 20})
			return err
		}},
		{"counts", func(ctx context.Context, p *projection.Projector) error {
			return p.Counts(ctx, period, func(string, survey.Date, int64) {})
		}},
		{"steps", func(ctx context.Context, p *projection.Projector) error {
			return p.Steps(ctx, period, unit, func(*analytics.ReleasedTally) error { return nil })
		}},
		{"additions", func(ctx context.Context, p *projection.Projector) error {
			return p.Additions(ctx, period, unit, 1, func(int, int, time.Time, []uuid.UUID) error { return nil })
		}},
		{"tables", func(ctx context.Context, p *projection.Projector) error {
			_, err := p.Tables(ctx, period, unit, 2)
			return err
		}},
		{"erasure", func(ctx context.Context, p *projection.Projector) error { _, err := p.Erasure(ctx, period); return err }},
		{"seal", func(ctx context.Context, p *projection.Projector) error {
			_, _, err := p.MakeSeal(ctx, period)
			return err
		}},
	} {
		told(t, c.what+when, x.Store, nil, func(_ *failingStore, p *projection.Projector) error { return c.do(t.Context(), p) })
	}
}
