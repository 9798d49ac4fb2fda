package analytics

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSuppressHidesSmallCellsAndTheirComplement(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		counts []int64
		want   []bool
	}{
		{"nothing is small", []int64{5, 9, 0}, []bool{false, false, false}},
		{"one small cell takes the next larger one along", []int64{3, 30, 9}, []bool{true, false, true}},
		{"two small cells of five together hide each other", []int64{2, 3, 30}, []bool{true, true, false}},
		{"two small cells of four together need a third", []int64{2, 2, 30, 9}, []bool{true, true, false, true}},
		{"a small cell between larger ones", []int64{6, 3, 9}, []bool{true, true, false}},
		{"of two equal ones the first is taken along", []int64{3, 9, 9}, []bool{true, true, false}},
		{"too few people beside an empty cell", []int64{2, 2, 0}, []bool{true, true, true}},
		{"an empty cell hides nobody", []int64{3, 0, 30}, []bool{true, false, true}},
		{"nowhere to hide", []int64{3, 0}, []bool{true, true}},
		{"too few people altogether", []int64{2, 2}, []bool{true, true}},
		{"no cells", nil, []bool{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Suppress(c.counts, LeastCell); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// What can be subtracted from the public total is the sum of the hidden cells
// and nothing finer: the shown cells are known one by one.
func TestNothingLeaksBySubtraction(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 14), 0, 9).Draw(t, "counts")
		least := rapid.Int64Range(2, 8).Draw(t, "least")
		hide := Suppress(counts, least)
		var hidden, people int64
		shown, small := false, false
		for i, n := range counts {
			small = small || n > 0 && n < least
			switch {
			case hide[i] && n > 0:
				hidden++
				people += n
			case !hide[i] && n > 0 && n < least:
				t.Fatalf("a cell of %d is shown: %v %v", n, counts, hide)
			}
			shown = shown || !hide[i]
		}
		if hidden > 0 && shown && (hidden < 2 || people < least) {
			t.Fatalf("%d people in %d hidden cells can be subtracted: %v %v", people, hidden, counts, hide)
		}
		if !small && slices.Contains(hide, true) {
			t.Fatalf("hidden without need: %v %v", counts, hide)
		}
	})
}
