package projection

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"persepsi/analytics"
	"persepsi/survey"
)

// Whatever comes, what a release tells of each kind and question, and of all
// questions of an index together, is of nobody more than any earlier one told, or
// of as many people as nobody is told among.
func TestNoTwoReleasesDifferByFew(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"skm-9@1", "terpadu-16@1"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			u := newUnit(t, form)
			lib, questions := u.forms, u.form
			rapid.Check(t, func(t *rapid.T) {
				u := &unitOfOne{forms: lib, form: questions, clock: time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC), most: mostAdded}
				least := rapid.IntRange(5, 12).Draw(t, "least")
				steps := rapid.IntRange(1, 9).Draw(t, "steps")
				for s := range steps {
					gaps := rapid.IntRange(0, 4).Draw(t, "gaps")
					n := rapid.IntRange(0, 40).Draw(t, "answers")
					values := rapid.SliceOfN(rapid.IntRange(0, 39), n*len(u.form.Questions), n*len(u.form.Questions)).Draw(t, "values")
					modes := rapid.SliceOfN(rapid.IntRange(0, int(survey.ModeCount)-1), n, n).Draw(t, "modes")
					for i := range n {
						answers := values[i*len(u.form.Questions) : (i+1)*len(u.form.Questions)]
						for q := range answers {
							if answers[q]%10 < gaps {
								answers[q] = 0
							} else {
								answers[q] = answers[q]%4 + 1
							}
						}
						u.answer(survey.Mode(modes[i]), answers...)
					}
					u.release(t, least, s == steps-1)
					u.check(t, least)
				}
			})
		})
	}
}

func (u *unitOfOne) check(t *rapid.T, least int) {
	now := u.newest()
	if now == nil {
		return
	}
	counted := u.counted(now)
	tally := now.tally(t, u)
	for q := range u.form.Questions {
		sum, n := tally.Question(q)
		wantSum, wantN := int64(0), int64(0)
		for kind := range counted {
			for _, value := range counted[kind][q] {
				wantSum += int64(value)
				wantN++
			}
		}
		if sum != wantSum || n != wantN {
			t.Fatalf("question %d: %d in %d answers, want %d in %d", q, sum, n, wantSum, wantN)
		}
	}
	for f := range u.form.Fields {
		people := make([]int64, len(u.form.Fields[f].Categories)+1)
		for _, a := range u.answers {
			switch {
			case a.serial == 0:
			case a.serial > now.Through[a.Mode.Kind()][len(u.form.Questions)+f]:
				people[0]++
			default:
				people[a.Respondent.At(f)]++
			}
		}
		if !slices.Equal(now.People[f], people) {
			t.Fatalf("field %d: %v people, want %v", f, now.People[f], people)
		}
	}
	if tally.Kinds() != now.Held {
		t.Fatalf("holds %v, counts %v", now.Held, tally.Kinds())
	}
	enough := func(what string, from, to int) {
		if d := to - from; d != 0 && d < least {
			t.Fatalf("%s: from %d to %d people", what, from, to)
		}
	}
	for _, old := range append([]*Release{nil}, u.releases[:len(u.releases)-1]...) {
		var before [survey.KindCount][]map[uuid.UUID]int
		var held [survey.KindCount]int64
		if old != nil {
			before, held = u.counted(old), old.Held
		}
		for kind := range counted {
			enough(fmt.Sprintf("kind %d", kind), int(held[kind]), int(now.Held[kind]))
			for q := range counted[kind] {
				n := 0
				if old != nil {
					n = len(before[kind][q])
				}
				enough(fmt.Sprintf("question %d of kind %d", q, kind), n, len(counted[kind][q]))
			}
			for f := range u.form.Fields {
				n := 0
				if old != nil {
					n = u.told(old, survey.Kind(kind), f)
				}
				enough(fmt.Sprintf("field %d of kind %d", f, kind), n, u.told(now, survey.Kind(kind), f))
			}
			for i := range u.form.Indexes {
				n := 0
				if old != nil {
					n = complete(&u.form.Indexes[i], before[kind])
				}
				enough(fmt.Sprintf("index %d of kind %d", i, kind), n, complete(&u.form.Indexes[i], counted[kind]))
			}
		}
	}
	for kind := range survey.KindCount {
		waiting := 0
		for _, a := range u.answers {
			if a.serial == 0 && a.Mode.Kind() == kind {
				waiting++
			}
		}
		switch {
		case now.Final && waiting >= least:
			t.Fatalf("the final leaves %d answers of kind %d", waiting, kind)
		case !now.Final && waiting > 0 && waiting < least && now.Held[kind] > 0:
			t.Fatalf("%d answers of kind %d can be in no later release", waiting, kind)
		}
	}
}

// told counts the respondents of a kind whose answers in a field a release
// counts.
func (u *unitOfOne) told(r *Release, kind survey.Kind, field int) (n int) {
	for _, a := range u.answers {
		if a.Mode.Kind() == kind && a.serial > 0 && a.serial <= r.Through[kind][len(u.form.Questions)+field] && a.Respondent.At(field) > 0 {
			n++
		}
	}
	return n
}

// complete counts who answered all questions of an index.
func complete(x *survey.FormIndex, counted []map[uuid.UUID]int) int {
	n := map[uuid.UUID]int{}
	questions := 0
	for _, positions := range x.Positions {
		for _, q := range positions {
			questions++
			for id := range counted[q] {
				n[id]++
			}
		}
	}
	out := 0
	for _, answered := range n {
		if answered == questions {
			out++
		}
	}
	return out
}

func TestAReleaseTrailsByAsManyAsTheFinalNeeds(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	held := func(final bool) (n int64) {
		u.release(t, 10, final)
		if u.newest() == nil {
			return 0
		}
		return u.newest().total()
	}
	for i, want := range []int64{
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, // of 20
		10, 10, 10, 10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 20, 20,
	} {
		u.answer(survey.ModeQR, u.all(1+i%4)...)
		if got := held(false); got != want {
			t.Errorf("after %d answers %d are released, want %d", i+1, got, want)
		}
	}
	for range 200 {
		u.answer(survey.ModePaper, u.all(3)...)
	}
	if got := held(false); got != 20+190 {
		t.Errorf("of 200 imported rows %d are released at once, want 190", got-20)
	}
	if got := held(true); got != 235 {
		t.Errorf("the final holds %d, want 235", got)
	}
	if u.release(t, 10, true) != nil {
		t.Error("there are two finals of the same answers")
	}
	for range 9 {
		u.answer(survey.ModeQR, u.all(1)...)
		if u.release(t, 10, true) != nil {
			t.Error("late answers that are few move the final")
		}
	}
	u.answer(survey.ModeQR, u.all(1)...)
	if got := held(true); got != 245 {
		t.Errorf("the next final holds %d, want 245", got)
	}
}

func TestTheOldestAnswersAreReleasedFirst(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 30 {
		u.answer(survey.ModeQR, u.all(2)...)
	}
	slices.Reverse(u.answers)
	u.release(t, 10, false)
	for i, a := range u.answers {
		if released := i >= 10; released != (a.serial == 1) {
			t.Errorf("of 30 answers the %dth from the newest: released %v", i+1, !released)
		}
	}
}

func TestWhatIsTooMuchForOneReleaseIsLeftToTheNext(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.most = 20
	for range 60 {
		u.answer(survey.ModePaper, u.all(2)...)
	}
	for _, want := range []int64{20, 40, 50, 50} {
		if u.release(t, 10, false); u.newest().total() != want {
			t.Errorf("%d answers are released, want %d", u.newest().total(), want)
		}
	}
}

// Whoever asks for more people to hide among than before leaves some answers in no
// release, and the period is final all the same.
func TestAPeriodIsFinalAlsoWhereNothingCanBeAdded(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 15 {
		u.answer(survey.ModeQR, u.all(2)...)
	}
	u.release(t, 5, false)
	if r := u.release(t, 10, true); r == nil || !r.Final || r.total() != 10 {
		t.Errorf("the final is %+v", r)
	}
	if u.release(t, 10, true) != nil {
		t.Error("there is another one")
	}
}

// Staff know what they entered: those are no crowd for a citizen to hide in.
func TestTheKindsDoNotHideEachOther(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 9 {
		u.answer(survey.ModeKiosk, u.all(4)...)
		u.answer(survey.ModeAssisted, u.all(1)...)
	}
	if r := u.release(t, 10, true); r != nil {
		t.Errorf("9 of each kind are released: %v", r.Held)
	}
	u.answer(survey.ModeQR, u.all(4)...)
	if r := u.release(t, 10, true); r == nil || r.Held != [survey.KindCount]int64{10, 0} {
		t.Errorf("want the 10 citizens alone, got %+v", r)
	}
}

// A question that few answer keeps its last value, and the others go on.
func TestAQuestionThatFewAnswerWaits(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	ask := func(n int, biaya int) *analytics.Tally {
		for range n {
			values := u.all(3)
			values[3] = biaya
			u.answer(survey.ModeQR, values...)
		}
		u.release(t, 10, true)
		return u.newest().tally(t, u)
	}
	check := func(what string, tally *analytics.Tally, question int, want int64) {
		t.Helper()
		if _, n := tally.Question(question); n != want {
			t.Errorf("%s: question %d has %d answers, want %d", what, question, n, want)
		}
	}
	tally := ask(30, 0)
	check("nobody", tally, 3, 0)
	for step := range 3 {
		values := u.all(2)
		u.answer(survey.ModeQR, values...)
		u.answer(survey.ModeQR, values...)
		u.answer(survey.ModeQR, values...)
		tally = ask(10, 0)
		check("too few", tally, 3, 0)
		check("too few", tally, 0, int64(30+13*(step+1)))
	}
	u.answer(survey.ModeQR, u.all(2)...)
	tally = ask(10, 0)
	check("ten", tally, 3, 10)
	check("ten", tally, 0, 80)
	if r := u.newest(); r.Through[survey.KindCitizen][3] != r.Serial {
		t.Error("answers to it wait for ever")
	}
}

func TestWhatStaffWereToldToAnswerIsInNoRelease(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "terpadu-16@1")
	for range 20 {
		u.answer(survey.ModeQR, u.all(2)...)
	}
	tally := u.release(t, 10, true).tally(t, u)
	for q := range u.form.Questions {
		if _, n := tally.Question(q); (n > 0) != u.form.Questions[q].Scored {
			t.Errorf("question %s has %d answers", u.form.Questions[q].Code, n)
		}
	}
}

func TestAReleaseTellsNothingOfTheOrderOfAnswers(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 100 {
		u.answer(survey.ModeQR, u.all(2)...)
	}
	for _, added := range u.release(t, 10, true).Added {
		last := ""
		for id := range added.IDs.All {
			if id.String() <= last {
				t.Fatal("ids are not sorted")
			}
			last = id.String()
		}
	}
}
