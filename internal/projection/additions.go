package projection

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Addition is which answers a release added.
type Addition struct {
	Serial int
	Least  int // people that the release hides a person among
	At     time.Time
	IDs    []uuid.UUID // by day, then sorted: their order tells nothing
}

// Additions calls fn with what each of a unit's releases added, from a serial on, in their
// order. Its error tells of a release that cannot be read.
func (p *Projector) Additions(ctx context.Context, period, unit string, from int, fn func(Addition) error) error {
	return p.store.Releases(ctx, period, unit, from, func(s StoredRelease) error {
		r, err := s.decode()
		if err != nil {
			return err
		}
		a := Addition{Serial: r.Serial, Least: r.Least, At: r.At}
		for _, of := range r.Added {
			for id := range of.IDs.All {
				a.IDs = append(a.IDs, id)
			}
		}
		return fn(a)
	})
}
