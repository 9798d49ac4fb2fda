package survey

import "time"

// Erasure is the fact that comments and respondent fields of a period were removed
// from its answers, because the time for which the city keeps them is over. It is
// stored before the first answer is changed, and kept for ever.
type Erasure struct {
	Period string `json:"period"`
	// At is when it began, Day the city's day of it.
	At  time.Time `json:"at"`
	Day Date      `json:"day"`
	// Months is for how long the city kept them; see Notice.KeptUntil.
	Months int `json:"months"`
	Erasable
	// Done tells that all of them were removed, and what tallies told of them. Answers
	// that are stored later lose theirs all the same.
	Done bool `json:"-"`
	// Sealed tells that there is a Seal of it. Before that nothing is removed of answers
	// and tallies.
	Sealed bool `json:"-"`
	// Earlier tells that a build removed some or all of them that left what tallies and
	// releases told, and sealed that or nothing.
	Earlier bool `json:"-"`
}

// Removes reports whether answers may have lost something already.
func (e *Erasure) Removes() bool { return e.Sealed || e.Done || e.Earlier }

// Erasable is what there is to remove in a period.
type Erasable struct {
	// Answers counts the answers that were not looked at yet; Comments and Told those of them
	// with a comment, and with a respondent field.
	Answers  int64 `json:"answers"`
	Comments int64 `json:"comments"`
	Told     int64 `json:"told"`
}

// Count adds an answer.
func (e *Erasable) Count(r *Response) {
	if r.Erased() {
		return
	}
	e.Answers++
	if r.Comment != "" {
		e.Comments++
	}
	for i := range r.Respondent {
		if r.Respondent.At(i) > 0 {
			e.Told++
			return
		}
	}
}

// Refuse returns the error of what an erased period takes no more: Conflict.
func (e *Erasure) Refuse(what string) error {
	return Errorf(Conflict, "period %s is finished: its comments and respondent fields were removed on %s, so that %s is not possible any more", e.Period, e.Day, what)
}

// Expired reports whether a period's comments, and what citizens told of themselves,
// are to be removed on a day of the city: on each after KeptUntil.
func (n *Notice) Expired(p *Period, today Date) bool {
	until, limited := n.KeptUntil(p)
	return limited && today > until
}

// erasedMarks are the respondent fields of an answer whose own were removed. No form
// has a field whose mark that is, so that every field is one that nobody told.
const erasedMarks Marks = "~"

// Erase removes comment and respondent fields.
func (r *Response) Erase() { r.Respondent, r.Comment = erasedMarks, "" }

// Erased reports whether comment and respondent fields were removed.
func (r *Response) Erased() bool { return r.Respondent == erasedMarks }
