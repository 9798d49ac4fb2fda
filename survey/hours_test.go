package survey

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const hoursYAML = `
city:
  name: Kota Contoh
  hours: {mon: &all 08:00-16:00, tue-thu: *all, fri: "8.00 - 11.00"}
  holidays: [{date: 2026-12-25, name: Natal}, {date: 2026-08-17, name: Kemerdekaan}]
agencies:
  - code: rsud
    name: RSUD
    hours: {sat: 08:00-12:00, holiday: open}
    units:
      - {code: igd, name: IGD, hours: {mon-sun: 00:00-24:00}}
      - {code: poli, name: Poli, hours: {holiday: closed}}
  - code: dukcapil
    name: Dukcapil
    units: [{code: loket, name: Loket}]
`

func calendarOf(t testing.TB, c *Catalogue, unit string) *Calendar {
	t.Helper()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	place, ok := d.Unit(unit)
	if !ok {
		t.Fatalf("there is no unit %s", unit)
	}
	return d.Calendar(place)
}

func TestHoursAreThoseOfTheUnitThenTheAgencyThenTheCity(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, hoursYAML)
	monday, friday, saturday, sunday := NewDate(2026, 3, 2), NewDate(2026, 3, 6), NewDate(2026, 3, 7), NewDate(2026, 3, 8)
	christmas, independence := NewDate(2026, 12, 25), NewDate(2026, 8, 17) // a Friday, a Monday
	for unit, want := range map[string]map[Date]Opening{
		"loket": {monday: "08:00-16:00", friday: "08:00-11:00", saturday: ClosedAt, sunday: ClosedAt, christmas: ClosedAt, independence: ClosedAt},
		"poli":  {monday: "08:00-16:00", friday: "08:00-11:00", saturday: "08:00-12:00", sunday: ClosedAt, christmas: ClosedAt},
		"igd":   {monday: "00:00-24:00", saturday: "00:00-24:00", sunday: "00:00-24:00", christmas: OpenAt},
	} {
		calendar := calendarOf(t, c, unit)
		for day, opening := range want {
			if got := calendar.On(day); got != opening || calendar.Open(day) != (opening != ClosedAt) {
				t.Errorf("%s on %s: %q, want %q", unit, day, got, opening)
			}
		}
	}
	if got := calendarOf(t, c, "loket").Holiday(christmas); got != "Natal" {
		t.Errorf("the holiday is called %q", got)
	}
	if got := c.City.Holidays; got[0].Date != independence || got[1].Date != christmas {
		t.Errorf("holidays in the order %v", got)
	}
}

func TestACityThatDeclaresNoHoursIsOpenFromMondayToFriday(t *testing.T) {
	t.Parallel()
	calendar := calendarOf(t, mustApply(t, &Catalogue{}, cityYAML), "dukcapil-loket")
	open := ""
	for day := NewDate(2026, 3, 1); day <= NewDate(2026, 3, 7); day++ { // from Sunday on
		if calendar.Open(day) {
			open += day.Weekday().String()[:2]
		}
	}
	if open != "MoTuWeThFr" || calendar.PerWeek() != 5 {
		t.Errorf("open on %s, %d days a week", open, calendar.PerWeek())
	}
	if got := calendar.OpenDays(NewDate(2026, 3, 1), NewDate(2026, 3, 31)); got != 22 {
		t.Errorf("March 2026 has %d open days, want 22", got)
	}
	if got := calendar.OpenDays(NewDate(2026, 3, 31), NewDate(2026, 3, 1)); got != 0 {
		t.Errorf("%d open days in nothing", got)
	}
}

func TestADayIsOverWhenTheUnitCloses(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation(DefaultTimeZone)
	if err != nil {
		t.Fatal(err)
	}
	c := mustApply(t, &Catalogue{}, hoursYAML)
	loket, poli := calendarOf(t, c, "loket"), calendarOf(t, c, "poli")
	gerai := &Calendar{}
	gerai.hours[time.Friday] = "08:00-14:30"
	friday := NewDate(2026, 3, 6)
	for _, one := range []struct {
		calendar *Calendar
		day      Date
		clock    string
		over     bool
	}{
		{loket, friday, "10:59", false},
		{loket, friday, "11:00", true},
		{loket, friday - 1, "07:00", true},
		{gerai, friday, "14:29", false},
		{gerai, friday, "14:30", true},
		{gerai, friday, "15:00", true},
		{loket, friday + 1, "23:00", false},
		{poli, NewDate(2026, 12, 25), "00:00", true}, // closed that day
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", one.day.String()+" "+one.clock, zone)
		if one.day != friday && one.day != NewDate(2026, 12, 25) {
			at, err = time.ParseInLocation("2006-01-02 15:04", friday.String()+" "+one.clock, zone)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := one.calendar.Over(one.day, at, zone); got != one.over {
			t.Errorf("%s at %s: over %v, want %v", one.day, one.clock, got, one.over)
		}
	}
	if (&Calendar{hours: defaultHours}).Over(friday, friday.In(zone).Add(23*time.Hour), zone) {
		t.Error("a day without hours is over before midnight")
	}
}

func TestHoursAndHolidaysThatCannotBeAreNamedByTheirPath(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	for name, one := range map[string]struct{ text, field, code string }{
		"another day":        {`city: {name: K, hours: {senin: 08:00-16:00}}`, "city.hours.senin", "unknown_day"},
		"days backwards":     {`city: {name: K, hours: {fri-mon: open}}`, "city.hours.fri-mon", "unknown_day"},
		"from a day to it":   {`city: {name: K, hours: {mon-mon: open}}`, "city.hours.mon-mon", "unknown_day"},
		"an empty entry":     {`city: {name: K, hours: {mon: }}`, "city.hours.mon", "wrong_hours"},
		"a range of holiday": {`city: {name: K, hours: {mon-holiday: open}}`, "city.hours.mon-holiday", "unknown_day"},
		"a day twice":        {`city: {name: K, hours: {mon-fri: open, wed: closed}}`, "city.hours.wed", "duplicate_day"},
		"another word":       {`city: {name: K, hours: {mon: tutup}}`, "city.hours.mon", "wrong_hours"},
		"no text":            {`city: {name: K, hours: {mon: [open]}}`, "city.hours.mon", "wrong_hours"},
		"nothing":            {`city: {name: K, hours: {mon: ~}}`, "city.hours.mon", "wrong_hours"},
		"minute 60":          {`city: {name: K, hours: {mon: 08:60-16:00}}`, "city.hours.mon", "wrong_hours"},
		"an end alone":       {`city: {name: K, hours: {mon: 08:00-16:00-18:00}}`, "city.hours.mon", "wrong_hours"},
		"backwards":          {`city: {name: K, hours: {mon: 16:00-08:00}}`, "city.hours.mon", "ends_before_start"},
		"no time":            {`city: {name: K, hours: {mon: 08:00-08:00}}`, "city.hours.mon", "ends_before_start"},
		"after midnight":     {`city: {name: K, hours: {mon: 08:00-24:01}}`, "city.hours.mon", "ends_before_start"},
		"no list of hours":   {`city: {name: K, hours: open}`, "city.hours", "wrong_type"},
		"of an agency":       {"city: {name: K}\nagencies: [{code: a, name: A, hours: {mon: x}}]", "agencies[0].hours.mon", "wrong_hours"},
		"of a unit":          {"city: {name: K}\nagencies: [{code: a, name: A, units: [{code: u, name: U, hours: {mon: x}}]}]", "agencies[0].units[0].hours.mon", "wrong_hours"},
		"no date":            {`city: {name: K, holidays: [{name: Natal}]}`, "city.holidays[0].date", "required"},
		"no name":            {`city: {name: K, holidays: [{date: 2026-12-25}]}`, "city.holidays[0].name", "required"},
		"another date":       {`city: {name: K, holidays: [{date: 25-12-2026, name: Natal}]}`, "city.holidays[0].date", "wrong_date"},
		"a date twice":       {`city: {name: K, holidays: [{date: 2026-12-25, name: A}, {date: 2026-12-25, name: B}]}`, "city.holidays[1].date", "duplicate_date"},
	} {
		_, err := Apply(new(Catalogue), []byte(one.text), lib, methods, codes(), nil, 0)
		if faults := faultsIn(err); !slices.ContainsFunc(faults, func(f Fault) bool { return f.Field == one.field && f.Code == one.code }) {
			t.Errorf("%s: %v, want %s at %s", name, faults, one.code, one.field)
		}
	}
}

func TestHoursAndHolidaysAreChangedAndTakenAwayFreely(t *testing.T) {
	t.Parallel()
	c := mustApply(t, &Catalogue{}, hoursYAML)
	lib, methods := testLibrary(t)
	stored := &held{answers: map[heldAt]int64{{NewDate(2026, 3, 2), "loket"}: 9}}
	a, err := Apply(c, []byte(`
city:
  hours: {fri: 08:00-11:30, mon: ''}
  holidays: [{date: 2026-12-25, removed: true}, {date: 2026-08-17, name: Hari Kemerdekaan}, {date: 2026-01-01, name: Tahun Baru}, {date: 2020-01-01, removed: true}]
agencies:
  - {code: rsud, units: [{code: poli, hours: {holiday: ''}}]}
`), lib, methods, codes(), stored, NewDate(2027, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"removed city.hours.mon: 08:00-16:00", "changed city.hours.fri: 08:00-11:00 → 08:00-11:30", "added city.holidays.2026-01-01: Tahun Baru",
		"changed city.holidays.2026-08-17: Kemerdekaan → Hari Kemerdekaan", "removed city.holidays.2026-12-25: Natal", "removed agencies.rsud.units.poli.hours.holiday: closed",
	}
	got := lines(a.Changes)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(a.Amended) > 0 {
		t.Errorf("changes:\n%s\namended: %v", strings.Join(got, "\n"), a.Amended)
	}
	for text, verb := range map[string]string{"{date: 2026-12-25, removed: true}": "removed", "{date: 2026-01-01, name: Tahun Baru}": "added", "{date: 2026-12-25, name: Hari Natal, removed: false}": "changed"} {
		if one := apply(t, c, "city: {holidays: ["+text+"]}"); !one.Changed || len(one.Changes) != 1 || !strings.HasPrefix(one.Changes[0].String(), verb+" ") {
			t.Errorf("%s: changed %v, %q", text, one.Changed, lines(one.Changes))
		}
	}
	if got := faultsIn(errOf(Apply(c, []byte("city: {hours: {senin: open}}"), lib, methods, codes(), nil, 0))); len(got) != 1 || !strings.Contains(got[0].Message, "known: mon, tue, wed, thu, fri, sat, sun, holiday, and several as mon-fri") {
		t.Errorf("another day: %v", got)
	}
	if calendarOf(t, a.Catalogue, "poli").On(NewDate(2026, 8, 17)) != OpenAt {
		t.Error("a unit whose hours are taken away has not those of its agency")
	}
	if len(c.City.Holidays) != 2 || c.City.Holidays[1].Name != "Natal" {
		t.Errorf("the catalogue before was changed: %v", c.City.Holidays)
	}
}

// errOf returns the error of an apply.
func errOf(_ *ApplyResult, err error) error { return err }
