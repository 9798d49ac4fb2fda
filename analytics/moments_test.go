package analytics

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// ownMeans computes, the long way, each respondent's own index on the answers'
// scale.
func ownMeans(x *survey.FormIndex, list []*survey.Response) []float64 {
	var out []float64
	for _, r := range list {
		var total, aspects float64
		for _, positions := range x.Positions {
			var sum, n float64
			for _, p := range positions {
				if v := r.Answers.At(p); v > 0 {
					sum += float64(v)
					n++
				}
			}
			if n > 0 {
				total += sum / n
				aspects++
			}
		}
		if aspects > 0 {
			out = append(out, total/aspects)
		}
	}
	return out
}

// rows are an index's answers, the plain way.
type rows struct {
	x    *survey.FormIndex
	list []*survey.Response // who answered some question
}

func rowsOf(x *survey.FormIndex, list []*survey.Response) rows {
	out := rows{x: x}
	for _, r := range list {
		if slices.ContainsFunc(slices.Concat(x.Positions...), func(p int) bool { return r.Answers.At(p) > 0 }) {
			out.list = append(out.list, r)
		}
	}
	return out
}

// answers returns the sum and the number of answers to a question.
func (s rows) answers(p int) (sum, n float64) {
	for _, r := range s.list {
		if v := r.Answers.At(p); v > 0 {
			sum += float64(v)
			n++
		}
	}
	return sum, n
}

// mean returns the index on the answers' scale, with some weight for each respondent.
func (s rows) mean(weight func(i int) float64) float64 {
	total, aspects := 0.0, 0.0
	for _, positions := range s.x.Positions {
		mean, questions := 0.0, 0.0
		for _, p := range positions {
			sum, n := 0.0, 0.0
			for i, r := range s.list {
				if v := r.Answers.At(p); v > 0 {
					sum += weight(i) * float64(v)
					n += weight(i)
				}
			}
			if n > 0 {
				mean += sum / n
				questions++
			}
		}
		if questions > 0 {
			total += mean / questions
			aspects++
		}
	}
	return total / aspects
}

// variance computes the linearised variance of the index from the contribution of
// each respondent: the derivative of the index by that respondent's weight.
func (s rows) variance() float64 {
	aspects := 0.0
	questions := make([]float64, len(s.x.Positions))
	for a, positions := range s.x.Positions {
		for _, p := range positions {
			if _, n := s.answers(p); n > 0 {
				questions[a]++
			}
		}
		if questions[a] > 0 {
			aspects++
		}
	}
	squares := 0.0
	for _, r := range s.list {
		z := 0.0
		for a, positions := range s.x.Positions {
			for _, p := range positions {
				if v := r.Answers.At(p); v > 0 {
					sum, n := s.answers(p)
					z += (float64(v) - sum/n) / n / questions[a] / aspects
				}
			}
		}
		squares += z * z
	}
	n := float64(len(s.list))
	return n / (n - 1) * squares
}

// full counts who answered one question at least of each aspect that anybody answered,
// all who answered every question that anybody answered.
func (s rows) full() (aspects, all int64) {
	for _, r := range s.list {
		spread, every := true, true
		for _, positions := range s.x.Positions {
			some, asked := false, false
			for _, p := range positions {
				_, n := s.answers(p)
				asked = asked || n > 0
				some = some || r.Answers.At(p) > 0
				every = every && (n == 0 || r.Answers.At(p) > 0)
			}
			spread = spread && (some || !asked)
		}
		if spread {
			aspects++
		}
		if every {
			all++
		}
	}
	return aspects, all
}

// shapes are indexes as cities may have them: aspects of one and of several questions,
// a question in two of them.
func shapes(t testing.TB) map[string]*survey.Form {
	t.Helper()
	base := testForm(t, "skm-9@1")
	out := map[string]*survey.Form{}
	for name, positions := range map[string][][]int{
		"nine of one":           {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}},
		"two of two":            {{0, 1}, {2, 3}},
		"one and two":           {{0}, {1, 2}},
		"two and one":           {{4, 1}, {2}},
		"one of five":           {{0, 1, 2, 3, 4}},
		"a question in two":     {{0, 1}, {1, 2}},
		"one of one":            {{3}},
		"three of three":        {{8, 1, 2}, {3, 4, 5}, {6, 7, 0}},
		"one and seven of them": {{8}, {1, 2, 3, 4, 5, 6, 7}},
	} {
		form := *base
		form.Indexes = []survey.FormIndex{{Index: survey.Index{Code: IPKP, Scale: 4, Aspects: make([]survey.Aspect, len(positions))}, Positions: positions}}
		out[name] = &form
	}
	return out
}

// sparse draws responses that leave out much, some of it all of them, or nothing.
func sparse(t *rapid.T, form *survey.Form, most int) []*survey.Response {
	list := rapid.SliceOfN(drawn(form), 0, most).Draw(t, "responses")
	skipped := rapid.SliceOfNDistinct(rapid.IntRange(0, len(form.Questions)-1), 0, 3, rapid.ID).Draw(t, "left out by all")
	whole := rapid.Bool().Draw(t, "answers all else")
	for n, r := range list {
		values := make([]int, len(form.Questions))
		for q := range values {
			values[q] = r.Answers.At(q)
			if whole && n%4 != 3 {
				values[q] = max(values[q], 1)
			}
			if slices.Contains(skipped, q) && (n > 0 || most%2 == 0) {
				values[q] = 0
			}
		}
		r.Answers = survey.MakeMarks(values)
	}
	return list
}

func TestTheSumsOfATallyAreThoseOfItsAnswers(t *testing.T) {
	t.Parallel()
	check := func(t *rapid.T, form *survey.Form) {
		list := sparse(t, form, rapid.IntRange(8, 15).Draw(t, "most"))
		groups := [3][]*survey.Response{}
		for _, r := range list {
			g := rapid.IntRange(0, 2).Draw(t, "group")
			groups[g] = append(groups[g], r)
		}
		whole := drawnTally(t, form, list)
		parts := merged(t, drawnTally(t, form, groups[2]), drawnTally(t, form, groups[0]), drawnTally(t, form, groups[1]))
		if !whole.Equal(parts) || !parts.Equal(whole) {
			t.Fatal("the sums of parts are others")
		}
		read := NewTally(form)
		if err := read.Decode(parts.Encode()); err != nil || !read.Equal(whole) {
			t.Fatalf("read back it is another one: %v", err)
		}
		for i := range form.Indexes {
			x := &form.Indexes[i]
			plain := rowsOf(x, list)
			want, wantAll := plain.full()
			if some, full := parts.Respondents(i); some != int64(len(plain.list)) || full != want || parts.moments[i].n != wantAll {
				t.Fatalf("%s: %d answered, %d all aspects, %d all questions; want %d, %d, %d", x.Code, some, full, parts.moments[i].n, len(plain.list), want, wantAll)
			}
			variance := 0.0
			if n := len(plain.list); n > 1 {
				variance = float64(n) * plain.variance()
			}
			if got := read.Variance(i); math.Abs(got-variance) > 1e-9 {
				t.Fatalf("%s: variance %v, want %v", x.Code, got, variance)
			}
		}
	}
	forEachForm(t, check)
	for name, form := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { check(t, form) })
		})
	}
}

func TestTheVarianceOfThoseWhoAnswerAllIsThatOfTheirOwnMeans(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 2, 15).Draw(t, "responses")
		for _, r := range list {
			values := make([]int, len(form.Questions))
			for q := range values {
				values[q] = max(r.Answers.At(q), 1)
			}
			r.Answers = survey.MakeMarks(values)
		}
		tally := drawnTally(t, form, list)
		for i := range form.Indexes {
			own := ownMeans(&form.Indexes[i], list)
			if got, want := tally.Variance(i), stat.Variance(own, nil); math.Abs(got-want) > 1e-12 {
				t.Fatalf("index %s: got %v, want %v", form.Indexes[i].Code, got, want)
			}
		}
	})
}

// The delete-one jackknife estimates the same variance by another way, which agrees
// with the linearised one where there are many answers.
func TestTheVarianceIsNearThatOfTheJackknife(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	all := sampled(form, 3, 400, 0.05)
	list := make([]*survey.Response, len(all))
	for i := range all {
		if list[i] = &all[i]; i%8 > 0 { // few answer the first aspect
			list[i].Answers = "-" + list[i].Answers[1:]
		}
	}
	s := rowsOf(&form.Indexes[0], list)
	n := len(s.list)
	means := make([]float64, n)
	for out := range n {
		means[out] = s.mean(func(i int) float64 {
			if i == out {
				return 0
			}
			return 1
		})
	}
	jackknife := float64(n-1) * float64(n-1) / float64(n) * stat.Variance(means, nil)
	got := tallyOf(t, form, list...).Variance(0) / float64(n)
	if math.Abs(got/jackknife-1) > 0.04 {
		t.Errorf("got %v, by the jackknife %v", got, jackknife)
	}
	own := stat.Variance(ownMeans(s.x, list), nil) / float64(n)
	if math.Abs(got/own-1) < 0.2 {
		t.Errorf("got %v, which is that of the own means, %v: the answers tell nothing here", got, own)
	}
}

// What domain experts found wrong: the variance of own means told too little of an
// index whose aspects few or others answered.
func TestTheVarianceTellsOfAspectsThatFewAnswered(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	few := func(i int) string { // three of a hundred answer the second aspect
		second := byte('-')
		if i%33 == 0 {
			second = "14"[i/33%2]
		}
		return string([]byte{"34"[i%2], second, "43"[i/2%2], "34"[i/3%2], "44"[i%2]})
	}
	most := func(i int) string { // everybody the first, five all of it
		if i < 5 {
			return []string{"41414", "42131", "44444", "11111", "43333"}[i]
		}
		return string("34"[i%2]) + "----"
	}
	for name, tc := range map[string]struct {
		rows       func(int) string
		complete   int64
		least      float64 // of the standard error over that of own means
		alphaKnown bool
	}{
		"one aspect answered by 3 %":         {few, 10, 3, true},
		"all answer one aspect and five all": {most, 5, 8, true},
	} {
		var list []*survey.Response
		for i := range 300 {
			list = append(list, response(form, tc.rows(i)))
		}
		tally := tallyOf(t, form, list...)
		own := stat.Variance(ownMeans(&form.Indexes[0], list), nil)
		got := tally.Variance(0)
		if ratio := math.Sqrt(got / own); ratio < tc.least {
			t.Errorf("%s: the standard error is %.2f times that of the own means, want %v at least", name, ratio, tc.least)
		}
		if want := 300 * rowsOf(&form.Indexes[0], list).variance(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: variance %v, want %v", name, got, want)
		}
		if some, full := tally.Respondents(0); some != 300 || full != tc.complete {
			t.Errorf("%s: %d answered, %d all aspects; want 300 and %d", name, some, full, tc.complete)
		}
	}
}

func TestEqualAnswersHaveNoVariance(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for _, rows := range [][]string{nil, {"444444443"}, {"444444443", "444444443", "444444443"}, {"44444444-", "444444443", "444-44443"}} {
		if got := answersOf(t, form, rows...).Variance(0); got != 0 {
			t.Errorf("%d equal answers: got variance %v, want 0", len(rows), got)
		}
	}
}

// Two answer two of three aspects, one of them by one question each: they answered all
// until somebody answers the third.
func TestWhoAnsweredAllAspectsIsAskedAgainWhenAnotherHasAnswers(t *testing.T) {
	t.Parallel()
	form := shapes(t)["three of three"]
	rows := []string{"-44444--4", "-4-4-----", "4-----44-", "44-4-----"}
	for n, want := range []int64{0, 1, 2, 0, 1} {
		if _, full := answersOf(t, form, rows[:n]...).Respondents(0); full != want {
			t.Errorf("%v: %d answered all aspects, want %d", rows[:n], full, want)
		}
		split := joined(t, answersOf(t, form, rows[:n/2]...), answersOf(t, form, rows[n/2:n]...))
		if _, full := split.Respondents(0); full != want {
			t.Errorf("%v in two parts: %d answered all aspects, want %d", rows[:n], full, want)
		}
	}
}

// joined adds one tally to another.
func joined(t *testing.T, to, o *Tally) *Tally {
	t.Helper()
	if err := to.Merge(o); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAMaskHolds128Questions(t *testing.T) {
	t.Parallel()
	var all mask
	for p := range maxQuestions {
		one := mask{}.with(p)
		if all.has(p) || one.within(all) || all.and(one) != (mask{}) {
			t.Fatalf("%d is there already", p)
		}
		if all = all.or(one); !all.has(p) || !one.within(all) {
			t.Fatalf("%d is not there", p)
		}
	}
}
