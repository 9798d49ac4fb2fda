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
