package survey

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestAliasesDeclareWhatTheyRepeat(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan
    units:
      - {code: a, name: A, services: &layanan [{code: ktp, name: KTP-el}, {code: akta, name: &akta Akta kelahiran}]}
      - {code: b, name: B, services: *layanan, points: [{code: KUPARI47, name: *akta, closed: &ya true}, {code: MELATI38, name: M, closed: *ya}]}
`)
	b := c.Agencies[0].Units[1]
	if len(b.Services) != 2 || b.Services[1].Name != "Akta kelahiran" || b.Points[0].Name != "Akta kelahiran" || !b.Points[1].Closed {
		t.Errorf("unit = %+v, want what the aliases stand for", b)
	}
}

// largest is a city of 600 units, larger than any in Indonesia.
func largest() string {
	var b strings.Builder
	b.WriteString("city: {name: Kota Contoh}\nagencies:\n")
	for a := range 50 {
		fmt.Fprintf(&b, "- code: opd-%d\n  name: Dinas Kependudukan dan Pencatatan Sipil %d\n  units:\n", a, a)
		for u := range 12 {
			fmt.Fprintf(&b, "  - code: opd-%d-unit-%d\n    name: Unit %d\n    services:\n", a, u, u)
			for s := range 8 {
				fmt.Fprintf(&b, "    - {code: layanan-%d, name: Penerbitan akta kelahiran %d}\n", s, s)
			}
			b.WriteString("    points:\n")
			for p := range 6 {
				fmt.Fprintf(&b, "    - {code: P%dX%dX%d, name: Loket %d}\n", a, u, p, p)
			}
		}
	}
	b.WriteString("periods:\n")
	for y := range 4 {
		fmt.Fprintf(&b, "- {code: p%d, from: 203%d-01-01, to: 203%d-06-30, instrument: skm-9, population: {", y, y, y)
		for u := range 600 {
			fmt.Fprintf(&b, "opd-%d-unit-%d: 703, ", u/12, u%12)
		}
		b.WriteString("}}\n")
	}
	return b.String()
}

func TestALargeCityIsFarWithinTheLimits(t *testing.T) {
	t.Parallel()
	text := largest()
	p := &declarationParser{}
	if d := p.parse([]byte(text)); d == nil || len(p.faults) > 0 || p.entries > maxEntries/3 || len(text) > MaxDeclaration/6 {
		t.Errorf("%d entries, %d bytes, faults %v", p.entries, len(text), p.faults)
	}
	if c := mustApply(t, &Catalogue{}, text); len(c.Agencies) != 50 || len(c.Agencies[49].Units[11].Points) != 6 {
		t.Error("not all of the city was declared")
	}
}

// laughs are aliases of aliases, as deep as an apply file is read: each list
// holds the one before a hundred times.
func laughs(units, items string) string {
	hundred := func(s string) string { return "[" + strings.TrimSuffix(strings.Repeat(s+",", 100), ",") + "]" }
	return "agencies:\n- &a\n  code: a\n  units:\n  - &u\n    code: u\n    " + items + ": " + hundred("*i") + "\n  - " + units + "\n" +
		"- {code: b, units: " + hundred("*u") + "}\n" + strings.Repeat("- {code: c, units: "+hundred("*u")+"}\n", 20)
}

func TestAFileCannotDeclareMoreThanItSays(t *testing.T) {
	if testing.Short() {
		t.Skip("not in a short run: its files are large")
	}
	lib, methods := testLibrary(t)
	pairs := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	thing := "x: &i {code: p, name: P}\n"
	for _, tc := range []struct{ name, text, code, line string }{
		{"services of units of agencies", strings.Replace(thing, "x:", "city: {name: K}\nx:", 1) + laughs("{code: v}", "services"), "too_large", "line 2"},
		{"points of units of agencies", thing + laughs("{code: v}", "points"), "too_large", "(line "},
		{"faults of units of agencies", "x: &i {kode: p, nama: P, name: [], closed: {}}\n" + laughs("{code: v}", "points"), "too_large", "(line "},
		{"populations of periods", "periods:\n- {code: a, population: &p {" + pairs(1000, "u%d: 1, ") + "}}\n" + strings.Repeat("- {code: b, population: *p}\n", 200), "too_large", "line 2"},
		{"units of periods", "periods:\n- {code: a, units: &p [" + pairs(1000, "u%d, ") + "]}\n" + strings.Repeat("- {code: b, units: *p}\n", 200), "too_large", "line 2"},
		{"instruments of periods", "periods:\n- {code: a, instrument: &p [" + pairs(1000, "u%d, ") + "]}\n" + strings.Repeat("- {code: b, instrument: *p}\n", 200), "too_large", "line 2"},
		{"methods of periods", "periods:\n- {code: a, methods: &p {" + pairs(1000, "u%d: x, ") + "}}\n" + strings.Repeat("- {code: b, methods: *p}\n", 200), "too_large", "line 2"},
		{"unknown keys of an agency", "agencies:\n- &a {" + pairs(1000, "u%d: x, ") + "}\n" + strings.Repeat("- *a\n", 200), "too_large", "line 2"},
		{"more agencies than are read", "agencies:\n" + pairs(maxEntries, "- {code: a%d}\n"), "too_large", "line 50001"},
		{"a list within itself", "agencies: &a [*a, *a, *a]", "wrong_type", "line 1"},
		{"a unit within itself", "agencies: [{code: a, units: [&u {code: u, services: [*u, *u]}]}]", "unknown_key", "line 1"},
		{"the classic, where nothing of it is asked for", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n", "unknown_key", "line 1"},
		{"brackets without end", strings.Repeat("[", 1<<20), "not_yaml", "depth"},
		{"mappings without end", strings.Repeat("{a: ", 1<<19), "not_yaml", "depth"},
		{"dashes without end", strings.Repeat("- ", 1<<19), "not_yaml", "depth"},
		{"merge keys", "x: &x {code: a}\nagencies:\n- {<<: *x, name: A}\n", "unknown_key", "line 1"},
		{"a flag with a million keys", "agencies: [{code: a, units: [{code: u, points: [{code: p, closed: {" + pairs(300_000, "k%d: ,") + "}}]}]}]", "wrong_type", "line 1"},
		{"a flag with a million digits, again and again", "x: &n 0." + strings.Repeat("1", 2_000_000) + "\nagencies: [{code: a, units: [{code: u, points: [" + pairs(20_000, "{code: p%d, remote: *n},") + "]}]}]", "wrong_type", "line 1"},
		{"more than a file may have", "city: {name: '" + strings.Repeat(" ", MaxDeclaration) + "'}", "too_large", "8 MB"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Apply(&Catalogue{}, []byte(tc.text), lib, methods, codes(), nil, 0)
			runtime.ReadMemStats(&after)
			var e *Error
			if !errors.As(err, &e) || e.Code != Invalid || len(e.Faults) > maxFaults+1 {
				t.Fatalf("err = %.300v, want at most %d faults", err, maxFaults+1)
			}
			if used, most := after.TotalAlloc-before.TotalAlloc, 96<<20+200*uint64(len(tc.text)); used > most {
				t.Errorf("%d MB allocated for %d bytes, want at most %d", used>>20, len(tc.text), most>>20)
			}
			found := ""
			for _, f := range e.Faults {
				if f.Code == tc.code && found == "" {
					found = f.Message
				}
			}
			if !strings.Contains(found, tc.line) {
				t.Errorf("faults = %.500v, want %s with %q", e, tc.code, tc.line)
			}
		})
	}
}

func TestManyFaultsOfMeaningAreCutToo(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	var b strings.Builder
	b.WriteString("city: {name: K}\nagencies:\n")
	for i := range 5 * maxFaults {
		fmt.Fprintf(&b, "- {code: a%d}\n", i)
	}
	_, err := Apply(&Catalogue{}, []byte(b.String()), lib, methods, codes(), nil, 0)
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) != maxFaults+1 || e.Faults[0].Field != "agencies[0].name" || e.Faults[maxFaults].Code != "more_faults" {
		t.Errorf("err = %.300v, want the first %d faults and that there are more", err, maxFaults)
	}
	p := &declarationParser{}
	if p.parse([]byte("agencies: [" + strings.Repeat("a, ", 5*maxFaults) + "]")); len(p.faults) > maxFaults+1 {
		t.Errorf("%d faults of shape are kept, want no more than are told", len(p.faults))
	}
}
