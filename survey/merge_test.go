package survey

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func apply(t *testing.T, now *Catalogue, text string) *ApplyResult {
	t.Helper()
	lib, methods := testLibrary(t)
	a, err := Apply(now, []byte(text), lib, methods, codes(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// faultsOf returns the places and codes of what an apply refuses, sorted.
func faultsOf(t *testing.T, now *Catalogue, text string, stored AnswerCounts) []string {
	t.Helper()
	lib, methods := testLibrary(t)
	_, err := Apply(now, []byte(text), lib, methods, codes(), stored, 0)
	out := faultLines(t, err)
	slices.Sort(out)
	return out
}

func TestAnApplyCountsWhatItAddsAndUpdates(t *testing.T) {
	t.Parallel()
	first := apply(t, &Catalogue{}, cityYAML)
	// An agency, two units, three services, two points, a period.
	if !first.Changed || first.Added != 9 || len(first.Made) != 1 || first.Made[0].Point.Code != "TEST01" || first.Made[0].Unit.Code != "dukcapil-mpp" || first.Made[0].Agency.Code != "dukcapil" {
		t.Errorf("first: %+v, want 9 added and the code of Gerai 4 made", first)
	}
	if got := first.Catalogue.City; got.Name != "Kota Contoh" || got.TimeZone != DefaultTimeZone {
		t.Errorf("city = %+v", got)
	}
	const unit = "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, %s}]}]"
	base := first.Catalogue
	for _, tc := range []struct {
		name, text     string
		added, updated int
		at             func(c *Catalogue) any
		want           any
	}{
		{"nothing", "city: {name: Kota Contoh}", 0, 0, func(c *Catalogue) any { return c.Version }, int64(1)},
		{"a service", fmt.Sprintf(unit, "services: [{code: kia, name: KIA}]"), 1, 0, func(c *Catalogue) any { return c.Agencies[0].Units[0].Services[2].Name }, "KIA"},
		{"a point", fmt.Sprintf(unit, "points: [{code: DK02, name: Loket 2}]"), 1, 0, func(c *Catalogue) any { return c.Agencies[0].Units[0].Points[1].Name }, "Loket 2"},
		{"a closed service", fmt.Sprintf(unit, "services: [{code: ktp, closed: true}]"), 0, 1, func(c *Catalogue) any { return c.Agencies[0].Units[0].Services[0].Closed }, true},
		{"a unit's name", fmt.Sprintf(unit, "name: Loket"), 0, 1, func(c *Catalogue) any { return c.Agencies[0].Units[0].Name }, "Loket"},
		{"a period's name", "periods: [{code: 2026-s1, name: Paruh pertama}]", 0, 1, func(c *Catalogue) any { return c.Periods[0].Name }, "Paruh pertama"},
		{"a period's instrument", "periods: [{code: 2026-s1, instrument: [skm-9, spak-5]}]", 0, 1, func(c *Catalogue) any { return strings.Join(c.Periods[0].Instruments, " ") }, "skm-9@2 spak-5@2"},
		{"a period's method", "periods: [{code: 2026-s1, methods: {ikm: w0.111}}]", 0, 1, func(c *Catalogue) any { return c.Periods[0].Methods["ikm"] }, "w0.111"},
		{"a population", "periods: [{code: 2026-s1, population: {dukcapil-loket: 704}}]", 0, 1, func(c *Catalogue) any { return c.Periods[0].Population["dukcapil-loket"] }, 704},
		{"a population of nobody", "periods: [{code: 2026-s1, population: {dukcapil-mpp: 0}}]", 0, 1, func(c *Catalogue) any { n, ok := c.Periods[0].Population["dukcapil-mpp"]; return ok && n == 0 }, true},
		{"a period's units", "periods: [{code: 2026-s1, units: [dukcapil-mpp]}]", 0, 1, func(c *Catalogue) any { return strings.Join(c.Periods[0].Units, " ") }, "dukcapil-mpp"},
		{"a period that is named by its code", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-01, instrument: skm-9}]", 1, 0, func(c *Catalogue) any { return c.Periods[1].Name }, "baru"},
		{"a period that may overlap", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-02, instrument: skm-9, overlaps: [2026-s1]}]", 1, 0, func(c *Catalogue) any { return strings.Join(c.Periods[1].Overlaps, " ") }, "2026-s1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := apply(t, base, tc.text)
			changed := tc.added+tc.updated > 0
			version := base.Version
			if changed {
				version++
			}
			if a.Changed != changed || a.Catalogue.Version != version || a.Added != tc.added || a.Updated != tc.updated || len(a.Made) != 0 {
				t.Errorf("changed %v to version %d, %d added, %d updated; want version %d, %d and %d", a.Changed, a.Catalogue.Version, a.Added, a.Updated, version, tc.added, tc.updated)
			}
			if got := tc.at(a.Catalogue); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			if again := apply(t, a.Catalogue, tc.text); again.Changed || again.Added+again.Updated > 0 {
				t.Errorf("again: %d added, %d updated", again.Added, again.Updated)
			}
		})
	}
	kept := apply(t, apply(t, base, "periods: [{code: 2026-s1, units: [dukcapil-mpp]}]").Catalogue, "periods: [{code: 2026-s1, name: Baru}]").Catalogue
	if got := kept.Periods[0]; len(got.Units) != 1 || got.From != base.Periods[0].From || got.Population["dukcapil-loket"] != 703 {
		t.Errorf("period = %+v, want what the file does not name kept", got)
	}
}

// The copy to compare with is made without clone, whose fault it would share.
func TestTheCatalogueAnApplyStartsFromStays(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	before, err := json.Marshal(base)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, base, `
agencies: [{code: dukcapil, name: D, units: [{code: dukcapil-loket, name: U, services: [{code: ktp, name: S}], points: [{code: DK01, name: P}]}]}]
periods: [{code: 2026-s1, name: N, methods: {ikm: w0.11}, population: {dukcapil-loket: 1, dukcapil-mpp: 2}}]
`)
	if after, err := json.Marshal(base); err != nil || string(after) != string(before) {
		t.Errorf("changed to %s, %v, want %s", after, err, before)
	}
}

func TestWhatAnApplyRefuses(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	const other = "agencies: [{code: dinkes, name: Dinkes, units: [{code: %s, name: U, services: [{code: s, name: S}], points: [%s]}]}]"
	for _, tc := range []struct {
		name, text string
		want       string
	}{
		{"a point of another unit, by other letters", fmt.Sprintf(other, "pkm", "{code: dk-01, name: P}"), "agencies[0].units[0].points[0].code duplicate_code"},
		{"a point twice", fmt.Sprintf(other, "pkm", "{code: P1, name: P}, {code: p-1, name: Q}"), "agencies[0].units[0].points[1].code duplicate_code"},
		{"two points without a code of one name", fmt.Sprintf(other, "pkm", "{name: P}, {name: P}"), "agencies[0].units[0].points[1].code duplicate_code"},
		{"a new point without a name", fmt.Sprintf(other, "pkm", "{code: P1}"), "agencies[0].units[0].points[0].name required"},
		{"a point without anything", fmt.Sprintf(other, "pkm", "{closed: true}"), "agencies[0].units[0].points[0].name required"},
		{"a unit without a name", "agencies: [{code: dukcapil, units: [{code: baru}]}]", "agencies[0].units[0].name required"},
		{"a unit without a code", "agencies: [{code: dukcapil, units: [{name: Baru}]}]", "agencies[0].units[0].code required"},
		{"a service without a code", "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, services: [{name: Baru}]}]}]", "agencies[0].units[0].services[0].code required"},
		{"an agency without a code", "agencies: [{name: Baru}]", "agencies[0].code required"},
		{"an agency twice", "agencies: [{code: dukcapil}, {code: dukcapil}]", "agencies[1].code duplicate_code"},
		{"a period twice", "periods: [{code: 2026-s1}, {code: 2026-s1}]", "periods[1].code duplicate_code"},
		{"a period without a code", "periods: [{name: Baru}]", "periods[0].code required"},
		{"a period without days", "periods: [{code: baru, to: 2025-01-01, instrument: skm-9}]", "periods[0].from required"},
		{"a period without an instrument", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-01}]", "periods[0].instrument required"},
		{"the second instrument", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-01, instrument: [skm-9, skm-8]}]", "periods[0].instrument[1] unknown_instrument"},
		{"overlaps with itself", "periods: [{code: 2026-s1, overlaps: [2026-s1]}]", "periods[0].overlaps[0] unknown_period"},
		{"overlaps with none", "periods: [{code: 2026-s1, overlaps: [2025]}]", "periods[0].overlaps[0] unknown_period"},
		{"a list that is none", "agencies: {code: dukcapil}", "agencies wrong_type"},
		{"a file that is none", "agencies", "file wrong_type"},
		{"methods that are none", "periods: [{code: 2026-s1, methods: [exact]}]", "periods[0].methods wrong_type"},
		{"an index twice", "periods: [{code: 2026-s1, methods: {ikm: exact, ikm: w0.11}}]", "periods[0].methods.ikm duplicate_key"},
		{"a population in a list", "periods: [{code: 2026-s1, population: {dukcapil-loket: [703]}}]", "periods[0].population.dukcapil-loket wrong_type"},
		{"a name that is null", "city: {name: null}", "city.name wrong_type"},
		{"a name that is empty", "city: {name: ' '}", "city.name wrong_text"},
		{"a name that is too long", "city: {name: " + strings.Repeat("x", maxName+1) + "}", "city.name wrong_text"},
		{"a name with a line's end", `city: {name: "a\nb"}`, "city.name wrong_text"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := faultsOf(t, base, tc.text, nil); !slices.Equal(got, []string{tc.want}) {
				t.Errorf("faults %q, want %q", got, tc.want)
			}
		})
	}
	for name, text := range map[string]string{
		"the longest name":           "city: {name: " + strings.Repeat("x", maxName) + "}",
		"a period of one day":        "periods: [{code: baru, from: 2027-01-01, to: 2027-01-01, instrument: skm-9}]",
		"two points with two names":  fmt.Sprintf(other, "pkm", "{name: P}, {name: Q}"),
		"two points of two codes":    fmt.Sprintf(other, "pkm", "{code: P1, name: P}, {code: P2, name: P}"),
		"a point that is there":      "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, points: [{code: DK01}]}]}]",
		"the day after the other":    "periods: [{code: baru, from: 2026-07-01, to: 2026-07-31, instrument: terpadu-16}]",
		"until the day before":       "periods: [{code: baru, from: 2025-07-01, to: 2025-12-31, instrument: terpadu-16}]",
		"of another unit meanwhile":  "periods: [{code: 2026-s1, units: [dukcapil-mpp]}, {code: baru, from: 2026-06-01, to: 2026-07-31, instrument: terpadu-16, units: [dukcapil-loket]}]",
		"named by the other of both": "periods: [{code: 2026-s1, overlaps: [baru]}, {code: baru, from: 2026-06-01, to: 2026-07-31, instrument: spak-5}]",
	} {
		if got := faultsOf(t, base, text, nil); len(got) != 0 {
			t.Errorf("%s: faults %q", name, got)
		}
	}
	for name, text := range map[string]string{
		"its last day": "periods: [{code: baru, from: 2026-06-30, to: 2026-07-31, instrument: terpadu-16}]",
		"its first":    "periods: [{code: baru, from: 2025-07-01, to: 2026-01-01, instrument: terpadu-16}]",
		"one unit":     "periods: [{code: baru, from: 2026-06-30, to: 2026-07-31, instrument: terpadu-16, units: [dukcapil-mpp]}]",
	} {
		if got := faultsOf(t, base, text, nil); !slices.Equal(got, []string{"periods[0].from overlap"}) {
			t.Errorf("%s shared: faults %q, want an overlap", name, got)
		}
	}
}

// Answers were given on days and at units, to a form, in a time zone: what would leave
// one of them without is refused, and tells how many.
func TestNoChangeStrandsAnAnswer(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	stored := &held{answers: map[heldAt]int64{{NewDate(2026, 2, 1), "dukcapil-loket"}: 160, {NewDate(2026, 6, 10), "dukcapil-loket"}: 3}}
	const at = "periods[0].from has_answers"
	for _, tc := range []struct {
		name, text string
		stored     AnswerCounts
		want       []string
	}{
		{"longer", "periods: [{code: 2026-s1, to: 2026-07-31}]", stored, nil},
		{"cut down to the last answer", "periods: [{code: 2026-s1, from: 2026-02-01, to: 2026-06-10}]", stored, nil},
		{"cut by an answer at its end", "periods: [{code: 2026-s1, to: 2026-06-09}]", stored, []string{at}},
		{"cut by answers at its start", "periods: [{code: 2026-s1, from: 2026-02-02}]", stored, []string{at}},
		{"cut, without answers", "periods: [{code: 2026-s1, to: 2026-01-31}]", &held{}, nil},
		{"only the unit that has them", "periods: [{code: 2026-s1, units: [dukcapil-loket]}]", stored, nil},
		{"only another unit", "periods: [{code: 2026-s1, units: [dukcapil-mpp]}]", stored, []string{"periods[0].units has_answers"}},
		{"another form", "periods: [{code: 2026-s1, instrument: [skm-9, spak-5]}]", stored, []string{"periods[0].instrument has_answers"}},
		{"another form, without answers", "periods: [{code: 2026-s1, instrument: [skm-9, spak-5]}]", &held{}, nil},
		{"another time zone", "city: {time_zone: Asia/Jakarta}", stored, []string{"city.time_zone has_answers"}},
		{"the same time zone", "city: {time_zone: Asia/Makassar}", stored, nil},
		{"another time zone, without answers", "city: {time_zone: Asia/Jakarta}", &held{}, nil},
		{"a new period", "periods: [{code: baru, from: 2027-01-01, to: 2027-01-02, instrument: skm-9}]", stored, nil},
		{"another name", "periods: [{code: 2026-s1, name: Paruh pertama}]", stored, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := faultsOf(t, base, tc.text, tc.stored); !slices.Equal(got, tc.want) {
				t.Errorf("faults %q, want %q", got, tc.want)
			}
		})
	}
	lib, methods := testLibrary(t)
	for _, tc := range []struct {
		to     string
		today  Date
		stored AnswerCounts
		closed bool
	}{
		{"2026-12-31", NewDate(2026, 7, 1), stored, true},
		{"2026-12-31", NewDate(2026, 6, 30), stored, false},
		{"2026-12-31", NewDate(2026, 7, 1), &held{}, false},
		{"2026-06-20", NewDate(2026, 7, 1), stored, false},
	} {
		_, err := Apply(base, fmt.Appendf(nil, "periods: [{code: 2026-s1, to: %s}]", tc.to), lib, methods, codes(), tc.stored, tc.today)
		if (err != nil) != tc.closed || tc.closed && !strings.Contains(err.Error(), "periods[0].to") {
			t.Errorf("until %s, asked for on %s: err = %v, want one: %v", tc.to, tc.today, err, tc.closed)
		}
	}
	_, err := Apply(base, []byte("periods: [{code: 2026-s1, from: 2026-02-02, to: 2026-06-09}]"), lib, methods, codes(), stored, 0)
	if err == nil || !strings.Contains(err.Error(), "163 answers") {
		t.Errorf("err = %v, want how many answers", err)
	}
}

func TestAnApplyThatCannotAskTheStoreFails(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	lib, methods := testLibrary(t)
	away := errors.New("the store is away")
	for _, text := range []string{"periods: [{code: 2026-s1, to: 2026-05-31}]", "periods: [{code: 2026-s1, instrument: skm-9}]", "city: {time_zone: Asia/Jakarta}", "periods: [{code: 2026-s1, methods: {ikm: w0.11}}]"} {
		if _, err := Apply(base, []byte(text), lib, methods, codes(), &held{err: away}, 0); !errors.Is(err, away) {
			t.Errorf("%s: err = %v, want the store's", text, err)
		}
	}
	if _, err := Apply(base, []byte("periods: [{code: 2026-s1, to: 2026-07-31}]"), lib, methods, codes(), &held{err: away}, NewDate(2026, 7, 1)); !errors.Is(err, away) || !strings.Contains(err.Error(), "2026-s1") {
		t.Errorf("a period that is over, longer: err = %v, want the store's", err)
	}
	none := errors.New("no entropy")
	if _, err := Apply(&Catalogue{}, []byte(cityYAML), lib, methods, func() (string, error) { return "", none }, nil, 0); !errors.Is(err, none) {
		t.Errorf("err = %v, want the code maker's", err)
	}
}

func TestAPointsCodeIsMadeAgainWhereItIsTaken(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	text := strings.Replace(cityYAML, "code: DK01", "code: TEST-01", 1)
	a, err := Apply(&Catalogue{}, []byte(text), lib, methods, codes(), nil, 0)
	if err != nil || a.Made[0].Point.Code != "TEST02" {
		t.Errorf("made %+v, %v, want TEST02", a, err)
	}
	if _, err := Apply(&Catalogue{}, []byte(text), lib, methods, func() (string, error) { return "TEST01", nil }, nil, 0); err == nil {
		t.Error("a taken code is made for ever")
	}
}
