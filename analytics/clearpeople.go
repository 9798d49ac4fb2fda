package analytics

import "slices"

// hiddenPeople stands for the number of a group that ClearPeople hides.
const hiddenPeople = -1

// ClearPeople returns what stays of the respondents by field and category (see
// ReleasedTally.People) once the fields of the answers are removed: the numbers that everybody
// may see, as RespondentCells hides the others jointly. Where all who told something in a
// field told the same, or no group would be shown, nothing of the field stays, not even
// which groups have nobody: the answers tell who was there, and what all told would be
// known of each.
func ClearPeople(people [][]int64) [][]int64 {
	out := make([][]int64, len(people))
	for f, counts := range people {
		out[f] = slices.Clone(counts)
		told, shown := 0, false
		for i, hide := range Suppress(counts, LeastCell) {
			if counts[i] != 0 && i > 0 {
				told++
			}
			switch {
			case hide:
				out[f][i] = hiddenPeople
			case counts[i] > 0:
				shown = true
			}
		}
		if told < 2 || !shown {
			for i := range out[f] {
				out[f][i] = hiddenPeople
			}
		}
	}
	return out
}

// PeopleCleared reports whether respondents by field are what ClearPeople returns of some
// people, of whom there are at least `least` and at most `most`.
func PeopleCleared(people [][]int64, least, most int64) bool {
	for _, counts := range people {
		sum, hidden := int64(0), 0
		for _, n := range counts {
			switch {
			case n == hiddenPeople:
				hidden++
			case n != 0 && n < LeastCell:
				return false
			default:
				sum += n
			}
		}
		if hidden == 0 && sum < least || hidden == 1 || sum > most {
			return false
		}
	}
	return true
}
