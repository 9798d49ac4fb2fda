package analytics

import (
	"slices"
	"testing"
)

// What fewer than five people said is hidden with all else of its question, for their number
// and sum are known from the mean.
func TestScoresAreSpreadOfTablesWhereFivePeopleGaveEach(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@2")
	rows := slices.Repeat([]string{"444444444"}, 6)
	rows = append(rows, slices.Repeat([]string{"334444444"}, 4)...)
	tally := answersOf(t, form, append(rows, "344444444")...)
	list := (&OpenTables{Tally: tally}).Distributions()
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
	if d := (&OpenTables{Tally: NewTotals(form)}).Distributions()[0]; !d.Hidden || d.Counts != nil {
		t.Errorf("of nobody: %+v", d)
	}
}
