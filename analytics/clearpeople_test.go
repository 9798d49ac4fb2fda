package analytics

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func TestOfRespondentsOnlyNumbersStayThatTellOfNoFew(t *testing.T) {
	t.Parallel()
	const hidden = hiddenPeople
	for name, tc := range map[string]struct{ people, want []int64 }{
		"large groups":                   {[]int64{10, 25, 25}, []int64{10, 25, 25}},
		"nobody in a group":              {[]int64{0, 30, 30, 0}, []int64{0, 30, 30, 0}},
		"a small one and the next":       {[]int64{8, 30, 4, 18}, []int64{hidden, 30, hidden, 18}},
		"small ones that are enough":     {[]int64{0, 40, 4, 3}, []int64{0, 40, hidden, hidden}},
		"all told the same":              {[]int64{0, 60, 0}, []int64{hidden, hidden, hidden}},
		"all who told told the same":     {[]int64{20, 0, 40}, []int64{hidden, hidden, hidden}},
		"nobody told anything":           {[]int64{60, 0, 0}, []int64{hidden, hidden, hidden}},
		"all but three told the same":    {[]int64{0, 57, 3}, []int64{hidden, hidden, hidden}},
		"and there are groups of nobody": {[]int64{0, 57, 3, 0}, []int64{hidden, hidden, hidden, hidden}},
	} {
		if got := ClearPeople([][]int64{tc.people}); !slices.Equal(got[0], tc.want) {
			t.Errorf("%s: %v, want %v", name, got[0], tc.want)
		}
	}
	form := &survey.Form{Fields: []survey.Field{{Code: "sex", Categories: []survey.Category{{Code: "L"}, {Code: "P"}}}}}
	r := &ReleasedTally{People: ClearPeople([][]int64{{4, 30, 9}})}
	want := []CellResult{{Code: "", Suppressed: true}, {Code: "L", N: 30}, {Code: "P", Suppressed: true}}
	if got := RespondentCells(form, 0, r); !reflect.DeepEqual(got, want) {
		t.Errorf("everybody sees %+v, want %+v", got, want)
	}
	if got := RespondentCells(form, 0, new(ReleasedTally)); len(got) != 0 {
		t.Errorf("of a release that tells of no respondents everybody sees %+v", got)
	}
}

// What is hidden of a field, its number known, is nobody, or five people or more of two
// groups or more; and what is left of it is what a check takes for such.
func TestWhatIsHiddenOfRespondentsCannotBeSubtracted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Int64Range(0, 12), 3, 7).Draw(t, "people")
		n, left, hidden, told := int64(0), int64(0), 0, 0
		for i, of := range people {
			if n += of; i > 0 && of > 0 {
				told++
			}
		}
		got := ClearPeople([][]int64{people})
		for i, of := range got[0] {
			switch {
			case of == hiddenPeople:
				hidden++
				left += people[i]
			case of != people[i] || 0 < of && of < LeastCell:
				t.Fatalf("%v: %v shows %d", people, got, of)
			}
		}
		whole := hidden == len(people)
		if !whole && (told < 2 || hidden == 1 || hidden > 1 && left < LeastCell) {
			t.Fatalf("%v: %v", people, got)
		}
		if !PeopleCleared(got, n, n) || !PeopleCleared(got, n-3, n+3) || !whole && hidden == 0 && n > 0 && (PeopleCleared(got, n+1, n+9) || PeopleCleared(got, 0, n-1)) {
			t.Fatalf("%v: a check does not take %v for what is left of %d", people, got, n)
		}
	})
	for _, forged := range [][]int64{{-1, 5, 6}, {-1, -1, 4}, {-2, 8, 9}, {0, 11, 12}} {
		if PeopleCleared([][]int64{forged}, 10, 20) {
			t.Errorf("%v is taken for what is left of 10 to 20 people", forged)
		}
	}
}
