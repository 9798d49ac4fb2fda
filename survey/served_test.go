package survey

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestPopulationByServiceIsTheUnitsSum(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, cityYAML)
	c = mustApply(t, c, `periods: [{code: 2026-s1, population: {dukcapil-loket: {ktp: 400, akta: 303}, dukcapil-mpp: 50}}]`)
	p := &c.Periods[0]
	if p.Population["dukcapil-loket"] != 703 || p.Served["dukcapil-loket"]["ktp"] != 400 || p.Served["dukcapil-mpp"] != nil {
		t.Errorf("population %v, by service %v", p.Population, p.Served)
	}
	again := mustApply(t, c, dumped(t, c))
	if fresh := mustApply(t, &Catalogue{}, dumped(t, c)); !maps.Equal(fresh.Periods[0].Served["dukcapil-loket"], p.Served["dukcapil-loket"]) {
		t.Errorf("made elsewhere from the dump: %v", fresh.Periods[0].Served)
	}
	if len(Diff(c, again)) > 0 || again.Version != c.Version {
		t.Errorf("its dump changes %v", lines(Diff(c, again)))
	}
	for population, want := range map[string]bool{"{dukcapil-mpp: 51}": true, "{dukcapil-mpp: 50}": false, "{dukcapil-mpp: 1000000000}": true, "{dukcapil-loket: {ktp: 399, akta: 304}}": true} {
		if a := apply(t, c, "periods: [{code: 2026-s1, population: "+population+"}]"); a.Changed != want {
			t.Errorf("%s changes %q", population, lines(a.Changes))
		}
	}
	if nobody := mustApply(t, mustApply(t, &Catalogue{}, cityYAML), `periods: [{code: 2026-s1, population: {dukcapil-mpp: 0}}]`); !maps.Equal(nobody.Periods[0].Population, map[string]int{"dukcapil-loket": 703, "dukcapil-mpp": 0}) {
		t.Errorf("nobody was served: %v", nobody.Periods[0].Population)
	}
	one := mustApply(t, c, `periods: [{code: 2026-s1, population: {dukcapil-loket: 703}}]`)
	if got := lines(Diff(c, one)); !slices.Equal(got, []string{"removed periods.2026-s1.population.dukcapil-loket.akta: 303", "removed periods.2026-s1.population.dukcapil-loket.ktp: 400"}) {
		t.Errorf("one number instead changes %q", got)
	}
	if c.Periods[0].Served["dukcapil-loket"] == nil {
		t.Error("the catalogue before was changed")
	}
}

func TestPopulationByServiceFollowsWhatIsRenamed(t *testing.T) {
	t.Parallel()
	c := mustApply(t, mustApply(t, &Catalogue{}, cityYAML), `periods: [{code: 2026-s1, population: {dukcapil-loket: {ktp: 400, akta: 303}}}]`)
	lib, methods := testLibrary(t)
	stored := &held{answers: map[heldAt]int64{{NewDate(2026, 3, 2), "dukcapil-loket"}: 9}}
	a, err := Apply(c, []byte(`
agencies: [{code: dukcapil, units: [{code: loket, was: dukcapil-loket, services: [{code: ktp-el, was: ktp}]}]}]
periods: [{code: 2026-s1, population: {dukcapil-loket: {ktp: 400, akta: 303}}}]
`), lib, methods, codes(), stored, NewDate(2026, 8, 1))
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Catalogue.Periods[0].Served; got["loket"]["ktp-el"] != 400 || got["loket"]["akta"] != 303 || len(got) != 1 || len(got["loket"]) != 2 {
		t.Errorf("people served: %v", got)
	}
	if len(a.Changes) != 2 || len(a.Amended) > 0 {
		t.Errorf("changes %q, amended %q", lines(a.Changes), lines(a.Amended))
	}
	alone := mustApply(t, c, `agencies: [{code: dukcapil, units: [{code: dukcapil-loket, services: [{code: ktp-el, was: ktp}]}]}]`)
	if got := alone.Periods[0].Served["dukcapil-loket"]; len(got) != 2 || got["ktp-el"] != 400 || len(Diff(c, alone)) != 1 {
		t.Errorf("after the name of a service alone: %v", got)
	}
	part := mustApply(t, mustApply(t, c, `periods: [{code: 2026-s1, population: {dukcapil-loket: {akta: 303}}}]`), `agencies: [{code: dukcapil, units: [{code: dukcapil-loket, services: [{code: ktp-el, was: ktp}]}]}]`)
	if got := part.Periods[0].Served["dukcapil-loket"]; len(got) != 1 || got["akta"] != 303 {
		t.Errorf("after the name of a service of which nothing is told: %v", got)
	}
	closed, err := Apply(c, []byte(`periods: [{code: 2026-s1, population: {dukcapil-loket: {ktp: 303, akta: 400}}}]`), lib, methods, codes(), stored, NewDate(2026, 8, 1))
	if err != nil || len(closed.Amended) != 2 {
		t.Errorf("other numbers of a closed period: %v, amended %v", err, closed)
	}
}

func TestPopulationThatCannotBeIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, &Catalogue{}, cityYAML)
	for of, want := range map[string]string{
		"{dukcapil-loket: {ktp: x}}":                     "periods[0].population.dukcapil-loket.ktp wrong_type",
		"{dukcapil-loket: {ktp: -1}}":                    "periods[0].population.dukcapil-loket.ktp out_of_range",
		"{dukcapil-loket: {ktp: 1000000001}}":            "periods[0].population.dukcapil-loket.ktp out_of_range",
		"{dukcapil-loket: {ktp: [1]}}":                   "periods[0].population.dukcapil-loket.ktp wrong_type",
		"{dukcapil-loket: {paspor: 3}}":                  "periods[0].population.dukcapil-loket.paspor unknown_service",
		"{dukcapil-loket: {}}":                           "periods[0].population.dukcapil-loket required",
		"{dukcapil-loket: [1]}":                          "periods[0].population.dukcapil-loket wrong_type",
		"{dukcapil-loket: -1}":                           "periods[0].population.dukcapil-loket out_of_range",
		"{dukcapil-loke: {ktp: 1}}":                      "periods[0].population.dukcapil-loke unknown_unit",
		"{dukcapil-loket: {ktp: 1}, dukcapil-loket: 2}":  "periods[0].population.dukcapil-loket duplicate_key",
		"{dukcapil-loket: {ktp: 1, ktp: 2}}":             "periods[0].population.dukcapil-loket.ktp duplicate_key",
		"{dukcapil-loket: {ktp: 1, akta: 2, '~': 3}}":    "periods[0].population.dukcapil-loket.~ unknown_service",
		"{dukcapil-loket: {ktp: ~}}":                     "periods[0].population.dukcapil-loket.ktp wrong_type",
		"{dukcapil-mpp: {ktp: 1}, dukcapil-loket: 'ab'}": "periods[0].population.dukcapil-loket wrong_type",
	} {
		_, err := Apply(c, []byte("periods: [{code: 2026-s1, population: "+of+"}]"), lib, methods, codes(), nil, 0)
		faults := faultsIn(err)
		if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Field+" "+f.Code == want }) {
			t.Errorf("%s: %v, want %s", of, faults, want)
		}
	}
	_, err := Apply(c, []byte("periods: [{code: 2026-s1, population: {dukcapil-loket: {paspor: 3}}}]"), lib, methods, codes(), nil, 0)
	if got := faultsIn(err); len(got) != 1 || !strings.Contains(got[0].Message, "known: ktp, akta") && !strings.Contains(got[0].Message, "known: akta, ktp") {
		t.Errorf("the services that there are: %v", got)
	}
	renamed := mustApply(t, c, `agencies: [{code: dukcapil, units: [{code: dukcapil-loket, services: [{code: ktp-el, was: ktp}]}]}]`)
	_, err = Apply(renamed, []byte("periods: [{code: 2026-s1, population: {dukcapil-loket: {ktp: 1, ktp-el: 2}}}]"), lib, methods, codes(), nil, 0)
	if err == nil || !strings.Contains(err.Error(), "population.dukcapil-loket.ktp") {
		t.Errorf("one service by two codes: %v", err)
	}
}
