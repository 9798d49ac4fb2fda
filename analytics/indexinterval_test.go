package analytics

import (
	"math"
	"testing"

	"persepsi/survey"
)

// The intervals were computed by another program, in another language, from the
// respondents' own means and the formula of docs/method.md.
func TestTheIntervalOfAnIndexIsCarriedByItsMethod(t *testing.T) {
	t.Parallel()
	four := []string{"44444", "43434", "33334", "22233"}
	nine := []string{"444444444", "444444422", "333333333", "444333333"}
	six := []string{"66666", "55555", "44445"}
	for _, tc := range []struct {
		form, method string
		rows         []string
		population   int64
		lo, hi       float64
	}{
		{"spak-5@1", "exact", four, 0, 1.8768, 3.8471},
		{"skm-9@1", "exact", nine, 40, 51.0625, 95.755},
		{"skm-9@1", "w0.11", nine, 40, 50.551875, 94.79745},
		{"spak-5-s6@1", "ratio", six, 0, 1.4388, 3.890466667},
		{"spak-5-s6@1", "linear", six, 0, 1.69492, 3.90142},
	} {
		form := testForm(t, tc.form)
		c := calculation(t, form, nil)
		method, err := c.Methods.For(&form.Indexes[0].Index, tc.method)
		if err != nil {
			t.Fatal(err)
		}
		c.Chosen = []*survey.Method{method}
		got := c.Index(answersOf(t, form, tc.rows...), 0, Population{People: tc.population}).CI95
		if math.Abs(got[0]-tc.lo) > 1e-8 || math.Abs(got[1]-tc.hi) > 1e-8 {
			t.Errorf("%s by %s: %v, want %v..%v", tc.form, tc.method, got, tc.lo, tc.hi)
		}
	}
}
