package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// Of a real city.
const (
	cityAgencies = 40
	cityUnits    = 250
	cityPoints   = 800
	cityServices = 900
)

// largeCity returns an apply file of a city as large as a real one: the same at each
// call. Units are spread over agencies, and points and services over units.
func largeCity() string {
	var b strings.Builder
	b.WriteString("city: {name: Kota Besar}\nagencies:\n")
	for a := range cityAgencies {
		fmt.Fprintf(&b, "  - code: opd-%02d\n    name: Dinas %02d\n    units:\n", a, a)
		for u := a; u < cityUnits; u += cityAgencies {
			fmt.Fprintf(&b, "      - code: unit-%03d\n        name: Unit %03d\n        services:\n", u, u)
			for s := u; s < cityServices; s += cityUnits {
				fmt.Fprintf(&b, "          - {code: layanan-%d, name: Layanan %d}\n", s/cityUnits, s)
			}
			b.WriteString("        points:\n")
			for p := u; p < cityPoints; p += cityUnits {
				fmt.Fprintf(&b, "          - {code: %s, name: Loket %d}\n", pointCode(p), p/cityUnits+1)
			}
		}
	}
	b.WriteString("periods:\n")
	for year := 2023; year <= 2025; year++ {
		fmt.Fprintf(&b, "  - {code: s1-%d, from: %d-01-01, to: %d-06-30, instrument: skm-9, population: {", year, year, year)
		for u := range cityUnits {
			fmt.Fprintf(&b, "unit-%03d: %d, ", u, 100+u)
		}
		b.WriteString("}}\n")
	}
	return b.String()
}

// pointCode returns a code that is no sequence.
func pointCode(p int) string { return fmt.Sprintf("LKT%05d", (p*7919+13)%100_003) }

// change is something that is done to a city: a file, how it is applied, and what of it
// is told.
type change struct {
	name  string
	text  string
	flags []string
	told  []string
}

const ofUnit = "agencies: [{code: %s, units: [{code: %s, %s}]}]"

func cityChanges() []change {
	reason := []string{"--reason", "Perwali 12"}
	without := func(text string, gone ...string) string {
		for _, g := range gone {
			text = strings.Replace(text, g, "", 1)
		}
		return text
	}
	return []change{
		{"an agency gets another name", "agencies: [{code: opd-00, name: Dinas Kesehatan}]", nil, []string{"changed agencies.opd-00: Dinas 00 → Dinas Kesehatan"}},
		{"a unit gets another name", fmt.Sprintf(ofUnit, "opd-01", "unit-001", "name: Puskesmas"), nil, []string{"changed agencies.opd-01.units.unit-001: Unit 001 → Puskesmas"}},
		{"an agency with a unit comes", "agencies: [{code: bpbd, name: BPBD, units: [{code: posko, name: Posko, services: [{code: lapor, name: Lapor}], points: [{name: Meja}]}]}]", nil, []string{"4 added, 0 changed", "added agencies.bpbd: BPBD", "new point codes:"}},
		{"a point without a code gets another name", "agencies: [{code: bpbd, units: [{code: posko, points: [{name: Meja depan, was: Meja}]}]}]", nil, []string{": Meja → Meja depan"}},
		{"a service is closed", fmt.Sprintf(ofUnit, "opd-02", "unit-002", "services: [{code: layanan-1, closed: true}]"), nil, []string{"closed agencies.opd-02.units.unit-002.services.layanan-1: Layanan 252"}},
		{"it opens again", fmt.Sprintf(ofUnit, "opd-02", "unit-002", "services: [{code: layanan-1}]"), nil, []string{"reopened agencies.opd-02.units.unit-002.services.layanan-1"}},
		{"a point may be answered from afar", fmt.Sprintf(ofUnit, "opd-03", "unit-003", "points: [{code: "+pointCode(3)+", remote: true}]"), nil, []string{".remote: true"}},
		{"a unit moves, without answers", "agencies: [{code: opd-05, units: [{code: unit-004}]}]", nil, []string{"moved agencies.opd-05.units.unit-004: from agencies.opd-04"}},
		{"a unit moves, with answers", "agencies: [{code: opd-05, units: [{code: unit-000}]}]", reason, []string{"moved agencies.opd-05.units.unit-000: from agencies.opd-00", "s1-2024 agency opd-00 ikm: 87.50 → none", "s1-2024 agency opd-05 ikm: none → 87.50"}},
		{"a point moves", fmt.Sprintf(ofUnit, "opd-07", "unit-007", "points: [{code: "+pointCode(6)+"}]"), nil, []string{"from agencies.opd-06.units.unit-006"}},
		{"an agency is renamed", "agencies: [{code: dinkes, was: opd-05}]", nil, []string{"renamed agencies.dinkes: code opd-05 → dinkes"}},
		{"a unit with answers is renamed", fmt.Sprintf(ofUnit, "dinkes", "rsud", "was: unit-000"), nil, []string{"renamed agencies.dinkes.units.rsud: code unit-000 → rsud"}},
		{"a service with answers is renamed", fmt.Sprintf(ofUnit, "dinkes", "rsud", "services: [{code: rawat-jalan, was: layanan-0}]"), nil, []string{"renamed agencies.dinkes.units.rsud.services.rawat-jalan"}},
		{"a point is renamed", fmt.Sprintf(ofUnit, "dinkes", "rsud", "points: [{code: MELATI38, was: "+pointCode(0)+"}]"), nil, []string{"renamed agencies.dinkes.units.rsud.points.MELATI38"}},
		{"all at once: renamed, moved, with another name", "agencies: [{code: mpp, name: MPP, units: [{code: gerai, was: unit-010, name: Gerai}]}]", nil, []string{"2 renamed", "1 moved"}[1:]},
		{"a method, with answers", "periods: [{code: s1-2024, methods: {ikm: w0.11}}]", reason, []string{"s1-2024 rsud ikm: 87.50 → 86.63"}},
		{"people served, after the end", "periods: [{code: s1-2024, population: {rsud: 50, unit-001: 3}}]", reason, []string{"s1-2024 rsud sample needed: "}},
		{"units of a period", "periods: [{code: s1-2023, units: [unit-000, unit-001, gerai]}]", nil, []string{"added periods.s1-2023.units: gerai, rsud, unit-001"}},
		{"a period comes", "periods: [{code: s1-2022, from: 2022-01-01, to: 2022-06-30, instrument: [skm-9, spak-5]}]", nil, []string{"1 added, 0 changed", "added periods.s1-2022: s1-2022"}},
		{"an agency is closed with its units", "agencies: [{code: opd-39, closed: true}]", nil, []string{"closed agencies.opd-39: Dinas 39"}},
		{"a city that is pruned to what it was", without(strings.NewReplacer(
			"  - code: opd-05\n", "  - code: dinkes\n    was: opd-05\n", "- code: unit-000\n", "- code: rsud\n        was: unit-000\n",
			"{code: "+pointCode(0)+",", "{code: MELATI38,", "- {code: layanan-0, name: Layanan 0}", "- {code: rawat-jalan, name: Layanan 0}",
			"- code: unit-010\n", "- code: gerai\n",
		).Replace(largeCity())), append([]string{"--prune"}, reason...), []string{
			"closed agencies.bpbd: BPBD", "closed agencies.mpp: MPP", "reopened agencies.opd-39: Dinas 39", "moved agencies.opd-00.units.rsud: from agencies.dinkes",
			"moved agencies.opd-10.units.gerai: from agencies.mpp", "periods.s1-2022: s1-2022",
		}},
	}
}

// A city of a real size is declared and changed in twenty ways: nothing that is applied
// twice changes anything, nor what is dumped.
func TestALargeCityIsDeclaredAndChanged(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: a city of 800 points is declared again and again")
	}
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	apply := func(now *survey.Catalogue, text string, flags []string) *survey.ApplyResult {
		t.Helper()
		var options []survey.ApplyOption
		if slices.Contains(flags, "--prune") {
			options = append(options, survey.Prune)
		}
		a, err := survey.Apply(now, []byte(text), r.library, r.methods, func() (string, error) { n++; return fmt.Sprintf("NEW%d", n), nil }, nil, survey.NewDate(2026, 1, 1), options...)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := apply(new(survey.Catalogue), largeCity(), nil)
	if want := cityAgencies + cityUnits + cityPoints + cityServices + 3; first.Added != want || len(first.Omitted) > 0 {
		t.Errorf("%d added, want %d; not named: %v", first.Added, want, first.Omitted)
	}
	now := first.Catalogue
	changes := cityChanges()
	if len(changes) < 20 {
		t.Errorf("%d changes", len(changes))
	}
	for _, c := range changes {
		a := apply(now, c.text, c.flags)
		if !a.Changed || len(a.Changes) == 0 {
			t.Errorf("%s: changes nothing", c.name)
		}
		if again := apply(a.Catalogue, c.text, c.flags); again.Changed || len(again.Changes) > 0 {
			t.Errorf("%s: again: %v", c.name, again.Changes)
		}
		text, err := survey.Declaration(a.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		if again := apply(a.Catalogue, string(text), []string{"--prune"}); again.Changed || len(again.Changes)+len(again.Omitted) > 0 {
			t.Errorf("%s: dumped: %v, not named: %v", c.name, again.Changes, again.Omitted)
		}
		now = a.Catalogue
	}
}

// Through the command, on both stores: what is told, and that answers stay.
func TestALargeCityKeepsItsAnswers(t *testing.T) {
	t.Parallel()
	skipInShort(t)
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		changeLargeCity(t, nil)
	})
	t.Run("MongoDB", func(t *testing.T) {
		t.Parallel()
		uri, drop, err := testkit.NewMongoDB(testkit.MongoDBServer(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := drop(); err != nil {
				t.Error(err)
			}
		})
		changeLargeCity(t, []string{"--mongodb", uri})
	})
}

func changeLargeCity(t *testing.T, store []string) {
	t.Helper()
	dir := t.TempDir()
	store = append(store, "--data", filepath.Join(dir, "data"))
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	run := func(args ...string) string {
		out, _ := must(t, append(args, store...)...)
		return out
	}
	declared := fmt.Sprintf("applied: %d added (catalogue version 1)", cityAgencies+cityUnits+cityPoints+cityServices+3)
	if out := run("apply", file("kota.yaml", largeCity())); !strings.HasPrefix(out, declared) || strings.Contains(out, "changed") || strings.Contains(out, "not named") {
		t.Fatalf("declared: %.300s", out)
	}
	answers := file("jawaban.csv", "service,persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana,tanggal\n"+
		"layanan-0,4,4,4,4,4,4,4,4,4,2024-02-01\nlayanan-0,3,3,3,3,3,3,3,3,3,2024-02-02\n")
	run("import", answers, "--period", "s1-2024", "--unit", "unit-000", "--reason", "kertas terlambat")
	for i, c := range cityChanges() {
		out := run(append([]string{"apply", file(fmt.Sprintf("%d.yaml", i), c.text)}, c.flags...)...)
		for _, want := range c.told {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not told:\n%.2000s", c.name, want, out)
			}
		}
	}
	dumped := filepath.Join(dir, "dump.yaml")
	run("dump", "--out", dumped)
	if again := run("apply", dumped, "--prune"); !strings.HasPrefix(again, "nothing to change") || strings.Contains(again, "not named") {
		t.Errorf("dumped: %.2000s", again)
	}
	// By the code that the unit had at first, and by the one that it has.
	for _, args := range [][]string{nil, {"--unit", "unit-000"}, {"--unit", "rsud"}} {
		rows := run(append([]string{"export", "--period", "s1-2024"}, args...)...)
		if strings.Count(rows, ",rsud,rawat-jalan,") != 2 || strings.Count(rows, "\n") != 3 {
			t.Errorf("answers of %v:\n%s", args, rows)
		}
	}
	if out := run("recount"); !strings.Contains(out, "2 responses in") || !strings.Contains(out, " 0 tallies differed") {
		t.Errorf("recounted: %s", out)
	}
	if log := run("audit", "--unit", "rsud"); !strings.Contains(log, "units unit-000") || !strings.Contains(log, "agencies.opd-05.units.unit-000.of: agencies.opd-00 → agencies.opd-05") {
		t.Errorf("audit: %.2000s", log)
	}
}
