package projection

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Additions calls fn with the serial of each of a unit's releases from one on, in their
// order, the number of people that it hides a person among, when it was made, and the
// answers that it added, by day and then sorted: their order tells nothing. Its error tells
// of a release that cannot be read.
func (p *Projector) Additions(ctx context.Context, period, unit string, from int, fn func(serial, least int, at time.Time, added []uuid.UUID) error) error {
	return p.store.Releases(ctx, period, unit, from, func(s StoredRelease) error {
		r, err := s.decode()
		if err != nil {
			return err
		}
		var added []uuid.UUID
		for _, of := range r.Added {
			for id := range of.IDs.All {
				added = append(added, id)
			}
		}
		return fn(r.Serial, r.Least, r.At, added)
	})
}
