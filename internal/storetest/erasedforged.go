package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// forging tells of a unit's newest release something else than is stored.
type forging struct {
	Store
	unit     string
	forge    func(r *projection.Release)
	unsealed bool // it tells of no seal either
}

func (s *forging) Seal(ctx context.Context, period string) (*survey.Seal, error) {
	if s.unsealed {
		return nil, nil //nolint:nilnil // there is none
	}
	return s.Store.Seal(ctx, period)
}

func (s *forging) Releases(ctx context.Context, period, unit string, from int, fn func(projection.StoredRelease) error) error {
	newest, err := s.NewestReleases(ctx, period)
	if err != nil {
		return err
	}
	return s.Store.Releases(ctx, period, unit, from, func(r projection.StoredRelease) error {
		if unit != s.unit || r.Serial != newest[unit] {
			return fn(r)
		}
		of := new(projection.Release)
		if err := json.Unmarshal(r.Body, of); err != nil {
			return err
		}
		s.forge(of)
		if r.Body, err = json.Marshal(of); err != nil {
			return err
		}
		sum := sha256.Sum256(r.Body)
		r.Checksum = hex.EncodeToString(sum[:])
		return fn(r)
	})
}

// erasedForged forges figures of an erased period: what the answers tell still is
// compared as ever.
func erasedForged(t *testing.T, e Engine) {
	x := expiredCity(t, e)
	x.erase(t)
	lib, form := Library(t), x.directory.Form("2026-s1")
	again := func(tally []byte, change func(*survey.Response)) []byte { // with one answer more
		old, err := analytics.DecodeTally(lib, tally)
		if err != nil {
			t.Fatal(err)
		}
		r := NewMaker(t, 85).Batch(1)[0]
		change(r)
		if err := old.Add(r); err != nil {
			t.Fatal(err)
		}
		return old.Encode()
	}
	for _, tc := range []struct {
		name  string
		wrong int // without a seal
		forge func(r *projection.Release)
	}{
		{"nothing", 0, func(*projection.Release) {}},
		{"totals", 1, func(r *projection.Release) { r.Totals[len(r.Totals)-1] ^= 1 }},
		{"whole answers", 1, func(r *projection.Release) { r.Whole[len(r.Whole)-1] ^= 1 }},
		{"how many it holds", 1, func(r *projection.Release) { r.Held[survey.KindCitizen]++ }},
		{"up to when a question is counted", 1, func(r *projection.Release) { r.Through[survey.KindCitizen][0]-- }},
		{"fewer respondents", 1, func(r *projection.Release) { r.People[0][slices.Index(r.People[0], slices.Max(r.People[0]))]-- }},
		{"more respondents", 1, func(r *projection.Release) { r.People[0][1] += 40 }},
		{"other whole respondents", 1, func(r *projection.Release) { r.WholePeople[0][1]++ }},
		{"respondents below none", 1, func(r *projection.Release) {
			r.WholePeople[0][0] -= 1000
			r.WholePeople[0][1] += 1000
		}},
		{"who was removed", 1, func(r *projection.Release) {
			r.Removed = append(r.Removed, projection.Partial{Serial: 1, IDs: r.Added[0].IDs[:16]})
		}},
		{"no tables", 1, func(r *projection.Release) { r.Tables = nil }},
		{"tables of one more", 1, func(r *projection.Release) {
			r.Tables.Tally = again(r.Tables.Tally, func(a *survey.Response) { a.Service = "" })
		}},
		{"tables that nobody can read", 1, func(r *projection.Release) { r.Tables.Tally = []byte("x") }},
		{"who told something of themselves", 0, func(r *projection.Release) {
			most := slices.Index(r.People[0], slices.Max(r.People[0]))
			r.People[0][most]--
			r.People[0][(most+1)%len(r.People[0])]++
		}},
		{"which cells may be shown", 0, func(r *projection.Release) {
			r.Tables.Shown = append(r.Tables.Shown, analytics.ShownCells{By: "sex", Codes: []string{"L"}})
		}},
		{"when it was made", 0, func(r *projection.Release) { r.At = r.At.Add(time.Second) }},
		{"tables of another rule", 1, func(r *projection.Release) { r.Tables.Version++ }},
	} {
		p := projection.New(&forging{x.Store, "unit-0", tc.forge, true}, lib)
		if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != tc.wrong {
			t.Errorf("%s: wrong are %q, err = %v", tc.name, v.Wrong, err)
		}
		wrong := 1
		if tc.name == "nothing" {
			wrong = 0
		}
		p = projection.New(&forging{x.Store, "unit-0", tc.forge, false}, lib)
		if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != wrong {
			t.Errorf("%s, of a sealed period: wrong are %q, err = %v", tc.name, v.Wrong, err)
		}
	}
	for _, unit := range []string{"unit-0", "unit-1"} { // one that has fewer releases, or none
		newest := func(n int) map[string]int { return map[string]int{unit: n} }
		for n := range 2 {
			p := projection.New(&shortened{x.Store, newest(n)}, lib)
			if v, err := p.Verify(t.Context(), "2026-s1", form); err != nil || len(v.Wrong) != 1 {
				t.Errorf("%d releases of %s are left: wrong are %q, err = %v", n, unit, v.Wrong, err)
			}
		}
	}

	// A tally that can be read, and tells of others than were stored.
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: form.ID, Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	old, err := x.Tally(t.Context(), day)
	if err != nil || old == nil {
		t.Fatal(old, err)
	}
	forged := again(old.Encode(), func(*survey.Response) {})
	e.Spoil(t, x.Store, day, forged)
	x.doubts(t, "a tally of one more", day)
	if got, err := x.Tally(t.Context(), day); err != nil || !bytes.Equal(got.Encode(), forged) {
		t.Errorf("a tally that contradicts its answers was changed, err = %v", err)
	}
	e.Spoil(t, x.Store, day, old.Encode())
	x.sound(t, "as it was")

	// Nor does it lose a cell where another process counts who comes late to that day.
	told := func(k analytics.Key) string {
		t.Helper()
		got, err := x.Tally(t.Context(), k)
		if err != nil || got == nil || !got.TellsRespondents() {
			t.Fatalf("%+v tells nothing, err = %v", k, err)
		}
		return got.RespondentChecksum()
	}
	month, whole := told(day.Rollups()[0]), told(day.Rollups()[1])
	e.Spoil(t, x.Store, day, forged)
	one := told(day)
	other := handle(t, x.open)
	late := NewMaker(t, 86).Response()
	late.Unit, late.Day = day.Unit, day.Start
	mustAppend(t, other, []*survey.Response{late})
	mustSettle(t, other)
	x.doubts(t, "with a late answer", day)
	if told(day) != one || told(day.Rollups()[0]) != month || told(day.Rollups()[1]) != whole {
		t.Error("what respondents told is another than before somebody came late")
	}
}

// doubts fails where a recount finds anything else than days that contradict their
// answers.
func (x *expired) doubts(t *testing.T, what string, days ...analytics.Key) {
	t.Helper()
	n, err := x.Recount(t.Context(), "")
	slices.SortFunc(n.Doubtful, analytics.Key.Compare)
	if err != nil || !slices.Equal(n.Doubtful, days) || n.Doubts != len(days) || n.Differing != len(days) || len(n.Mended) > 0 {
		t.Errorf("%s: recount = %+v, err = %v, want %v to be doubtful", what, n, err, days)
	}
}

// erasedAnswers forges and removes answers of an erased period. Whatever of it is made
// anew then, no cell by respondent field goes.
func erasedAnswers(t *testing.T, e Engine) {
	x := expiredCity(t, e)
	x.erase(t)
	before := x.kept(t)
	kept := func(what string) {
		t.Helper()
		if diff := cmp.Diff(before, x.kept(t)); diff != "" {
			t.Errorf("%s: tallies or releases are others (-want +got):\n%.2000s", what, diff)
		}
	}
	day := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: "terpadu-16@1", Level: analytics.LevelDay, Start: survey.NewDate(2026, 1, 2)}
	var of survey.Response
	if err := x.Responses(t.Context(), survey.Filter{Period: day.Period, Unit: day.Unit}, func(r *survey.Response) error {
		if r.Day == day.Start && r.Answers.At(0) > 0 {
			of = x.given[r.ID]
		}
		return nil
	}); err != nil || of.Answers == "" {
		t.Fatal(of, err)
	}
	values := make([]int, len(x.directory.Form(day.Period).Questions))
	for q := range values {
		values[q] = of.Answers.At(q)
	}
	for _, score := range []int{0, 1, 2, 3, 4} { // higher, lower, and none at all
		if values[0] = score; score == of.Answers.At(0) {
			continue
		}
		e.SpoilAnswers(t, x.Store, of.ID, survey.MakeMarks(values))
		x.doubts(t, fmt.Sprint("a score of ", score), day)
		if v := x.verify(t); len(v.Wrong) != 1 {
			t.Errorf("a score of %d: wrong are %q, want a release of the unit", score, v.Wrong)
		}
	}
	kept("forged answers")

	// What is above it is made anew only where nobody can read it.
	up := day.Rollups()
	e.Spoil(t, x.Store, up[0], []byte("x"))
	n, err := x.Recount(t.Context(), "")
	if err != nil || n.Differing != 2 || !slices.Equal(n.Mended, []analytics.Mended{{Key: up[0], Damaged: true}}) || !slices.Equal(n.Doubtful, []analytics.Key{day}) {
		t.Errorf("recount = %+v, err = %v, want the month made of its days", n, err)
	}
	kept("a damaged month")

	e.SpoilAnswers(t, x.Store, of.ID, of.Answers)
	x.sound(t, "as they were")

	day.Unit = "unit-1"
	for _, r := range x.given {
		if r.Unit == day.Unit && r.Day == day.Start {
			e.SpoilAnswers(t, x.Store, r.ID, "")
		}
	}
	x.doubts(t, "no answers", day)
	kept("removed answers")
	e.Spoil(t, x.Store, day, nil)
	x.doubts(t, "neither answers nor a tally", day)

	// And of a unit of which nothing is left but what is above its days, or nothing at all.
	doubtful := []analytics.Key{day}
	above := map[analytics.Key]bool{}
	if err := x.Docs(t.Context(), projection.Selection{}, func(k analytics.Key, _ projection.Doc) error {
		if k.Unit != "unit-2" {
			return nil
		}
		if k.Level == analytics.LevelDay {
			doubtful = append(doubtful, k)
		} else {
			above[k] = true
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, r := range x.given {
		if r.Unit == "unit-2" {
			e.SpoilAnswers(t, x.Store, r.ID, "")
		}
	}
	for _, k := range doubtful[1:] {
		e.Spoil(t, x.Store, k, nil)
	}
	slices.SortFunc(doubtful, analytics.Key.Compare)
	x.doubts(t, "no days", doubtful...)
	for k := range above {
		e.Spoil(t, x.Store, k, nil)
	}
	x.doubts(t, "nothing", doubtful...)
}
