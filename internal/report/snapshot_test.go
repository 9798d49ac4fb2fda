package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// written is the JSON text of a scope as a builder that nobody has asked for
// anything yet writes it from the values.
func written(t *testing.T, w *world, s Scope) string {
	t.Helper()
	s.Period = "p"
	fresh, err := NewBuilder(w.board, func() *survey.Directory { return w.directory }, cache.New(0), w.builder.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.build(w.builder.Figures().At(), nil); err != nil {
		t.Fatal(err)
	}
	results, err := fresh.Figures().Results(s)
	if err != nil {
		t.Fatal(err)
	}
	text, err := results.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func unzipped(t *testing.T, zipped []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// TestTheTextIsTheResults holds the texts that are written beforehand, and those
// that are cut from them, against the values: after answers, an entry, and a
// change of the catalogue.
func TestTheTextIsTheResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	changes := []func(){
		func() { w.answer(t, "u1", "4444444444444444-") },
		func() { w.answer(t, "u2", "3333333333333333-") },
		func() { w.answer(t, "u1", "4444444444444444-", "222222222222222--") },
		func() { w.enter(t, "u2", "A", "47.875") },
		func() { w.apply(t, "Unit dua", "Unit dua dan tiga") },
		func() { w.answer(t, "u2", "1111111111111111-") },
	}
	for step, change := range changes {
		change()
		for _, scope := range []Scope{
			{Audience: Live},
			{},
			{Audience: Live, Agency: "a"},
			{Audience: Live, Unit: "u1"},
			{Unit: "u2"},
			{Audience: Live, Unit: "u1", Explain: true},
			{Audience: Live, Explain: true},
		} {
			scope.Period = "p"
			want := written(t, w, scope)
			v, err := w.builder.Figures().View(scope)
			if err != nil {
				t.Fatal(err)
			}
			got, err := v.Results(scope).AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("step %d, %+v (-values +text):\n%s", step, scope, diff)
			}
			if strings.Contains(string(got), `"explanation"`) != scope.Explain {
				t.Errorf("step %d, %+v: explained, or not", step, scope)
			}
			zipped, ok := v.CityJSON()
			if ok != (step > 0) {
				t.Errorf("step %d: the city's text is there: %v, want it from the second on", step, ok)
			}
			if ok && scope.Unit == "" && scope.Agency == "" && !scope.Explain && unzipped(t, zipped) != want {
				t.Errorf("step %d, %+v: the city's text differs", step, scope)
			}
		}
	}
}

func TestFiguresOfOneMomentAgreeAndNeverChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "444444444")
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				f := w.builder.Figures()
				first := sums(t, f)
				if again := sums(t, f); again != first {
					t.Errorf("figures changed from %s to %s", first, again)
					return
				}
			}
		})
	}
	rows := []string{}
	for i := range 60 {
		rows = append(rows, "333333333")
		w.answer(t, []string{"u1", "u2"}[i%2], rows...)
	}
	stop()
	readers.Wait()
}

// sums tells how many answers each reply holds, and fails where they disagree.
func sums(t *testing.T, f *Figures) string {
	type replies struct {
		Units []struct{ Responses struct{ Valid int64 } }
		City  struct{ Responses struct{ Valid int64 } }
	}
	text := func(s Scope) (out replies) {
		s.Period = "p"
		v, err := f.View(s)
		if err != nil {
			t.Error(err)
			return out
		}
		body, err := v.Results(s).AppendJSON(nil)
		if err != nil {
			t.Error(err)
			return out
		}
		if zipped, ok := v.CityJSON(); ok && s.Unit == "" {
			body = []byte(unzipped(t, zipped))
		}
		if err := json.Unmarshal(body, &out); err != nil {
			t.Error(err)
		}
		return out
	}
	said := []int64{f.Answers()}
	for _, a := range []Audience{Live, Public} {
		city := text(Scope{Audience: a})
		one, other := text(Scope{Audience: a, Unit: "u1"}), text(Scope{Audience: a, Unit: "u2", Explain: true})
		said = append(said, city.City.Responses.Valid, city.Units[0].Responses.Valid+city.Units[1].Responses.Valid,
			one.Units[0].Responses.Valid+other.Units[0].Responses.Valid)
	}
	for _, n := range said {
		if n != said[0] {
			t.Errorf("replies of one moment tell of %v answers", said)
			break
		}
	}
	out, err := json.Marshal(said)
	if err != nil {
		t.Error(err)
	}
	return string(out)
}

func TestWhatDidNotChangeIsTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.answer(t, "u1", "4444444444444444-")
	w.answer(t, "u2", "4444444444444444-")
	units := func(a Audience) []*UnitResult { return w.results(t, Scope{Audience: a}).Units }
	for name, tc := range map[string]struct {
		change       func()
		full, public [2]bool // of u1 and u2: is it another result?
	}{
		"nothing":         {func() { w.refresh(t) }, [2]bool{}, [2]bool{}},
		"an answer":       {func() { w.answer(t, "u1", "4444444444444444-", "3333333333333333-") }, [2]bool{true, false}, [2]bool{true, false}},
		"an entry":        {func() { w.enter(t, "u2", "A", "40") }, [2]bool{false, true}, [2]bool{}},
		"another entry":   {func() { w.enter(t, "u2", "A", "41") }, [2]bool{false, true}, [2]bool{}},
		"a catalogue":     {func() { w.apply(t, "Unit dua", "Unit dua baru") }, [2]bool{true, true}, [2]bool{true, true}},
		"the same answer": {func() { w.store.revision++; w.refresh(t) }, [2]bool{}, [2]bool{}},
	} {
		full, public := units(Live), units(Public)
		tc.change()
		for i := range full {
			for audience, was := range map[Audience]*UnitResult{Live: full[i], Public: public[i]} {
				now, want := units(audience)[i], map[Audience][2]bool{Live: tc.full, Public: tc.public}[audience][i]
				if (now != was) != want || (now.Serial != was.Serial) != want {
					t.Errorf("%s: audience %d, unit %s: another result %v, another serial %v; want %v", name, audience, now.Unit, now != was, now.Serial != was.Serial, want)
				}
			}
		}
	}
}

// What two audiences see of the same answers is computed once.
func TestAudiencesShareWhatIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	for _, rows := range [][]string{{"4444444444444444-"}, {"4444444444444444-", "3333333333333333-"}} {
		w.answer(t, "u1", rows...)
		w.release(t, "u1", false, rows...)
		managed, public := w.results(t, Scope{Audience: Managed}), w.results(t, Scope{Audience: Public})
		if managed.Units[0].Indexes[analytics.IKM] != public.Units[0].Indexes[analytics.IKM] || managed.City != public.City || managed.Agencies[0] != public.Agencies[0] {
			t.Error("computed twice")
		}
	}
}

func TestAScopeHoldsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.apply(t, "periods:", "  - {code: b, name: Dinas B, units: [{code: u3, name: Unit tiga}, {code: u4, name: Unit empat}]}\n  - {code: c, name: Dinas C, units: [{code: u5, name: Unit lima}]}\nperiods:")
	w.apply(t, "instrument: skm-9,", "instrument: skm-9, units: [u1, u2, u3],")
	w.answer(t, "u1", "444444444")
	w.answer(t, "u3", "222222222", "222222222")
	for _, s := range []Scope{{Agency: "a", Unit: "u3"}, {Agency: "b", Unit: "u1"}, {Agency: "x", Unit: "u1"}} {
		s.Period = "p"
		if _, err := w.builder.Figures().View(s); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("%+v: err = %v, want NotFound", s, err)
		}
	}
	for _, tc := range []struct {
		scope           Scope
		units, agencies string
		valid           int64 // of the city, or else of the one agency; 0 where there is neither
	}{
		{Scope{Audience: Live}, "u1 u2 u3", "a b", 3},
		{Scope{Audience: Live, Agency: "a"}, "u1 u2", "a", 1},
		{Scope{Audience: Live, Agency: "b"}, "u3", "b", 2},
		{Scope{Audience: Live, Agency: "c"}, "", "", 0},
		{Scope{Audience: Live, Unit: "u3"}, "u3", "", 0},
		{Scope{Audience: Live, Agency: "b", Unit: "u3"}, "u3", "", 0},
		{Scope{Audience: Live, Unit: "u4"}, "", "", 0}, // takes no part
	} {
		for _, explain := range []bool{false, true} {
			tc.scope.Explain = explain
			r := w.results(t, tc.scope)
			units, agencies, valid := []string{}, []string{}, int64(0)
			for _, u := range r.Units {
				units = append(units, u.Unit)
				if x := u.Indexes[analytics.IKM]; x != nil && (x.Explanation != nil) != explain {
					t.Errorf("%+v: unit %s is explained, or not", tc.scope, u.Unit)
				}
			}
			for _, a := range r.Agencies {
				agencies = append(agencies, a.Agency)
				valid = a.Responses.Valid
				if (a.Indexes[analytics.IKM].Explanation != nil) != explain {
					t.Errorf("%+v: agency %s is explained, or not", tc.scope, a.Agency)
				}
			}
			if (r.City != nil) != (tc.scope.Agency == "" && tc.scope.Unit == "") {
				t.Errorf("%+v: city %+v", tc.scope, r.City)
			}
			text, err := r.AppendJSON(nil)
			var members map[string]json.RawMessage
			if err != nil || json.Unmarshal(text, &members) != nil || (members["city"] != nil) != (r.City != nil) || (members["agencies"] != nil) != (r.Agencies != nil) {
				t.Errorf("%+v: %v, %s", tc.scope, err, text)
			}
			if r.City != nil {
				valid = r.City.Responses.Valid
				if (r.City.Indexes[analytics.IKM].Explanation != nil) != explain {
					t.Errorf("%+v: the city is explained, or not", tc.scope)
				}
			}
			if strings.Join(units, " ") != tc.units || strings.Join(agencies, " ") != tc.agencies || valid != tc.valid {
				t.Errorf("%+v: units %v, agencies %v, %d answers", tc.scope, units, agencies, valid)
			}
		}
	}
}

func TestEveryChangeShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.answer(t, "u1", "4444444444444444-")
	u := func() *UnitResult { return w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0] }
	w.answer(t, "u1", "4444444444444444-", "2222222222222222-")
	if x := u().Indexes[analytics.IKM]; x.N != 2 || x.Shown != "75.00" {
		t.Errorf("after an answer: %s of %d", x.Shown, x.N)
	}
	if city := w.results(t, Scope{Audience: Live}).City.Indexes[analytics.IKM]; city.Shown != "75.00" {
		t.Errorf("after an answer the city has %s", city.Shown)
	}
	for _, total := range []string{"40", "41.5"} {
		w.enter(t, "u1", "A", total)
		if e := u().Evaluation; e == nil || e.Pengungkit != total || u().LKE.Pengungkit == nil {
			t.Errorf("after the entry of %s: %+v", total, e)
		}
	}
	w.apply(t, "u1: 703", "u1: 2")
	if n := u().Sample.Population; n == nil || *n != 2 {
		t.Errorf("after a change of the population: %v", n)
	}
	w.apply(t, "methods: {}", "methods: {ikm: w0.11}")
	if m := u().Indexes[analytics.IKM].Method; m != "w0.11@1" {
		t.Errorf("after a change of the method: %s", m)
	}
}

// A stored entry that can't be read is no reason to hide what everybody sees.
func TestAViewThatCannotBeMadeTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.answer(t, "u1", "4444444444444444-")
	for _, e := range []analytics.Evaluation{{Pengungkit: "many"}, {Achievement: "?"}} {
		e.Period, e.Unit, e.Version = "p", "u1", 1
		w.store.evaluations = []analytics.Evaluation{e}
		w.store.revision++
		if err := w.builder.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "u1") {
			t.Errorf("err = %v, want one that names the unit", err)
		}
	}
	w.store.revision++
	_, full := w.builder.Figures().Results(Scope{Audience: Live, Period: "p"})
	public, err := w.builder.Figures().Results(Scope{Period: "p", Audience: Public})
	if full == nil || err != nil || public.Units[0].Responses.Valid != 1 {
		t.Errorf("full: %v; public: %v", full, err)
	}
	w.enter(t, "u1", "A", "40")
	if w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].Evaluation == nil {
		t.Error("it isn't mended by a good entry")
	}
}

// An answer to another form may have been on its way when the period's form was
// declared: the figures are those of its form, and who runs the service is told
// as long as there are others.
func TestAnswersToAnotherFormAreLeftOutAndTold(t *testing.T) {
	t.Parallel()
	other := newWorld(t, "skm-9", "{}")
	w := newWorld(t, "terpadu-16", "{}")
	for _, unit := range []string{"u1", "u2"} {
		w.store.stored[analytics.Key{Period: "p", Unit: unit, Form: "skm-9@2", Level: analytics.LevelPeriod}] = other.tally(t, "444444444")
	}
	w.store.stored[analytics.Key{Period: "p", Unit: "u1", Form: "terpadu-16@2", Level: analytics.LevelPeriod}] = w.tally(t, "3333333333333333-")
	w.store.revision++
	for range 2 { // while it lasts, not only once
		if err := w.builder.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "period p: 2 answers are to the form skm-9@2") {
			t.Errorf("err = %v, want one that tells how many answers there are and to what", err)
		}
	}
	f := w.builder.Figures()
	results, err := f.Results(Scope{Audience: Live, Period: "p"})
	if err != nil {
		t.Fatal(err)
	}
	if got := []int64{f.Answers(), results.City.Responses.Valid, results.Units[0].Responses.Valid, results.Units[1].Responses.Valid}; !slices.Equal(got, []int64{1, 1, 1, 0}) {
		t.Errorf("city and units have %v answers", got)
	}
	if f.Totals("p", "u1") == nil || f.Totals("p", "u2") != nil {
		t.Error("the totals are of another form")
	}
}

// Pages are kept by the serial of their view: it stays until something else is shown.
func TestNothingIsMadeAnewForTheTimeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	end := w.directory.Catalogue().Periods[0].End(w.directory.Zone())
	var now time.Time
	w.builder.maker.now = func() time.Time { return now }
	serial := func() uint64 {
		t.Helper()
		w.refresh(t)
		v, err := w.builder.Figures().View(Scope{Period: "p"})
		if err != nil {
			t.Fatal(err)
		}
		return v.Serial
	}
	for _, now = range []time.Time{end.AddDate(0, -1, 0), end, end.AddDate(0, 1, 0)} {
		first := serial()
		now = now.Add(time.Minute)
		if again := serial(); again != first {
			t.Errorf("at %s all is made anew a minute later", now)
		}
	}
}
