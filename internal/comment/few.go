package comment

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// remainder is which answers of a unit stay beside those that were taken out and can't be shown:
// see few.
type remainder struct {
	taken, newest int // answers that were taken out, and the unit's newest release, when it was made
	few           map[uuid.UUID]bool
}

// few returns the answers of a unit whose labels stand for fewer people than their release
// hides one among, since others of the same part of its step were taken out: who took them
// out, or saw their comments go, is left with those few.
func (r *Reader) few(ctx context.Context, at Place, newest, taken int, out map[uuid.UUID]bool) (map[uuid.UUID]bool, error) {
	if known := r.remainders[at]; taken == 0 || known.taken == taken && known.newest == newest {
		return known.few, nil
	}
	few := map[uuid.UUID]bool{}
	err := r.releases.Additions(ctx, at.Period, at.Unit, 1, func(_, least int, _ time.Time, added []uuid.UUID) error {
		if !slices.ContainsFunc(added, func(id uuid.UUID) bool { return out[id] }) {
			return nil
		}
		return r.fewOf(ctx, added, least, out, few)
	})
	if err == nil {
		r.remainders[at] = remainder{taken, newest, few}
	}
	return few, err
}

// fewOf adds those of one step.
func (r *Reader) fewOf(ctx context.Context, added []uuid.UUID, least int, out, few map[uuid.UUID]bool) error {
	type part struct {
		Label
		survey.Kind
	}
	var rows []Row
	var ids []uuid.UUID
	for some := range slices.Chunk(added, findAtOnce) {
		list, err := r.store.Find(ctx, some)
		if err != nil {
			return err
		}
		for _, a := range list {
			rows, ids = append(rows, rowOf(a)), append(ids, a.ID)
		}
	}
	labels := Labels(rows, least)
	stay := map[part]int{}
	for i := range rows {
		if !out[ids[i]] {
			stay[part{labels[i], rows[i].Kind}]++
		}
	}
	for i := range rows {
		if stay[part{labels[i], rows[i].Kind}] < least {
			few[ids[i]] = true
		}
	}
	return nil
}
