package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// rulesCity has two units, of which one has two points of one name, and a period that an
// older version of its instrument is asked in.
const rulesCity = twoAgencies + `  - {code: dua, name: Dua, from: 2024-01-01, to: 2024-01-01, instrument: skm-9@1, units: [loket], overlaps: [lalu]}
earlier: [{unit: pkm, index: ikm, period: 2023, from: 2023-01-01, to: 2023-12-31, value: "81.20", source: LKjIP 2023}, {unit: mpp, index: ikm, period: 2022, from: 2022-01-01, to: 2022-12-31, value: "80.00", source: LKjIP 2022}]
`

// What a file leaves open stays: no rule of the period, its version or its units is lost
// by a change of something else.
func TestWhatAFileDoesNotNameOfAPeriodStays(t *testing.T) {
	t.Parallel()
	base := mustDeclare(t, new(Catalogue), rulesCity).Catalogue
	for _, tc := range []struct {
		name, text string
		changed    []string
	}{
		{"a name", "periods: [{code: dua, name: Tiga}]", []string{"changed periods.dua: Dua → Tiga"}},
		{"a code alone keeps the version", "periods: [{code: dua, instrument: skm-9}]", nil},
		{"all units again", "periods: [{code: dua, units: []}]", []string{"removed periods.dua.units: loket"}},
		{"no overlap", "periods: [{code: dua, overlaps: []}]", []string{"removed periods.dua.overlaps: lalu"}},
		{"an overlap alone", "periods: [{code: lalu, overlaps: [dua, 2026-s1]}]", []string{"added periods.lalu.overlaps: 2026-s1, dua"}},
		{"a point that is said to be open", "agencies: [{code: dinkes, units: [{code: pkm, points: [{code: DDDD44, closed: false}]}]}]", nil},
		{"a unit that has an earlier result", "agencies: [{code: dinkes, units: [{code: puskesmas, was: pkm}]}]", []string{"renamed agencies.dinkes.units.puskesmas: code pkm → puskesmas"}},
		{"the hours of an agency", "agencies: [{code: dinkes, hours: {mon: '08:00-12:00'}}]", []string{"added agencies.dinkes.hours.mon: 08:00-12:00"}},
		{"the least that a city may show", "city: {least: 10}", []string{"added city.least: 10"}},
		{"the most", "city: {least: 100}", []string{"added city.least: 100"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := apply(t, base, tc.text)
			if got := lines(a.Changes); !slices.Equal(got, tc.changed) || a.Changed != (len(tc.changed) > 0) {
				t.Errorf("changed %v: %q, want %q", a.Changed, got, tc.changed)
			}
		})
	}
	renamed := apply(t, base, "agencies: [{code: dinkes, units: [{code: puskesmas, was: pkm}]}]").Catalogue
	if got := renamed.Earlier; got[0].Unit != "puskesmas" || got[1].Unit != "mpp" {
		t.Errorf("the earlier results are those of %s and %s", got[0].Unit, got[1].Unit)
	}
	served := mustApply(t, base, "periods: [{code: 2026-s1, population: {pkm: {kia: 40}}}]")
	served = apply(t, served, "agencies: [{code: dinkes, units: [{code: puskesmas, was: pkm}]}]").Catalogue
	if got := served.Periods[1].Served; !maps.Equal(got["puskesmas"], map[string]int{"kia": 40}) || got["pkm"] != nil {
		t.Errorf("people by service are those of %v", got)
	}
}

// One fault is told once, at its place, and no other rule speaks of what it made of it.
func TestAFaultIsToldOnceAndAtItsPlace(t *testing.T) {
	t.Parallel()
	base := mustDeclare(t, new(Catalogue), rulesCity).Catalogue
	const (
		loket  = "agencies: [{code: dukcapil, units: [{code: loket, "
		fresh  = ", from: 2027-01-01, to: 2027-01-31, instrument: skm-9"
		around = ", from: 2026-06-30, to: 2026-06-01, instrument: terpadu-16"
	)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"two units that there are not", "periods: [{code: lalu, population: {x: 1, y: 2}}]", []string{"periods[0].population.x unknown_unit", "periods[0].population.y unknown_unit"}},
		{"an agency that was none", "agencies: [{code: baru, was: lain}]", []string{"agencies[0].was unknown_agency"}},
		{"a service that was none", loket + "services: [{code: baru, was: lain}]}]}]", []string{"agencies[0].units[0].services[0].was unknown_service"}},
		{"a point that was none", loket + "points: [{code: EEEE55, was: FFFF66}]}]}]", []string{"agencies[0].units[0].points[0].was unknown_point"}},
		{"a point with a code, by a name", loket + "points: [{code: EEEE55, name: L, was: Loket 1}]}]}]", []string{"agencies[0].units[0].points[0].was wrong_code"}},
		{"a point with a code, by two names", loket + "points: [{code: EEEE55, name: L, was: [Loket 1, Loket 2]}]}]}]", []string{"agencies[0].units[0].points[0].was wrong_code"}},
		{"a point at two units", loket + "points: [{code: EEEE55, name: L}]}, {code: mpp, points: [{code: eeee-55, name: M}]}]}]", []string{"agencies[0].units[1].points[0].code duplicate_code"}},
		{"a point at two units, to the letter", loket + "points: [{code: EEEE55, name: L}]}, {code: mpp, points: [{code: EEEE55, name: M}]}]}]", []string{"agencies[0].units[1].points[0].code duplicate_code"}},
		{"a point without a code, by the code of one elsewhere", loket + "points: [{name: Baru, was: DDDD44}]}]}]", []string{"agencies[0].units[0].points[0].was unknown_point"}},
		{"a service in two", loket + "services: [{code: a, was: ktp}, {code: b, was: ktp}]}]}]", []string{"agencies[0].units[0].services[1].was duplicate_code"}},
		{"an agency in two", "agencies: [{code: a, was: dinkes}, {code: b, was: dinkes}]", []string{"agencies[1].was duplicate_code"}},
		{"a point in two", loket + "points: [{code: EEEE55, was: AAAA11}, {code: FFFF66, was: aaaa-11}]}]}]", []string{"agencies[0].units[0].points[1].was duplicate_code"}},
		{"an instrument that is no text", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-31, instrument: {a: b}}]", []string{"periods[0].instrument wrong_type"}},
		{"one of a list that is none", "periods: [{code: lalu, instrument: [[], skm-9]}]", []string{"periods[0].instrument[0] wrong_type"}},
		{"a method that is no text", "periods: [{code: baru" + fresh + ", methods: {ikm: []}}]", []string{"periods[0].methods.ikm wrong_type"}},
		{"a period that ends before it starts, beside another", "periods: [{code: baru" + around + "}]", []string{"periods[0].to ends_before_start"}},
		{"two of which one ends before it starts", "periods: [{code: 2026-s1, to: 2025-12-01}, {code: baru, from: 2025-11-01, to: 2026-02-01, instrument: terpadu-16}]", []string{"periods[0].to ends_before_start"}},
		{"a period without a start, long ago", "periods: [{code: baru, to: 1960-01-01, instrument: skm-9}]", []string{"periods[0].from required"}},
		{"a day of another period", "periods: [{code: baru, from: 2026-06-30, to: 2026-06-30, instrument: terpadu-16}]", []string{"periods[0].from overlap"}},
		{"a period of one day", "periods: [{code: baru, from: 2023-12-01, to: 2024-01-31, instrument: terpadu-16, units: [loket]}]", []string{"periods[0].from overlap"}},
		{"fewer than a city may show", "city: {least: 4}", []string{"city.least wrong_number"}},
		{"more than it must", "city: {least: 101}", []string{"city.least wrong_number"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := faultsOf(t, base, tc.text, nil); !slices.Equal(got, tc.want) {
				t.Errorf("faults %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAFaultTellsWhatThereIs(t *testing.T) {
	t.Parallel()
	base := mustDeclare(t, new(Catalogue), rulesCity).Catalogue
	lib, methods := testLibrary(t)
	for text, want := range map[string]string{
		"periods: [{code: lalu, overlaps: [2025]}]":                                                   "known: 2026-s1, dua.",
		"periods: [{code: baru, from: 2026-06-30, to: 2026-07-31, instrument: terpadu-16}]":           "overlaps period 2026-s1 at unit loket;",
		"agencies: [{code: dukcapil, units: [{code: loket, points: [{name: Baru, was: Lain}]}]}]":     "known: Loket 1, Loket 2",
		"agencies: [{code: dukcapil, units: [{code: loket, points: [{code: EEEE55, was: FFFF66}]}]}]": "known: AAAA11, BBBB22",
		"agencies: [{code: dukcapil, units: [{code: loket, services: [{code: a, was: b}]}]}]":         "known: ktp, akta",
		"agencies: [{code: a, was: dukcapil}, {code: b, was: capil}]":                                 "known: dukcapil, a, dinkes",
	} {
		if _, err := Apply(base, []byte(text), lib, methods, codes(), nil, 0); err == nil || !strings.Contains(err.Error()+".", want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Answers that are in none of a period's days or units already, as of a unit that went,
// refuse no change that leaves them where they are.
func TestAnAnswerThatIsInNoneAlreadyRefusesNoOtherChange(t *testing.T) {
	t.Parallel()
	base := mustDeclare(t, new(Catalogue), rulesCity).Catalogue
	stray := &held{answers: map[heldAt]int64{{NewDate(2020, 1, 1), "loket"}: 7}}
	for _, text := range []string{
		"periods: [{code: dua, name: Tiga}]", "periods: [{code: dua, units: []}]", "periods: [{code: dua, methods: {ikm: w0.11}}]", "periods: [{code: 2026-s1, name: S1}]",
	} {
		if got := faultsOf(t, base, text, stray); len(got) > 0 {
			t.Errorf("%s: %q", text, got)
		}
	}
	if got := faultsOf(t, base, "city: {time_zone: Asia/Jakarta}", nil); len(got) > 0 {
		t.Errorf("a city without a store has answers: %q", got)
	}
}

// Of points of one name the open one is meant; where all are closed the last.
func TestAPointWithoutACodeIsTheOpenOneOfItsName(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ points, opens string }{
		"the first is open":  {"{code: AAAA11, name: L}, {code: BBBB22, name: L, closed: true}", ""},
		"the second is open": {"{code: AAAA11, name: L, closed: true}, {code: BBBB22, name: L}", ""},
		"none is open":       {"{code: AAAA11, name: L, closed: true}, {code: BBBB22, name: L, closed: true}", "reopened agencies.a.units.u.points.AAAA11: L"},
		"another name is":    {"{code: AAAA11, name: L, closed: true}, {code: CCCC33, name: M}", "reopened agencies.a.units.u.points.AAAA11: L"},
	} {
		const city = "city: {name: K}\nagencies: [{code: a, name: A, units: [{code: u, name: U, services: [{code: s, name: S}], points: [%s]}]}]"
		base := mustApply(t, new(Catalogue), strings.Replace(city, "%s", tc.points, 1))
		got := lines(apply(t, base, strings.Replace(city, "%s", "{name: L}", 1)).Changes)
		if strings.Join(got, "; ") != tc.opens {
			t.Errorf("%s: %q, want %q", name, got, tc.opens)
		}
	}
}

// What is gone is told with its value, and of a period with what of it; the order in which
// units and overlapping periods are named is none of their own.
func TestADifferenceTellsOfWhatPeriodAndWhatOfIt(t *testing.T) {
	t.Parallel()
	base := mustDeclare(t, new(Catalogue), rulesCity).Catalogue
	less := clone(base)
	less.Periods[1].Population = map[string]int{"loket": 703}
	less.Periods[1].Units = []string{"pkm", "mpp", "loket"}
	less.Periods[2].Overlaps = nil
	for i, want := range []Change{
		{Path: "periods.2026-s1.population.pkm", Before: "90", Period: "2026-s1", Field: "population"},
		{Path: "periods.dua.overlaps", Before: "lalu", Period: "dua", Field: "overlaps"},
	} {
		if got := Diff(base, less); len(got) != 2 || got[i] != want {
			t.Errorf("gone: %+v, want %+v", got, want)
		}
	}
	moved := Diff(base, mustApply(t, base, "agencies: [{code: dinkes, units: [{code: mpp}]}]"))
	if want := (Change{Path: "agencies.dinkes.units.mpp", Kind: ChangeMoved, Before: "agencies.dukcapil", After: "agencies.dinkes"}); len(moved) != 1 || moved[0] != want {
		t.Errorf("moved: %+v, want %+v", moved, want)
	}
	closed := mustApply(t, base, "agencies: [{code: dinkes, closed: true}]")
	if got, want := Diff(closed, base), (Change{Path: "agencies.dinkes", Kind: ChangeReopened, After: "Dinkes"}); len(got) != 1 || got[0] != want {
		t.Errorf("opened again: %+v, want %+v", got, want)
	}
}

// What an alias repeats is read wherever a mapping, a list or a text may stand.
func TestAnAliasStandsForWhatItNames(t *testing.T) {
	t.Parallel()
	const text = `
city: &c {name: K}
agencies: [{code: a, name: A, units: [{code: u, name: &n U, closed: &f false, services: [&s {code: s, name: S}], points: [{code: PPPP11, name: *n, closed: *f}]}, {code: v, name: V, services: [*s]}]}]
periods:
- {code: p, from: 2026-01-01, to: 2026-01-31, instrument: &i [skm-9, spak-5], methods: &m {ikm: exact}, population: &o {u: 5, v: 6}, units: &l [u, v]}
- {code: q, from: &d 2026-02-01, to: *d, instrument: *i, methods: *m, population: *o, units: *l}
`
	c := mustApply(t, new(Catalogue), text)
	p, q := c.Periods[0], c.Periods[1]
	if !slices.Equal(p.Instruments, q.Instruments) || !maps.Equal(p.Methods, q.Methods) || !maps.Equal(p.Population, q.Population) || !slices.Equal(p.Units, q.Units) || q.From != q.To || len(q.Units) != 2 {
		t.Errorf("periods %+v and %+v, want the same but their days", p, q)
	}
	if u := c.Agencies[0].Units; u[0].Points[0].Name != "U" || u[1].Services[0].Name != "S" {
		t.Errorf("units %+v", u)
	}
}

// What is read of a file ends where its limits say, and one byte or entry earlier nothing is lost.
func TestWhereTheLimitsOfAFileAre(t *testing.T) {
	t.Parallel()
	const city = "city: {name: K}\n#"
	entries := func(n int) string { return "agencies: [" + strings.Repeat("a,", n-1) + "]" } // and the key
	for _, tc := range []struct {
		name, text, want string
		not              bool
	}{
		{"an empty file", "", "file empty", false},
		{"a file that is no YAML", "{", "file not_yaml", false},
		{"two documents", "city: {name: K}\n---\ncity: {name: L}\n", "file not_yaml", false},
		{"as many bytes as are read", city + strings.Repeat("x", MaxDeclaration-len(city)), "file too_large", true},
		{"one byte more", city + strings.Repeat("x", MaxDeclaration-len(city)+1), "file too_large", false},
		{"as many entries as are read", entries(maxEntries), "agencies too_large", true},
		{"one entry more", entries(maxEntries + 1), "agencies too_large", false},
		{"what follows of as many entries as are read", "periods: [{code: p, units: [" + strings.Repeat("u,", maxEntries-4) + "]}]", "periods[0].instrument required", false},
		{"the last entry that is read", "periods: [{code: p, units: [" + strings.Repeat("u,", maxEntries-5) + "'!']}]", fmt.Sprintf("periods[0].units[%d] wrong_code", maxEntries-5), false},
		{"the entry after it", "periods: [{code: p, units: [" + strings.Repeat("u,", maxEntries-4) + "'!']}]", fmt.Sprintf("periods[0].units[%d] wrong_code", maxEntries-4), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := faultsOf(t, new(Catalogue), tc.text, nil); slices.Contains(got, tc.want) == tc.not {
				t.Errorf("%d faults, %.200q; %s: want it %v", len(got), got, tc.want, !tc.not)
			}
		})
	}
}

// A city that was declared elsewhere brings names that its points had: they are no codes.
func TestTheFirstFileMayTellWhatAPointWasCalled(t *testing.T) {
	t.Parallel()
	c := mustApply(t, new(Catalogue), "city: {name: K}\nagencies: [{code: a, name: A, units: [{code: u, name: U, services: [{code: s, name: S}], points: [{name: Baru, was: Lama}]}]}]")
	if p := c.Agencies[0].Units[0].Points; len(p) != 1 || p[0].Code != "TEST01" || len(p[0].Former) > 0 {
		t.Errorf("points %+v", p)
	}
}
