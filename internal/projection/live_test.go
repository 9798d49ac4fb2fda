package projection

import (
	"testing"
	"time"

	"persepsi/analytics"
)

func TestABatchIsSavedWhenItIsOldLargeOrNotSure(t *testing.T) {
	t.Parallel()
	of := func(buckets int) map[analytics.Key]Delta {
		out := map[analytics.Key]Delta{}
		for i := range buckets {
			out[analytics.Key{Unit: string(rune(i))}] = Delta{}
		}
		return out
	}
	for name, c := range map[string]struct {
		batch  Batch
		waited time.Duration
		want   bool
	}{
		"nothing, however long":     {Batch{}, time.Hour, false},
		"an answer, a moment ago":   {Batch{Rows: 1, Fresh: of(1)}, time.Second, false},
		"an answer, for a minute":   {Batch{Rows: 1, Fresh: of(1)}, time.Minute, true},
		"the clock was set back":    {Batch{Rows: 1, Fresh: of(1)}, -time.Second, true},
		"a bucket to count anew":    {Batch{Anew: map[analytics.Key]bool{{}: true}}, 0, true},
		"all but too many answers":  {Batch{Rows: mostPending - 1, Fresh: of(1)}, 0, false},
		"as many as may be":         {Batch{Rows: mostPending, Fresh: of(1)}, 0, true},
		"all but too many buckets":  {Batch{Rows: mostBuckets, Fresh: of(mostBuckets - 1)}, 0, false},
		"buckets as many as may be": {Batch{Rows: mostBuckets, Fresh: of(mostBuckets)}, 0, true},
	} {
		start := time.Unix(0, 0)
		p := NewLive(nil, nil, time.Minute, func() time.Time { return start.Add(c.waited) })
		p.batch, p.saved = &c.batch, start
		if got := p.due(); got != c.want {
			t.Errorf("%s: due = %v, want %v", name, got, c.want)
		}
		p.every = 0
		if !p.due() {
			t.Errorf("%s: not saved at once where nothing is to be kept", name)
		}
	}
}
