package paper

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"persepsi/survey"
)

// category reads a respondent's category: its code, its label, a word that offices
// use for it, or, where the categories are spans of years, an age.
func category(f *survey.Field, text string) value {
	var found []*survey.Category
	for i := range f.Categories {
		if c := &f.Categories[i]; c.Code == text {
			return value{category: c.Code}
		}
	}
	spans := spansOf(f)
	if years, ok := readSpan(text); ok && spans != nil {
		return aged(f, spans, years, text)
	}
	k := key(text)
	for _, names := range []func(*survey.Category) []string{codeAndLabels, func(c *survey.Category) []string { return dictionary().Categories[f.Code][c.Code] }} {
		for i := range f.Categories {
			c := &f.Categories[i]
			if k != "" && slices.ContainsFunc(names(c), func(name string) bool { return key(name) == k }) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	switch {
	case len(found) == 1:
		return value{category: found[0].Code, note: found[0].Code}
	case len(found) > 1:
		return wrong("ambiguous_category", "value", quoted(text), "choices", strings.Join(named(found), say("or")))
	case absent(text):
		return value{note: say("mapped_missing")}
	case spans != nil:
		return wrong("not_age", "value", quoted(text), "known", knownCategories(f))
	}
	return wrong("unknown_category", "value", quoted(text), "known", knownCategories(f))
}

func codeAndLabels(c *survey.Category) []string {
	out := []string{c.Code}
	for _, label := range c.Label {
		out = append(out, label)
	}
	return out
}

func named(list []*survey.Category) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Code + " (" + c.Label.In("id") + ")"
	}
	return out
}

func knownCategories(f *survey.Field) string {
	out := make([]string, len(f.Categories))
	for i := range f.Categories {
		c := &f.Categories[i]
		out[i] = c.Code
		if label := c.Label.In("id"); key(label) != key(c.Code) {
			out[i] += " (" + label + ")"
		}
	}
	return several(out)
}

// span is a range of whole years, both inclusive.
type span struct{ from, to int }

const endless = math.MaxInt

// oldest is more years than anybody has lived.
const oldest = 123

// spansOf returns what years each category of a field holds, nil for a field whose
// categories are no spans. A category that is none, such as "lainnya", has none.
func spansOf(f *survey.Field) []span {
	out := make([]span, len(f.Categories))
	known := 0
	for i := range f.Categories {
		var ok bool
		if out[i], ok = readSpan(f.Categories[i].Code); ok {
			known++
		}
	}
	if known < 2 || known+1 < len(out) {
		return nil
	}
	return out
}

var spanForm = regexp.MustCompile(`^(<=?|>=?)?(\d{1,3})(?:[.,]0+)?(?:-(\d{1,3})|(\+)|(=))?$`)

// readSpan reads 34, 34 tahun, 18-25, 18 s.d. 25, <18, di atas 65, 65+.
func readSpan(text string) (span, bool) {
	text = strings.Join(strings.Fields(dictionary().spans.Replace(strings.ToLower(text))), "")
	m := spanForm.FindStringSubmatch(text)
	if m == nil || m[1] != "" && (m[3] != "" || m[4] != "" || m[5] != "") {
		return span{}, false
	}
	n, _ := strconv.Atoi(m[2]) // three digits at most
	switch {
	case m[1] == "<":
		return span{0, n - 1}, n > 0
	case m[1] == "<=", m[5] != "":
		return span{0, n}, true
	case m[1] == ">":
		return span{n + 1, endless}, true
	case m[1] == ">=", m[4] != "":
		return span{n, endless}, true
	case m[3] != "":
		to, _ := strconv.Atoi(m[3]) // likewise
		return span{n, to}, to >= n
	}
	return span{n, n}, true
}

// aged finds the category that holds all years that a cell may mean.
func aged(f *survey.Field, spans []span, years span, text string) value {
	if years.from > oldest || years.to == 0 || years.to > oldest && years.to != endless {
		return wrong("not_age", "value", quoted(text), "known", knownCategories(f))
	}
	for i, s := range spans {
		if s.from <= years.from && years.to <= s.to && s != (span{}) {
			return value{category: f.Categories[i].Code, note: f.Categories[i].Code}
		}
	}
	return wrong("wide_age", "value", quoted(text), "known", knownCategories(f))
}
