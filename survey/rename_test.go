package survey

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
)

// What is renamed is found by each of its codes, and what is stored of it by its first.
func TestCodesAreRenamedByWas(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, new(Catalogue), twoAgencies+`earlier: []`)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"an agency", "agencies: [{code: capil, was: dukcapil}]", []string{"renamed agencies.capil: code dukcapil → capil"}},
		{"a unit", "agencies: [{code: dukcapil, units: [{code: depan, was: loket}]}]", []string{"renamed agencies.dukcapil.units.depan: code loket → depan"}},
		{"a service", "agencies: [{code: dukcapil, units: [{code: loket, services: [{code: ktp-el, was: ktp}]}]}]", []string{"renamed agencies.dukcapil.units.loket.services.ktp-el: code ktp → ktp-el"}},
		{"a point", "agencies: [{code: dukcapil, units: [{code: loket, points: [{code: EEEE55, was: aaaa-11}]}]}]", []string{"renamed agencies.dukcapil.units.loket.points.EEEE55: code AAAA11 → EEEE55"}},
		{"all at once, elsewhere, with other names", `
agencies:
  - code: capil
    was: dukcapil
    units: [{code: mpp, points: [{code: EEEE55, was: AAAA11, name: Meja 1}]}]
  - {code: dinkes, units: [{code: depan, was: loket, name: Depan, services: [{code: ktp-el, was: ktp}]}]}
`, []string{
			"renamed agencies.capil: code dukcapil → capil",
			"renamed agencies.dinkes.units.depan: code loket → depan",
			"moved agencies.dinkes.units.depan: from agencies.capil",
			"renamed agencies.dinkes.units.depan.services.ktp-el: code ktp → ktp-el",
			"renamed agencies.capil.units.mpp.points.EEEE55: code AAAA11 → EEEE55",
			"moved agencies.capil.units.mpp.points.EEEE55: from agencies.dinkes.units.depan",
			"changed agencies.capil.units.mpp.points.EEEE55: Loket 1 → Meja 1",
			"changed agencies.dinkes.units.depan: Loket → Depan",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := apply(t, base, tc.text)
			if got := lines(a.Changes); !slices.Equal(got, tc.want) || a.Added != 0 || a.Updated != len(tc.want) {
				t.Errorf("%d added, %d changed:\n%s", a.Added, a.Updated, strings.Join(got, "\n"))
			}
			for _, text := range []string{tc.text, dumped(t, a.Catalogue)} {
				if again := apply(t, a.Catalogue, text); again.Changed || len(again.Changes) > 0 {
					t.Errorf("again: %q\n%s", lines(again.Changes), text)
				}
			}
			fresh := mustApply(t, new(Catalogue), dumped(t, a.Catalogue))
			fresh.Version = a.Catalogue.Version
			for i := range a.Catalogue.Agencies { // when a point moved is no part of a file
				for j := range a.Catalogue.Agencies[i].Units {
					for k := range a.Catalogue.Agencies[i].Units[j].Points {
						a.Catalogue.Agencies[i].Units[j].Points[k].Moved = nil
					}
				}
			}
			if diff := cmp.Diff(a.Catalogue, fresh, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("dumped and applied to nothing (-want +got):\n%s", diff)
			}
			d, err := NewDirectory(a.Catalogue, lib, methods)
			if err != nil {
				t.Fatal(err)
			}
			old, err := NewDirectory(base, lib, methods)
			if err != nil {
				t.Fatal(err)
			}
			for _, code := range old.Units() {
				if u, ok := d.Unit(code); !ok || u.Unit.Key() != code || d.UnitKey(u.Unit.Code) != code {
					t.Errorf("unit %s is found as %+v", code, u.Unit)
				}
			}
			for _, code := range old.Agencies() {
				if found, ok := d.Agency(code); !ok || found.Key() != code {
					t.Errorf("agency %s is found as %+v", code, found)
				}
			}
			for _, code := range []string{"AAAA11", "bbbb-22", "CCCC33", "DDDD44"} {
				if p, ok := d.Point(code); !ok || foldCode(p.Point.Key()) != foldCode(code) {
					t.Errorf("the symbol of %s leads to %+v", code, p.Point)
				}
			}
			if p, _ := d.Period("2026-s1"); p.Population[present(d, "loket")] != 703 || !p.Covers(present(d, "loket")) || len(p.Units) != 3 || len(p.Population) != 2 {
				t.Errorf("period: %+v", p)
			}
		})
	}
}

func present(d *Directory, unit string) string {
	p, _ := d.Unit(unit)
	return p.Unit.Code
}

// An answer has the keys, whatever things are called, and is shown with their codes.
func TestAnAnswerKeepsItsCodes(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, new(Catalogue), twoAgencies)
	c := mustApply(t, base, "agencies: [{code: dukcapil, units: [{code: depan, was: loket, services: [{code: ktp-el, was: ktp}], points: [{code: EEEE55, was: AAAA11}]}]}]")
	c = mustApply(t, c, "agencies: [{code: dukcapil, units: [{code: muka, was: depan}]}]")
	var stored []*Response
	for _, city := range []*Catalogue{base, c} {
		d, err := NewDirectory(city, lib, methods)
		if err != nil {
			t.Fatal(err)
		}
		for _, service := range []string{"ktp", "ktp-el"} {
			draft := &Draft{ID: uuid.NewString(), Service: service, Consent: true}
			for _, q := range d.Form("2026-s1").Questions {
				draft.Answers = append(draft.Answers, Answer{Question: q.Code, Value: 1})
			}
			a, err := d.Resolve(point(t, d, "AAAA11"), "", noon())
			if err != nil {
				t.Fatal(err)
			}
			r, faults := a.Check(draft, d.Zone(), noon())
			if service == "ktp-el" && city == base {
				if len(faults) == 0 {
					t.Error("a service that there is not yet")
				}
				continue
			}
			if len(faults) > 0 || r.Unit != "loket" || r.Service != "ktp" || r.Point != "AAAA11" {
				t.Errorf("stored: %+v, %v", r, faults)
			}
			if stored = append(stored, r); !d.IsRetry(draft, point(t, d, "AAAA11"), r) {
				t.Error("sent again it is another answer")
			}
		}
	}
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range stored {
		if p := d.Present(r); p.Unit != "muka" || p.Service != "ktp-el" || p.Point != "EEEE55" || r.Unit != "loket" || p.ID != r.ID {
			t.Errorf("shown: %+v", p)
		}
	}
	if u, _ := d.Unit("depan"); u.Unit.Code != "muka" || !slices.Equal(u.Unit.Former, []string{"loket", "depan"}) {
		t.Errorf("unit: %+v", u.Unit)
	}
	// And back again: the key stays.
	back := mustApply(t, c, "agencies: [{code: dukcapil, units: [{code: loket, was: muka}]}]")
	if u := back.Agencies[0].Units[0]; u.Code != "loket" || u.Key() != "loket" || !slices.Equal(u.Former, []string{"loket", "depan", "muka"}) {
		t.Errorf("back: %+v", u)
	}
	if same := apply(t, back, dumped(t, back)); same.Changed {
		t.Errorf("the dump changes %q", lines(same.Changes))
	}
}

func TestWhatCannotBeRenamed(t *testing.T) {
	t.Parallel()
	base := mustApply(t, mustApply(t, new(Catalogue), twoAgencies), "agencies: [{code: dukcapil, units: [{code: depan, was: loket, points: [{code: EEEE55, was: AAAA11}]}]}]")
	const of = "agencies: [{code: dukcapil, units: [%s]}]"
	for _, tc := range []struct{ name, text, field, code, says string }{
		{"what there never was", "{code: baru, was: loke}", "units[0].was", "unknown_unit", "did you mean loket?"},
		{"an unknown agency", "agencies: [{code: a, was: dinkess}]", "agencies[0].was", "unknown_agency", "did you mean dinkes?"},
		{"an unknown service", "{code: mpp, services: [{code: a, was: kt}]}", "services[0].was", "unknown_service", "did you mean ktp?"},
		{"an unknown point", "{code: mpp, points: [{code: FFFF66, was: CCCC34}]}", "points[0].was", "unknown_point", "did you mean CCCC33?"},
		{"one that is there beside it", "{code: mpp, was: depan}", "units[0].was", "duplicate_code", "unit depan is there beside unit mpp"},
		{"two become one", "{code: baru, was: [depan, mpp]}", "units[0].was", "duplicate_code", "are two"},
		{"it is in the file too", "{code: baru, was: mpp}, {code: mpp}", "units[0].was", "duplicate_code", "declared at agencies[0].units[1] too"},
		{"one becomes two", "{code: baru, was: mpp}, {code: baru2, was: mpp}", "units[1].was", "duplicate_code", "declared at agencies[0].units[0] too"},
		{"a code that it had", "{code: loket, name: Lain}", "units[0].code", "renamed", "unit loket is called depan now; say `code: depan`, or `was: depan` to call it loket again"},
		{"a code that another had", "{code: loket, was: mpp}", "units[0].code", "duplicate_code", "unit depan had"},
		{"a point's code in other letters, of another", "{code: depan, points: [{code: eeee-55, was: BBBB22}]}", "points[0].code", "duplicate_code", "is a code that point EEEE55 had"},
		{"a point's former code", "{code: depan, points: [{code: AAAA11, name: Lain}]}", "points[0].code", "renamed", "is called EEEE55 now"},
		{"a code of a wrong shape", "{code: baru, was: 'a b'}", "units[0].was", "wrong_code", "1 to 40"},
		{"a unit by two of its codes", "periods: [{code: lalu, population: {loket: 1, depan: 2}}]", "periods[0].population.loket", "duplicate_code", "depan is a code of this unit too"},
		{"a period", "periods: [{code: lama, was: lalu}]", "periods[0].was", "unknown_key", "known"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := tc.text
			if strings.HasPrefix(text, "{") {
				text = strings.Replace(of, "%s", text, 1)
			}
			lib, methods := testLibrary(t)
			_, err := Apply(base, []byte(text), lib, methods, codes(), nil, 0)
			if err == nil || !strings.Contains(err.Error(), tc.field) || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("err = %v, want %q at %s", err, tc.says, tc.field)
			}
			if got := faultsOf(t, base, text, nil); !slices.ContainsFunc(got, func(f string) bool { return strings.HasSuffix(f, tc.field+" "+tc.code) }) {
				t.Errorf("faults %q, want %s", got, tc.code)
			}
		})
	}
}

// A point without a code keeps the one that it was given, also under another name where
// the file says which it had.
func TestAPointKeepsTheCodeThatItWasGiven(t *testing.T) {
	t.Parallel()
	base := mustApply(t, new(Catalogue), cityYAML) // Gerai 4 is TEST01
	const of = "agencies: [{code: dukcapil, units: [{code: dukcapil-mpp, points: [%s]}]}]"
	for name, tc := range map[string]struct {
		points string
		code   string
		made   int
	}{
		"the same name":                {"{name: Gerai 4}", "TEST01", 0},
		"another name, by the former":  {"{name: Gerai A, was: Gerai 4}", "TEST01", 0},
		"another name, by its code":    {"{name: Gerai A, was: test-01}", "TEST01", 0},
		"another name alone":           {"{name: Gerai A}", "TEST02", 1},
		"its own name, and one before": {"{name: Gerai 4, was: Gerai 3}", "TEST01", 0},
	} {
		text := strings.Replace(of, "%s", tc.points, 1)
		lib, methods := testLibrary(t)
		more := codes()
		if _, err := more(); err != nil { // TEST01 is taken
			t.Fatal(err)
		}
		a, err := Apply(base, []byte(text), lib, methods, more, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		points := a.Catalogue.Agencies[0].Units[1].Points
		if points[len(points)-1].Code != tc.code || len(a.Made) != tc.made || len(points) != 1+tc.made {
			t.Errorf("%s: %+v, %d made", name, points, len(a.Made))
		}
		if again := apply(t, a.Catalogue, text); again.Changed {
			t.Errorf("%s: again: %q", name, lines(again.Changes))
		}
	}
	if got := faultsOf(t, base, strings.Replace(of, "%s", "{name: Gerai A, was: Gerai 5}", 1), nil); !slices.Equal(got, []string{"agencies[0].units[0].points[0].was unknown_point"}) {
		t.Errorf("faults %q", got)
	}
}

func TestWhatThereIsNotListsWhatThereIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		known []string
		want  string
	}{
		{"dukcapil-lokat", []string{"pkm", "dukcapil-loket", "dukcapil-mpp"}, `there is no unit "dukcapil-lokat"; did you mean dukcapil-loket? known: dukcapil-loket, dukcapil-mpp, pkm`},
		{"x", nil, `there is no unit "x"; none is declared yet`},
		{"tak-ada", []string{"a", "b"}, `there is no unit "tak-ada"; known: a, b`},
		{"u", strings.Split("a b c d e f g h", " "), `there is no unit "u"; known: a, b, c, d, e, f, g, h`},
		{"u", strings.Split("b a b", " "), `there is no unit "u"; known: a, b`},
		{strings.Repeat("n", 60) + strings.Repeat("x", 60), []string{strings.Repeat("n", 60)}, `there is no unit "` + strings.Repeat("n", 40) + `…"; did you mean ` + strings.Repeat("n", 60) + "? known: " + strings.Repeat("n", 60)},
		{"u", strings.Split("a b c d e f g h i j", " "), `there is no unit "u"; known: a, b, c, d, e, f, g, h and 2 more`},
		{"A-Long-Name", []string{"a-long-name"}, `there is no unit "A-Long-Name"; did you mean a-long-name? known: a-long-name`},
		{"\x00" + strings.Repeat("é", 200), []string{"a"}, `there is no unit "?` + strings.Repeat("é", 39) + `…"; known: a`},
	} {
		if got := unknownName("unit", tc.name, tc.known); got != tc.want {
			t.Errorf("%q: %s\nwant %s", tc.name, got, tc.want)
		}
	}
}

// One new code is enough: that of a service or of a point too.
func TestAnAnswerIsPresentedByTheCodesOfNow(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	stored := &Response{Unit: "loket", Service: "ktp", Point: "KUPARI47"}
	city := func(unit, service, point string) string {
		return "city: {name: K}\nagencies: [{code: dinas, name: Dinas, units: [{code: loket, name: Loket" + unit + ", services: [{code: ktp, name: KTP" + service + "}], points: [{code: KUPARI47, name: Loket 1" + point + "}]}]}]"
	}
	alone := mustDeclare(t, &Catalogue{}, city("", "", "")).Catalogue
	beside := mustDeclare(t, &Catalogue{}, strings.TrimSuffix(city("", "", ""), "]}]")+", {code: mpp, name: Gerai, services: [{code: kia, name: KIA}], points: [{code: MAWAR247, name: Meja}]}]}]").Catalogue
	for name, tc := range map[string]struct {
		file string
		want Response
	}{
		"nothing":   {city("", "", ""), *stored},
		"a unit":    {strings.Replace(city(", was: loket", "", ""), "code: loket", "code: depan", 1), Response{Unit: "depan", Service: "ktp", Point: "KUPARI47"}},
		"a service": {strings.Replace(city("", ", was: ktp", ""), "code: ktp", "code: ktp-el", 1), Response{Unit: "loket", Service: "ktp-el", Point: "KUPARI47"}},
		"a point":   {strings.Replace(city("", "", ", was: KUPARI47"), "code: KUPARI47", "code: MELATI38", 1), Response{Unit: "loket", Service: "ktp", Point: "MELATI38"}},
	} {
		for _, base := range []*Catalogue{alone, beside} {
			d, err := NewDirectory(mustDeclare(t, base, tc.file).Catalogue, lib, methods)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Present(stored); got.Unit != tc.want.Unit || got.Service != tc.want.Service || got.Point != tc.want.Point {
				t.Errorf("%s has another code: %s %s %s", name, got.Unit, got.Service, got.Point)
			}
			for _, gone := range []*Response{{Unit: "pindah", Service: "ktp", Point: "LAIN55"}, {Unit: tc.want.Unit, Service: "sim", Point: "LAIN55"}} {
				if got := d.Present(gone); got.Unit != gone.Unit || got.Service != gone.Service || got.Point != gone.Point || d.UnitKey("pindah") != "pindah" {
					t.Errorf("%s has another code, and an answer of nowhere is presented as %s %s %s", name, got.Unit, got.Service, got.Point)
				}
			}
		}
	}
}

// A city that is declared from nothing has its former codes from the file alone; an existing
// one those that things had.
func TestFormerCodesAreThoseThatThingsHad(t *testing.T) {
	t.Parallel()
	base := mustApply(t, new(Catalogue), twoAgencies)
	if a := apply(t, base, "agencies: [{code: dukcapil, was: dukcapil, units: [{code: loket, was: loket}]}]"); a.Changed || len(a.Catalogue.Agencies[0].Former) > 0 || len(a.Catalogue.Agencies[0].Units[0].Former) > 0 {
		t.Errorf("named by its own code: %+v", a.Catalogue.Agencies[0])
	}
	again := apply(t, base, "agencies: [{code: dukcapil, units: [{code: loket, points: [{code: aaaa-11, was: AAAA11}]}]}]")
	if got := again.Catalogue.Agencies[0].Units[0].Points[0]; got.Code != "aaaa-11" || len(again.Catalogue.Agencies[0].Units[0].Points) != 2 {
		t.Errorf("a point's code in other letters: %+v", got)
	}
	for text, want := range map[string][]string{
		"{code: a, name: A}, {code: b, name: B, was: a}": {"agencies[1].was duplicate_code"},
		"{code: b, name: B, was: a}, {code: a, name: A}": {"agencies[1].code renamed"},
		"{code: b, name: B, was: a}, {code: c, name: C}": nil,
		"{was: a, name: A}":                                   {"agencies[0].code required"},
		"{code: b, name: B, was: [x, y]}":                     nil,
		"{code: b, name: B, units: [{code: u, was: ' '}]}":    {"agencies[0].units[0].name required", "agencies[0].units[0].was wrong_text"},
		"{code: b, name: B, units: [{code: u, was: [t, u]}]}": {"agencies[0].units[0].name required"},
	} {
		if got := faultsOf(t, new(Catalogue), "city: {name: K}\nagencies: ["+text+"]", nil); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	// What is in something whose former code is a fault is read where it is new.
	if got := faultsOf(t, base, "agencies: [{code: baru, name: Baru, was: lama, units: [{code: u}]}]", nil); !slices.Equal(got, []string{"agencies[0].units[0].name required", "agencies[0].was unknown_agency"}) {
		t.Errorf("faults %q", got)
	}
	renamed := mustApply(t, base, "agencies: [{code: dukcapil, units: [{code: depan, was: loket}]}]")
	if p := mustApply(t, renamed, "periods: [{code: lalu, units: [loket, mpp]}]").Periods[0]; !p.Covers("depan") || p.Covers("loket") || !p.Covers("mpp") {
		t.Errorf("a period of a unit by its former code: %q", p.Units)
	}
	lib, methods := testLibrary(t)
	d, err := NewDirectory(renamed, lib, methods)
	if err != nil || !slices.Equal(d.Units(), []string{"depan", "mpp", "pkm"}) || !slices.Equal(d.Agencies(), []string{"dukcapil", "dinkes"}) || !slices.Equal(d.Periods(), []string{"lalu", "2026-s1"}) {
		t.Errorf("known: %q, %q, %q, err = %v", d.Units(), d.Agencies(), d.Periods(), err)
	}
}
