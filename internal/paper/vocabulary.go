package paper

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"persepsi/survey"
)

// kind is what a column is for.
type kind string

const (
	kindUnknown  kind = ""
	kindBlank    kind = "blank"   // without a name
	kindIgnored  kind = "ignored" // whoever imports wants it left out
	kindQuestion kind = "question"
	kindField    kind = "field"
	kindNumbered kind = "numbered" // a question by its number only
	kindID       kind = "id"
	kindUnit     kind = "unit"
	kindService  kind = "service"
	kindDate     kind = "date"
	kindComment  kind = "comment"
	kindRow      kind = "row"   // a running number
	kindClock    kind = "clock" // a time of day
	kindSum      kind = "sum"   // what somebody computed of the answers
)

// meaning is one reading of a heading: a kind of column and what it is about.
type meaning struct {
	kind   kind
	target string // code of a question or field
	series string // of a number: "u" (unsur) or "p" (question)
	number int
}

// vocabulary knows what headings mean for one form. The form's own codes come
// first, then its texts, then the words of words.yaml.
type vocabulary struct {
	form    *survey.Form
	ignored map[string]bool
	levels  [2]map[string][]meaning
	begins  []string
}

func newVocabulary(form *survey.Form, ignore []string) *vocabulary {
	v := &vocabulary{form: form, ignored: map[string]bool{}}
	for i := range v.levels {
		v.levels[i] = map[string][]meaning{}
	}
	for _, s := range ignore {
		v.ignored[key(s)] = true
	}
	for i := range form.Questions {
		q := &form.Questions[i]
		for _, text := range q.Text {
			v.learn(0, text, meaning{kind: kindQuestion, target: q.Code})
		}
	}
	for i := range form.Indexes {
		for _, aspect := range form.Indexes[i].Aspects {
			if len(aspect.Questions) != 1 {
				continue // a name of several questions names none
			}
			m := meaning{kind: kindQuestion, target: aspect.Questions[0]}
			for _, name := range aspect.Name {
				v.learn(0, name, m)
			}
			v.learn(1, aspect.Code, m)
			v.learnAll(dictionary().Questions[aspect.Code], m)
		}
	}
	for i := range form.Fields {
		f := &form.Fields[i]
		m := meaning{kind: kindField, target: f.Code}
		for _, text := range f.Text {
			v.learn(0, text, m)
		}
		v.learnAll(dictionary().Fields[f.Code], m)
	}
	for i := range form.Questions {
		code := form.Questions[i].Code
		v.learnAll(dictionary().Questions[code], meaning{kind: kindQuestion, target: code})
	}
	for name, list := range dictionary().Columns {
		for _, word := range list {
			// A question of that name goes before: “Waktu” is a date only where the
			// form does not ask for it.
			if k := key(word); len(v.levels[0][k]) == 0 && len(v.levels[1][k]) == 0 {
				v.learn(1, word, meaning{kind: kind(name)})
			}
		}
	}
	for _, s := range dictionary().Begins {
		v.begins = append(v.begins, key(s))
	}
	return v
}

func (v *vocabulary) learnAll(list []string, m meaning) {
	for _, text := range list {
		v.learn(1, text, m)
	}
}

func (v *vocabulary) learn(level int, text string, m meaning) {
	k := key(text)
	if known := v.levels[level]; k != "" && !slices.Contains(known[k], m) {
		known[k] = append(known[k], m)
	}
}

var (
	inBrackets = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`)
	byNumber   = regexp.MustCompile(`(?i)^(u|unsur|p|q|pertanyaan|soal|butir)\s*[-.]?\s*(\d{1,2})(?:\s*$|[\s.:)\-/–]+)`)
	listNumber = regexp.MustCompile(`^\(?(?:\d{1,2}|[a-z])[.):]+\s*`)
)

// look returns what a heading means: nothing, one thing, or several that it could.
func (v *vocabulary) look(heading string) []meaning {
	heading = strings.TrimSpace(heading)
	code := strings.ToLower(heading)
	if _, ok := v.form.Position(code); ok {
		return []meaning{{kind: kindQuestion, target: code}}
	}
	if _, ok := v.form.FieldPosition(code); ok {
		return []meaning{{kind: kindField, target: code}}
	}
	if len(heading) > 1000 {
		return nil
	}
	without := strings.TrimSpace(inBrackets.ReplaceAllString(heading, " "))
	var number []meaning
	for _, text := range []string{heading, without} {
		rest := text
		if m := byNumber.FindStringSubmatch(text); m != nil && number == nil {
			n, _ := strconv.Atoi(m[2]) // it is one
			series := "p"
			if s := strings.ToLower(m[1]); s == "u" || s == "unsur" {
				series = "u"
			}
			number = []meaning{{kind: kindNumbered, series: series, number: n}}
			rest = text[len(m[0]):]
		}
		for _, text := range []string{text, rest, listNumber.ReplaceAllString(strings.ToLower(rest), "")} {
			if found := v.find(key(text)); found != nil {
				return found
			}
		}
	}
	return number
}

func (v *vocabulary) find(k string) []meaning {
	if k == "" {
		return nil
	}
	for _, level := range v.levels {
		if found := level[k]; found != nil {
			return found
		}
	}
	for _, begin := range v.begins {
		if rest, ok := strings.CutPrefix(k, begin); ok && rest != "" {
			for _, level := range v.levels {
				if found := level[rest]; found != nil {
					return found
				}
			}
		}
	}
	return nil
}

// asks reports whether a heading means a question, or could.
func asks(list []meaning) bool {
	return slices.ContainsFunc(list, func(m meaning) bool { return m.kind == kindQuestion || m.kind == kindNumbered })
}

// header finds the row, among the first, that names the most columns, and one
// question at least. The score is how many; 0: there is none.
func (v *vocabulary) header(rows []row) (at, score int) {
	for i := range rows[:min(len(rows), maxHead)] {
		known := map[meaning]bool{}
		question := false
		for _, text := range rows[i].cells {
			found := v.look(text)
			if strings.TrimSpace(text) == "" {
				continue
			}
			if len(found) == 0 && v.ignored[key(text)] {
				known[meaning{kind: kindIgnored, target: key(text)}] = true
			}
			for _, m := range found {
				known[m] = true
			}
			question = question || asks(found)
		}
		if question && len(known) > score {
			at, score = i, len(known)
		}
	}
	return at, score
}

// names returns how a form calls a question or field, for people.
func (v *vocabulary) name(m meaning) string {
	switch m.kind {
	case kindQuestion:
		return m.target
	case kindField:
		at, _ := v.form.FieldPosition(m.target) // it is one of the form
		return v.form.Fields[at].Text.In("id")
	default:
		return say("means_" + string(m.kind))
	}
}
