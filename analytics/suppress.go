package analytics

// LeastCell is the smallest number of respondents that a cell of a breakdown
// may show.
const LeastCell = 5

// Suppress tells which cells of one breakdown must be hidden so that nobody
// can read, or subtract from the known total, a group of 1 to least−1 people.
// Beside the small cells it hides the next larger ones until the hidden cells
// together hold at least `least` people in two cells or more.
func Suppress(counts []int64, least int64) []bool {
	hide := make([]bool, len(counts))
	var hidden, sum int64
	for i, n := range counts {
		if n > 0 && n < least {
			hide[i] = true
			hidden++
			sum += n
		}
	}
	for hidden > 0 && (hidden < 2 || sum < least) {
		next := -1
		for i, n := range counts {
			if !hide[i] && n > 0 && (next < 0 || n < counts[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		hide[next] = true
		hidden++
		sum += counts[next]
	}
	if hidden > 0 && (hidden < 2 || sum < least) {
		// Too few people altogether: the breakdown can't be shown at all.
		for i := range hide {
			hide[i] = true
		}
	}
	return hide
}
