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

// The ends are decimals of four digits on the answers' scale; no rounding error of the
// conversion is told with them.
func TestAnIntervalsEndsAreTheNumbersNearestToTheirDecimals(t *testing.T) {
	t.Parallel()
	methods, table := testMethods(t), testTable(t)
	for name, tc := range map[string]struct {
		form, code, method string
		step               float64 // one over the ends' step on the value's scale
	}{
		"of 4, exact":                {"spak-5@1", IPAK, "exact", 1e4},
		"of 100, exact":              {"skm-9@1", IKM, "exact", 400},
		"of 100, by a printed share": {"skm-9@1", IKM, "w0.11", 40_000}, // 9 × 0.11 × 25 / 10000
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			form := testForm(t, tc.form)
			method, err := methods.For(&form.Indexes[0].Index, tc.method)
			if err != nil {
				t.Fatal(err)
			}
			by := newConversion(method, int64(len(form.Indexes[0].Aspects)))
			for k := range 30_001 {
				lo := 1 + float64(k)/grid
				e := evidence{lo: lo, hi: 4} // of nobody: the interval is the scale
				ends, _ := carried(e, tc.code, by, whole(3), table)
				if got := ends[0]; math.Round(got*tc.step)/tc.step != got {
					t.Fatalf("from %v: %v, want %v", lo, got, math.Round(got*tc.step)/tc.step)
				}
			}
		})
	}
}

func TestAMovedIntervalIsRoundedOutwardsAndWithinTheScale(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ends        [2]float64
		apart, unit float64
		want        [2]float64
	}{
		"not moved":     {[2]float64{3.0508, 3.9}, 0, 1, [2]float64{3.0508, 3.9}},
		"of 4":          {[2]float64{3.0508, 3.5}, 0.01234567, 1, [2]float64{3.0631, 3.5124}},
		"of 100":        {[2]float64{76.27, 87.5}, 0.25, 25, [2]float64{76.52, 87.75}},
		"above its end": {[2]float64{3.05, 3.99}, 0.04, 1, [2]float64{3.09, 4}},
	} {
		if got := moved(tc.ends, tc.apart, tc.unit); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
