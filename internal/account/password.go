package account

import (
	_ "embed" // the common passwords are data
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"persepsi/internal/access"
	"persepsi/survey"
)

// The length of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 200
)

// The codes with which forms of accounts come back: faults of a password, an address or a name.
const (
	FaultShort    = "short"
	FaultLong     = "long"
	FaultDigits   = "digits"   // nothing but digits and signs: a number of staff, a birthday
	FaultCommon   = "common"   // one that everybody who guesses tries
	FaultPersonal = "personal" // the person's name or address
	FaultDiffers  = "differs"  // the second time it is another one
	FaultOld      = "old"      // the old one, asked for before a change, is wrong
	FaultSame     = "same"     // it is the old one
	FaultEmail    = "email"    // it is no address
	FaultTaken    = "taken"    // the address is somebody else's
	FaultName     = "name"     // it is none
)

//go:embed data/common.txt
var commonFile string

// common are the words that make no password, whatever digits and signs stand around
// them.
var common = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(commonFile) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			out[word] = true
		}
	}
	return out
})

// clean returns a password as it is hashed: keyboards write the same letter in more
// than one way.
func clean(password string) string { return norm.NFC.String(password) }

// judge returns what is wrong with a new password of a person, typed twice.
func judge(password, again string, p *access.Person) []survey.Fault {
	code, message := weakness(clean(password), p)
	switch {
	case code != "":
		return []survey.Fault{{Field: "password", Code: code, Message: message}}
	case clean(password) != clean(again):
		return []survey.Fault{{Field: "password2", Code: FaultDiffers, Message: "is not the same password"}}
	default:
		return nil
	}
}

// weakness returns why a password is refused; empty: it is not.
func weakness(password string, p *access.Person) (code, message string) {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return FaultShort, "has fewer than 10 characters"
	case n > MaxPassword:
		return FaultLong, "has more than 200 characters"
	}
	lower := strings.ToLower(password)
	core := letters(lower)
	local, _, _ := strings.Cut(p.Email, "@")
	own := append(strings.Fields(p.Name), p.Email, local, p.Name)
	switch {
	case strings.TrimFunc(password, unformed) == "":
		return FaultDigits, "has no letter"
	case slices.ContainsFunc(own, func(s string) bool { return s != "" && letters(strings.ToLower(s)) == core }):
		return FaultPersonal, "is the person's name or e-mail address"
	case common()[lower] || common()[unit(core)] || common()[letters(plain(lower))]:
		return FaultCommon, "is among those that are guessed first"
	default:
		return "", ""
	}
}

func unformed(r rune) bool { return !unicode.IsLetter(r) }

// letters returns the letters of a text.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unformed(r) {
			return -1
		}
		return r
	}, text)
}

// plain undoes the digits and signs that stand for letters within a word.
func plain(text string) string {
	text = strings.TrimFunc(text, unformed)
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(text)
}

// unit returns the shortest text that a text is a repetition of.
func unit(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}
