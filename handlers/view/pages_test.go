package view

import (
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

func TestWhatTheSheetLacksIsSaidOnce(t *testing.T) {
	t.Parallel()
	const sdm, pengawasan = "pengungkit.sdm", "pengungkit.pengawasan"
	tests := []struct {
		name        string
		lacks, want []string
	}{
		{"nothing", nil, nil},
		{"the whole pengungkit", []string{"pengungkit", sdm, pengawasan}, []string{"pengungkit"}},
		{"one area of it", []string{"pengungkit", sdm}, []string{sdm}},
		{"all areas, but not the total", []string{sdm, pengawasan, "I.b"}, []string{"areas", "I.b"}},
		{"other rows", []string{"pengungkit", sdm, pengawasan, "I.a", "I.b", "II"}, []string{"pengungkit", "I.a", "I.b", "II"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := LKERow{UnitResult: &report.UnitResult{}, Lacks: tt.lacks}
			for _, name := range []string{"total", "pengungkit", sdm, pengawasan, "I.a", "I.b", "II"} {
				row.LKE.WBK.Tests = append(row.LKE.WBK.Tests, analytics.Test{Row: name, Missing: slices.Contains(tt.lacks, name)})
			}
			if got := row.Lacking(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhoToldNothingStandsLast(t *testing.T) {
	t.Parallel()
	l, p := survey.Text{"id": "Laki-laki"}, survey.Text{"id": "Perempuan"}
	people := People{Cells: []PeopleCell{{N: 8}, {Label: l, N: 56}, {Label: p, Suppressed: true}}}
	var got []string
	for _, c := range people.Listed() {
		got = append(got, c.Label.In("id"))
	}
	if want := []string{"Laki-laki", "Perempuan", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestManyUnitsAreFoldedUnlessTheyWereSearchedFor(t *testing.T) {
	t.Parallel()
	pages, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		units  int
		search string
		want   bool
	}{
		{"few", unfoldedUnits, "", true},
		{"many", unfoldedUnits + 1, "", false},
		{"many, searched for", 600, "gigi", true},
	} {
		home := &Home{Search: tt.search, Units: tt.units, Agencies: []HomeAgency{{Name: "Dinas Kesehatan", Units: []HomeUnit{{Unit: survey.Unit{Code: "pkm", Name: "Puskesmas"}}}}}}
		page, err := pages.Render("home", home)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(page), `<details class="agency" open>`); got != tt.want || !strings.Contains(string(page), `href="/hasil/pkm`) {
			t.Errorf("%s: unfolded %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What is counted until midnight is counted through the day before it, in the
// city's own time.
func TestFiguresHoldTheDaysBeforeTheirMoment(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Makassar")
	if err != nil {
		t.Fatal(err)
	}
	for moment, want := range map[time.Time]string{
		time.Date(2026, 11, 24, 0, 0, 0, 0, zone):      "2026-11-23",
		time.Date(2026, 11, 24, 0, 0, 1, 0, zone):      "2026-11-24",
		time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC): "2026-11-23",
	} {
		r := Result{Unit: &report.UnitResult{AsOf: &moment}, Zone: zone}
		if got := r.Through().String(); got != want {
			t.Errorf("as of %s: through %s, want %s", moment, got, want)
		}
	}
}
