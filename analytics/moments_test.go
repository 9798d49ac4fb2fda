package analytics

import (
	"math"
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

func TestTheVarianceIsThatOfTheRespondentsOwnMeans(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 0, 15).Draw(t, "responses")
		tally := drawnTally(t, form, list)
		for i := range form.Indexes {
			own := ownMeans(&form.Indexes[i], list)
			if got := tally.moments[i].n; got != int64(len(own)) {
				t.Fatalf("got %d respondents, want %d", got, len(own))
			}
			want := 0.0
			if len(own) > 1 {
				want = stat.Variance(own, nil)
			}
			if got := tally.moments[i].variance(); math.Abs(got-want) > 1e-9 {
				t.Fatalf("index %s: got %v, want %v", form.Indexes[i].Code, got, want)
			}
		}
	})
}

func TestEqualAnswersHaveNoVariance(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for _, rows := range [][]string{nil, {"444444443"}, {"444444443", "444444443", "444444443"}} {
		if got := answersOf(t, form, rows...).moments[0].variance(); got > 1e-12 || got < 0 {
			t.Errorf("%d equal answers: got variance %v, want 0", len(rows), got)
		}
	}
}

// The short way to a complete respondent's own index is for aspects that have
// equally many questions, and only where the sum is a whole number of units.
func TestARespondentsOwnIndexIsTheSameByTheShortWay(t *testing.T) {
	t.Parallel()
	base := testForm(t, "skm-9@1")
	for name, positions := range map[string][][]int{
		"one question each":        {{0}, {1}, {2}},
		"two questions each":       {{0, 1}, {2, 3}},
		"one and two":              {{0}, {1, 2}},
		"two and one":              {{0, 1}, {2}},
		"five, no divisor of 12":   {{0, 1, 2, 3, 4}},
		"a question in two":        {{0, 1}, {1, 2}},
		"eleven, none of 2520":     {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {0}, {1}},
		"one aspect of one":        {{3}},
		"three of three questions": {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}},
	} {
		form := *base
		x := survey.FormIndex{Index: survey.Index{Code: IPKP, Scale: 4}, Positions: positions}
		form.Indexes = []survey.FormIndex{x}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				r := drawn(&form).Draw(t, "response")
				values := make([]uint8, len(form.Questions))
				answered := false
				for q := range values {
					values[q] = uint8(r.Answers.At(q))
				}
				for _, list := range positions {
					for _, p := range list {
						answered = answered || values[p] > 0
					}
				}
				got := drawnTally(t, &form, []*survey.Response{r}).moments[0]
				if !answered {
					if got.n != 0 || got.y != 0 {
						t.Fatalf("nobody answered: got %d respondents", got.n)
					}
					return
				}
				own := ownMeans(&x, []*survey.Response{r})[0]
				if off := math.Abs(float64(got.y)/unit - own); off > 1.0/aspectUnit { // five questions don't divide 12
					t.Fatalf("got %v, want %v", float64(got.y)/unit, own)
				}
				if want := ownIndex(&x, values); got.n != 1 || got.y != want || got.yy != want*want {
					t.Fatalf("got %d and square %d, want %d", got.y, got.yy, want)
				}
			})
		})
	}
}
