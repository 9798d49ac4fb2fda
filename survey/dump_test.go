package survey

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// dumped returns a catalogue as a file.
func dumped(t interface{ Fatal(...any) }, c *Catalogue) string {
	text, err := Declaration(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A catalogue that is written as a file and applied again is the same, whatever it
// holds.
func TestADumpedCatalogueIsTheSameWhenItIsApplied(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Dinas: A", "- garis", "#1", "'kutip'", "2026-01-01", "yes", "null", "Kelurahan “Baru”", "a\\b", "Loket 1 ", "[x]", "{y}", "Ä 日本", "1e3", "0x10", "~"})
		flag := rapid.Bool()
		draw := func() string { return strings.TrimSpace(name.Draw(t, "name")) }
		c := &Catalogue{Version: 3, City: City{Name: draw(), TimeZone: "Asia/Jakarta", Least: rapid.SampledFrom([]int{0, 5, 25}).Draw(t, "least")}}
		if flag.Draw(t, "notice") {
			c.City.Notice = Notice{
				Basis: rapid.SampledFrom([]Basis{"", PublicTask, Consent}).Draw(t, "basis"), Controller: Text{"id": draw()}, Address: Text{"id": draw(), "en": draw()},
				Email: rapid.SampledFrom([]string{"", "pdp@kota.go.id"}).Draw(t, "email"), Phone: rapid.SampledFrom([]string{"", "+62 511 12", "112233"}).Draw(t, "phone"),
				RetentionMonths: rapid.IntRange(0, HighestRetention).Draw(t, "retention"),
			}
			if flag.Draw(t, "named") {
				c.City.Notice.Law, c.City.Notice.Officer = Text{"id": draw(), "en": draw()}, Text{"id": draw()}
			}
		}
		hours := func() (h Hours) {
			for day := range h {
				h[day] = rapid.SampledFrom([]Opening{"", "", OpenAt, ClosedAt, "08:00-16:00", "00:00-24:00"}).Draw(t, "hours")
			}
			return h
		}
		c.City.Hours = hours()
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(20_000, 20_900), 0, 3, rapid.ID[int]).Draw(t, "holidays") {
			c.City.Holidays = append(c.City.Holidays, Holiday{Date(day), draw()})
		}
		slices.SortFunc(c.City.Holidays, func(a, b Holiday) int { return int(a.Date - b.Date) })
		for _, agency := range []string{"a1", "a2"}[:rapid.IntRange(0, 2).Draw(t, "agencies")] {
			a := Agency{Code: agency, Name: draw(), Hours: hours()}
			for _, unit := range []string{"u1", "u2"}[:rapid.IntRange(0, 2).Draw(t, "units")] {
				u := Unit{Code: agency + unit, Name: draw(), Hours: hours()}
				for _, service := range []string{"s1", "no"}[:rapid.IntRange(0, 2).Draw(t, "services")] {
					u.Services = append(u.Services, Service{Code: service, Name: draw(), Closed: flag.Draw(t, "closed")})
				}
				for _, point := range []string{"1", "2"}[:rapid.IntRange(0, 2).Draw(t, "points")] {
					u.Points = append(u.Points, Point{Code: strings.ToUpper(agency+unit) + "P" + point, Name: draw(), Closed: flag.Draw(t, "closed"), Remote: flag.Draw(t, "remote")})
				}
				a.Units = append(a.Units, u)
			}
			c.Agencies = append(c.Agencies, a)
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "periods") {
			p := Period{Code: []string{"2026-s1", "p2"}[i], Name: draw(), From: NewDate(2026+i, 1, 1), To: NewDate(2026+i, 6, 30), Instruments: []string{"skm-9@1", "spak-5@1"}[:1+i]}
			if flag.Draw(t, "methods") {
				p.Methods = map[string]string{"ikm": "w0.11"}
			}
			if len(c.Agencies) > 0 && len(c.Agencies[0].Units) > 0 && flag.Draw(t, "population") {
				p.Population, p.Units = map[string]int{c.Agencies[0].Units[0].Code: 703}, []string{c.Agencies[0].Units[0].Code}
			}
			if p.Population != nil && len(c.Agencies[0].Units[0].Services) > 0 && flag.Draw(t, "by service") {
				p.Served = map[string]map[string]int{c.Agencies[0].Units[0].Code: {c.Agencies[0].Units[0].Services[0].Code: 703}}
			}
			if len(c.Agencies) > 0 && len(c.Agencies[0].Units) > 0 && flag.Draw(t, "improved") {
				p.Improved = map[string][]Improvement{c.Agencies[0].Units[0].Code: {
					{Aspect: "waktu", Text: Text{"id": draw(), "en": draw()}, Done: p.From}, {Text: Text{"id": draw()}, Done: p.From + 1},
				}}
			}
			if flag.Draw(t, "amended") {
				p.Amendments = []Amendment{{By: "command line"}}
			}
			c.Periods = append(c.Periods, p)
		}
		if len(c.Agencies) > 0 && len(c.Agencies[0].Units) > 0 {
			for _, period := range []string{"Tahun 2023", "Sem. \"I\" 2024"}[:rapid.IntRange(0, 2).Draw(t, "earlier")] {
				e := Earlier{Unit: c.Agencies[0].Units[0].Code, Index: "ikm", Period: period, From: NewDate(2023, 1, 1), To: NewDate(2023, 12, 31), Value: "81.20", Source: draw()}
				if flag.Draw(t, "known") {
					e.N, e.Mutu, e.Instrument, e.Method, e.Note = 240, "B", "skm-9@1", "w0.11", draw()
				}
				c.Earlier = append(c.Earlier, e)
			}
		}
		text := dumped(t, c)
		again, err := Apply(c, []byte(text), lib, methods, nil, &held{}, NewDate(2027, 1, 2))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if again.Changed || len(again.Changes) > 0 {
			t.Fatalf("applied to itself it changes %q\n%s", lines(again.Changes), text)
		}
		fresh, err := Apply(new(Catalogue), []byte(text), lib, methods, nil, nil, NewDate(2027, 1, 2))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(c, fresh.Catalogue, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Catalogue{}, "Version"), cmpopts.IgnoreFields(Period{}, "Amendments")); diff != "" {
			t.Fatalf("another city (-was +is):\n%s\n%s", diff, text)
		}
	})
}

// A file is written for people: by two spaces a level.
func TestADumpIsIndentedByTwoSpaces(t *testing.T) {
	t.Parallel()
	if text := dumped(t, mustApply(t, new(Catalogue), cityYAML)); !strings.Contains(text, "\nagencies:\n  - code: dukcapil\n    name: Dinas") {
		t.Errorf("it reads:\n%s", text)
	}
}
