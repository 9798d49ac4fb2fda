package survey

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhereAScanLeads(t *testing.T) {
	t.Parallel()
	d := testDirectory(t)
	end := NewDate(2026, time.June, 30).In(d.Zone())
	for _, tc := range []struct {
		name, code, period string
		at                 time.Time
		want               Code
	}{
		{"open", "DK01", "", noon(), ""},
		{"typed with a space, in lower case", "dk 01", "", noon(), ""},
		{"first moment of the period", "DK01", "", NewDate(2026, time.January, 1).In(d.Zone()), ""},
		{"last moment of the period", "DK01", "", end.Add(24*time.Hour - time.Nanosecond), ""},
		{"just over", "DK01", "", end.Add(24 * time.Hour), Closed},
		{"not begun", "DK01", "", NewDate(2026, time.January, 1).In(d.Zone()).Add(-time.Nanosecond), Closed},
		{"unknown code", "DK99", "", noon(), NotFound},
		{"SQL", "DK01' OR '1'='1", "", noon(), NotFound},
		{"operator", `{"$where":"1"}`, "", noon(), NotFound},
		{"unknown period", "DK01", "2030", noon(), NotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			place, ok := d.Point(tc.code)
			if !ok {
				if tc.want != NotFound {
					t.Error("the point is not found")
				}
				return
			}
			a, err := d.Resolve(place, tc.period, tc.at)
			if tc.want == "" && (err != nil || a.Form == nil || a.Period.Code != "2026-s1") {
				t.Errorf("assignment = %+v, err = %v", a, err)
			}
			if tc.want != "" && CodeOf(err) != tc.want {
				t.Errorf("err = %v, want %s", err, tc.want)
			}
		})
	}
}

func TestAPointIsFoundHoweverItsCodeIsTyped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"DK01": "DK01", "dk01": "DK01", "DKa1": "DKA1", "DKz1": "DKZ1", "DK-01": "DK01", "D K01": "DK01", "12": "12", "KÉ1": "KÉ1", "KÉ-1": "KÉ1", "Ké1": "KÉ1", "": "",
	} {
		if got := foldCode(typed); got != want {
			t.Errorf("%q is taken for %q, want %q", typed, got, want)
		}
	}
	d := testDirectory(t)
	for _, code := range []string{"DK01", "dk01", "dk-01", "test01"} {
		if _, ok := d.Point(code); !ok {
			t.Errorf("%s is not found", code)
		}
	}
	for code, want := range map[string]bool{"dukcapil": true, "Dukcapil": false, "dinkes": false, "": false} {
		if a, ok := d.Agency(code); ok != want || ok && a.Code != code || !ok && a != nil {
			t.Errorf("agency %q: %+v, %v", code, a, ok)
		}
	}
	for code, want := range map[string]bool{"dukcapil-loket": true, "dukcapil": false} {
		if u, ok := d.Unit(code); ok != want || ok && (u.Unit.Code != code || u.Agency.Code != "dukcapil") {
			t.Errorf("unit %q: %+v, %v", code, u, ok)
		}
	}
}

// overlapping has three periods in March: of all units, of one, of the other.
const overlapping = `
periods:
  - {code: umum, from: 2026-02-01, to: 2026-05-31, instrument: skm-9, overlaps: [2026-s1]}
  - {code: loket, from: 2026-03-01, to: 2026-03-31, instrument: spak-5, units: [dukcapil-loket], overlaps: [2026-s1, umum]}
  - {code: mpp, from: 2026-03-01, to: 2026-04-30, instrument: spkp-8, units: [dukcapil-mpp], overlaps: [2026-s1, umum]}
`

func TestAScanLeadsToThePeriodThatBeganLast(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(mustApply(t, mustApply(t, &Catalogue{}, cityYAML), overlapping), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	codesOf := func(list []*Period) string {
		var out []string
		for _, p := range list {
			out = append(out, p.Code)
		}
		return strings.Join(out, " ")
	}
	for _, tc := range []struct {
		point, unit, day string
		running, all     string
	}{
		{"DK01", "dukcapil-loket", "2026-01-15", "2026-s1", "loket umum 2026-s1"},
		{"DK01", "dukcapil-loket", "2026-02-15", "umum 2026-s1", "loket umum 2026-s1"},
		{"DK01", "dukcapil-loket", "2026-03-15", "loket umum 2026-s1", "loket umum 2026-s1"},
		{"DK01", "dukcapil-loket", "2026-04-15", "umum 2026-s1", "loket umum 2026-s1"},
		{"TEST01", "dukcapil-mpp", "2026-04-15", "mpp umum 2026-s1", "mpp umum 2026-s1"},
		{"TEST01", "dukcapil-mpp", "2026-07-15", "", "mpp umum 2026-s1"},
	} {
		day, err := ParseDate(tc.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := codesOf(d.Running(tc.unit, day)); got != tc.running {
			t.Errorf("%s on %s: %q run, want %q", tc.unit, tc.day, got, tc.running)
		}
		if got := codesOf(d.PeriodsOf(tc.unit)); got != tc.all {
			t.Errorf("%s has %q, want %q", tc.unit, got, tc.all)
		}
		now := day.In(d.Zone()).Add(12 * time.Hour)
		first, _, _ := strings.Cut(tc.running, " ")
		a, err := d.Resolve(point(t, d, tc.point), "", now)
		if first == "" {
			if CodeOf(err) != Closed {
				t.Errorf("%s on %s: err = %v, want Closed", tc.point, tc.day, err)
			}
			continue
		}
		if err != nil || a.Period.Code != first || a.Form != d.Form(first) {
			t.Errorf("%s on %s leads to %+v, %v; want %s", tc.point, tc.day, a.Period, err, first)
		}
		for _, chosen := range []string{"2026-s1", "umum", "loket", "mpp"} {
			a, err := d.Resolve(point(t, d, tc.point), chosen, now)
			if runs := slices.Contains(strings.Fields(tc.running), chosen); runs != (err == nil) || runs && a.Period.Code != chosen || !runs && CodeOf(err) != Closed {
				t.Errorf("%s on %s, asked for %s: %+v, %v", tc.point, tc.day, chosen, a.Period, err)
			}
		}
	}
}

func TestADirectoryNeedsItsZoneAndInstruments(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(&Catalogue{}, lib, methods)
	if err != nil || d.Zone().String() != DefaultTimeZone {
		t.Errorf("without a zone: %v, want that of Makassar", err)
	}
	d, err = NewDirectory(&Catalogue{City: City{TimeZone: "Asia/Jakarta"}}, lib, methods)
	if err != nil || d.Zone().String() != "Asia/Jakarta" {
		t.Errorf("with a zone: %v", err)
	}
	for name, c := range map[string]*Catalogue{
		"an unknown zone":       {City: City{TimeZone: "Asia/Balikpapan"}},
		"an unknown instrument": {Periods: []Period{{Code: "p", Instruments: []string{"skm-9@99"}}}},
	} {
		if _, err := NewDirectory(c, lib, methods); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestOnlyTheSameAnswerAtTheSamePlaceIsARetry(t *testing.T) {
	t.Parallel()
	d, a := assignment(t)
	stored, faults := a.Check(good(a.Form), d.Zone(), noon())
	if faults != nil {
		t.Fatal(faults)
	}
	for _, tc := range []struct {
		name   string
		draft  func(*Draft)
		stored func(*Response)
		point  string
		want   bool
	}{
		{"sent again", func(*Draft) {}, func(*Response) {}, "DK01", true},
		{"sent again without its service", func(d *Draft) { d.Service = "" }, func(*Response) {}, "DK01", true},
		{"of another service", func(d *Draft) { d.Service = "akta" }, func(*Response) {}, "DK01", false},
		{"from another point", func(*Draft) {}, func(*Response) {}, "TEST01", false},
		{"without consent", func(d *Draft) { d.Consent = false }, func(*Response) {}, "DK01", false},
		{"of a period that is no more", func(*Draft) {}, func(r *Response) { r.Period = "2020" }, "DK01", false},
		{"of a form that is not here", func(*Draft) {}, func(r *Response) { r.Form = "skm-9@99" }, "DK01", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			draft, r := good(a.Form), *stored
			tc.draft(draft)
			tc.stored(&r)
			if got := d.IsRetry(draft, point(t, d, tc.point), &r); got != tc.want {
				t.Errorf("a retry: %v, want %v", got, tc.want)
			}
		})
	}
}

func TestATextThatIsMissingIsInBahasaIndonesia(t *testing.T) {
	t.Parallel()
	text := Text{"id": "Ya", "en": "Yes"}
	for lang, want := range map[string]string{"id": "Ya", "en": "Yes", "jv": "Ya", "": "Ya"} {
		if got := text.In(lang); got != want {
			t.Errorf("in %q: %q, want %q", lang, got, want)
		}
	}
}

func TestAClosedPointIsClosed(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, mustApply(t, &Catalogue{}, cityYAML), "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, points: [{code: DK01, closed: true}]}]}]")
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Resolve(point(t, d, "DK01"), "", noon()); CodeOf(err) != Closed {
		t.Errorf("err = %v, want Closed", err)
	}
}

// Whatever order the periods are held in; of two that began on one day it is the
// first that is held.
func TestTheNextPeriodOfAUnitIsTheFirstThatBeginsAfterADay(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(mustApply(t, mustApply(t, &Catalogue{}, cityYAML), overlapping), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, unit, day, want string }{
		{"before all of them", "dukcapil-loket", "2025-12-31", "2026-s1"},
		{"on the first day of one", "dukcapil-loket", "2026-01-01", "umum"},
		{"while one runs", "dukcapil-loket", "2026-02-15", "loket"},
		{"for another unit", "dukcapil-mpp", "2026-02-15", "mpp"},
		{"none is declared", "dukcapil-loket", "2026-03-15", ""},
	} {
		day, err := ParseDate(tc.day)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if p := d.Upcoming(tc.unit, day); p != nil {
			got = p.Code
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestTheOrderOfPeriodsDoesNotDecideWhichBeganLast(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	for _, tc := range []struct {
		begin [3]Date // days of the periods a, b and c
		want  string
	}{
		{[3]Date{0, 1, 2}, "c"},
		{[3]Date{2, 1, 0}, "a"},
		{[3]Date{1, 2, 0}, "b"},
		{[3]Date{0, 2, 2}, "b"},
		{[3]Date{2, 2, 0}, "a"},
	} {
		c := mustApply(t, &Catalogue{}, cityYAML)
		one := c.Periods[0]
		c.Periods = nil
		for i, code := range []string{"a", "b", "c"} {
			p := one
			p.Code, p.From = code, one.From+tc.begin[i]
			c.Periods = append(c.Periods, p)
		}
		d, err := NewDirectory(c, lib, methods)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := d.Resolve(point(t, d, "DK01"), "", noon()); err != nil || a.Period.Code != tc.want {
			t.Errorf("of periods that began on %v: %+v, %v; want %s", tc.begin, a.Period, err, tc.want)
		}
	}
}

func TestTwoInstrumentsAreOneForm(t *testing.T) {
	t.Parallel()
	lib, _ := testLibrary(t)
	f, err := lib.Form("skm-9@1", "spak-5@1")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Questions) != 15 || len(f.Indexes) != 2 || f.Questions[14].Scored || f.ID != "skm-9@1+spak-5@1" {
		t.Errorf("form %s has %d questions and %d indexes", f.ID, len(f.Questions), len(f.Indexes))
	}
	again, err := lib.FormByID(f.ID)
	if err != nil || again != f {
		t.Errorf("FormByID = %v, %v", again, err)
	}
}

func TestShippedInstruments(t *testing.T) {
	t.Parallel()
	lib, _ := testLibrary(t)
	for _, tc := range []struct {
		ref     string
		scored  int
		scale   int
		indexes []string
		aspects []int
	}{
		{"ipk-10@1", 10, 4, []string{"ipak"}, []int{10}},
		{"skm-14@1", 14, 4, []string{"ikm"}, []int{14}},
		{"ipk-10@2", 10, 4, []string{"ipak"}, []int{10}},
		{"skm-9@1", 9, 4, []string{"ikm"}, []int{9}},
		{"skm-9@2", 9, 4, []string{"ikm"}, []int{9}},
		{"spak-5@1", 5, 4, []string{"ipak"}, []int{5}},
		{"spak-5@2", 5, 4, []string{"ipak"}, []int{5}},
		{"spak-5-s6@1", 5, 6, []string{"ipak"}, []int{5}},
		{"spak-5-s6@2", 5, 6, []string{"ipak"}, []int{5}},
		{"spkp-8@1", 8, 4, []string{"ipkp"}, []int{8}},
		{"spkp-8@2", 8, 4, []string{"ipkp"}, []int{8}},
		{"spkp-8-s6@1", 8, 6, []string{"ipkp"}, []int{8}},
		{"spkp-8-s6@2", 8, 6, []string{"ipkp"}, []int{8}},
		{"terpadu-16@1", 16, 4, []string{"ikm", "ipkp", "ipak"}, []int{9, 8, 5}},
		{"terpadu-16@2", 16, 4, []string{"ikm", "ipkp", "ipak"}, []int{9, 8, 5}},
	} {
		f, err := lib.Form(tc.ref)
		if err != nil {
			t.Fatal(err)
		}
		scored := 0
		for _, q := range f.Questions {
			if q.Scored {
				scored++
				if len(q.Options) != tc.scale {
					t.Errorf("%s: question %s has %d options, want %d", tc.ref, q.Code, len(q.Options), tc.scale)
				}
			}
		}
		signals := 1
		if tc.ref == "skm-14@1" { // the sheets of that time had none
			signals = 0
		}
		if scored != tc.scored || len(f.Questions) != scored+signals {
			t.Errorf("%s has %d scored questions of %d, want %d and %d signals", tc.ref, scored, len(f.Questions), tc.scored, signals)
		}
		for i, x := range f.Indexes {
			if x.Code != tc.indexes[i] || len(x.Aspects) != tc.aspects[i] {
				t.Errorf("%s: index %s with %d aspects, want %s with %d", tc.ref, x.Code, len(x.Aspects), tc.indexes[i], tc.aspects[i])
			}
		}
	}
	if n := len(lib.Instruments()); n != 8 {
		t.Errorf("%d instruments, want 8", n)
	}
}

func TestUnsurCodesAreNeverSwapped(t *testing.T) {
	t.Parallel()
	lib, _ := testLibrary(t)
	f, err := lib.Form("skm-9@1")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range f.Index("ikm").Aspects {
		if len(a.Questions) != 1 || a.Questions[0] != a.Code {
			t.Errorf("unsur %s is fed by %v", a.Code, a.Questions)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		day   time.Weekday
		month string
	}{
		{"2026-03-02", time.Monday, "2026-03-01"},
		{"1970-01-01", time.Thursday, "1970-01-01"},
		{"1969-12-28", time.Sunday, "1969-12-01"},
		{"2028-02-29", time.Tuesday, "2028-02-01"},
	} {
		d, err := ParseDate(tc.text)
		if err != nil {
			t.Fatal(err)
		}
		var read Date
		if err := read.UnmarshalText([]byte(tc.text)); err != nil || read != d {
			t.Errorf("%s is read as %s, %v", tc.text, read, err)
		}
		if d.String() != tc.text || d.Weekday() != tc.day || d.Month().String() != tc.month {
			t.Errorf("%s: got %s, %s, %s", tc.text, d, d.Weekday(), d.Month())
		}
	}
	if err := new(Date).UnmarshalText([]byte("2026-02-30")); err == nil {
		t.Error("30 February was read in a document")
	}
	if _, err := ParseDate("2026-02-30"); err == nil {
		t.Error("30 February was read")
	}
}
