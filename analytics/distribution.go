package analytics

// Distribution is how often each score of a question was given.
type Distribution struct {
	Question string `json:"question"`
	// Counts are the answers with score 1, 2, …; none where Hidden.
	Counts []int64 `json:"counts,omitempty"`
	N      int64   `json:"n"`
	// Hidden tells that fewer than LeastCell people gave some score, or that a release holds
	// no answers to the question.
	Hidden bool `json:"hidden,omitempty"`
}

// Distributions returns the distributions of those whom a closed period's tables tell of, of
// the questions that feed an index in the order of the form. Tables are made once, with the
// first final release: no other release has distributions, nor has a later final, for the
// difference of two would tell how ten people answered.
//
// Where fewer than five people gave some score all counts of the question are left out. To
// leave out some of them hides nothing: their number and sum are known from the mean beside.
//
// 6 answers of 4 and 5 of 3 are shown; 6 of 4 and 4 of 3 are not.
func (t *OpenTables) Distributions() []Distribution {
	form := t.Tally.Form()
	var out []Distribution
	seen := map[int]bool{}
	for i := range form.Indexes {
		for _, positions := range form.Indexes[i].Positions {
			for _, p := range positions {
				if !seen[p] {
					seen[p] = true
					out = append(out, distribution(t.Tally, p))
				}
			}
		}
	}
	return out
}

func distribution(t *Tally, position int) Distribution {
	_, n := t.Question(position)
	question := &t.Form().Questions[position]
	out := Distribution{Question: question.Code, N: n, Hidden: n == 0}
	for score := 1; score <= len(question.Options); score++ {
		count := t.Count(position, score)
		out.Counts = append(out.Counts, count)
		out.Hidden = out.Hidden || count > 0 && count < LeastCell
	}
	if out.Hidden {
		out.Counts = nil
	}
	return out
}
