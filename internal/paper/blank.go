package paper

import "persepsi/survey"

// Declined is what a clerk types where somebody ticked "don't know / prefer not to say".
const Declined = "TT"

// What a column of an empty file is for that is none of a question or respondent field.
const (
	ForNumber  = string(kindRow) // of the sheet of paper
	ForDate    = string(kindDate)
	ForUnit    = string(kindUnit)
	ForService = string(kindService)
	ForComment = string(kindComment)
)

// Blank is a column of an empty file, for somebody to fill in. For is empty where it is that
// of a question or field.
type Blank struct {
	Heading  string
	Question *survey.Question
	Field    *survey.Field
	For      string
}

// Blanks returns the columns of an empty file for a form: the codes of its questions in that
// order, and of its fields. One for the unit is among them where rows shall name theirs. A
// heading that the form has for something else is another word for the same.
func Blanks(form *survey.Form, questions []string, units bool) []Blank {
	v := newVocabulary(form, nil)
	var out []Blank
	add := func(k kind) {
		if word := v.word(k); word != "" {
			out = append(out, Blank{Heading: word, For: string(k)})
		}
	}
	add(kindRow)
	add(kindDate)
	if units {
		add(kindUnit)
	}
	add(kindService)
	for _, code := range questions {
		if at, ok := form.Position(code); ok {
			out = append(out, Blank{Heading: code, Question: &form.Questions[at]})
		}
	}
	for i := range form.Fields {
		out = append(out, Blank{Heading: form.Fields[i].Code, Field: &form.Fields[i]})
	}
	add(kindComment)
	return out
}

// word returns the first word that heads a column of a kind and nothing else; empty: the
// form has all of them for something else.
func (v *vocabulary) word(k kind) string {
	for _, word := range dictionary().Columns[string(k)] {
		if found := v.look(word); len(found) == 1 && found[0].kind == k {
			return word
		}
	}
	return ""
}
