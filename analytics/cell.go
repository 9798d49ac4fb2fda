package analytics

// cell is one cell of a breakdown: the responses of one service, one age group
// and so on. sums is their number, then the sum of scores of each question.
// missing is a number that is 0 where no answer is missing, then the number of
// missing answers to each question.
type cell struct{ sums, missing []uint32 }

// rowSize returns the number of counts of a cell.
func rowSize(questions int) int { return 2 * (1 + questions) }

// responses returns the number of responses in the cell.
func (c cell) responses() int64 { return int64(c.sums[0]) }

// gaps reports whether an answer is missing in the cell.
func (c cell) gaps() bool { return c.missing[0] > 0 }

// Question returns the sum of the scores and the number of answers to a question
// within the cell.
func (c cell) Question(position int) (sum, n int64) {
	return int64(c.sums[1+position]), int64(c.sums[0] - c.missing[1+position])
}
