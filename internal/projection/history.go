package projection

import (
	"context"

	"persepsi/analytics"
)

// Steps calls fn with what may be seen of a unit's releases in a period, the oldest
// first; with nil in the place of one that cannot be read.
func (p *Projector) Steps(ctx context.Context, period, unit string, fn func(*analytics.ReleasedTally) error) error {
	return p.store.Releases(ctx, period, unit, 1, func(s StoredRelease) error {
		r, err := s.released(p.pool.forms)
		if err != nil {
			r = nil // recount tells of it
		}
		return fn(r)
	})
}
