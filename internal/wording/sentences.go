package wording

import (
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// Sample says whether those who answered an index are enough.
func (s *Speaker) Sample(x *NamedIndex) (string, error) {
	n, answered, needed := s.Whole(x.N), s.Whole(x.Answered), s.Whole(x.Needed)
	k, all := s.Whole(x.AspectsAnswered), s.Whole(x.AspectsAll)
	switch {
	case x.SampleFault == analytics.PopulationUnknown:
		return s.Say("result.sample.unknown", "N", answered)
	case x.SampleFault == analytics.PopulationZero:
		return s.Say("result.sample.zero", "N", answered)
	case x.SampleFault != "":
		return s.Say("result.sample.below", "N", answered)
	case x.Partial() && x.Enough():
		return s.Say("result.sample.missing", "K", k, "All", all, "N", answered, "Needed", needed)
	case x.Partly():
		key := "result.sample.partly.short"
		if x.Enough() {
			key = "result.sample.partly.enough"
		} else if x.Over {
			key = "result.sample.partly.closed"
		}
		return s.Say(key, "N", n, "Answered", answered, "Needed", needed)
	case x.Enough():
		return s.Say("result.sample.enough", "N", n, "Needed", needed)
	case x.Over:
		return s.Say("result.sample.closed", "N", n, "Needed", needed)
	}
	return s.Say("result.sample.short", "N", n, "Needed", needed)
}

// Parts says what Sample leaves out: that some answered a part of the index alone, and that
// the index is of a part of its aspects.
func (s *Speaker) Parts(x *NamedIndex) ([]string, error) {
	var out []string
	add := func(key string, args ...any) error {
		text, err := s.Say(key, args...)
		out = append(out, text)
		return err
	}
	if x.Partly() && x.SampleFault != "" {
		if err := add("result.sample.partly", "N", s.Whole(x.N), "Answered", s.Whole(x.Answered)); err != nil {
			return nil, err
		}
	}
	if x.Partial() {
		if err := add("result.sample.aspects", "K", s.Whole(x.AspectsAnswered), "All", s.Whole(x.AspectsAll)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Interval says between which values an index is likely to be.
func (s *Speaker) Interval(x *NamedIndex) (string, error) {
	key := "result.interval"
	if x.Partial() {
		key = "result.interval.part"
	} else if x.Census() {
		key = "result.interval.census"
	}
	return s.Say(key, "Low", s.Fixed(2, x.CI95[0]), "High", s.Fixed(2, x.CI95[1]))
}

// Stability says how sure the grade of an index is.
func (s *Speaker) Stability(x *NamedIndex) (string, error) {
	grade := x.Stability.Grade
	switch {
	case x.Partial():
		return s.Say("result.unsure.part", "Grade", grade)
	case len(x.Stability.Could) > 0:
		could := x.Stability.Could[0]
		for _, other := range x.Stability.Could[1:] {
			var err error
			if could, err = s.Say("result.or", "A", could, "B", other); err != nil {
				return "", err
			}
		}
		return s.Say("result.could", "Grade", grade, "Could", could)
	case x.Adequate:
		return s.Say("result.stable", "Grade", grade)
	case x.SampleFault != "":
		return s.Say("result.unsure.fault", "Grade", grade)
	}
	return s.Say("result.unsure", "Grade", grade)
}

// Withheld says why a unit has no figures; u is nil where it takes no part. over tells that
// the period's last day is past, least how many people released figures hide a person among.
func (s *Speaker) Withheld(u *report.UnitResult, over bool, least int) (string, error) {
	n, why := int64(0), ""
	if u != nil {
		n, why = u.Responses.Valid, u.Withheld
	}
	told, hide := s.Whole(n), s.Whole(least)
	switch {
	case n == 0 && over:
		return s.Say("result.none.closed")
	case n == 0:
		return s.Say("result.none")
	case why == "damaged":
		return s.Say("result.damaged")
	case why == "closing":
		return s.Say("result.withheld.closing", "N", told)
	case why == "brought_again":
		return s.Say("result.withheld.again", "N", told)
	case over && n >= int64(least):
		return s.Say("result.withheld.kinds", "N", told, "Least", hide)
	case over:
		return s.Say("result.withheld.closed", "N", told, "Least", hide)
	case why == "not_yet":
		return s.Say("result.withheld.soon", "N", told, "Least", hide)
	}
	return s.Say("result.withheld", "N", told, "Least", hide)
}

// Briefly says in a few words, without a number, why a unit has no figures; over tells that
// the period's last day is past.
func (s *Speaker) Briefly(u *report.UnitResult, over bool) (string, error) {
	switch {
	case u.Withheld == "damaged":
		return s.Say("badge.damaged")
	case u.Withheld == "closing":
		return s.Say("badge.closing")
	case u.Responses.Valid == 0 && over:
		return s.Say("badge.none.closed")
	case u.Responses.Valid == 0:
		return s.Say("badge.none")
	case over:
		return s.Say("badge.withheld.closed")
	}
	return s.Say("badge.withheld")
}

// Joined puts sentences behind each other, those that are empty left out.
func Joined(sentences ...string) string {
	var out []string
	for _, one := range sentences {
		if one != "" {
			out = append(out, one)
		}
	}
	return strings.Join(out, " ")
}
