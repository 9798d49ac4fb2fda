package desk

import (
	"persepsi/analytics"
	"persepsi/internal/report"
)

// Relations returns how far each aspect of a unit's indexes goes together with the others, by
// the index's code, of the final release of a closed period: in the order of the form's
// aspects, nil for an index that fewer than 100 people answered whole. Before the final
// release there are none.
//
// They are for evaluators alone (docs/releases.md), and so no part of Detail, which all roles
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
	form := f.Directory().Form(u.Period.Code)
	out := map[string][]analytics.Relation{}
	for i := range form.Indexes {
		out[form.Indexes[i].Code] = results.Units[0].Released.Tally.Importance(i)
	}
	return out, nil
}
