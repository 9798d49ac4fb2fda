package desk

import (
	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
)

// relationsKey names the relations of a unit: all that they depend on.
type relationsKey struct{ period, unit, checksum string }

// relationBytes is what a relation takes in memory, roughly.
const relationBytes = 200

// Relations returns how far each aspect of a unit's indexes goes together with the others, by
// the index's code, of the final release of a closed period: in the order of the form's
// aspects, nil for an index that fewer than 100 people answered whole. Before the final
// release there are none.
//
// They are made by the first who asks and kept by the release, which is never made anew: few
// ask for them. They are for evaluators alone (docs/releases.md), and so no part of Detail, which all roles
// share. Errors: report.ErrNotLoaded.
func (s *Details) Relations(on *Desk, u *Unit) (map[string][]analytics.Relation, error) {
	if u.State != Final {
		return nil, nil //nolint:nilnil // there are none, and no fault
	}
	f := on.whole.figures
	results, err := f.Results(report.Scope{Period: u.Period.Code, Unit: u.Code, Audience: report.Managed, Explain: true})
	if err != nil || len(results.Units) == 0 || results.Units[0].Released == nil {
		return nil, err
	}
	form, of := f.Directory().Form(u.Period.Code), results.Units[0].Released
	key := relationsKey{u.Period.Code, f.Directory().UnitKey(u.Code), of.Checksum}
	return cache.Get(s.cache, key, func() (map[string][]analytics.Relation, int, error) {
		out, size := map[string][]analytics.Relation{}, 0
		for i := range form.Indexes {
			list := of.Tally.Importance(i)
			out[form.Indexes[i].Code] = list
			size += len(list) * relationBytes
		}
		return out, size, nil
	})
}
