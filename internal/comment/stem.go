package comment

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// shortest is the least length in letters of what may be left when affixes are taken off.
const shortest = 3

// Endings and beginnings of words, the longer ones first. The last of endings are
// colloquial and regional: nungguin, pelayanane, petugasna, lamami.
var (
	particles = []string{"nyalah", "lah", "kah", "pun", "nya", "ny", "x", "ku", "mu", "mi", "ji", "ki", "ne", "na", "e"}
	endings   = []string{"kan", "an", "in", "i"}
	beginning = []struct{ prefix, instead string }{
		{"memper", ""},
		{"diper", ""},
		{"keber", ""},
		{"kese", ""},
		{"penge", ""},
		{"menge", ""},
		{"menye", "se"},
		{"menya", "sa"},
		{"menyi", "si"},
		{"menyu", "su"},
		{"menyo", "so"},
		{"penye", "se"},
		{"penya", "sa"},
		{"penyi", "si"},
		{"penyu", "su"},
		{"meng", ""},
		{"meng", "k"},
		{"peng", ""},
		{"peng", "k"},
		{"nge", ""},
		{"ng", ""},
		{"ng", "k"},
		{"mem", ""},
		{"mem", "p"},
		{"pem", ""},
		{"pem", "p"},
		{"men", ""},
		{"men", "t"},
		{"pen", ""},
		{"pen", "t"},
		{"ny", "s"},
		{"ny", "c"},
		{"n", "t"},
		{"m", "p"},
		{"ber", ""},
		{"ter", ""},
		{"per", ""},
		{"bel", ""},
		{"be", ""},
		{"te", ""},
		{"pe", ""},
		{"me", ""},
		{"di", ""},
		{"ke", ""},
		{"se", ""},
	}
)

// Stems returns what a word in small letters may be a form of: itself first, then what is
// left of it when the affixes of Bahasa Indonesia, and of its colloquial forms, are taken
// off, one layer after the other, and the first letter that a prefix swallowed is put back.
// There are several, for without a dictionary nobody knows which one is a root:
// `menunggunya` gives menunggu and tunggu, but also unggu. Nothing shorter than three
// letters is left.
func Stems(low string) []string {
	out := []string{low}
	add := func(s string) {
		if utf8.RuneCountInString(s) >= shortest && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(strings.TrimRight(low, "23")) // ramah2
	add(squeezed(low))
	layer := func(list []string) {
		for i, n := 0, len(out); i < n; i++ {
			for _, end := range list {
				add(strings.TrimSuffix(out[i], end))
			}
		}
	}
	layer(particles)
	layer(endings)
	for range 2 { // ke-ber-, di-per-
		for i, n := 0, len(out); i < n; i++ {
			for _, b := range beginning {
				if rest, ok := strings.CutPrefix(out[i], b.prefix); ok {
					add(b.instead + rest)
				}
			}
		}
	}
	return out
}

// squeezed takes letters out that are drawn out: lamaaaa, bangettt.
func squeezed(s string) string {
	var out strings.Builder
	last, run := rune(0), 0
	for _, r := range s {
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		if run == 1 || run == 2 && !strings.HasSuffix(s, string([]rune{r, r})) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// stemSet is the words of a list and all that they may be forms of.
type stemSet map[string]bool

func (s stemSet) add(list ...string) {
	for _, w := range list {
		s[w] = true
	}
}

// has reports whether a word is one of the set, or may be a form of one.
func (s stemSet) has(low string) bool {
	for _, stem := range Stems(low) {
		if s[stem] {
			return true
		}
	}
	return false
}
