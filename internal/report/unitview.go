package report

import (
	"fmt"

	"persepsi/analytics"
	"persepsi/survey"
)

// unitEntry is a unit's result with what it was made of.
type unitEntry struct {
	key     string // of the unit
	result  *UnitResult
	tally   *analytics.Tally
	all     *analytics.Tally // of all answers, whichever of them tally holds
	version int              // of the evaluation
	undone  int64            // answers that were taken out
}

// unanswered reports whether nothing is known of a unit in the period: neither an
// answer nor an evaluator's entry. One that was closed before has no place in its
// results then.
func (b *viewMaker) unanswered(unit string) bool {
	_, entered := b.totals.Evaluations[unit]
	return b.totals.of(unit, b.calc.Form) == nil && b.totals.Released[unit] == nil && !b.totals.Damaged[unit] && !entered
}

// unit returns a unit's entry: the old one where nothing changed, or else with
// the indexes that were computed of the same totals already.
func (b *viewMaker) unit(c cut, agency *survey.Agency, unit *survey.Unit) (*unitEntry, error) {
	evaluation, entered := c.evaluations[unit.Key()]
	evaluation.Unit = unit.Code
	fresh := &unitEntry{key: unit.Key(), version: evaluation.Version, all: c.totals.of(unit.Key(), b.calc.Form), undone: c.totals.undone(unit.Key())}
	var released *analytics.ReleasedTally
	fresh.tally, released = c.of(unit.Key(), b.calc.Form)
	out := &UnitResult{Agency: agency.Code, AgencyName: agency.Name, Unit: unit.Code, UnitName: unit.Name, Serial: b.serial.Add(1), Released: released}
	fresh.result = out
	scored := false
	var live *UnitResult // of the same tally: a final release is of everybody
	for _, v := range b.kin {
		at, ok := v.position[unit.Code]
		if !ok || v.units[at].tally != fresh.tally || c.live && v.units[at].all != fresh.all {
			continue
		}
		known := v.units[at]
		if !c.live && v.live {
			live = known.result
		}
		if v.live != c.live {
			continue
		}
		if known.version == fresh.version && entered == (known.result.Evaluation != nil) && known.all == fresh.all && known.undone == fresh.undone && b.withheldAlike(c, known) {
			return known, nil
		}
		out.Indexes = known.result.Indexes
		if !entered && known.result.Evaluation == nil {
			out.LKE, scored = known.result.LKE, true
		}
	}
	b.count(c, fresh)
	if entered {
		out.Evaluation = &evaluation
	}
	if c.signals {
		out.Signals, out.Declined = fresh.all.Signals(), fresh.all.DeclinedByQuestion(b.calc.Form)
	}
	if out.Withheld == "" {
		out.ShownLKE = &out.LKE
		if out.Indexes == nil {
			b.compute(c, fresh, live)
		}
	}
	out.Sample = b.samples.Of(b.period, out.Unit, out.Responses.Valid, out.Indexes)
	if scored {
		return fresh, nil
	}
	input := analytics.LKEInput{}
	if x := out.Indexes[analytics.IPAK]; x != nil {
		input.IPAK, input.ShortIPAK = x.ExactMean, !x.Adequate
	}
	if x := out.Indexes[analytics.IPKP]; x != nil {
		input.IPKP, input.ShortIPKP = x.ExactMean, !x.Adequate
	}
	err := input.Enter(evaluation) // of nothing where nothing is entered
	if err != nil {
		return nil, fmt.Errorf("evaluation of unit %s: %w", unit.Code, err)
	}
	if out.LKE, err = b.lke.Score(input); err != nil {
		return nil, fmt.Errorf("LKE of unit %s: %w", unit.Code, err)
	}
	return fresh, nil
}

// compute computes the indexes of a unit; live are those of the same tally, with what only
// evaluators see of them, or nil.
func (b *viewMaker) compute(c cut, e *unitEntry, live *UnitResult) {
	r := e.result
	r.Indexes = map[string]*analytics.Index{}
	served := analytics.PopulationOf(b.period, r.Unit)
	for i := range b.calc.Form.Indexes {
		code := b.calc.Form.Indexes[i].Code
		var x *analytics.Index
		if live == nil {
			x = b.calc.Index(e.tally, i, served)
		} else {
			x = live.Indexes[code]
		}
		if c.live {
			x.Decline(b.calc.Form, &b.calc.Form.Indexes[i], e.all)
		} else {
			x = x.Published()
		}
		if r.Released != nil {
			x.Withhold()
		}
		r.Indexes[code] = x
	}
}

func sameTallies(a, b []*unitEntry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].tally != b[i].tally || a[i].all != b[i].all {
			return false
		}
	}
	return true
}
