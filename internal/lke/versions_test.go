package lke

import (
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

func TestEntriesAreStoredTogetherOnlyOfOnePeriodAndEachOfAnotherUnit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		list []analytics.Evaluation
		want survey.Code
	}{
		"none":              {nil, ""},
		"two units":         {[]analytics.Evaluation{{Period: "p", Unit: "u"}, {Period: "p", Unit: "v"}}, ""},
		"a unit twice":      {[]analytics.Evaluation{{Period: "p", Unit: "u"}, {Period: "p", Unit: "v"}, {Period: "p", Unit: "u"}}, survey.Invalid},
		"of another period": {[]analytics.Evaluation{{Period: "p", Unit: "u"}, {Period: "q", Unit: "v"}}, survey.Invalid},
	} {
		if err := CheckTogether(tc.list); err == nil && tc.want != "" || err != nil && survey.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func TestAnEntryFollowsTheNewestStoredOneOfItsUnit(t *testing.T) {
	t.Parallel()
	stored := []analytics.Evaluation{{Unit: "u", Version: 2}, {Unit: "u", Version: 1}, {Unit: "w", Version: 7}}
	if err := CheckVersions([]analytics.Evaluation{{Unit: "u", Version: 3}, {Unit: "v", Version: 1}}, stored); err != nil {
		t.Error(err)
	}
	for _, late := range []analytics.Evaluation{{Unit: "u", Version: 2}, {Unit: "u", Version: 4}, {Unit: "v", Version: 2}} {
		err := CheckVersions([]analytics.Evaluation{{Unit: "w", Version: 8}, late}, stored)
		if survey.CodeOf(err) != survey.Conflict {
			t.Errorf("version %d of %s: %v, want a conflict", late.Version, late.Unit, err)
		}
	}
}
