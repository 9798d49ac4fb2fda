package public

import (
	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/survey"
)

// peopleFields are the respondent fields that a publication sheet tells.
func peopleFields() [2]string { return [2]string{"sex", "education"} }

// peopleOf tells the groups of respondents of a release, small ones hidden; none
// where there is no release.
func peopleOf(form *survey.Form, released *analytics.ReleasedTally) []view.People {
	if released == nil {
		return nil
	}
	var out []view.People
	for _, code := range peopleFields() {
		at, ok := form.FieldPosition(code)
		if !ok {
			continue
		}
		people := view.People{Field: form.Fields[at]}
		labels := map[string]survey.Text{}
		for _, category := range form.Fields[at].Categories {
			labels[category.Code] = category.Label
		}
		for _, cell := range analytics.RespondentCells(form, at, released) {
			people.Cells = append(people.Cells, view.PeopleCell{Label: labels[cell.Code], N: cell.N, Suppressed: cell.Suppressed})
		}
		out = append(out, people)
	}
	return out
}
