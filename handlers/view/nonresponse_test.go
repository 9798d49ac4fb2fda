package view

import (
	"testing"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// A unit that nobody answered, a form where all must be answered, and figures that are
// released tell nothing of declined answers; a zero is told.
func TestWhatIsNotSaidIsToldOfUnitsThatCouldDecline(t *testing.T) {
	t.Parallel()
	form := &survey.Form{Questions: []survey.Question{
		{Code: "pungli", Declinable: true}, {Code: "ramah"}, {Code: "arah", Declinable: true, Options: []survey.Option{{Value: 1}, {Value: 2}}},
	}}
	unit := func(valid, pungli, arah int64) *report.UnitResult {
		return &report.UnitResult{
			Responses: analytics.Responses{Valid: valid},
			Declined:  map[string]int64{"pungli": pungli, "arah": arah}, Signals: map[string][]int64{"arah": {arah + 2, 5, 1}},
		}
	}
	released, without := unit(300, 3, 1), unit(300, 0, 0)
	released.Declined, released.Signals, without.Declined = nil, nil, nil
	for name, u := range map[string]*report.UnitResult{"no answers": unit(0, 0, 0), "released": released, "nothing may be declined": without} {
		if got := NewNonresponse(form, u); got != nil {
			t.Errorf("%s: told %+v", name, got)
		}
	}
	if got := NewNonresponse(form, unit(300, 0, 0)); got == nil || got.Most() != nil || len(got.Questions) != 2 || !got.Questions[0].May || got.Questions[0].Percent() != "0.0" {
		t.Errorf("nobody declined: told %+v", got)
	}
	got := NewNonresponse(form, unit(300, 3, 1))
	if most := got.Most(); most.Declined != 3 || most.Of != 300 || most.Percent() != "1.0" {
		t.Errorf("most declined: %+v", most)
	}
	if arah := got.Questions[1]; arah.Declined != 1 || arah.Blank != 2 || len(arah.Options) != 2 || arah.Options[0].N != 5 || arah.Options[1].N != 1 {
		t.Errorf("the unscored question: %+v", arah)
	}
}
