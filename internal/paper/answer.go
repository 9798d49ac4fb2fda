package paper

import (
	"regexp"
	"strconv"
	"strings"

	"persepsi/survey"
)

// value is what a cell was read as.
type value struct {
	answer   int    // of a question; 0: none
	declined bool   // likewise: "don't know / prefer not to say"
	category string // of a respondent field; empty: none
	note     string // how it was understood, where it was not written so
	fault    string // code of what is wrong; empty: nothing
	args     []any
}

func wrong(code string, args ...any) value { return value{fault: code, args: args} }

// absent reports whether a cell says that there is no answer.
func absent(text string) bool {
	if k := key(text); k != "" {
		return dictionary().missing[k]
	}
	return text == "" || dictionary().missing[text]
}

// wholeNumber reads 4, and 4.0 or 4,0 as spreadsheets may write it.
func wholeNumber(text string) (int, bool) {
	if i := strings.IndexAny(text, ".,"); i > 0 && i+1 < len(text) && strings.Trim(text[i+1:], "0") == "" {
		text = text[:i]
	}
	return survey.ParseValue([]byte(text))
}

var (
	numberFirst = regexp.MustCompile(`^(\d{1,2})\s*[-–—.:=)(]+\s*(.*\pL.*?)\s*\)?$`)
	numberLast  = regexp.MustCompile(`^(.*\pL.*?)\s*[-–—:=(]+\s*(\d{1,2})\s*\)?$`)
)

// answer reads an answer: a number of the scale, the words of an option, or both
// where they agree; or that it was declined, where the question may be.
func answer(q *survey.Question, text string) value {
	top := len(q.Options)
	if n, ok := wholeNumber(text); ok {
		if n < 1 || n > top {
			return wrong("out_of_scale", "value", quoted(text), "max", top)
		}
		return value{answer: n}
	}
	if n := option(q, text); n > 0 {
		return value{answer: n, note: strconv.Itoa(n)}
	}
	number, words := "", ""
	if m := numberFirst.FindStringSubmatch(text); m != nil {
		number, words = m[1], m[2]
	} else if m := numberLast.FindStringSubmatch(text); m != nil {
		number, words = m[2], m[1]
	}
	if n, ok := wholeNumber(number); ok {
		says := option(q, words)
		if says == 0 && top == len(dictionary().Marks) {
			says = place(dictionary().Marks, words)
		}
		switch {
		case n < 1 || n > top:
			return wrong("out_of_scale", "value", quoted(text), "max", top)
		case says == n:
			return value{answer: n, note: strconv.Itoa(n)}
		case says > 0:
			return wrong("contradiction", "value", quoted(text), "number", n, "label", q.Options[n-1].Label.In("id"))
		}
	}
	if q.Declinable && dictionary().declined[key(text)] {
		return value{declined: true, note: say("declined")}
	}
	if absent(text) {
		return value{note: say("mapped_missing")}
	}
	labels := make([]string, top)
	for i := range q.Options {
		labels[i] = "“" + q.Options[i].Label.In("id") + "”"
	}
	if q.Declinable {
		labels = append(labels, "“"+say("declined")+"”")
	}
	return wrong("not_answer", "value", quoted(text), "max", top, "labels", several(labels))
}

// option returns the value of the option that words name, 0 if none or several.
func option(q *survey.Question, words string) int {
	k, found := key(words), 0
	if k == "" {
		return 0
	}
	for i := range q.Options {
		for _, label := range q.Options[i].Label {
			if key(label) != k {
				continue
			}
			if found > 0 && found != q.Options[i].Value {
				return 0
			}
			found = q.Options[i].Value
		}
	}
	for _, list := range append([][][]string{dictionary().Answers[q.Code]}, dictionary().Earlier[q.Code]...) {
		if found == 0 && len(list) == len(q.Options) {
			found = place(list, words)
		}
	}
	return found
}

// place returns where in a list words stand, from 1; 0 if nowhere.
func place(list [][]string, words string) int {
	k := key(words)
	for i, names := range list {
		for _, name := range names {
			if key(name) == k {
				return i + 1
			}
		}
	}
	return 0
}
