package projection

import (
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

// A city that asks for more people to hide among than before asks it of what comes: what
// was released stays, each later release differs from all before it by as many as are
// asked for when it is made, and a recount holds each to its own number.
func TestWhoRaisesLeastRaisesItForWhatComes(t *testing.T) {
	t.Parallel()
	shared := newUnit(t, "skm-9@1")
	rapid.Check(t, func(t *rapid.T) {
		u := &unitOfOne{forms: shared.forms, form: shared.form, clock: shared.clock, most: mostAdded}
		steps := rapid.IntRange(2, 7).Draw(t, "steps")
		for s := range steps {
			least := rapid.IntRange(5, 20).Draw(t, "least")
			for i, n := range rapid.SliceOfN(rapid.IntRange(0, 40), 2, 2).Draw(t, "answers") {
				gap := rapid.IntRange(0, 8).Draw(t, "gap")
				for j := range n {
					values := u.all(1 + j%4)
					if j%3 == 0 {
						values[gap] = 0
					}
					u.answer([]survey.Mode{survey.ModeKiosk, survey.ModePaper}[i], values...)
				}
			}
			if u.release(t, least, s == steps-1) == nil {
				continue
			}
			for kind := range survey.KindCount {
				cohorts := []map[int]bool{{}}
				for _, r := range u.releases {
					cohorts = append(cohorts, u.cohort(r, kind))
				}
				now, last := cohorts[len(cohorts)-1], cohorts[len(cohorts)-2]
				for _, old := range cohorts[:len(cohorts)-1] {
					if more := len(now) - len(old); len(now) > len(last) && more < least {
						t.Fatalf("%d people more of kind %d, want %d", more, kind, least)
					}
				}
			}
		}
		u.verified(t)
	})
}

// What a raised number costs: of each kind the newest answers that were left for the
// final release to add are too few for it, unless more come.
func TestWhatWasLeftForTheFinalMayBeTooFewForARaisedLeast(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		more int
		held int64
	}{{0, 20}, {1, 20}, {2, 32}} {
		u := newUnit(t, "skm-9@1")
		for range 30 {
			u.answer(survey.ModeQR, u.all(2)...)
		}
		u.release(t, 10, false)
		if u.newest().total() != 20 || u.release(t, 12, false) != nil {
			t.Fatalf("%d answers are released, or others by raising the number alone", u.newest().total())
		}
		for range tc.more {
			u.answer(survey.ModeQR, u.all(3)...)
		}
		if r := u.release(t, 12, true); r.total() != tc.held || !r.Final {
			t.Errorf("with %d more the final holds %d, want %d", tc.more, r.total(), tc.held)
		}
	}
}
