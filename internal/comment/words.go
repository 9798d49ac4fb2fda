package comment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a run of letters, digits and apostrophes of a text.
type word struct {
	from, to int    // bytes of the text
	text     string // as it is written
	low      string // in small letters
}

// words splits a text.
func words(text string) []word {
	var out []word
	from := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || (r == '\'' || r == '’') && from >= 0
		switch {
		case inside && from < 0:
			from = i
		case !inside && from >= 0:
			out, from = append(out, newWord(text, from, i)), -1
		}
	}
	if from >= 0 {
		out = append(out, newWord(text, from, len(text)))
	}
	return out
}

// lastWord returns the last word of a text in small letters; empty: it has none.
func lastWord(text string) string {
	inside := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' }
	text = strings.TrimRightFunc(text, func(r rune) bool { return !inside(r) })
	from := strings.LastIndexFunc(text, func(r rune) bool { return !inside(r) })
	if from >= 0 {
		_, size := utf8.DecodeRuneInString(text[from:])
		text = text[from+size:]
	}
	return strings.ToLower(text)
}

func newWord(text string, from, to int) word {
	t := text[from:to]
	return word{from: from, to: to, text: t, low: strings.TrimRight(strings.ToLower(t), "'’")}
}

// capital reports whether a word begins with a capital letter.
func (w *word) capital() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r)
}

// lettered reports whether a word has letters alone.
func (w *word) lettered() bool {
	for _, r := range w.low {
		if !unicode.IsLetter(r) && r != '\'' && r != '’' && !unicode.Is(unicode.Mn, r) {
			return false
		}
	}
	return true
}

// styled reports whether capitals say nothing in a text: most of it is written in them,
// or most of its words begin with one.
func styled(text string, list []word) bool {
	upper, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if upper*2 > letters {
		return true
	}
	long, capitals := 0, 0
	for i := range list {
		if list[i].lettered() && utf8.RuneCountInString(list[i].text) > 2 {
			long++
			if list[i].capital() {
				capitals++
			}
		}
	}
	return long > 2 && capitals*4 >= long*3
}
