package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// ownInstrument is a version of a city's own instrument, with what it calls its index.
func ownInstrument(version int, name string) string {
	return fmt.Sprintf(`
  - code: pasar
    version: %d
    title: Survei Pasar
    questions: [{code: lantai, text: "Bersihkah lantainya?", options: [Kotor, Kurang, Bersih, Sangat bersih]}]
    indexes: [{code: kebersihan, name: %s, aspects: [{code: lantai, name: Lantai, questions: [lantai]}]}]`, version, name)
}

// shownRows draws the rows of an index.
func shownRows(x *IndexHistory) string {
	var out []string
	for _, r := range x.Rows {
		figure := "-"
		if r.HistoryFigure != nil {
			figure = r.Shown
		}
		out = append(out, strings.Join(strings.Fields(fmt.Sprintln(r.Kind, r.Name, r.State, figure, r.Withheld, r.NotCompared, r.ShownDifference)), " "))
	}
	return strings.Join(out, "; ")
}

func TestAHistoryHasARowForEachPeriodAndEarlierResult(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "spak-5", "{}")
	w.today = day(1, 1)
	w.apply(t, "city:", "instruments:"+ownInstrument(1, "Indeks Kebersihan")+ownInstrument(2, "Indeks Bersih")+"\ncity:")
	w.apply(t, "instrument: spak-5,", "instrument: [pasar@2, spak-5, skm-9],")
	w.apply(t, "periods:", "periods:\n  - {code: o, name: Lalu, from: 2025-07-01, to: 2025-12-31, instrument: [pasar@1, skm-9]}\n  - {code: n, from: 2026-07-01, to: 2026-12-31, instrument: skm-9}")
	w.apply(t, "periods:", `earlier:
  - {unit: u1, index: ikm, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 81.20, source: L}
  - {unit: u1, index: ikm, period: Semester I 2024, from: 2024-01-01, to: 2024-06-30, value: 80, source: L}
  - {unit: u1, index: ipkp, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 3, source: L}
periods:`)
	var answers []int
	for _, q := range w.directory.Form("p").Questions {
		answers = append(answers, map[bool]int{true: 4}[q.Scored])
	}
	w.answer(t, "u1", times(10, string(survey.MakeMarks(answers)))...)
	p, _ := w.directory.Period("p")
	for audience, want := range map[Audience][]string{
		Public: {
			"released: ikm ipkp ipak kebersihan",
			"earlier Semester I 2024 80; earlier Tahun 2024 81.20; period Lalu released - fewer_than_10; period p released - not_yet",
			"earlier Tahun 2024 3",
			"period p released - not_yet",
			"period Lalu released - fewer_than_10; period p released - not_yet",
		},
		Live: {
			"live: ikm ipkp ipak kebersihan",
			"earlier Semester I 2024 80; earlier Tahun 2024 81.20; period Lalu live - no_answers; period p live 100.00 unknown",
			"earlier Tahun 2024 3",
			"period p live 4.00",
			"period Lalu live - no_answers; period p live 4.00",
		},
	} {
		w.builder.maker.now = func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
		w.apply(t, "", "")
		h, err := w.builder.History(t.Context(), w.builder.Figures(), "u1", p, audience, day(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		var codes, got []string
		for i := range h.Indexes {
			codes = append(codes, h.Indexes[i].Index)
			got = append(got, shownRows(&h.Indexes[i]))
		}
		got = slices.Insert(got, 0, h.State+": "+strings.Join(codes, " "))
		if !slices.Equal(got, want) {
			t.Errorf("audience %d:\n%s\nwant\n%s", audience, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if x := h.Indexes[3]; x.Title["id"] != "Indeks Bersih" {
			t.Errorf("the index is called %v, not as by its newest form", x.Title)
		}
		if h.Period != "p" || h.PeriodName != p.Name || len(h.Indexes[0].Months)+len(h.Indexes[0].Steps) != 0 {
			t.Errorf("period %q, %q: %+v", h.Period, h.PeriodName, h.Indexes[0])
		}
		if got := []bool{h.Has("p"), h.Has("o"), h.Has("")}; !slices.Equal(got, []bool{audience == Live, false, true}) {
			t.Errorf("audience %d: has figures of p, o, none: %v", audience, got)
		}
	}
	for what, of := range map[string]*survey.Period{"of none": nil, "of one that the unit takes no part in": {Code: "x", Units: []string{"u2"}}} {
		if h, err := w.builder.History(t.Context(), w.builder.Figures(), "u1", of, Public, day(1, 1)); err != nil || h.Period != "" || len(h.Indexes) != 4 {
			t.Errorf("months %s: %v, of %q", what, err, h.Period)
		}
	}
}

func TestARowTellsItsStateAndHowItCameAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	row := func(of Audience) HistoryRow {
		t.Helper()
		h, err := w.history(t, of)
		if err != nil {
			t.Fatal(err)
		}
		return h.Indexes[0].Rows[0]
	}
	rows := times(10, "444444444")
	w.answer(t, "u1", append(rows, rows...)...)
	w.step(t, "u1", day(3, 1).In(w.directory.Zone()), false, rows...)
	if r := row(Live); r.State != "live" || r.AsOf != nil || *r.N != 20 || r.CI95 == nil || *r.Adequate || r.SampleFault != "" || r.Amended || r.Method != "exact@1" {
		t.Errorf("live: %+v of %v", r, r.HistoryFigure)
	}
	if r := row(Public); r.State != "released" || r.AsOf == nil || *r.N != 10 || r.Withheld != "" || !r.Short() || r.Partial() {
		t.Errorf("released: %+v of %v", r, r.HistoryFigure)
	}
	h, err := w.history(t, Public)
	if err != nil {
		t.Fatal(err)
	}
	if x := h.Indexes[0]; x.Months[0].CI95 == nil || x.Steps[0].CI95 != nil || x.Months[0].Figure() == nil || x.Months[0].Adequate != nil {
		t.Errorf("months %+v, steps %+v", x.Months, x.Steps)
	}
	w.step(t, "u1", day(7, 1).In(w.directory.Zone()), true, append(rows, rows...)...)
	for _, of := range []Audience{Public, Live} {
		if r := row(of); r.State != "final" || *r.N != 20 {
			t.Errorf("audience %d, final: %+v", of, r)
		}
	}
	p, _ := w.directory.Period("p")
	p.Amendments = []survey.Amendment{{Reason: "keliru"}}
	if !row(Public).Amended {
		t.Error("nothing is told of an amendment")
	}
	if f := (*HistoryFigure)(nil); f.Figure() != nil {
		t.Error("what is not there has a figure")
	}
}

func TestWhoseFiguresAreShort(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, tc := range map[string]struct {
		figure HistoryFigure
		want   bool
	}{
		"too few":                   {HistoryFigure{Adequate: &no, AspectsAnswered: 9, AspectsAll: 9}, true},
		"enough":                    {HistoryFigure{Adequate: &yes, AspectsAnswered: 9, AspectsAll: 9}, false},
		"nobody can tell":           {HistoryFigure{AspectsAnswered: 9, AspectsAll: 9}, false},
		"without a population":      {HistoryFigure{Adequate: &no, SampleFault: analytics.PopulationUnknown, AspectsAnswered: 9, AspectsAll: 9}, false},
		"of a part of the aspects":  {HistoryFigure{Adequate: &no, AspectsAnswered: 8, AspectsAll: 9}, false},
		"of an older report, alone": {HistoryFigure{Adequate: &no}, true},
	} {
		if got := tc.figure.Short(); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// Who has figures to show of a unit asks by the code that it has, what is stored has the first.
func TestTheHistoryOfARenamedUnitGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.apply(t, "instrument: skm-9,", "instrument: skm-9, units: [u1],")
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	w.step(t, "u1", day(3, 1).In(w.directory.Zone()), false, append(times(10, "444444444"), times(12, "333333333")...)...)
	w.apply(t, "{code: u1, name: Unit satu}", "{code: baru, was: u1, name: Unit satu}")
	w.apply(t, "units: [u1],", "units: [baru],")
	w.apply(t, "{u1: 703, u2: 50}", "{baru: 703}")
	p, _ := w.directory.Period("p")
	for _, code := range []string{"baru", "u1"} {
		h, err := w.builder.History(t.Context(), w.builder.Figures(), code, p, Public, day(12, 1))
		if err != nil {
			t.Fatal(err)
		}
		if h.Unit != "baru" || h.Period != "p" || len(h.Indexes) != 1 || len(h.Indexes[0].Rows) != 1 || len(h.Indexes[0].Steps) != 2 || shownMonths(h.Indexes[0]) != "10:100.00 12:75.00" {
			t.Errorf("by %s: %+v", code, h)
		}
	}
}

// What cannot be compared tells nothing, and what is of another form stands for no month.
func TestAHistoryHoldsReleasesOfItsFormAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.refresh(t)
	h, err := w.history(t, Public)
	if err != nil || len(h.Indexes[0].Steps) != 0 {
		t.Errorf("without a release: %v, %+v", err, h)
	}
	other := newWorld(t, "spak-5", "{}").tally(t, times(10, "44444")...)
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	w.step(t, "u1", day(3, 1).In(w.directory.Zone()), false, times(20, "444444444")...)
	w.store.steps["u1"][0].Tally = other
	if h, err = w.history(t, Public); err != nil || len(h.Indexes[0].Steps) != 1 || h.Indexes[0].Steps[0].Serial != 2 {
		t.Errorf("one of another form: %v, %+v", err, h.Indexes[0].Steps)
	}
	w.store.released["u1"].Tally = other
	w.store.revision++
	w.kept.Clear()
	w.refresh(t)
	if h, err = w.history(t, Public); err != nil || len(h.Indexes[0].Steps) != 0 {
		t.Errorf("the newest of another form: %v, %+v", err, h.Indexes[0].Steps)
	}
}

// One that cannot be read and one that took answers out do not make up for each other.
func TestADifferenceIsTakenOverNoBreak(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	zone := w.directory.Zone()
	w.step(t, "u1", day(2, 1).In(zone), false, times(10, "444444444")...)
	w.step(t, "u1", day(2, 10).In(zone), false, times(20, "444444444")...)
	w.step(t, "u1", day(2, 20).In(zone), false, times(30, "444444444")...)
	w.step(t, "u1", day(3, 1).In(zone), false, times(40, "444444444")...)
	w.store.steps["u1"][1], w.store.steps["u1"][2].Removes = nil, true
	if h, err := w.history(t, Public); err != nil || shownMonths(h.Indexes[0]) != "10:100.00 few" {
		t.Errorf("%v, %s", err, shownMonths(h.Indexes[0]))
	}
}

// The cache is bounded by what its values are said to take.
func TestAHistoryTakesAsMuchRoomAsItHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	w.step(t, "u1", day(3, 1).In(w.directory.Zone()), false, times(20, "444444444")...)
	w.kept.Clear()
	empty := w.kept.Stats().Bytes
	h, err := w.history(t, Public)
	if err != nil {
		t.Fatal(err)
	}
	got, n := w.kept.Stats().Bytes-empty, len(h.Indexes[0].Steps)+len(h.Indexes[0].Months)
	if n != 4 || got < n*historyBytes || got > (n+1)*historyBytes {
		t.Errorf("%d months and steps are said to take %d bytes", n, got)
	}
}

func TestTheCauseOfAHistoryThatCannotBeReadIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.step(t, "u1", day(2, 1).In(w.directory.Zone()), false, times(10, "444444444")...)
	w.store.unread = errors.New("away")
	if _, err := w.history(t, Public); !errors.Is(err, w.store.unread) {
		t.Errorf("err = %v, which hides the store's", err)
	}
}

// What is kept under a history's key is made anew where it would be another.
func TestAHistorysKeyIsThatOfWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.answer(t, "u1", "4444444444444444-")
	key := func(unit string, of Audience, today survey.Date) string {
		return w.builder.Figures().HistoryKey(unit, of, today)
	}
	if key("u1", Public, day(1, 1)) == key("u1", Public, day(1, 1)-1) {
		t.Error("a period's first day has the key of the day before")
	}
	w.store.evaluations = []analytics.Evaluation{{Period: "p", Unit: "u1", Version: 1, Achievement: "?"}}
	w.store.revision++
	if err := w.builder.Refresh(t.Context()); err == nil {
		t.Error("an entry that cannot be read is no fault")
	}
	if _, err := w.builder.History(t.Context(), w.builder.Figures(), "u1", nil, Live, day(3, 1)); err == nil {
		t.Error("figures that cannot be made have a history")
	}
	if key("u1", Live, day(3, 1)) == key("u1", Public, day(3, 1)) {
		t.Error("figures that cannot be made have the key of those that can")
	}
	w = newWorld(t, "skm-9", "{}")
	w.apply(t, "name: Unit dua}", "name: Unit dua, closed: true}")
	w.refresh(t)
	if got := key("u2", Public, day(3, 1)); got != fmt.Sprint("of ", w.directory.Catalogue().Version) {
		t.Errorf("of a unit that has no part in the period: %s", got)
	}
}
