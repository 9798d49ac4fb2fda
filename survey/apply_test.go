package survey

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplyingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	first := mustApply(t, &Catalogue{}, cityYAML)
	if first.Version != 1 {
		t.Errorf("version = %d, want 1", first.Version)
	}
	again, err := Apply(first, []byte(cityYAML), lib, methods, codes(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if again.Changed {
		t.Error("the second apply changed something")
	}
	if diff := cmp.Diff(first, again.Catalogue); diff != "" {
		t.Errorf("catalogue (-first +again):\n%s", diff)
	}
}

func TestAPointWithoutCodeGetsOneOnce(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, cityYAML)
	if got := c.Agencies[0].Units[1].Points[0].Code; got != "TEST01" {
		t.Errorf("code = %q, want TEST01", got)
	}
	c = mustApply(t, c, strings.Replace(cityYAML, "{name: Gerai 4}", "{name: Gerai 4}, {name: Gerai 5}", 1))
	points := c.Agencies[0].Units[1].Points
	if len(points) != 2 || points[0].Code != "TEST01" {
		t.Errorf("points = %+v, want TEST01 kept and one more", points)
	}
}

func TestApplyKeepsWhatTheFileDoesNotName(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, cityYAML)
	c = mustApply(t, c, "agencies: [{code: dukcapil, name: Disdukcapil}]")
	if c.Agencies[0].Name != "Disdukcapil" || len(c.Agencies[0].Units) != 2 || len(c.Periods) != 1 || c.City.Name != "Kota Contoh" {
		t.Errorf("catalogue = %+v", c)
	}
}

func TestAPointTakesRemoteAnswersOnlyWhereTheFileSaysSo(t *testing.T) {
	t.Parallel()
	points := func(c *Catalogue) (out []string) {
		for _, u := range c.Agencies[0].Units {
			for _, p := range u.Remote() {
				out = append(out, p.Name)
			}
		}
		return out
	}
	c := mustApply(t, &Catalogue{}, cityYAML)
	if got := points(c); len(got) != 0 {
		t.Errorf("remote without being asked for: %v", got)
	}
	const set = "agencies: [{code: dukcapil, units: [{code: dukcapil-mpp, points: [{name: Gerai 4, remote: %s}]}]}]"
	lib, methods := testLibrary(t)
	a, err := Apply(c, fmt.Appendf(nil, set, "true"), lib, methods, codes(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := points(a.Catalogue); !a.Changed || a.Updated != 1 || !slices.Equal(got, []string{"Gerai 4"}) {
		t.Errorf("asked for: %v, changed %v, updated %d", got, a.Changed, a.Updated)
	}
	c = mustApply(t, a.Catalogue, cityYAML)
	if got := points(c); len(got) != 1 {
		t.Error("a file that does not name it took it away")
	}
	closed := mustApply(t, c, strings.Replace(fmt.Sprintf(set, "true"), "remote", "closed: true, remote", 1))
	if got := points(closed); len(got) != 0 {
		t.Errorf("a closed point is remote: %v", got)
	}
	if got := points(mustApply(t, c, fmt.Sprintf(set, "false"))); len(got) != 0 {
		t.Errorf("taken back: %v", got)
	}
}

func TestApplyDoesNotTouchTheCatalogueItStartsFrom(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, cityYAML)
	want := clone(c)
	mustApply(t, c, strings.NewReplacer("Loket 1", "Loket satu", "703", "704").Replace(cityYAML))
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
}

// TestEveryFaultOfAFileIsNamedByItsPath changes one thing in a good file.
func TestEveryFaultOfAFileIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, old, with string
		field, code     string
	}{
		{"broken YAML", "agencies:", "agencies: [", "file", "not_yaml"},
		{"unknown key", "city: {name", "city: {nama: x, name", "city.nama", "unknown_key"},
		{"key twice", "name: Unit Pelayanan", "name: Unit Pelayanan\n        name: lagi", "agencies[0].units[0].name", "duplicate_key"},
		{"city without name", "name: Kota Contoh", "time_zone: Asia/Jakarta", "city.name", "required"},
		{"unknown zone", "name: Kota Contoh", "name: Kota Contoh, time_zone: Asia/Balikpapan", "city.time_zone", "unknown_time_zone"},
		{"nobody can be told among four", "name: Kota Contoh", "name: Kota Contoh, least: 4", "city.least", "wrong_number"},
		{"nobody is released", "name: Kota Contoh", "name: Kota Contoh, least: 101", "city.least", "wrong_number"},
		{"a number of people in words", "name: Kota Contoh", "name: Kota Contoh, least: sepuluh", "city.least", "wrong_number"},
		{"agency is a text", "  - code: dukcapil\n    name: Dinas Kependudukan dan Pencatatan Sipil\n", "  - code: x\n    name: [a]\n", "agencies[0].name", "wrong_type"},
		{"code with a space", "code: dukcapil-mpp", "code: dukcapil mpp", "agencies[0].units[1].code", "wrong_code"},
		{"unit twice", "code: dukcapil-mpp", "code: dukcapil-loket", "agencies[0].units[1].code", "duplicate_code"},
		{"service twice", "{code: akta,", "{code: ktp,", "agencies[0].units[0].services[1].code", "duplicate_code"},
		{"a service that is remote", "{code: akta, name: Akta kelahiran}", "{code: akta, name: Akta kelahiran, remote: true}", "agencies[0].units[0].services[1].remote", "unknown_key"},
		{"remote is a text", "{name: Gerai 4}", "{name: Gerai 4, remote: perhaps}", "agencies[0].units[1].points[0].remote", "wrong_type"},
		{"point twice", "{name: Gerai 4}", "{code: dk-01, name: Gerai 4}", "agencies[0].units[1].points[0].code", "duplicate_code"},
		{"service without name", "{code: akta, name: Akta kelahiran}", "{code: akta}", "agencies[0].units[0].services[1].name", "required"},
		{"unknown unit in population", "dukcapil-loket: 703", "dukcapil-lokett: 703", "periods[0].population.dukcapil-lokett", "unknown_unit"},
		{"population is no number", "dukcapil-loket: 703", "dukcapil-loket: banyak", "periods[0].population.dukcapil-loket", "wrong_type"},
		{"negative population", "dukcapil-loket: 703", "dukcapil-loket: -1", "periods[0].population.dukcapil-loket", "out_of_range"},
		{"ends before it starts", "to: 2026-06-30", "to: 2025-06-30", "periods[0].to", "ends_before_start"},
		{"no such day", "to: 2026-06-30", "to: 2026-06-31", "periods[0].to", "wrong_date"},
		{"no end", "    to: 2026-06-30\n", "", "periods[0].to", "required"},
		{"unknown instrument", "terpadu-16", "terpadu-17", "periods[0].instrument", "unknown_instrument"},
		{"unknown version", "terpadu-16", "terpadu-16@9", "periods[0].instrument", "unknown_instrument"},
		{"instruments that clash", "terpadu-16", "[skm-9, spkp-8]", "periods[0].instrument", "cannot_combine"},
		{"unknown index", "ipak: exact", "ipk: exact", "periods[0].methods.ipk", "unknown_index"},
		{"unknown method", "ipak: exact", "ipak: best", "periods[0].methods.ipak", "unknown_method"},
		{"a weight for nine on five", "ipak: exact", "ipak: w0.11", "periods[0].methods.ipak", "unknown_method"},
		{"unit that takes no part", "    to: 2026-06-30", "    to: 2026-06-30\n    units: [nowhere]", "periods[0].units[0]", "unknown_unit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(cityYAML, tc.old, tc.with, 1)
			if text == cityYAML {
				t.Fatal("the case changes nothing")
			}
			lib, methods := testLibrary(t)
			_, err := Apply(&Catalogue{}, []byte(text), lib, methods, codes(), nil, 0)
			var e *Error
			if !errors.As(err, &e) || e.Code != Invalid {
				t.Fatalf("err = %v, want Invalid", err)
			}
			if !slices.ContainsFunc(e.Faults, func(f Fault) bool { return f.Field == tc.field && f.Code == tc.code }) {
				t.Errorf("faults = %+v, want %s at %s", e.Faults, tc.code, tc.field)
			}
			if len(e.Faults) != 1 {
				t.Errorf("faults = %+v, want the one and none that only follows from it", e.Faults)
			}
		})
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	text := strings.NewReplacer("2026-06-30", "2025-01-01", "dukcapil-loket: 703", "nowhere: 1", "ipak: exact", "ipak: best").Replace(cityYAML)
	_, err := Apply(&Catalogue{}, []byte(text), lib, methods, codes(), nil, 0)
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) != 3 {
		t.Fatalf("err = %v, want three faults", err)
	}
}

func TestFaultsOfShapeDoNotHideThoseOfMeaning(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	text := strings.NewReplacer("code: dukcapil-mpp", "code: dukcapil-loket", "name: Kota Contoh", "name: Kota Contoh, nama: x",
		"to: 2026-06-30", "to: 2025-06-30", "dukcapil-loket: 703", "nowhere: 1", "ipak: exact", "ipak: [exact]").Replace(cityYAML)
	_, err := Apply(&Catalogue{}, []byte(text), lib, methods, codes(), nil, 0)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("err = %v, want faults", err)
	}
	var got []string
	for _, f := range e.Faults {
		got = append(got, f.Field+" "+f.Code)
	}
	slices.Sort(got)
	want := []string{
		"agencies[0].units[1].code duplicate_code", "city.nama unknown_key", "periods[0].methods.ipak wrong_type",
		"periods[0].population.nowhere unknown_unit", "periods[0].to ends_before_start",
	}
	if !slices.Equal(got, want) {
		t.Errorf("faults = %q, want %q", got, want)
	}
}

const secondPeriod = `
periods:
  - {code: tambahan, from: 2026-06-01, to: 2026-07-31, instrument: INSTRUMENT, overlaps: OVERLAPS}
`

func TestPeriodsOfOneUnitOverlapOnlyWhenNamedAndWithOtherInstruments(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, &Catalogue{}, cityYAML)
	for _, tc := range []struct {
		name, instrument, overlaps string
		fault                      bool
	}{
		{"other instrument, named", "spak-5", "[2026-s1]", false},
		{"other instrument, not named", "spak-5", "[]", true},
		{"same instrument, named", "terpadu-16", "[2026-s1]", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.NewReplacer("INSTRUMENT", tc.instrument, "OVERLAPS", tc.overlaps).Replace(secondPeriod)
			_, err := Apply(base, []byte(text), lib, methods, codes(), nil, 0)
			if got := err != nil; got != tc.fault {
				t.Errorf("err = %v, want a fault: %v", err, tc.fault)
			}
			if tc.fault && !strings.Contains(err.Error(), "periods[0].from") {
				t.Errorf("err = %v, want the place named", err)
			}
		})
	}
}

func FuzzApplyNeverPanics(f *testing.F) {
	f.Add(cityYAML)
	f.Add("a: &a [*a]")
	lib, methods := testLibrary(f)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Apply(&Catalogue{}, []byte(text), lib, methods, codes(), nil, 0)
		if err == nil {
			if _, err := NewDirectory(a.Catalogue, lib, methods); err != nil {
				t.Errorf("an applied catalogue can't be used: %v", err)
			}
		}
	})
}
