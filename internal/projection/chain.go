package projection

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// chain is what is known of a unit's releases.
type chain struct {
	newest   *Release          // nil: there is none
	checksum string            // of newest
	through  []counts          // by release
	serials  map[uuid.UUID]int // by answer: the release that added it
}

// read reads a unit's releases, and finds the days of which none holds all
// answers.
func (r *releasing) read(ctx context.Context, c *candidate) error {
	c.serials = map[uuid.UUID]int{}
	held := map[survey.Date]int64{}
	err := r.store.Releases(ctx, r.period.Code, c.unit, 1, func(s StoredRelease) error {
		release, err := s.decode()
		if err != nil {
			return err
		}
		if release.Previous != c.checksum {
			return fmt.Errorf("release %d of unit %s follows another one than is stored", release.Serial, c.unit)
		}
		for _, added := range release.Added {
			held[added.Day] += int64(added.IDs.Len())
			for id := range added.IDs.All {
				c.serials[id] = release.Serial
			}
		}
		c.newest, c.checksum = release, s.Checksum
		c.through = append(c.through, release.Through)
		return nil
	})
	if err != nil {
		return err
	}
	form := r.directory.Form(r.period.Code).ID
	f := analytics.TallyFilter{Level: analytics.LevelDay, Period: r.period.Code, Unit: c.unit}
	return r.store.Docs(ctx, Selection{TallyFilter: f}, func(k analytics.Key, doc Doc) error {
		if k.Form != form || doc.Tally == nil {
			return nil
		}
		t, err := analytics.DecodeTotals(r.pool.forms, doc.Tally)
		if err != nil {
			return fmt.Errorf("tally of unit %s on %s: %w", k.Unit, k.Start, err)
		}
		if t.N > held[k.Start] || c.tables() {
			c.days = append(c.days, k.Start)
		}
		return nil
	})
}

// partial reads the answers that the newest release counts in part.
func (r *releasing) partial(ctx context.Context, c *candidate) ([]heldAnswer, error) {
	if c.newest == nil {
		return nil, nil
	}
	var out []heldAnswer
	for _, p := range c.newest.Partial {
		rows, err := r.store.Find(ctx, slices.Collect(p.IDs.All))
		if err != nil {
			return nil, err
		}
		if len(rows) != p.IDs.Len() {
			return nil, fmt.Errorf("%d of the %d answers that release %d holds are not stored", p.IDs.Len()-len(rows), p.IDs.Len(), p.Serial)
		}
		for _, row := range rows {
			out = append(out, heldAnswer{row, p.Serial})
		}
	}
	return out, nil
}
