package desk

import (
	"context"
	"time"

	"persepsi/analytics"
	"persepsi/internal/jobs"
)

// pacedDays rests after each reading of days.
type pacedDays struct {
	days Days
	now  func() time.Time
	pace jobs.Pace
}

// Days reads days, and rests then.
func (u *pacedDays) Days(ctx context.Context, of analytics.DaysOf) (map[analytics.UnitDay]analytics.Counts, error) {
	begun := u.now()
	out, err := u.days.Days(ctx, of)
	if err != nil {
		return nil, err
	}
	return out, u.pace.Rest(ctx, u.now().Sub(begun))
}
