package analytics

import (
	"slices"
	"testing"
)

// What fewer than five people said is hidden with all else of its question, for their number
// and sum are known from the mean; and nothing is told before the close.
func TestScoresAreSpreadOfFinalReleasesWhereFivePeopleGaveEach(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@2")
	rows := slices.Repeat([]string{"444444444"}, 6)
	rows = append(rows, slices.Repeat([]string{"334444444"}, 4)...)
	tally := answersOf(t, form, append(rows, "344444444")...)
	r := &Released{Tally: tally, Final: true}
	list := Distributions(r)
	if len(list) != 9 {
		t.Fatalf("%d questions", len(list))
	}
	if d := list[0]; d.Hidden || !slices.Equal(d.Counts, []int64{0, 0, 5, 6}) || d.N != 11 {
		t.Errorf("%+v", d)
	}
	if d := list[1]; !d.Hidden || d.Counts != nil || d.N != 11 { // four gave 3
		t.Errorf("%+v", d)
	}
	if d := list[2]; d.Hidden || !slices.Equal(d.Counts, []int64{0, 0, 0, 11}) {
		t.Errorf("%+v", d)
	}
	r.Final = false
	if Distributions(r) != nil || Distributions(nil) != nil {
		t.Error("a running period tells how its scores are spread")
	}
	if d := Distributions(&Released{Tally: NewTotals(form), Final: true})[0]; !d.Hidden || d.Counts != nil {
		t.Errorf("of nobody: %+v", d)
	}
}
