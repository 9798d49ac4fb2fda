package survey

import (
	"strings"
	"testing"
)

func TestWhatIsNewOrRemovedIsToldWithItsContents(t *testing.T) {
	t.Parallel()
	city := &Catalogue{
		City: City{Name: "Kota"},
		Agencies: []Agency{
			{Code: "a", Name: "Dinas", Units: []Unit{{
				Code: "u", Name: "Unit", Services: []Service{{Code: "ktp", Name: "KTP", Closed: true}}, Points: []Point{{Code: "AA01", Name: "Loket"}},
			}}}, {Code: "ab", Name: "Badan"},
		},
		Periods: []Period{{Code: "p", Name: "Semester", From: 1, To: 2, Instruments: []string{"skm-9@1"}, Population: map[string]int{"u": 3}}},
	}
	all := "city.name, agencies.a, agencies.a.units.u, agencies.a.units.u.services.ktp, agencies.a.units.u.services.ktp.closed, agencies.a.units.u.points.AA01, " +
		"agencies.ab, periods.p, periods.p.from, periods.p.to, periods.p.instrument, periods.p.population.u"
	for name, tc := range map[string]struct {
		before, after *Catalogue
		want          string
	}{
		"new":     {new(Catalogue), city, all},
		"removed": {city, new(Catalogue), all},
		"same":    {city, city, ""},
	} {
		var paths []string
		for _, c := range WithContents(tc.before, tc.after, Diff(tc.before, tc.after)) {
			paths = append(paths, c.Path)
			if (c.Before == "") != (name == "new") || (c.After == "") != (name == "removed") || c.Before+c.After == "" {
				t.Errorf("%s: %+v", name, c)
			}
			if strings.HasPrefix(c.Path, "periods.p.") && (c.Period != "p" || c.Field == "") {
				t.Errorf("%s: %+v belongs to no period", name, c)
			}
		}
		if got := strings.Join(paths, ", "); got != tc.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, tc.want)
		}
	}
	renamed := *city
	renamed.Agencies = []Agency{{Code: "a", Name: "Badan", Units: city.Agencies[0].Units}, city.Agencies[1]}
	if got := WithContents(city, &renamed, Diff(city, &renamed)); len(got) != 1 || got[0].Path != "agencies.a" {
		t.Errorf("a new name brings %v", got)
	}
}
