package survey

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

const cityYAML = `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan dan Pencatatan Sipil
    units:
      - code: dukcapil-loket
        name: Unit Pelayanan
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta kelahiran}]
        points: [{code: DK01, name: Loket 1}]
      - code: dukcapil-mpp
        name: Gerai
        services: [{code: ktp, name: KTP-el}]
        points: [{name: Gerai 4}]
periods:
  - code: 2026-s1
    name: Semester I 2026
    from: 2026-01-01
    to: 2026-06-30
    instrument: terpadu-16
    methods: {ipak: exact}
    population: {dukcapil-loket: 703}
`

func testLibrary(t testing.TB) (*Library, *Methods) {
	t.Helper()
	lib, err := NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	return lib, methods
}

// codes makes point codes TEST01, TEST02 …
func codes() CodeMaker {
	n := 0
	return func() (string, error) {
		n++
		return fmt.Sprintf("TEST%02d", n), nil
	}
}

func mustApply(t testing.TB, now *Catalogue, text string) *Catalogue {
	t.Helper()
	lib, methods := testLibrary(t)
	a, err := Apply(now, []byte(text), lib, methods, codes(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return a.Catalogue
}

func testDirectory(t testing.TB) *Directory {
	t.Helper()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(mustApply(t, &Catalogue{}, cityYAML), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// point finds a point that must be there.
func point(t testing.TB, d *Directory, code string) Place {
	t.Helper()
	p, ok := d.Point(code)
	if !ok {
		t.Fatalf("there is no point %s", code)
	}
	return p
}

// noon is within the period of cityYAML.
func noon() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) } // 12:00 in Makassar

// held are answers of one period that a store holds, by day and unit.
type held struct {
	answers map[heldAt]int64
	err     error
}

type heldAt struct {
	day  Date
	unit string
}

func (h *held) Answered(string) (bool, error) { return len(h.answers) > 0, h.err }

func (h *held) Counts(_ string, fn func(unit string, day Date, answers int64)) error {
	for at, count := range h.answers {
		fn(at.unit, at.day, count)
	}
	return h.err
}

// faultsIn returns the faults that an error tells.
func faultsIn(err error) []Fault {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	return e.Faults
}
