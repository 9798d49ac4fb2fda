package survey

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ofYear2023 = `
earlier:
  - unit: dukcapil-loket
    index: ikm
    period: Tahun 2023
    from: 2023-01-01
    to: 2023-12-31
    value: 81,20
    n: 240
    mutu: B
    instrument: skm-9
    method: w0.11
    note: lembar cetak
    source: Laporan SKM 2023
`

// declare applies a file on the first of May 2026.
func declare(t *testing.T, now *Catalogue, text string) (*ApplyResult, error) {
	t.Helper()
	lib, methods := testLibrary(t)
	return Apply(now, []byte(text), lib, methods, codes(), nil, NewDate(2026, 5, 1))
}

func mustDeclare(t *testing.T, now *Catalogue, text string) *ApplyResult {
	t.Helper()
	a, err := declare(t, now, text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnEarlierResultIsDeclaredToldAndKeepsItsDigits(t *testing.T) {
	t.Parallel()
	city := mustApply(t, &Catalogue{}, cityYAML)
	a := mustDeclare(t, city, ofYear2023)
	want := []Earlier{{
		Unit: "dukcapil-loket", Index: "ikm", Period: "Tahun 2023", From: NewDate(2023, 1, 1), To: NewDate(2023, 12, 31), Value: "81.20", N: 240,
		Mutu: "B", Instrument: "skm-9@2", Method: "w0.11", Note: "lembar cetak", Source: "Laporan SKM 2023",
	}}
	if diff := cmp.Diff(want, a.Catalogue.Earlier); diff != "" || a.Added != 1 || a.Updated != 0 {
		t.Errorf("%d added, %d changed (-want +got):\n%s", a.Added, a.Updated, diff)
	}
	if got := lines(a.Changes); len(got) != 1 || got[0] != `added earlier.dukcapil-loket.ikm."Tahun 2023": 81.20` {
		t.Errorf("told: %q", got)
	}
	if len(city.Earlier) != 0 {
		t.Error("the catalogue that it was applied to is changed")
	}
	if again := mustDeclare(t, a.Catalogue, ofYear2023); again.Changed {
		t.Errorf("again it changes %q", lines(again.Changes))
	}
	// What is not named stays.
	b := mustDeclare(t, a.Catalogue, `earlier: [{unit: dukcapil-loket, index: ikm, period: Tahun 2023, value: "81.26", n: 241, instrument: skm-9@2}]`)
	if got := lines(b.Changes); b.Added != 0 || b.Updated != 2 || cmp.Diff(got, []string{
		`changed earlier.dukcapil-loket.ikm."Tahun 2023": 81.20 → 81.26`,
		`changed earlier.dukcapil-loket.ikm."Tahun 2023".n: 240 → 241`,
	}) != "" {
		t.Errorf("%d added, %d changed, told: %q", b.Added, b.Updated, got)
	}
	if a.Catalogue.Earlier[0].Value != "81.20" {
		t.Error("an older catalogue is changed")
	}
	if got := ChangedEarlier(a.Catalogue, b.Catalogue); len(got) != 1 || got[0].Value != "81.26" {
		t.Errorf("changed: %+v", got)
	}
	if got := ChangedEarlier(b.Catalogue, b.Catalogue); got != nil {
		t.Errorf("changed: %+v", got)
	}
	const gone = `earlier: [{unit: dukcapil-loket, index: ikm, period: Tahun 2023, removed: true}]`
	c := mustDeclare(t, b.Catalogue, gone)
	if got := lines(c.Changes); len(c.Catalogue.Earlier) != 0 || c.Updated != 1 || len(got) != 1 || got[0] != `removed earlier.dukcapil-loket.ikm."Tahun 2023": 81.26` {
		t.Errorf("%d changed, told: %q", c.Updated, got)
	}
	if !b.Changed || !c.Changed {
		t.Error("what is changed and taken away changes nothing")
	}
	if again := mustDeclare(t, c.Catalogue, gone); again.Changed {
		t.Error("what is gone goes again")
	}
	if len(b.Catalogue.Earlier) != 1 {
		t.Error("an older catalogue is changed")
	}
}

// An earlier result belongs to no period, so that nothing about it amends one.
func TestAnEarlierResultAmendsNoPeriod(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	a, err := Apply(mustApply(t, &Catalogue{}, cityYAML), []byte(ofYear2023), lib, methods, codes(), &held{answers: map[heldAt]int64{{NewDate(2026, 2, 1), "dukcapil-loket"}: 1}}, NewDate(2026, 5, 1))
	if err != nil || len(a.Amended) != 0 {
		t.Errorf("amended: %v, %v", a, err)
	}
}

func TestEarlierResultsStandInTheOrderOfTheirDays(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustDeclare(t, mustApply(t, &Catalogue{}, cityYAML), `
earlier:
  - {unit: dukcapil-loket, index: ikm, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 82, source: L}
  - {unit: dukcapil-loket, index: ikm, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 81, source: L}
  - {unit: dukcapil-loket, index: ikm, period: Semester I 2023, from: 2023-01-01, to: 2023-06-30, value: 80, source: L}
  - {unit: dukcapil-mpp, index: ipak, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: "3,61", source: L}
  - {unit: dukcapil-loket, index: ipak, period: Tahun 2025, from: 2025-12-31, to: 2025-12-31, value: "3,61", source: L, n: 1}
  - {unit: dukcapil-mpp, index: ikm, period: Tahun 2025, from: 2025-12-31, to: 2025-12-31, value: 81, source: L}
  - {unit: dukcapil-loket, index: ikm, period: Tahun 2025, from: 2025-12-31, to: 2025-12-31, value: 81, source: L}
`).Catalogue
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range d.Earlier("dukcapil-loket") {
		got = append(got, e.Period)
	}
	if strings.Join(got, ", ") != "Semester I 2023, Tahun 2023, Tahun 2024, Tahun 2025, Tahun 2025" || len(d.Earlier("dukcapil-mpp")) != 2 || d.Earlier("x") != nil {
		t.Errorf("got %v", got)
	}
	renamed := mustDeclare(t, c, "agencies: [{code: dukcapil, units: [{code: dukcapil-depan, was: dukcapil-loket}]}]").Catalogue
	if d, err = NewDirectory(renamed, lib, methods); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"dukcapil-depan", "dukcapil-loket"} {
		if n := len(d.Earlier(code)); n != 5 {
			t.Errorf("of a unit of another name %d are found by %s", n, code)
		}
		again := mustDeclare(t, renamed, "earlier: [{unit: "+code+", index: ikm, period: Tahun 2024, value: 82, removed: false}]")
		gone := mustDeclare(t, renamed, "earlier: [{unit: "+code+", index: ikm, period: Tahun 2024, removed: true}]")
		if again.Changed || len(gone.Catalogue.Earlier) != 6 {
			t.Errorf("declared by %s: again %q, taken away %q", code, lines(again.Changes), lines(gone.Changes))
		}
	}
}

func TestAFaultOfAnEarlierResultIsNamedByPathAndLine(t *testing.T) {
	t.Parallel()
	city := mustApply(t, &Catalogue{}, cityYAML)
	const whole = "{unit: dukcapil-loket, index: ikm, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 81, source: L}"
	with := func(from, to string) string { return strings.Replace(whole, from, to, 1) }
	for name, tc := range map[string]struct{ entry, field, code, says string }{
		"no unit":                  {with("unit: dukcapil-loket, ", ""), ".unit", "required", "is required"},
		"no index":                 {with("index: ikm, ", ""), ".index", "required", "is required"},
		"no period":                {with("period: Tahun 2023, ", ""), ".period", "required", "is required"},
		"no first day":             {with("from: 2023-01-01, ", ""), ".from", "required", "is required"},
		"no last day":              {with("to: 2023-12-31, ", ""), ".to", "required", "is required"},
		"no value":                 {with("value: 81, ", ""), ".value", "required", "is required"},
		"no source":                {with(", source: L", ""), ".source", "required", "is required"},
		"an unknown unit":          {with("dukcapil-loket", "dukcapil"), ".unit", "unknown_unit", `no unit "dukcapil"`},
		"a unit that is to stay":   {strings.Replace(with("dukcapil-loket", "dukcapil"), "}", ", removed: false}", 1), ".unit", "unknown_unit", `no unit "dukcapil"`},
		"an unknown index":         {with("index: ikm", "index: ikn"), ".index", "unknown_index", "known: ikm, ipak, ipkp"},
		"an unknown key":           {with("source: L", "source: L, sumber: L"), ".sumber", "unknown_key", "known: from, index"},
		"another scale":            {with("81", "3.25"), ".value", "out_of_range", "25 to 100"},
		"below all printed ones":   {with("81", "24.74"), ".value", "out_of_range", "25 to 100"},
		"above all":                {with("81", "100.01"), ".value", "out_of_range", "25 to 100"},
		"IPAK out of 100":          {with("index: ikm", "index: ipak"), ".value", "out_of_range", "0 to 4"},
		"no number":                {with("81", "baik"), ".value", "wrong_number", "such as 81.26"},
		"a power":                  {with("81", "1e999999999"), ".value", "wrong_number", "such as 81.26"},
		"a fraction":               {with("81", "812/10"), ".value", "wrong_number", "such as 81.26"},
		"a sign":                   {with("81", "-81"), ".value", "wrong_number", "such as 81.26"},
		"a grade that is none":     {with("81", "81, mutu: E"), ".mutu", "wrong_grade", "A, B, C or D"},
		"nobody":                   {with("81", "81, n: 0"), ".n", "wrong_number", "from 1"},
		"an end before the start":  {with("2023-12-31", "2022-12-31"), ".to", "ends_before_start", "starts"},
		"a year that is to come":   {with("to: 2023", "to: 2032"), ".to", "not_over", "2032-12-31"},
		"a day that is not over":   {with("to: 2023-12-31", "to: 2026-05-01"), ".to", "not_over", "not over"},
		"an unknown instrument":    {with("81", "81, instrument: skm-10"), ".instrument", "unknown_instrument", "skm-10"},
		"an instrument without it": {with("81", "81, instrument: spak-5"), ".instrument", "unknown_index", `no index "ikm"`},
		"an unknown method":        {with("81", "81, instrument: skm-9, method: ratio"), ".method", "unknown_method", "ratio"},
		"a method of nothing":      {with("81", "81, method: w0.11"), ".method", "required", "instrument"},
	} {
		_, err := declare(t, city, "earlier:\n- "+tc.entry)
		var e *Error
		if !errors.As(err, &e) || len(e.Faults) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f := e.Faults[0]; f.Field != "earlier[0]"+tc.field || f.Code != tc.code || !strings.Contains(f.Message, tc.says) || !strings.HasSuffix(f.Message, "(line 2)") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, entry := range []string{"{unit: tiada, index: ikm, period: Tahun 2023, removed: true}", with("81", "24.75"), with("81", `"100,00"`), strings.Replace(with("index: ikm", "index: ipkp"), "81", "4", 1)} {
		if _, err := declare(t, city, "earlier:\n- "+entry); err != nil {
			t.Errorf("%s: %v", entry, err)
		}
	}
	_, err := declare(t, city, "earlier:\n- "+whole+"\n- "+whole)
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Field != "earlier[1]" || e.Faults[0].Code != "duplicate" || !strings.Contains(e.Faults[0].Message, "earlier[0] already (line 3)") {
		t.Errorf("twice: %v", err)
	}
	for _, key := range []string{"unit: dukcapil-loket, ", "index: ikm, ", "period: Tahun 2023, "} { // what has no key is no other's double
		_, err := declare(t, city, "earlier:\n- "+with(key, "")+"\n- "+with(key, ""))
		if faults := faultsIn(err); len(faults) != 2 || faults[0].Code != "required" || faults[1].Code != "required" {
			t.Errorf("twice without %s: %v", key, err)
		}
	}
	for _, entry := range []string{"[unit, index, period]", "81", "~"} { // what is no mapping lacks no keys
		_, err := declare(t, city, "earlier:\n- "+entry)
		if faults := faultsIn(err); len(faults) != 1 || faults[0].Field != "earlier[0]" || faults[0].Code != "wrong_type" {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// Every part of an earlier result is told where it is another one.
func TestWhatChangesOfAnEarlierResultIsTold(t *testing.T) {
	t.Parallel()
	const path = ` earlier.dukcapil-loket.ikm."Tahun 2023".`
	city := mustDeclare(t, mustApply(t, &Catalogue{}, cityYAML), strings.NewReplacer("    n: 240\n", "", "skm-9", "skm-9@1").Replace(ofYear2023)).Catalogue
	for part, want := range map[string]string{
		"from: 2023-02-01":    "changed" + path + "from: 2023-01-01 → 2023-02-01",
		"to: 2023-11-30":      "changed" + path + "to: 2023-12-31 → 2023-11-30",
		"n: 240":              "added" + path + "n: 240",
		"mutu: C":             "changed" + path + "mutu: B → C",
		"instrument: skm-9@2": "changed" + path + "instrument: skm-9@1 → skm-9@2",
		"instrument: skm-9":   "", // the version that it has
		"method: exact":       "changed" + path + "method: w0.11 → exact",
		"note: lembar":        "changed" + path + "note: lembar cetak → lembar",
		"source: Laporan":     "changed" + path + "source: Laporan SKM 2023 → Laporan",
	} {
		a := mustDeclare(t, city, "earlier: [{unit: dukcapil-loket, index: ikm, period: Tahun 2023, "+part+"}]")
		if got := strings.Join(lines(a.Changes), "; "); got != want || a.Changed != (want != "") {
			t.Errorf("%s: %q, want %q", part, got, want)
		}
	}
	// A unit that is gone leaves what can be taken away.
	c := clone(city)
	c.Earlier[0].Unit = "pindah"
	if a := mustDeclare(t, c, "earlier: [{unit: pindah, index: ikm, period: Tahun 2023, removed: true}]"); len(a.Catalogue.Earlier) != 0 {
		t.Errorf("it stays: %+v", a.Catalogue.Earlier)
	}
}
