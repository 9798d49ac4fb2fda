package projection

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// chain summarizes a unit's releases in their order.
type chain struct {
	newest   *Release             // nil: there is none
	checksum string               // of newest
	states   []state              // by release
	tabled   int                  // the serial of the first that has tables; 0: none
	serials  map[uuid.UUID][2]int // by answer: the releases that added it and, if not 0, removed it
	undone   map[uuid.UUID]bool   // answers of the unit that were taken out
}

// read reads a unit's releases, and finds the days of which none holds all
// answers.
func (r *releaseRun) read(ctx context.Context, c *candidate) error {
	c.serials = map[uuid.UUID][2]int{}
	form := r.directory.Form(r.period.Code)
	held := map[survey.Date]int64{} // that were not taken out
	err := r.store.Releases(ctx, r.period.Code, c.unit, 1, func(s StoredRelease) error {
		release, err := s.decode()
		if err != nil {
			return err
		}
		if release.Previous != c.checksum {
			return fmt.Errorf("release %d of unit %s follows another one than is stored", release.Serial, c.unit)
		}
		for _, added := range release.Added {
			for id := range added.IDs.All {
				c.serials[id] = [2]int{release.Serial}
				if !c.undone[id] {
					held[added.Day]++
				}
			}
		}
		for _, removed := range release.Removed {
			for id := range removed.IDs.All {
				c.serials[id] = [2]int{c.serials[id][0], release.Serial}
			}
		}
		c.newest, c.checksum = release, s.Checksum
		c.states = append(c.states, stateOf(release, form))
		if c.tabled == 0 && release.Tables != nil {
			c.tabled = release.Serial
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.all = c.tables() || c.removes()
	f := analytics.TallyFilter{Level: analytics.LevelDay, Period: r.period.Code, Unit: c.unit}
	return r.store.Docs(ctx, Selection{TallyFilter: f}, func(k analytics.Key, doc Doc) error {
		if k.Form != form.ID || doc.Tally == nil {
			return nil
		}
		t, err := analytics.DecodeTotals(r.pool.forms, doc.Tally)
		if err != nil {
			return fmt.Errorf("tally of unit %s on %s: %w", k.Unit, k.Start, err)
		}
		if t.N > held[k.Start] || c.all {
			c.days = append(c.days, k.Start)
		}
		return nil
	})
}

// removes reports whether the next release may remove answers that the newest holds,
// or something of them that it still counts.
func (c *candidate) removes() bool {
	for id := range c.undone {
		if of := c.serials[id]; of[0] > 0 && of[1] == 0 {
			return true
		}
	}
	if c.newest != nil {
		for _, p := range c.newest.Partial {
			for id := range p.IDs.All {
				if c.serials[id][1] > 0 {
					return true
				}
			}
		}
	}
	return false
}

// past returns the history before the next release.
func (c *candidate) past() releaseHistory {
	return releaseHistory{held: c.held, states: c.states, tabled: c.tabled, undone: c.undone}
}

// heldAnswer returns an answer with the releases that added and removed it.
func (c *chain) heldAnswer(row *survey.Response) heldAnswer {
	of := c.serials[row.ID]
	return heldAnswer{row, of[0], of[1]}
}

// partial reads the answers that the newest release counts in part.
func (r *releaseRun) partial(ctx context.Context, c *candidate) ([]heldAnswer, error) {
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
			out = append(out, c.heldAnswer(row))
		}
	}
	return out, nil
}
