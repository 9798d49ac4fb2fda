package web

import "persepsi/survey"

// ChoosePeriod returns the period that an address asks for; else the newest that has
// answers, else the newest.
func ChoosePeriod(d *survey.Directory, list []*survey.Period, asked string, answered func(*survey.Period) bool) (*survey.Period, error) {
	if asked != "" {
		p, ok := d.Period(asked)
		if !ok {
			return nil, survey.Errorf(survey.NotFound, "there is no such period")
		}
		return p, nil
	}
	for _, p := range list {
		if answered(p) {
			return p, nil
		}
	}
	if len(list) > 0 {
		return list[0], nil
	}
	return nil, nil //nolint:nilnil // no period yet is no error
}
