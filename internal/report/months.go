package report

import (
	"cmp"
	"context"
	"slices"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// Month are the totals of a unit in one month of a period.
type Month struct {
	First  survey.Date // its first day
	Totals *analytics.Tally
}

// monthsKey names the months that a unit's totals are the sum of.
type monthsKey struct {
	period, unit string
	serial       uint64 // of the unit's result
}

// Months returns the totals of a unit in each month of a period that has
// answers, the first one first; they must not be changed. Errors: NotFound for a
// period or unit that doesn't exist; ErrNotLoaded.
func (b *Builder) Months(ctx context.Context, period, unit string) ([]Month, error) {
	f := b.Figures()
	results, err := f.Results(Scope{Period: period, Unit: unit})
	if err != nil || len(results.Units) == 0 {
		return nil, err
	}
	u := results.Units[0]
	return cache.Get(b.cache, monthsKey{period, unit, u.Serial}, func() ([]Month, int, error) {
		read, err := b.source.Months(ctx, period, f.Directory().UnitKey(unit), f.Directory().Form(period))
		if err != nil {
			return nil, 0, err
		}
		out, n := make([]Month, 0, len(read)), int64(0)
		for first, t := range read {
			out = append(out, Month{first, t})
			n += t.N
		}
		slices.SortFunc(out, func(a, b Month) int { return cmp.Compare(a.First, b.First) })
		size := len(out) * monthBytes
		if n != u.Responses.Valid {
			size = cache.Unkept // the store has answers that the figures lack
		}
		return out, size, nil
	})
}

// monthBytes is what the totals of a month take in memory, roughly.
const monthBytes = 8 << 10
