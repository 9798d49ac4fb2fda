package projection

import (
	"fmt"
	"slices"
	"testing"
	"time"

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
					if rapid.IntRange(0, 2).Draw(t, "undo") == 0 { // a stretch of what came, of any kind
						from := rapid.IntRange(0, len(u.answers)).Draw(t, "from")
						u.undo(u.answers[from:min(len(u.answers), from+rapid.IntRange(0, 50).Draw(t, "undone"))]...)
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
	u.checkFigures(t, now)
	for kind := range survey.KindCount {
		u.checkCrowd(t, fmt.Sprintf("kind %d", kind), least, kind)
		for column := range u.columns() {
			u.checkCrowd(t, fmt.Sprintf("column %d of kind %d", column, kind), least, kind, column)
		}
		for i := range u.form.Indexes {
			u.checkCrowd(t, fmt.Sprintf("index %d of kind %d", i, kind), least, kind, slices.Concat(u.form.Indexes[i].Positions...)...)
		}
		waiting, held := 0, int64(0)
		for _, a := range u.answers {
			switch {
			case a.Mode.Kind() != kind:
			case a.serial == 0 && !u.undone[a.ID]:
				waiting++
			case a.serial > 0 && a.removed == 0:
				held++
			}
		}
		if now.Held[kind] != held {
			t.Fatalf("holds %d answers of kind %d, want %d", now.Held[kind], kind, held)
		}
		switch {
		case now.Final && waiting >= least:
			t.Fatalf("the final leaves %d answers of kind %d", waiting, kind)
		case !now.Final && waiting > 0 && waiting < least && now.Held[kind] > 0 && len(u.undone) == 0:
			t.Fatalf("%d answers of kind %d can be in no later release", waiting, kind)
		}
	}
}

// checkFigures compares what a release publishes with what its answers say.
func (u *unitOfOne) checkFigures(t *rapid.T, now *Release) {
	tally := now.tally(t, u)
	questions := len(u.form.Questions)
	all := 0
	people := make([][]int64, len(u.form.Fields))
	for f := range people {
		people[f] = make([]int64, len(u.form.Fields[f].Categories)+1)
	}
	sums, numbers := make([]int64, questions), make([]int64, questions)
	for i := range u.answers {
		a := &u.answers[i]
		if a.serial == 0 {
			continue
		}
		for q := range questions {
			if value := u.said(a, q); value > 0 && u.counts(now, a, q) {
				sums[q] += int64(value)
				numbers[q]++
			}
		}
		if a.removed == 0 {
			all++
		}
		for f := range people {
			category := 0
			if u.counts(now, a, questions+f) {
				category = u.said(a, questions+f)
			}
			if category > 0 || a.removed == 0 {
				people[f][category]++
			}
		}
	}
	if tally.N != int64(all) {
		t.Fatalf("%d answers are counted, want %d", tally.N, all)
	}
	for q := range questions {
		if sum, n := tally.Question(q); sum != sums[q] || n != numbers[q] {
			t.Fatalf("question %d: %d in %d answers, want %d in %d", q, sum, n, sums[q], numbers[q])
		}
	}
	for f := range people {
		if !slices.Equal(now.People[f], people[f]) {
			t.Fatalf("field %d: %v people, want %v", f, now.People[f], people[f])
		}
	}
}

// checkCrowd looks at the answers to all of some columns that the releases of a unit
// count: by the rule for any two of them, and by every way to add and subtract the
// sums that they tell.
func (u *unitOfOne) checkCrowd(t *rapid.T, what string, least int, kind survey.Kind, columns ...int) {
	cohorts := make([]map[int]bool, len(u.releases))
	for i, r := range u.releases {
		cohorts[i] = u.cohort(r, kind, columns...)
	}
	more := func(a, b map[int]bool) (n int) {
		for person := range a {
			if !b[person] {
				n++
			}
		}
		return n
	}
	now := cohorts[len(cohorts)-1]
	for i, old := range append([]map[int]bool{{}}, cohorts[:len(cohorts)-1]...) {
		if came, went := more(now, old), more(old, now); came > 0 && came < least || went > 0 && went < least && came < least {
			t.Fatalf("%s: %d people more and %d fewer than %d releases ago", what, came, went, len(cohorts)-i)
		}
	}
	if len(u.undone) == 0 {
		return // then that is all
	}
	// People who are in the same sums count alike.
	groups := map[string]int{}
	for person := range u.answers {
		in := make([]byte, len(cohorts))
		for i := range cohorts {
			if cohorts[i][person] {
				in[i] = 1
			}
		}
		groups[string(in)]++
	}
	weights := make([]int, len(cohorts))
	var try func(i int)
	try = func(i int) {
		if i == len(cohorts) {
			told := 0
			for in, n := range groups {
				sum := 0
				for j := range in {
					sum += weights[j] * int(in[j])
				}
				if sum != 0 {
					told += n
				}
			}
			if told > 0 && told < least {
				t.Fatalf("%s: the sums of the releases with weights %v tell on %d people", what, weights, told)
			}
			return
		}
		for w := -1; w <= 1; w++ {
			weights[i] = w
			try(i + 1)
		}
	}
	if len(cohorts) <= 6 {
		try(0)
	}
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
