package survey

import (
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
		{"skm-9@1", 9, 4, []string{"ikm"}, []int{9}},
		{"spak-5@1", 5, 4, []string{"ipak"}, []int{5}},
		{"spak-5-s6@1", 5, 6, []string{"ipak"}, []int{5}},
		{"spkp-8@1", 8, 4, []string{"ipkp"}, []int{8}},
		{"spkp-8-s6@1", 8, 6, []string{"ipkp"}, []int{8}},
		{"terpadu-16@1", 16, 4, []string{"ikm", "ipkp", "ipak"}, []int{9, 8, 5}},
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
		if scored != tc.scored || len(f.Questions) != scored+1 {
			t.Errorf("%s has %d scored questions of %d, want %d and one signal", tc.ref, scored, len(f.Questions), tc.scored)
		}
		for i, x := range f.Indexes {
			if x.Code != tc.indexes[i] || len(x.Aspects) != tc.aspects[i] {
				t.Errorf("%s: index %s with %d aspects, want %s with %d", tc.ref, x.Code, len(x.Aspects), tc.indexes[i], tc.aspects[i])
			}
		}
	}
	if n := len(lib.Instruments()); n != 7 {
		t.Errorf("%d instruments, want 7", n)
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
		if d.String() != tc.text || d.Weekday() != tc.day || d.Month().String() != tc.month {
			t.Errorf("%s: got %s, %s, %s", tc.text, d, d.Weekday(), d.Month())
		}
	}
	if _, err := ParseDate("2026-02-30"); err == nil {
		t.Error("30 February was read")
	}
}
