package projection

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"persepsi/survey"
)

// ownInstrument has aspects of one, two and three questions, some of which are not asked
// of everybody, and an index of one aspect of two.
const ownInstrument = `
city: {name: Kota}
instruments:
  - code: taman
    version: 1
    title: Survei taman
    questions:
      - {code: a, text: Tanya, options: [A, B, C, D]}
      - {code: b1, text: Tanya, options: [A, B, C, D]}
      - {code: b2, text: Tanya, options: [A, B, C, D]}
      - {code: c1, text: Tanya, options: [A, B, C, D]}
      - {code: c2, text: Tanya, options: [A, B, C, D]}
      - {code: c3, text: Tanya, options: [A, B, C, D]}
    respondent: [sex]
    indexes:
      - code: taman
        name: Indeks Taman
        aspects:
          - {code: a, name: A, questions: [a]}
          - {code: b, name: B, questions: [b1, b2]}
          - {code: c, name: C, questions: [c1, c2, c3]}
      - {code: teduh, name: Indeks Teduh, aspects: [{code: b, name: B, questions: [b1, b2]}]}
periods: [{code: p, from: 2026-01-01, to: 2026-06-30, instrument: taman}]
`

// newOwnUnit returns a unit that a city's own instrument is asked in.
func newOwnUnit(t *testing.T) *unitOfOne {
	t.Helper()
	u := newUnit(t, "skm-9@1")
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	applied, err := survey.Apply(new(survey.Catalogue), []byte(ownInstrument), u.forms, methods, nil, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.forms.Learn(applied.Catalogue); err != nil {
		t.Fatal(err)
	}
	if u.form, err = u.forms.FormByID("taman@1"); err != nil {
		t.Fatal(err)
	}
	return u
}

// The number of respondents that stands beside an index goes by the aspects that anybody
// answered, and by whole aspects where these have several questions. It moves by nobody
// or by as many as nobody is told among, and so does that of those who answered any of
// its questions, whatever is left out, declined, asked of nobody for a while, or undone.
func TestNoNumberOfRespondentsMovesByFew(t *testing.T) {
	t.Parallel()
	own, nine := newOwnUnit(t), newUnit(t, "spak-5@2")
	for _, shared := range []*unitOfOne{own, nine} {
		t.Run(shared.form.ID, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				u := &unitOfOne{forms: shared.forms, form: shared.form, clock: shared.clock, most: mostAdded}
				questions := len(u.form.Questions)
				least := rapid.IntRange(5, 12).Draw(t, "least")
				steps := rapid.IntRange(1, 8).Draw(t, "steps")
				for s := range steps {
					asked := rapid.SliceOfN(rapid.IntRange(0, 3), questions, questions).Draw(t, "asked")
					gaps := rapid.IntRange(0, 4).Draw(t, "gaps")
					n := rapid.IntRange(0, 30).Draw(t, "answers")
					drawn := rapid.SliceOfN(rapid.IntRange(0, 39), n*questions, n*questions).Draw(t, "values")
					modes := rapid.SliceOfN(rapid.SampledFrom([]survey.Mode{survey.ModeQR, survey.ModeKiosk, survey.ModePaper}), n, n).Draw(t, "modes")
					for i := range n {
						values := drawn[i*questions : (i+1)*questions]
						for q, v := range values {
							switch {
							case asked[q] == 0 || v%10 < gaps && v >= 20:
								values[q] = 0
							case v%10 < gaps:
								values[q] = survey.Declined
							default:
								values[q] = v%4 + 1
							}
						}
						u.answer(modes[i], values...)
					}
					if rapid.IntRange(0, 3).Draw(t, "undo") == 0 {
						from := rapid.IntRange(0, len(u.answers)).Draw(t, "from")
						u.undo(u.answers[from:min(len(u.answers), from+rapid.IntRange(0, 40).Draw(t, "undone"))]...)
					}
					if u.release(t, least, s == steps-1) != nil {
						u.checkRespondents(t, least)
					}
				}
				u.verified(t)
			})
		})
	}
}

// checkRespondents looks at the numbers of respondents of each index that the releases of
// a unit tell.
func (u *unitOfOne) checkRespondents(t *rapid.T, least int) {
	now := u.newest()
	tally := now.tally(t, u)
	for i := range u.form.Indexes {
		positions := u.form.Indexes[i].Positions
		some, full := tally.Respondents(i)
		for kind := range survey.KindCount {
			some -= int64(len(u.respondents(now, kind, [][]int{slices.Concat(positions...)})))
			full -= int64(len(u.respondents(now, kind, u.answered(now, i))))
		}
		if some != 0 || full != 0 {
			t.Fatalf("index %d: the release tells of %d people more who answered something, and %d who answered all", i, some, full)
		}
		for kind := range survey.KindCount {
			of := u.answered(now, i)
			u.checkMoves(t, fmt.Sprintf("index %d of kind %d: all aspects", i, kind), least, func(r *Release) map[int]bool {
				if !slices.EqualFunc(u.answered(r, i), of, slices.Equal[[]int]) {
					return nil // of other aspects: another number
				}
				return u.respondents(r, kind, of)
			})
			u.checkMoves(t, fmt.Sprintf("index %d of kind %d: something", i, kind), least, func(r *Release) map[int]bool {
				return u.respondents(r, kind, [][]int{slices.Concat(positions...)})
			})
		}
	}
}

// answered returns the questions of those aspects of an index that a release has answers
// to, aspect by aspect.
func (u *unitOfOne) answered(r *Release, index int) (out [][]int) {
	for _, positions := range u.form.Indexes[index].Positions {
		if slices.ContainsFunc(u.answers, func(a heldAnswer) bool {
			return slices.ContainsFunc(positions, func(q int) bool { return u.said(&a, q) > 0 && u.counts(r, &a, q) })
		}) {
			out = append(out, positions)
		}
	}
	return out
}

// respondents returns the places of the answers of a kind of which a release counts
// something of each of some groups of questions; none where there are no groups.
func (u *unitOfOne) respondents(r *Release, kind survey.Kind, groups [][]int) map[int]bool {
	out := map[int]bool{}
	for i := range u.answers {
		a := &u.answers[i]
		if len(groups) > 0 && a.Mode.Kind() == kind && !slices.ContainsFunc(groups, func(group []int) bool {
			return !slices.ContainsFunc(group, func(q int) bool { return u.said(a, q) > 0 && u.counts(r, a, q) })
		}) {
			out[i] = true
		}
	}
	return out
}

// checkMoves compares who is in a number of the newest release with who was in that of
// each earlier one, and with nobody. of returns nil where a release tells another number.
func (u *unitOfOne) checkMoves(t *rapid.T, what string, least int, of func(r *Release) map[int]bool) {
	now := of(u.newest())
	for i, r := range append([]*Release{nil}, u.releases[:len(u.releases)-1]...) {
		old := map[int]bool{}
		if r != nil {
			if old = of(r); old == nil {
				continue
			}
		}
		came, went := 0, 0
		for person := range now {
			if !old[person] {
				came++
			}
		}
		for person := range old {
			if !now[person] {
				went++
			}
		}
		if came > 0 && came < least || went > 0 && went < least && came < least {
			t.Fatalf("%s: %d people came and %d went since release %d of %d", what, came, went, i, len(u.releases))
		}
	}
}

// All decline one question, and of nineteen more each other question has ten answers: one
// of them alone answered all that anybody answered, so that a question waits.
func TestTheNumberOfRespondentsWaitsWithItsQuestion(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "spak-5@2")
	u.clock = time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC)
	ask := func(n int, without ...int) {
		for range n {
			values := u.all(3)
			for _, q := range without {
				values[q] = survey.Declined
			}
			u.answer(survey.ModeQR, values...)
		}
	}
	ask(20, 0)
	u.release(t, 10, true)
	ask(9, 0, 1)
	ask(9, 0, 2)
	ask(1, 0)
	u.release(t, 10, true)
	full := func() int64 {
		_, n := u.newest().tally(t, u).Respondents(0)
		return n
	}
	if n := full(); n != 20 {
		t.Errorf("n is %d, want 20: one person more answered all that anybody answered", n)
	}
	ask(10, 0)
	u.release(t, 10, true)
	if n := full(); n != 31 {
		t.Errorf("n is %d, want 31", n)
	}
}

// Where the only ones who answered a question leave, those count as having answered all
// who lack it alone: nobody leaves while they are few.
func TestAQuestionIsNotLeftByAllWhereFewLackItAlone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lack int // people who answered all but the question
		n    int64
	}{
		"six":  {6, 0},
		"ten":  {10, 10},
		"none": {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUnit(t, "spak-5@2")
			ask := func(n int, values ...int) {
				for range n {
					u.answer(survey.ModePaper, values...)
					u.answers[len(u.answers)-1].Respondent = ""
				}
			}
			ask(12, 0, 0, 0, 0, 3)
			ask(10, 3, 0, 3, 3, 0)
			ask(10, 0, 3, 3, 3, 0)
			ask(tc.lack, 3, 3, 3, 3, 0)
			u.release(t, 10, true)
			u.undo(u.answers[:12]...)
			u.release(t, 10, true)
			if _, n := u.newest().tally(t, u).Respondents(0); n != tc.n {
				t.Errorf("n is %d, want %d", n, tc.n)
			}
		})
	}
}
