package analytics

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// complete returns, per question of the index that anybody answered, the answers of
// those who answered all of these, and the questions' positions.
func complete(x *survey.FormIndex, list []*survey.Response) ([][]float64, []int) {
	var items []int
	for _, positions := range x.Positions {
		for _, p := range positions {
			if slices.ContainsFunc(list, func(r *survey.Response) bool { return r.Answers.At(p) > 0 }) {
				items = append(items, p)
			}
		}
	}
	out := make([][]float64, len(items))
	for _, r := range list {
		row := make([]float64, len(items))
		whole := true
		for i, p := range items {
			row[i] = float64(r.Answers.At(p))
			whole = whole && row[i] > 0
		}
		for i := range row {
			if whole {
				out[i] = append(out[i], row[i])
			}
		}
	}
	return out, items
}

// rest returns the sums of every item but one; -1: of all.
func rest(items [][]float64, but int) []float64 {
	out := make([]float64, len(items[0]))
	for i := range items {
		for r := range out {
			if i != but {
				out[r] += items[i][r]
			}
		}
	}
	return out
}

func TestReliabilityAgreesWithAnIndependentComputation(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 0, 25).Draw(t, "responses")
		skipped := rapid.IntRange(0, 2*len(form.Questions)).Draw(t, "left out by all")
		for _, r := range list { // most answer everything, else hardly anybody would be complete
			if rapid.IntRange(0, 3).Draw(t, "gaps") > 0 {
				r.Answers = survey.Marks(strings.ReplaceAll(string(r.Answers), "-", "1"))
			}
			if skipped < len(form.Questions) {
				r.Answers = r.Answers[:skipped] + "-" + r.Answers[skipped+1:]
			}
		}
		tally := drawnTally(t, form, list)
		for i := range form.Indexes {
			got := tally.Reliability(i)
			items, positions := complete(&form.Indexes[i], list)
			if len(items) == 0 {
				continue
			}
			if got.N != int64(len(items[0])) {
				t.Fatalf("got %d complete respondents, want %d", got.N, len(items[0]))
			}
			if got.N < 2 || len(items) < 2 {
				if got.Alpha != nil || len(got.ItemTotal) > 0 {
					t.Fatal("fewer than two respondents tell nothing")
				}
				continue
			}
			total, k, sum := stat.Variance(rest(items, -1), nil), float64(len(items)), 0.0
			for q := range items {
				sum += stat.Variance(items[q], nil)
				code := form.Questions[positions[q]].Code
				want := stat.Correlation(items[q], rest(items, q), nil)
				value, ok := got.ItemTotal[code]
				if ok == math.IsNaN(want) {
					t.Fatalf("%s: got %v (%v), want %v", code, value, ok, want)
				}
				if ok && math.Abs(value-want) > 1e-9 {
					t.Fatalf("%s: got %v, want %v", code, value, want)
				}
			}
			if (got.Alpha == nil) != (total < 1e-12) {
				t.Fatalf("alpha is %v with a total variance of %v", got.Alpha, total)
			}
			if got.Alpha != nil && math.Abs(*got.Alpha-k/(k-1)*(1-sum/total)) > 1e-9 {
				t.Fatalf("alpha: got %v", *got.Alpha)
			}
		}
	})
}

func TestReliabilityIsAbsentWhereItIsUndefined(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	for name, rows := range map[string][]string{
		"nobody":           nil,
		"one respondent":   {"43434"},
		"one complete":     {"43434", "4343-", "-4343"},
		"all answer alike": {"44444", "44444", "44444"},
	} {
		got := answersOf(t, form, rows...).Reliability(0)
		if got.Alpha != nil || len(got.ItemTotal) > 0 || got.ItemTotal == nil {
			t.Errorf("%s: got %v %v, want null and an empty map", name, got.Alpha, got.ItemTotal)
		}
	}
	got := answersOf(t, form, "44443", "44442", "34441").Reliability(0)
	if _, ok := got.ItemTotal["pungli"]; ok || got.Alpha == nil {
		t.Errorf("a question that all answer alike has no correlation, the others do: %v %v", got.Alpha, got.ItemTotal)
	}
}

// Where law makes a service free nobody answers "biaya": alpha is that of the others.
func TestAQuestionThatAllLeaveOutTakesNoAlphaAway(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	got := answersOf(t, form, "4-444", "3-434", "2-222", "----1").Reliability(0)
	whole := *form
	whole.Indexes = []survey.FormIndex{{Index: survey.Index{Code: IPAK, Scale: 4}, Positions: [][]int{{0}, {2}, {3}, {4}}}}
	want := answersOf(t, &whole, "4-444", "3-434", "2-222").Reliability(0)
	if got.N != 3 || got.Alpha == nil || *got.Alpha != *want.Alpha || len(got.ItemTotal) != 4 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Worked by hand: of the pairs 1 1, 2 2, 3 4 the variances are 1 and 7/3 and that
// of the sums 19/3, so that alpha is 2·(1 − (10/3)/(19/3)) = 18/19.
func TestAnIndexOfTwoQuestionsHasItsAlpha(t *testing.T) {
	t.Parallel()
	form := *testForm(t, "skm-9@1")
	of := func(positions ...[]int) Reliability {
		form.Indexes = []survey.FormIndex{{Index: survey.Index{Code: IPKP, Scale: 4}, Positions: positions}}
		return answersOf(t, &form, "11", "22", "34").Reliability(0)
	}
	if got := of([]int{0}, []int{1}); got.Alpha == nil || math.Abs(*got.Alpha-18.0/19) > 1e-12 || len(got.ItemTotal) != 2 {
		t.Errorf("two questions: %+v, want alpha 18/19", got)
	}
	if got := of([]int{0}); got.Alpha != nil || got.N != 3 || len(got.ItemTotal) != 0 {
		t.Errorf("one question: %+v, want no alpha", got)
	}
}

// Counts of a whole nation: floating point would find a variance that isn't
// there, or lose one that is.
func TestReliabilityIsExactForMillionsOfAnswers(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	tally := answersOf(t, form, "44444")
	for range 24 { // 16 million equal answers
		if err := tally.Merge(tally); err != nil {
			t.Fatal(err)
		}
	}
	if got := tally.Reliability(0); got.Alpha != nil || len(got.ItemTotal) > 0 {
		t.Errorf("16 million equal answers: got %v %v", got.Alpha, got.ItemTotal)
	}
	if err := tally.Add(response(form, "33333")); err != nil {
		t.Fatal(err)
	}
	got := tally.Reliability(0)
	if got.Alpha == nil || math.Abs(*got.Alpha-1) > 1e-9 {
		t.Fatalf("one who answers otherwise, throughout: got %v, want 1", got.Alpha)
	}
	for code, r := range got.ItemTotal {
		if math.Abs(r-1) > 1e-9 {
			t.Errorf("%s: got %v, want 1", code, r)
		}
	}
}

// Two hundred million answers: n² times a variance of totals is beyond int64.
func TestReliabilityDoesNotOverflow(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	few := answersOf(t, form, "444444444", "433343443", "111211112")
	many := answersOf(t, form, "444444444", "433343443", "111211112")
	for range 26 {
		if err := many.Merge(many); err != nil {
			t.Fatal(err)
		}
	}
	want, got := few.Reliability(0), many.Reliability(0)
	if got.N != 3<<26 || math.Abs(*got.Alpha-*want.Alpha) > 1e-12 {
		t.Errorf("%d respondents: got alpha %v, want %v", got.N, *got.Alpha, *want.Alpha)
	}
	for code, r := range want.ItemTotal {
		if math.Abs(got.ItemTotal[code]-r) > 1e-12 {
			t.Errorf("%s: got %v, want %v", code, got.ItemTotal[code], r)
		}
	}
}
