package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/survey"
)

func times(n int, answers string) []string {
	return strings.Split(strings.Repeat(answers+" ", n), " ")[:n]
}

func ikm(x map[string]*analytics.Index) string {
	if x[analytics.IKM] == nil {
		return "none"
	}
	return x[analytics.IKM].Shown
}

// Only evaluators see figures of every answer; what was released at the close is
// the figure of everybody.
func TestWhoSeesWhichFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	const high, low = "4444444444444444-", "1111111111111111-"
	check := func(what string, live, released string, counted int64) {
		t.Helper()
		for audience, want := range map[Audience]string{Live: live, Managed: released, Public: released} {
			r := w.results(t, Scope{Audience: audience})
			u := r.Units[0]
			if got := ikm(u.Indexes); got != want || ikm(r.City.Indexes) != want || ikm(r.Agencies[0].Indexes) != want {
				t.Errorf("%s: audience %d sees %s, of the city %s, want %s", what, audience, got, ikm(r.City.Indexes), want)
			}
			if u.Responses.Valid != 25 || r.City.Responses.Valid != 25 {
				t.Errorf("%s: audience %d is told of %d answers, of the city's %d, want 25", what, audience, u.Responses.Valid, r.City.Responses.Valid)
			}
			if audience == Live && counted != 20 && r.City.Responses.Counted != nil {
				t.Errorf("%s: evaluators are told that %v of the city's answers are counted, of which all are", what, *r.City.Responses.Counted)
			}
			if audience == Live && counted == 20 && (*u.Responses.Counted != 20 || *r.City.Responses.Counted != 20) {
				t.Errorf("%s: evaluators are not told that %d of 25 answers are counted", what, counted)
			}
			if audience != Live && (u.Responses.Counted == nil || *u.Responses.Counted != counted || *r.City.Responses.Counted != counted) {
				t.Errorf("%s: audience %d: counted are %v, want %d", what, audience, u.Responses.Counted, counted)
			}
			if (r.State == "live") != (audience == Live) || (u.Signals != nil) != (audience == Live) {
				t.Errorf("%s: audience %d: state %s, signals %v", what, audience, r.State, u.Signals)
			}
			if want == "none" && (u.Indexes != nil || u.ShownLKE != nil || u.Withheld == "") || want != "none" && (u.ShownLKE == nil || u.Withheld != "") {
				t.Errorf("%s: audience %d: withheld %q, indexes %v, LKE %v", what, audience, u.Withheld, u.Indexes, u.ShownLKE)
			}
		}
	}
	w.answer(t, "u1", append(times(15, high), times(10, low)...)...)
	check("nothing is released", "70.00", "none", 0)
	w.release(t, "u1", false, times(15, high)...)
	check("fifteen are released", "70.00", "100.00", 15)
	w.release(t, "u1", true, append(times(15, high), times(5, low)...)...)
	check("the period is closed", "81.25", "81.25", 20)
	w.release(t, "u1", true, append(times(15, high), times(10, low)...)...)
	check("all are released", "70.00", "70.00", 25)
}

// Whoever forgets to say who reads shows what everybody may see.
func TestWhoeverIsNotNamedIsThePublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	w.enter(t, "u1", "A", "40")
	if r := w.results(t, Scope{}); r.State != "released" || r.Units[0].Indexes != nil || r.Units[0].Evaluation != nil {
		t.Errorf("state %s, indexes %v, entry %v", r.State, r.Units[0].Indexes, r.Units[0].Evaluation)
	}
}

func TestWhyFiguresAreWithheld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	w.builder.maker.now = func() time.Time { return now }
	for n, want := range []string{"fewer_than_10", "fewer_than_10", 9: "fewer_than_10", 10: "not_yet", 19: "not_yet"} {
		if want == "" {
			continue
		}
		w.answer(t, "u1", times(n, "444444444")...)
		if got := w.results(t, Scope{Audience: Public}).Units[0].Withheld; got != want {
			t.Errorf("of %d answers: %s, want %s", n, got, want)
		}
	}
	end := w.directory.Catalogue().Periods[0].End(w.directory.Zone())
	is := func(what, want string) {
		t.Helper()
		w.refresh(t) // nothing but the time is another
		if got := w.results(t, Scope{Audience: Public}).Units[0].Withheld; got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	now = end.Add(-1)
	is("at the last moment", "not_yet")
	now = end
	is("within the grace", "closing")
	now = now.AddDate(1, 0, 0)
	is("after the close, before the final release", "closing")
	w.answer(t, "u1", times(10, "444444444")...)
	is("just enough answers, after the close", "closing")
	w.release(t, "u1", false)
	is("all that was released was taken out and brought again, while the period ran", "closing")
	w.release(t, "u1", true)
	is("all that was final was taken out and brought again", "brought_again")
	w.store.released["u1"].Tally = newWorld(t, "spak-5", "{}").tally(t, times(10, "44444")...)
	w.store.revision++
	is("what is final is of another form", "closing")
}

// Enough answers of a kind are enough, not of both together.
func TestFewOfEachKindStayWithheldAfterTheClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	end := w.directory.Catalogue().Periods[0].End(w.directory.Zone())
	now := end
	w.builder.maker.now = func() time.Time { return now }
	both := w.tally(t, times(9, "444444444")...)
	answers := survey.MakeMarks(slices.Repeat([]int{1}, len(both.Form().Questions)))
	told := survey.MakeMarks(make([]int, len(both.Form().Fields)))
	for range 9 {
		if err := both.Add(&survey.Response{Form: both.Form().ID, Mode: survey.ModeQR, Answers: answers, Respondent: told}); err != nil {
			t.Fatal(err)
		}
	}
	w.store.stored[analytics.Key{Period: "p", Unit: "u1", Form: both.Form().ID, Level: analytics.LevelPeriod}] = both
	w.store.revision++
	w.refresh(t)
	for _, tc := range []struct {
		moment time.Time
		want   string
	}{{end, "not_yet"}, {end.Add(survey.Grace), "not_yet"}, {end.Add(survey.Grace + 1), "fewer_than_10"}} {
		now = tc.moment
		w.refresh(t) // nothing but the time is another
		if got := w.results(t, Scope{Audience: Public}).Units[0].Withheld; got != tc.want {
			t.Errorf("%s: %s, want %s", tc.moment, got, tc.want)
		}
	}
}

// Sums, reliability and the unscored questions tell more than an index.
func TestReleasedFiguresHaveNoSums(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	rows := append(times(15, "4434444443444344-"), times(4, "2434434443244344-")...)
	rows = append(rows, times(2, "2434434443244340-")...)
	w.answer(t, "u1", rows...)
	for _, final := range []bool{false, true} { // of a running period, and of a closed one
		w.release(t, "u1", final, rows...)
		checkSums(t, w)
	}
}

func checkSums(t *testing.T, w *world) {
	t.Helper()
	for audience, want := range map[Audience]bool{Live: true, Managed: false, Public: false} {
		text, err := w.results(t, Scope{Audience: audience, Explain: true}).AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		unit, city, _ := strings.Cut(string(text), `"agencies":`)
		for _, word := range []string{`"sum"`, `"alpha"`, `"item_total"`, `"signals"`, `"declined"`, ` / 21 →`} {
			if got := strings.Contains(unit, word); got != want {
				t.Errorf("audience %d: %s is told of the unit: %v, want %v", audience, word, got, want)
			}
		}
		for _, word := range []string{`"sum"`, `"declined":2`} {
			if got := strings.Contains(city, word); got != want {
				t.Errorf("audience %d: %s is told of agency and city: %v, want %v", audience, word, got, want)
			}
		}
		var out struct {
			State string
			AsOf  *time.Time `json:"as_of"`
		}
		if err := json.Unmarshal(text, &out); err != nil || out.AsOf == nil {
			t.Errorf("audience %d: %+v, %v", audience, out, err)
		}
	}
}

func TestResultsAreDatedByTheNewestRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(30, "444444444")...)
	w.answer(t, "u2", times(30, "444444444")...)
	w.release(t, "u1", false, times(10, "444444444")...)
	w.release(t, "u1", false, times(20, "444444444")...)
	w.release(t, "u2", false, times(10, "444444444")...)
	r := w.results(t, Scope{Audience: Public})
	if got := r.AsOf.Day(); got != 2 || r.Units[1].AsOf.Day() != 1 {
		t.Errorf("the city's figures are as of day %d, the second unit's of %d", got, r.Units[1].AsOf.Day())
	}
	for range 2 { // it is the last unit's now
		w.release(t, "u2", true, times(20, "444444444")...)
	}
	if r = w.results(t, Scope{Audience: Public}); r.AsOf.Day() != 3 || r.Units[0].AsOf.Day() != 2 {
		t.Errorf("the city's figures are as of day %d, the first unit's of %d", r.AsOf.Day(), r.Units[0].AsOf.Day())
	}
	w.builder.now = func() time.Time { return time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC) } // behind who released
	w.refresh(t)
	w.answer(t, "u1", times(31, "444444444")...)
	if live := w.results(t, Scope{Audience: Live}); !live.AsOf.Equal(live.GeneratedAt) || live.Units[1].AsOf.Day() != 3 {
		t.Errorf("live figures are as of %s, made at %s", live.AsOf, live.GeneratedAt)
	}
}

func TestAReleaseOfAnotherFormShowsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	w.release(t, "u1", false, times(10, "444444444")...)
	w.text = strings.Replace(w.text, "instrument: skm-9,", "instrument: spak-5,", 1)
	w.declare(t, w.directory.Library())
	if err := w.builder.Rebuild(); err == nil || !strings.Contains(err.Error(), "answers are to the form") {
		t.Errorf("err = %v, want one that tells of the answers that are left out", err)
	}
	if u := w.results(t, Scope{Audience: Public}).Units[0]; u.Indexes != nil || u.Withheld == "" {
		t.Errorf("withheld %q, indexes %v", u.Withheld, u.Indexes)
	}
}

// A count goes on, the figure doesn't.
func TestTheCountOfAnswersIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", times(20, "444444444")...)
	w.release(t, "u1", false, times(10, "444444444")...)
	before := w.results(t, Scope{Audience: Public})
	w.answer(t, "u1", append(times(20, "444444444"), "111111111")...)
	after := w.results(t, Scope{Audience: Public})
	if after.Units[0].Responses.Valid != 21 || after.City.Responses.Valid != 21 {
		t.Errorf("%d answers, of the city %d, want 21", after.Units[0].Responses.Valid, after.City.Responses.Valid)
	}
	if before.Units[0].Indexes[analytics.IKM] != after.Units[0].Indexes[analytics.IKM] {
		t.Error("the index is another one")
	}
}

// What too few people answered is not there, and nobody is told whether there were any.
func TestWhatTooFewAnsweredIsWithheld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", append(times(27, "44-444444"), times(3, "441444444")...)...)
	w.release(t, "u1", true, times(30, "44-444444")...)
	u := w.results(t, Scope{Audience: Public}).Units[0]
	for i, a := range u.Indexes[analytics.IKM].Aspects {
		if a.Withheld != (i == 2) {
			t.Errorf("aspect %s: withheld %v", a.Code, a.Withheld)
		}
	}
	if !u.SomeWithheld() {
		t.Error("the unit tells of nothing that is withheld")
	}
	w.answer(t, "u2", times(30, "44-444444")...)
	w.release(t, "u2", true, times(30, "44-444444")...)
	none := w.results(t, Scope{Audience: Public}).Units[1]
	if diff := cmp.Diff(u.Indexes[analytics.IKM].Aspects, none.Indexes[analytics.IKM].Aspects, cmp.Comparer(func(a, b analytics.Ratio) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("what three people answered is told unlike what nobody answered: %s", diff)
	}
}

func TestADamagedReleaseIsNotTakenForTooFewAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.store.damaged = map[string]bool{"u1": true}
	w.answer(t, "u1", times(30, "444444444")...)
	w.answer(t, "u2", times(3, "444444444")...)
	r := w.results(t, Scope{Audience: Public})
	if r.Units[0].Withheld != "damaged" || r.Units[1].Withheld != "fewer_than_10" {
		t.Errorf("withheld: %q, %q", r.Units[0].Withheld, r.Units[1].Withheld)
	}
}
