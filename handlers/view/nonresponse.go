package view

import (
	"slices"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Nonresponse is what a unit's respondents would not say or do not know, question by
// question, and what they answered to the unscored ones: for evaluators.
type Nonresponse struct {
	Unit, UnitName string
	Questions      []NonresponseQuestion // in the form's order
}

// NonresponseQuestion is one of them.
type NonresponseQuestion struct {
	Text survey.Text
	// Declined is how many of the Of respondents chose "don't know / prefer not to
	// say"; May tells that they could.
	Declined, Of int64
	May          bool
	// Options are the answers to an unscored question, and Blank how many left it out;
	// none for one that is scored, whose answers the index tells.
	Options []NonresponseOption
	Blank   int64
}

// NonresponseOption is how many chose an option.
type NonresponseOption struct {
	Label survey.Text
	N     int64
}

// Percent returns the share of the respondents who declined, with one decimal.
func (q NonresponseQuestion) Percent() string {
	if q.Of == 0 {
		return "0.0"
	}
	return analytics.Shown(analytics.NewRatio(100*q.Declined, q.Of), 1)
}

// Most returns the question that most declined, nil where nobody did.
func (u *Nonresponse) Most() *NonresponseQuestion {
	most := slices.MaxFunc(u.Questions, func(a, b NonresponseQuestion) int { return int(a.Declined - b.Declined) })
	if most.Declined == 0 {
		return nil
	}
	return &most
}

// NewNonresponse returns what a result tells of that, nil where it tells nothing: of a unit
// without answers, of a form without questions that may be declined, and to all who see
// no more than released figures.
func NewNonresponse(form *survey.Form, u *report.UnitResult) *Nonresponse {
	if u.Responses.Valid == 0 || len(u.Declined) == 0 {
		return nil
	}
	out := &Nonresponse{Unit: u.Unit, UnitName: u.UnitName}
	for i := range form.Questions {
		q := &form.Questions[i]
		one := NonresponseQuestion{Text: q.Text, Of: u.Responses.Valid}
		one.Declined, one.May = u.Declined[q.Code]
		if counts := u.Signals[q.Code]; len(counts) > 0 {
			one.Blank = counts[0] - one.Declined
			for _, o := range q.Options {
				one.Options = append(one.Options, NonresponseOption{Label: o.Label, N: counts[o.Value]})
			}
		}
		if one.May || one.Options != nil {
			out.Questions = append(out.Questions, one)
		}
	}
	return out
}
