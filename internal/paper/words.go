package paper

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

//go:embed words.yaml
var wordsFile []byte

//go:embed texts.yaml
var textsFile []byte

// words are how offices write what a form calls by its codes.
type words struct {
	Columns    map[string][]string            `yaml:"columns"`
	Fields     map[string][]string            `yaml:"fields"`
	Categories map[string]map[string][]string `yaml:"categories"`
	Questions  map[string][]string            `yaml:"questions"`
	Begins     []string                       `yaml:"begins"`
	Answers    map[string][][]string          `yaml:"answers"`
	Earlier    map[string][][][]string        `yaml:"earlier"`
	Marks      [][]string                     `yaml:"marks"`
	Declined   []string                       `yaml:"declined"`
	Missing    []string                       `yaml:"missing"`
	Spans      struct {
		Between   []string `yaml:"between"`
		Below     []string `yaml:"below"`
		Above     []string `yaml:"above"`
		Upwards   []string `yaml:"upwards"`
		Downwards []string `yaml:"downwards"`
		Years     []string `yaml:"years"`
	} `yaml:"spans"`
	Totals struct {
		First []string `yaml:"first"`
		Rest  []string `yaml:"rest"`
	} `yaml:"totals"`
	Notes    []string            `yaml:"notes"`
	Months   [][]string          `yaml:"months"`
	Weekdays [][]string          `yaml:"weekdays"`
	Orders   map[string][]string `yaml:"orders"`

	declined, missing, first, rest, notes map[string]bool
	months, weekdays                      map[string]int
	spans                                 *strings.Replacer
}

// dictionary and texts are part of the program and are read when they are needed
// first; a test reads them too, so that a wrong file cannot be shipped.
var (
	dictionary = sync.OnceValue(func() *words {
		w := &words{}
		if err := yaml.Unmarshal(wordsFile, w); err != nil {
			panic(fmt.Errorf("words.yaml: %w", err))
		}
		w.declined, w.missing, w.first, w.rest, w.notes = wordSet(w.Declined), wordSet(w.Missing), wordSet(w.Totals.First), wordSet(w.Totals.Rest), wordSet(w.Notes)
		var signs []string
		for sign, list := range map[string][]string{"-": w.Spans.Between, "<": w.Spans.Below, ">": w.Spans.Above, "+": w.Spans.Upwards, "=": w.Spans.Downwards, "": w.Spans.Years, "<=": {"≤"}, ">=": {"≥"}} {
			for _, word := range list {
				signs = append(signs, word, sign)
			}
		}
		w.spans = strings.NewReplacer(signs...)
		w.months, w.weekdays = numbered(w.Months, 1), numbered(w.Weekdays, 0)
		return w
	})
	texts = sync.OnceValue(func() map[string]string {
		out := map[string]string{}
		if err := yaml.Unmarshal(textsFile, &out); err != nil {
			panic(fmt.Errorf("texts.yaml: %w", err))
		}
		return out
	})
)

// wordSet holds words as they are compared; signs without a letter, as they are.
func wordSet(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		if k := key(s); k != "" {
			s = k
		}
		out[s] = true
	}
	return out
}

func numbered(list [][]string, first int) map[string]int {
	out := map[string]int{}
	for i, names := range list {
		for _, name := range names {
			out[key(name)] = first + i
		}
	}
	return out
}

// key makes what is written comparable: its letters and digits, in small letters,
// and the signs that tell two categories apart.
func key(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("<>=≤≥+", r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// fields cuts a text into its words, in small letters.
func fields(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSymbol(r) })
}

// say returns a text with names and values filled in: say("row", "row", 3).
func say(code string, args ...any) string {
	text, ok := texts()[code]
	if !ok {
		return code
	}
	for i := 0; i+1 < len(args); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return text
}

// quoted makes what somebody wrote fit to be shown in a text.
func quoted(s string) string { return survey.Printable(strings.Join(strings.Fields(s), " ")) }

// several joins what may be chosen from, and tells how many more there are.
func several(list []string) string {
	const most = 12
	if len(list) > most {
		list = append(list[:most:most], say("known_more", "count", len(list)-most))
	}
	return strings.Join(list, ", ")
}
