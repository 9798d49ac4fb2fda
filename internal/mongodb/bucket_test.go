package mongodb

import (
	"context"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// What is stored under a name that nothing can have is told, never read as something else.
func TestABucketIsReadByItsNameAndNothingElseIs(t *testing.T) {
	t.Parallel()
	day, err := survey.ParseDate("2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []analytics.Key{
		{Level: analytics.LevelDay, Period: "2026-s1", Unit: "a/b%", Form: "skm-9@1", Start: day},
		{Level: analytics.LevelMonth, Period: "2026-s1", Unit: "pkm", Form: "skm-9@1", Start: day},
		{Level: analytics.LevelPeriod, Period: "2026-s1", Unit: "pkm", Form: "skm-9@1"},
	} {
		if got, err := parseTallyID(tallyID(k)); err != nil || got != k {
			t.Errorf("%s is read as %+v, err = %v", tallyID(k), got, err)
		}
		if k.Level != analytics.LevelDay {
			continue
		}
		if got, err := parseBucket(bucketOf(k)); err != nil || got != k {
			t.Errorf("%s is read as %+v, err = %v", bucketOf(k), got, err)
		}
	}
	for _, bad := range []string{"", "p/u/2026-03-02", "p/u/2026-03-02/f/g", "p/u/2026-13-02/f", "p/u//f", "%zz/u/2026-03-02/f", "p/u/2026-03-02/%"} {
		if got, err := parseBucket(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, got)
		}
		if got, err := parseTallyID(levelName(analytics.LevelDay) + "/" + bad); err == nil {
			t.Errorf("of a day %q is read as %+v", bad, got)
		}
	}
	for _, bad := range []string{"", "week/p/u/2026-03-02/f", "p/u/2026-03-02/f"} {
		if got, err := parseTallyID(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

// Whoever sets a time has it, longer or shorter than what others get.
func TestAnOperationTakesTheTimeThatItsCallerSets(t *testing.T) {
	t.Parallel()
	db := &DB{pace: defaultPace()}
	db.started.Store(true)
	for _, own := range []time.Duration{0, db.pace.operation / 2, 2 * db.pace.operation} {
		ctx, want := t.Context(), time.Now().Add(db.pace.operation)
		if own > 0 {
			want = time.Now().Add(own)
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, want)
			defer cancel()
		}
		limited, cancel := db.within(ctx)
		got, ok := limited.Deadline()
		cancel()
		if late := got.Sub(want); !ok || own > 0 && late != 0 || own == 0 && (late < 0 || late > time.Minute) {
			t.Errorf("of %s: %v until %s, want %s", own, ok, got, want)
		}
		if limited.Err() == nil || ctx.Err() != nil {
			t.Errorf("of %s: what is ended is %v, its caller's is %v", own, limited.Err(), ctx.Err())
		}
	}
}
