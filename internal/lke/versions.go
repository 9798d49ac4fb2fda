package lke

import (
	"fmt"

	"persepsi/analytics"
	"persepsi/survey"
)

// CheckTogether returns an Invalid error where entries can't be stored in one step: they are of
// several periods, or two are of one unit.
func CheckTogether(list []analytics.Evaluation) error {
	units := map[string]bool{}
	for i := range list {
		if list[i].Period != list[0].Period || units[list[i].Unit] {
			return survey.Errorf(survey.Invalid, "entries that are stored together are of one period, and each of another unit")
		}
		units[list[i].Unit] = true
	}
	return nil
}

// CheckVersions returns a Conflict where an entry is not the next version after the newest
// stored one of its unit; its faults name the keys of such units, and both versions.
func CheckVersions(list, stored []analytics.Evaluation) error {
	last := map[string]int{}
	for i := range stored {
		last[stored[i].Unit] = max(last[stored[i].Unit], stored[i].Version)
	}
	var faults []survey.Fault
	for i := range list {
		if e := &list[i]; e.Version != last[e.Unit]+1 {
			faults = append(faults, survey.Fault{Field: e.Unit, Code: "conflict", Message: fmt.Sprintf("version %d of the entry is stored, and version %d was read", last[e.Unit], e.Version-1)})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	conflict := survey.ChangedMeanwhile("the evaluation")
	conflict.Faults = faults
	return conflict
}
