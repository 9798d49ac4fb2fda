package projection

import (
	"context"
	"errors"
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// partStore answers a few questions of a store; all others it panics at.
type partStore struct {
	Store
	releases []StoredRelease
	docs     []analytics.Key
	erasures []survey.Erasure
	seal     *survey.Seal
	newest   map[string]int
	away     error // of releases
}

func (s *partStore) Releases(_ context.Context, _, _ string, from int, fn func(StoredRelease) error) error {
	for _, r := range s.releases {
		if r.Serial < from {
			continue
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return s.away
}

func (s *partStore) Docs(_ context.Context, of Selection, fn func(analytics.Key, Doc) error) error {
	for _, k := range s.docs {
		if k.Period != of.Period || k.Unit != of.Unit || k.Level != of.Level {
			continue
		}
		if err := fn(k, Doc{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *partStore) Erasures(context.Context) ([]survey.Erasure, error) { return s.erasures, nil }

func (s *partStore) Seal(context.Context, string) (*survey.Seal, error) { return s.seal, nil }

func (s *partStore) NewestReleases(context.Context, string) (map[string]int, error) {
	return s.newest, nil
}

// servicesOf stores papers of one day that name a service and nothing of who answered.
func (u *unitOfOne) servicesOf(n int, service string) {
	u.papers(n)
	for i := range u.answers[len(u.answers)-n:] {
		a := &u.answers[len(u.answers)-n+i]
		a.Service, a.Respondent, a.Day = service, "", u.answers[0].Day
	}
}

// Two of the second service came after the close: of a table with them the cell would be
// hidden, but there is none, and what leaves afterwards is looked at beside the one there is.
func TestWhatLeavesIsLookedAtBesideTheFirstFinalsTables(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.servicesOf(20, "ktp")
	u.servicesOf(20, "akta")
	u.release(t, 10, false)
	u.release(t, 10, true)
	u.servicesOf(2, "ktp")
	u.servicesOf(10, "akta")
	u.release(t, 10, true)
	first := slices.IndexFunc(u.releases, func(r *Release) bool { return r.Tables != nil }) + 1
	if first != 2 || len(u.releases) != 3 || len(u.showing(t)) != 2 {
		t.Fatalf("%d releases, the first tables in release %d show %v", len(u.releases), first, u.showing(t))
	}
	u.undo(u.answers[20:30]...)
	if r := u.release(t, 10, true); r == nil || r.total() != 42 {
		t.Errorf("with ten fewer: %+v, want 42 answers", r)
	}
	u.verified(t)
	c := u.read(t)
	if c.tabled != first || c.newest.Serial != 4 || len(c.states) != 4 {
		t.Errorf("of a chain of 4 it reads the newest as %d, %d states, and tables since %d, want %d", c.newest.Serial, len(c.states), c.tabled, first)
	}
}

// read reads what a unit released out of a store.
func (u *unitOfOne) read(t *testing.T) *candidate {
	t.Helper()
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{Code: "p", Instruments: []string{u.form.ID}}}}, u.forms, methods)
	if err != nil {
		t.Fatal(err)
	}
	period, _ := d.Period("p")
	r := &releaseRun{Projector: New(&partStore{releases: u.stored(t, func(*Release) {})}, u.forms), directory: d, period: period}
	c := &candidate{unit: "u"}
	if err := r.read(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

// An index tells how many people answered all aspects that anybody answered. Four who answered
// all but the fourth are too few where nobody answered that one, and none of these people where
// others did before.
func TestFewWhoAnsweredAllThatIsAnsweredWait(t *testing.T) {
	t.Parallel()
	others := []int{0, 1, 2, 4, 5, 6, 7, 8}
	for name, tc := range map[string]struct {
		fourth int // what those say to it who came first
		all    int // who count as having answered all others then
	}{"nobody answered it": {0, 20}, "others did before": {3, 24}} {
		u := newUnit(t, "skm-9@1")
		answer := func(fourth, lacks int) {
			values := u.all(3)
			values[lacks], values[3] = 0, fourth
			u.answer(survey.ModeQR, values...)
		}
		for range 20 {
			answer(tc.fourth, 3)
		}
		u.release(t, 10, true)
		for i := range 40 {
			answer(0, others[i%len(others)])
		}
		for range 4 {
			answer(0, 3)
		}
		r := u.release(t, 10, true)
		if all := u.cohort(r, survey.KindCitizen, others...); r.total() != 64 || len(all) != tc.all {
			t.Errorf("%s: of 64 answers %d are held, and %d people count as having answered all others, want %d", name, r.total(), len(all), tc.all)
		}
	}
}

// A batch in memory holds days of all units: the months of one are its own.
func TestTheMonthsOfAUnitAreItsOwn(t *testing.T) {
	t.Parallel()
	day := survey.NewDate(2026, 3, 5)
	key := func(period, unit, form string, level analytics.Level, start survey.Date) analytics.Key {
		return analytics.Key{Period: period, Unit: unit, Form: form, Level: level, Start: start}
	}
	p := NewLive(&partStore{docs: []analytics.Key{
		key("p", "u", "f", analytics.LevelMonth, survey.NewDate(2026, 1, 1)),
		key("p", "u", "g", analytics.LevelMonth, survey.NewDate(2026, 2, 1)),
	}}, nil, 1, nil)
	p.batch = &Batch{Fresh: map[analytics.Key]Delta{
		key("p", "u", "f", analytics.LevelDay, day):    {},
		key("q", "u", "f", analytics.LevelDay, day+31): {},
		key("p", "v", "f", analytics.LevelDay, day+62): {},
		key("p", "u", "g", analytics.LevelDay, day+92): {},
	}}
	keys, err := p.months(t.Context(), "p", "u", "f")
	want := []analytics.Key{key("p", "u", "f", analytics.LevelMonth, survey.NewDate(2026, 1, 1)), key("p", "u", "f", analytics.LevelMonth, survey.NewDate(2026, 3, 1))}
	if err != nil || !slices.Equal(keys, want) {
		t.Errorf("months %v, err = %v, want %v", keys, err, want)
	}
}

// What is wrong already is no reason to keep silent about what could not be read.
func TestACheckThatFindsAFaultAndThenFailsHasFailed(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	away := errors.New("away")
	p := New(&partStore{
		erasures: []survey.Erasure{{Period: "p", Sealed: true}}, newest: map[string]int{"u": 1}, away: away,
		seal: &survey.Seal{Units: []survey.SealedUnit{{Unit: "gone", Release: 3, Checksum: "x"}}},
	}, u.forms)
	if out, err := p.Verify(t.Context(), "p", u.form); !errors.Is(err, away) || len(out.Wrong) != 1 {
		t.Errorf("wrong %v, err = %v, want one line and the error", out.Wrong, err)
	}
}

// A document that says nothing is damaged, as one that can't be read is.
func TestADocumentOfNoBytesIsRemoved(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	empty, k := analytics.NewTally(u.form), analytics.Key{Period: "p", Unit: "u", Form: u.form.ID, Level: analytics.LevelMonth}
	for name, tc := range map[string]struct {
		old  []byte
		puts int
	}{"none": {nil, 0}, "no bytes": {[]byte{}, 1}, "some": {[]byte{1}, 1}} {
		p := new(plan)
		if p.put(k, Doc{Tally: tc.old}, empty, false); len(p.puts[k.Level]) != tc.puts {
			t.Errorf("%s: planned is %+v", name, p.puts[k.Level])
		}
	}
}

// A store without transactions tells others of a put that changes nothing.
func TestWhatWasCountedAnewAndIsRightIsPutAsItIs(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	empty, k := analytics.NewTally(u.form), analytics.Key{Period: "p", Unit: "u", Form: u.form.ID, Level: analytics.LevelDay}
	some := analytics.NewTally(u.form)
	if err := some.Add(&survey.Response{Form: u.form.ID, Answers: survey.MakeMarks(u.all(3))}); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		old     Doc
		now     *analytics.Tally
		counted bool
		puts    int
	}{
		"counted anew":         {Doc{Tally: some.Encode(), Made: 2}, some, true, 1},
		"added up":             {Doc{Tally: some.Encode(), Made: 2}, some, false, 0},
		"counted, and nothing": {Doc{Made: 2}, empty, true, 0},
	} {
		p := new(plan)
		p.put(k, tc.old, tc.now, tc.counted)
		if puts := p.puts[k.Level]; len(puts) != tc.puts || tc.puts == 1 && (!puts[0].Same || puts[0].Made != tc.old.Made) {
			t.Errorf("%s: planned is %+v", name, puts)
		}
	}
}
