package projection

import "persepsi/survey"

// paperAnswer is the content of an answer from paper. When it was given is not part of it: rows
// without a date are of the day on which they were imported.
type paperAnswer struct {
	mode           survey.Mode
	service, point string
	answers        survey.Marks
	respondent     survey.Marks
}

func paperAnswerOf(r *survey.Response) paperAnswer {
	// To a release a declined answer is a missing one: who mends one into the other
	// changes no figure, and is the same person here.
	return paperAnswer{r.Mode, r.Service, r.Point, r.Answers.Scores(), r.Respondent}
}

// again takes those of the fresh answers for undone ones that say the same: a file that
// was undone, mended and imported again has other ids, and as many people. The
// difference of the figures before and after would be what was mended, one row perhaps.
// So each of them stands for one that was taken out: where a release still holds that,
// it stays, and is the person's; where one let it go, the person does not come back.
func (c *candidate) again(out []*survey.Response) {
	held, gone := map[paperAnswer][]*survey.Response{}, map[paperAnswer]int{}
	for _, old := range out {
		switch of := c.serials[old.ID]; {
		case of[0] == 0: // no figure ever told of it
		case of[1] == 0:
			held[paperAnswerOf(old)] = append(held[paperAnswerOf(old)], old)
		default:
			gone[paperAnswerOf(old)]++
		}
	}
	kept := c.fresh[:0]
	for _, r := range c.fresh {
		says := paperAnswerOf(r)
		if same := held[says]; len(same) > 0 {
			delete(c.undone, same[0].ID)
			held[says] = same[1:]
			continue
		}
		if gone[says] > 0 {
			gone[says]--
			continue
		}
		kept = append(kept, r)
	}
	c.fresh = kept
}
