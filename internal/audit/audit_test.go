package audit

import "testing"

func TestWhichEntriesAFilterSelects(t *testing.T) {
	t.Parallel()
	e := &Entry{Actor: "command line", Action: "apply", Subject: "catalogue 5", Detail: "0 added, 1 changed: changed periods.2026-s1.units: pkm, rsud-barat → pkm"}
	for _, tc := range []struct {
		filter Filter
		want   bool
	}{
		{Filter{}, true},
		{Filter{Period: "2026-s1"}, true},
		{Filter{Period: "2026-s"}, false},
		{Filter{Period: "2026"}, false},
		{Filter{Unit: "pkm"}, true},
		{Filter{Unit: "rsud-barat"}, true},
		{Filter{Unit: "rsud"}, false},
		{Filter{Period: "2026-s1", Unit: "lain"}, false},
		{Filter{By: "command line"}, true},
		{Filter{By: "command"}, false},
		{Filter{Action: "apply", Unit: "pkm"}, true},
		{Filter{Action: "import"}, false},
	} {
		if got := tc.filter.Selects(e); got != tc.want {
			t.Errorf("%+v selects it: %v, want %v", tc.filter, got, tc.want)
		}
	}
	if !(Filter{Period: "2026-s1", Unit: "pkm"}).Selects(&Entry{Subject: "2026-s1/pkm"}) {
		t.Error("what was done to a unit in a period is not selected by them")
	}
}
