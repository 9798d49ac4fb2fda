package survey

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lines returns changes as text.
func lines(changes []Change) (out []string) {
	for _, c := range changes {
		out = append(out, c.String())
	}
	return out
}

func TestWhatAnApplyChangesIsToldLineByLine(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	const unit = "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, %s}]}]"
	in := func(text string) string { return fmt.Sprintf(unit, text) }
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", cityYAML, nil},
		{"the city", "city: {name: Kota Lain, least: 20}", []string{"changed city.name: Kota Contoh → Kota Lain", "added city.least: 20"}},
		{"a new agency with all that it has", "agencies: [{code: dinkes, name: Dinas Kesehatan, units: [{code: pkm, name: Puskesmas, points: [{code: PK01, name: Loket}]}]}]", []string{"added agencies.dinkes: Dinas Kesehatan"}},
		{"a new service", in("services: [{code: kia, name: KIA}]"), []string{"added agencies.dukcapil.units.dukcapil-loket.services.kia: KIA"}},
		{"a service that is closed", in("services: [{code: ktp, closed: true}]"), []string{"closed agencies.dukcapil.units.dukcapil-loket.services.ktp: KTP-el"}},
		{"a unit's name", in("name: Loket Utama"), []string{"changed agencies.dukcapil.units.dukcapil-loket: Unit Pelayanan → Loket Utama"}},
		{"a period's days", "periods: [{code: 2026-s1, to: 2026-07-31}]", []string{"changed periods.2026-s1.to: 2026-06-30 → 2026-07-31"}},
		{"its people, method and units", "periods: [{code: 2026-s1, population: {dukcapil-mpp: 7}, methods: {ikm: w0.11}, units: [dukcapil-mpp]}]", []string{
			"added periods.2026-s1.methods.ikm: w0.11", "added periods.2026-s1.population.dukcapil-mpp: 7", "added periods.2026-s1.units: dukcapil-mpp",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := lines(apply(t, base, tc.text).Changes); !slices.Equal(got, tc.want) {
				t.Errorf("changes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

// Whatever leaves the catalogue is told too.
func TestADifferenceTellsWhatIsGone(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	less := clone(base)
	less.Agencies[0].Units = less.Agencies[0].Units[:1]
	less.Periods = nil
	got := lines(Diff(base, less))
	if len(got) != 2 || !strings.HasPrefix(got[0], "removed agencies.dukcapil.units.dukcapil-mpp: ") || !strings.HasPrefix(got[1], "removed periods.2026-s1: ") {
		t.Errorf("gone: %q", got)
	}
	if all := Diff(new(Catalogue), base); len(all) != 4 { // its name, time zone, agency and period
		t.Errorf("a whole city: %q", lines(all))
	}
}

// A unit's papers tell of what may have moved its own figures: of the period as a whole, and
// of itself by whatever code, never of other units.
func TestAUnitsAmendmentsAreThoseThatMayMoveItsFigures(t *testing.T) {
	t.Parallel()
	unit := &Unit{Code: "pkm", Former: []string{"puskesmas"}}
	for _, tc := range []struct {
		line string
		want bool
	}{
		{"changed periods.p.from: 2026-01-01 → 2026-02-01", true},
		{"added periods.p.to: 2026-02-01", true},
		{"changed periods.p.methods.ikm: exact → w0.11", true},
		{"changed periods.p.population.pkm: 1 → 2", true},
		{"changed periods.p.population.puskesmas: 1 → 2", true},
		{"added periods.p.population.pkm.umum: 2", true},
		{"changed periods.p.population.loket: 1 → 2", false},
		{"added periods.p.population.loket.pkm: 2", false},
		{"moved agencies.dinkes.units.pkm: from agencies.rsud", true},
		{"moved agencies.dinkes.units.loket: from agencies.rsud", false},
		{"changed periods.p.units: loket → loket, pkm", true},
		{"changed periods.p.units: loket, puskesmas → loket", true},
		{"changed periods.p.units: loket, pkm → pkm", false},
		{"added periods.p.units: loket", true},
		{"added periods.p.units: loket, pkm", false},
		{"removed periods.p.units: loket", true},
		{"removed periods.p.units: pkm", false},
		{"changed periods.p.population: 1 → 2", true},
		{"a line of a later program", true},
	} {
		p := &Period{Code: "p", Amendments: []Amendment{{Reason: "salah", Changes: []string{tc.line}}}}
		if got := p.AmendmentsOf(unit); (len(got) == 1) != tc.want {
			t.Errorf("%s: %+v", tc.line, got)
		}
	}
	p := &Period{Code: "p", Amendments: []Amendment{{Reason: "salah", Changes: []string{"changed periods.p.population.loket: 1 → 2", "changed periods.p.population.pkm: 3 → 4"}}}}
	if got := p.AmendmentsOf(unit); len(got) != 1 || got[0].Reason != "salah" || !slices.Equal(got[0].Changes, p.Amendments[0].Changes[1:]) || len(p.Amendments[0].Changes) != 2 {
		t.Errorf("of two units: %+v, of %+v", got, p.Amendments)
	}
}

// What moves figures of a period that has answers is an amendment of that one: nothing else is.
func TestWhatAmendsAPeriod(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, &Catalogue{}, cityYAML+"  - {code: 2025, from: 2025-01-01, to: 2025-12-31, instrument: terpadu-16}\n")
	has := &held{answers: map[heldAt]int64{{NewDate(2026, 2, 1), "dukcapil-mpp"}: 1}}
	running, closed := NewDate(2026, 6, 30), NewDate(2026, 7, 1)
	for _, tc := range []struct {
		name, text string
		stored     *held
		today      Date
		amends     bool
	}{
		{"a method", "{code: 2026-s1, methods: {ikm: w0.11}}", has, running, true},
		{"a method, without answers", "{code: 2026-s1, methods: {ikm: w0.11}}", &held{}, closed, false},
		{"longer", "{code: 2026-s1, to: 2026-08-31}", has, running, true},
		{"a later start", "{code: 2026-s1, from: 2026-01-15}", has, running, true},
		{"fewer units", "{code: 2026-s1, units: [dukcapil-mpp]}", has, running, true},
		{"people served, while it runs", "{code: 2026-s1, population: {dukcapil-mpp: 7}}", has, running, false},
		{"people served, after its end", "{code: 2026-s1, population: {dukcapil-mpp: 7}}", has, closed, true},
		{"its name", "{code: 2026-s1, name: Paruh pertama}", has, closed, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, err := Apply(base, []byte("periods: ["+tc.text+"]"), lib, methods, codes(), tc.stored, tc.today)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(a.Amended); got > 1 || (got == 1) != tc.amends {
				t.Errorf("amended: %q", lines(a.Amended))
			}
			at := time.Date(2026, 11, 28, 19, 0, 0, 500, time.UTC) // the next day in Makassar
			a.Amend(at, "command line", "salah ketik")
			got := a.Catalogue.Periods[0].Amendments
			if !tc.amends {
				if len(got) > 0 {
					t.Errorf("amendments: %+v", got)
				}
				return
			}
			if len(got) != 1 || !got[0].At.Equal(at.Truncate(time.Second)) || got[0].Day != NewDate(2026, 11, 29) || got[0].By != "command line" || got[0].Reason != "salah ketik" || !slices.Equal(got[0].Changes, lines(a.Amended)) {
				t.Errorf("amendments: %+v", got)
			}
			if len(base.Periods[0].Amendments) > 0 {
				t.Error("the catalogue before has the amendment too")
			}
		})
	}
}

// emptied are answers of one unit that came on one day, and of the next days none any more.
type emptied int

func (e emptied) Answered(string) (bool, error) { return e > 0, nil }

func (e emptied) Counts(_ string, fn func(unit string, day Date, answers int64)) error {
	for day := range Date(3) {
		fn("dukcapil-mpp", day, int64(e))
		e = 0
	}
	return nil
}

// A unit that moves takes its answers along: that is told of the periods that it has any of.
func TestAMovedUnitIsToldOfPeriodsThatItHasAnswersOf(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, &Catalogue{}, cityYAML)
	const moves = "agencies: [{code: dinkes, name: Dinas Kesehatan, units: [{code: dukcapil-mpp}]}]"
	for name, tc := range map[string]struct {
		text   string
		stored AnswerCounts
		want   []string
		fails  bool
	}{
		"with answers":                 {moves, emptied(1), []string{"moved agencies.dinkes.units.dukcapil-mpp: from agencies.dukcapil"}, false},
		"with none any more":           {moves, emptied(0), nil, false},
		"where nothing is stored":      {moves, nil, nil, false},
		"where the store fails":        {moves, &held{err: errors.New("away")}, nil, true},
		"where nothing asks the store": {"agencies: [{code: dukcapil, name: Dinas}]", &held{err: errors.New("away")}, nil, false},
	} {
		a, err := Apply(base, []byte(tc.text), lib, methods, codes(), tc.stored, NewDate(2026, 5, 1))
		if (err != nil) != tc.fails || err == nil && !slices.Equal(lines(a.Amended), tc.want) {
			t.Errorf("%s: %+v, err = %v", name, a, err)
		}
	}
}
