package report

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"persepsi/analytics"
)

func TestAGroupsFigureIsMadeOfItsUnits(t *testing.T) {
	t.Parallel()
	index := func(n int64, answered int, fault string) map[string]*analytics.Index {
		return map[string]*analytics.Index{analytics.IKM: {N: n, AspectsAnswered: answered, AspectsAll: 9, SampleFault: fault}}
	}
	agencies := []*analytics.GroupResult{{Agency: "a"}, {Agency: "b"}}
	r := &Results{Agencies: agencies, City: &analytics.GroupResult{}, Units: []*UnitResult{
		{Agency: "a", Unit: "u1", Indexes: index(30, 9, "")},
		{Agency: "a", Unit: "u2", Indexes: index(20, 7, "")},
		{Agency: "a", Unit: "u3", Indexes: index(10, 8, "")},
		{Agency: "a", Unit: "u4", Indexes: index(5, 9, analytics.PopulationUnknown)},
		{Agency: "a", Unit: "u5"},
		{Agency: "b", Unit: "u6", Indexes: index(7, 6, analytics.PopulationZero)},
	}}
	groups := r.Groups()
	if len(groups) != 3 || groups[0].GroupResult != agencies[0] || groups[1].GroupResult != agencies[1] || groups[2].GroupResult != r.City {
		t.Fatalf("groups: %+v", groups)
	}
	for i, want := range []Makeup{
		{Units: 4, N: 60, Missing: map[string]int{NoFigure: 1, analytics.PopulationUnknown: 1}, Part: Part{Units: 2, Least: 7, All: 9}},
		{Units: 1, Missing: map[string]int{analytics.PopulationZero: 1}, Part: Part{Units: 1, Least: 6, All: 9}},
		{Units: 5, N: 60, Missing: map[string]int{NoFigure: 1, analytics.PopulationUnknown: 1, analytics.PopulationZero: 1}, Part: Part{Units: 3, Least: 6, All: 9}},
	} {
		got := groups[i].Makeup(analytics.IKM)
		if got.Units != want.Units || got.N != want.N || got.Part != want.Part || !maps.Equal(got.Missing, want.Missing) || got.LeftOut() != []int{2, 1, 3}[i] {
			t.Errorf("group %d: %+v, %d left out; want %+v", i, got, got.LeftOut(), want)
		}
		if none := groups[i].Makeup(analytics.IPAK); none.Units != 0 || none.Missing[NoFigure] != len(groups[i].units) {
			t.Errorf("group %d without the index: %+v", i, none)
		}
	}
	r.City = nil // of an agency
	if groups = r.Groups(); len(groups) != 2 {
		t.Errorf("of an agency: %+v", groups)
	}
	if groups = (&Results{City: &analytics.GroupResult{}}).Groups(); groups != nil {
		t.Errorf("of a unit: %+v", groups)
	}
}

func TestAUnitTellsWhetherItsReleaseHasFiguresAndLags(t *testing.T) {
	t.Parallel()
	counted := int64(20)
	some, none := map[string]*analytics.Index{analytics.IKM: {}}, map[string]*analytics.Index{analytics.IKM: nil}
	for name, tc := range map[string]struct {
		unit            UnitResult
		lags, published bool
	}{
		"live figures":          {UnitResult{Responses: analytics.Responses{Valid: 19}, Indexes: some}, false, false},
		"all that is released":  {UnitResult{Responses: analytics.Responses{Valid: 20, Counted: &counted}, Indexes: some, Released: &analytics.ReleasedTally{}}, false, true},
		"more than there are":   {UnitResult{Responses: analytics.Responses{Valid: 19, Counted: &counted}, Indexes: some, Released: &analytics.ReleasedTally{}}, true, true},
		"no answer to an index": {UnitResult{Responses: analytics.Responses{Valid: 21, Counted: &counted}, Indexes: none, Released: &analytics.ReleasedTally{}}, false, false},
	} {
		if lags, published := tc.unit.Lags(), tc.unit.Published(); lags != tc.lags || published != tc.published {
			t.Errorf("%s: lags %v, published %v", name, lags, published)
		}
	}
}

func TestEarlierResultsThatSomebodyShouldLookAtAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.today = day(8, 1)
	before := w.directory.Catalogue()
	w.apply(t, "periods:", `earlier:
  - {unit: u1, index: ikm, period: Tahun 2022, from: 2022-01-01, to: 2022-12-31, value: 90, source: L}
  - {unit: u1, index: ikm, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 90, mutu: A, source: L}
  - {unit: u1, index: ikm, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 62.5, mutu: B, source: L}
  - {unit: u1, index: ikm, period: Desember 2023, from: 2023-12-31, to: 2024-01-01, value: 62.5, mutu: D, source: L}
  - {unit: u1, index: ipak, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 3.6, mutu: A, source: L}
  - {unit: u1, index: ipak, period: Januari 2026, from: 2026-01-01, to: 2026-01-31, value: 3.6, source: L}
  - {unit: u1, index: ikm, period: Sampai 2026, from: 2025-12-01, to: 2026-01-01, value: 90, source: L}
  - {unit: u1, index: ikm, period: Sejak Juni, from: 2026-06-30, to: 2026-07-31, value: 90, source: L}
  - {unit: u1, index: ikm, period: Juli, from: 2026-07-01, to: 2026-07-02, value: 90, source: L}
  - {unit: u2, index: ikm, period: Desember 2025, from: 2025-12-01, to: 2025-12-31, value: 90, source: L}
periods:`)
	notes, err := NotesOnEarlier(before, w.directory)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range notes {
		what, rest, _ := strings.Cut(n, ": ")
		of := strings.Fields(rest)
		got = append(got, strings.TrimPrefix(what, "earlier.")+" – "+strings.Join(of[:min(5, len(of))], " "))
	}
	if want := []string{
		`u1.ikm."Tahun 2023" – earlier.u1.ikm."Desember 2023" tells of some`,
		`u1.ikm."Tahun 2024" – the report prints mutu B;`,
		`u1.ikm."Tahun 2024" – earlier.u1.ikm."Desember 2023" tells of some`,
		`u1.ikm."Desember 2023" – earlier.u1.ikm."Tahun 2023" tells of some`,
		`u1.ikm."Desember 2023" – earlier.u1.ikm."Tahun 2024" tells of some`,
		`u1.ikm."Sampai 2026" – period p (2026-01-01 to 2026-06-30)`,
		`u1.ikm."Sejak Juni" – period p (2026-01-01 to 2026-06-30)`,
		`u1.ikm."Sejak Juni" – earlier.u1.ikm."Juli" tells of some of`,
		`u1.ikm."Juli" – earlier.u1.ikm."Sejak Juni" tells of some`,
	}; !slices.Equal(got, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A row says of an earlier result what its report tells, and what the tables of its time do.
func TestARowOfAnEarlierResultTellsWhatItsReportDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.today = day(8, 1)
	w.apply(t, "periods:", `earlier:
  - {unit: u1, index: ikm, period: "1", from: 2021-01-01, to: 2021-12-31, value: 62.5, n: 1, mutu: B, instrument: skm-9, method: w0.11, source: L}
  - {unit: u1, index: ikm, period: "2", from: 2022-01-01, to: 2022-12-31, value: 90.10, mutu: A, instrument: skm-9, source: L}
  - {unit: u1, index: ikm, period: "3", from: 2023-01-01, to: 2023-12-31, value: 80, source: L}
  - {unit: u1, index: ipak, period: "4", from: 2024-01-01, to: 2024-12-31, value: 3.6, source: L}
periods:`)
	w.refresh(t)
	h, err := w.builder.History(t.Context(), w.builder.Figures(), "u1", nil, Public, day(8, 1))
	if err != nil {
		t.Fatal(err)
	}
	rows := append(slices.Clone(h.Indexes[0].Rows[:3]), h.Indexes[1].Rows...)
	for i, want := range []HistoryRow{
		{Name: "1", HistoryFigure: &HistoryFigure{Value: 62.5, Shown: "62.5", Mutu: "D"}, PrintedMutu: "B", Instrument: "skm-9@2", Method: "w0.11@1"},
		{Name: "2", HistoryFigure: &HistoryFigure{Value: 90.1, Shown: "90.10", Mutu: "A"}, Instrument: "skm-9@2"},
		{Name: "3", HistoryFigure: &HistoryFigure{Value: 80, Shown: "80", Mutu: "B"}},
		{Name: "4", HistoryFigure: &HistoryFigure{Value: 3.6, Shown: "3.6", Mutu: "A"}},
	} {
		r := rows[i]
		if r.Name != want.Name || r.Kind != KindEarlier || r.Value != want.Value || r.Shown != want.Shown || r.Mutu != want.Mutu || r.PrintedMutu != want.PrintedMutu || r.Instrument != want.Instrument ||
			r.Method != want.Method || (r.N != nil) != (i == 0) || r.N != nil && *r.N != 1 || r.Figure() != nil || r.Short() {
			t.Errorf("%+v of %+v, want %+v of %+v", r, r.HistoryFigure, want, want.HistoryFigure)
		}
	}
}

func TestRowsAreInTheOrderOfTheirDays(t *testing.T) {
	t.Parallel()
	rows := []HistoryRow{
		{Name: "d", From: day(3, 1), To: day(3, 2)}, {Name: "b", From: day(1, 1), To: day(6, 30)}, {Name: "c", From: day(2, 1), To: day(2, 2)}, {Name: "a", From: day(1, 1), To: day(1, 31)},
	}
	order(rows)
	var got string
	for _, r := range rows {
		got += r.Name
	}
	if got != "abcd" {
		t.Errorf("order %s", got)
	}
}
