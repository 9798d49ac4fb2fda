package comment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldedText is a text as it is read by somebody who looks at it: without what cannot be seen,
// with plain letters and digits for wide, decorated and foreign ones that look like them, so
// that nobody passes a mask by 08\u200b12, ０８１２, ٠٨١٢, o812 or Suhаrto with a Cyrillic a.
type foldedText struct {
	text string
	// at tells for each byte which byte of the original its character begins at; nil: the
	// two are the same.
	at   []int32
	from string // the original
}

// fold folds a text.
func fold(text string) foldedText {
	out := foldedText{text: text, from: text}
	if plainly(text) {
		out.text = string(straightened([]byte(text)))
		return out
	}
	b := make([]byte, 0, len(text))
	out.at = make([]int32, 0, len(text))
	for i, r := range text {
		for _, c := range likeness(r) {
			n := len(b)
			b = utf8.AppendRune(b, c)
			for range len(b) - n {
				out.at = append(out.at, int32(i))
			}
		}
	}
	out.text = string(straightened(b))
	return out
}

// plainly reports whether a text has ASCII characters alone.
func plainly(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// original returns where a part of the folded text, which is not empty, stands in the
// original one.
func (f *foldedText) original(from, to int) (int, int) {
	if f.at == nil {
		return from, to
	}
	last := int(f.at[to-1])
	_, size := utf8.DecodeRuneInString(f.from[last:])
	return int(f.at[from]), last + size
}

// likeness returns what a character looks like: nothing, where it cannot be seen.
func likeness(r rune) string {
	switch {
	case r < utf8.RuneSelf:
		return string(r)
	case unicode.Is(unicode.Cf, r), r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return ""
	case unicode.Is(unicode.Zs, r), r == '\u2800', r == '\u2028', r == '\u2029':
		return " "
	case unicode.Is(unicode.Pd, r), r == '\u2212':
		return "-"
	case unicode.Is(unicode.Nd, r):
		return string('0' + digitOf(r))
	}
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		if like, ok := alike(c); ok {
			return like
		}
		return c
	}, norm.NFKD.String(string(r)))
}

// digitOf returns the value of a decimal digit of any script: they stand in tens, from
// nought on, in ranges that ascend.
func digitOf(r rune) rune {
	for _, of := range unicode.Nd.R16 {
		if r <= rune(of.Hi) {
			return (r - rune(of.Lo)) % 10
		}
	}
	for _, of := range unicode.Nd.R32 {
		if r <= rune(of.Hi) {
			return (r - rune(of.Lo)) % 10
		}
	}
	return 0
}

// Cyrillic and Greek letters, and the Latin ones that they look like.
const (
	foreign = "АВЕЅІЈКМНОРСТУХԁавеѕіјкмнорстухһԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινρυκ"
	latin   = "ABESIJKMHOPCTYXdabesijkmhopctyxhwABEZHIKMNOPTYXaoivpuk"
)

// alike returns the Latin letter that a Cyrillic or Greek one looks like.
func alike(r rune) (rune, bool) {
	at := 0
	for _, f := range foreign {
		if f == r {
			return rune(latin[at]), true
		}
		at++
	}
	return 0, false
}

// straightened puts 0 and 1 for O, I and l in words that are mostly digits: o812, 789O.
func straightened(b []byte) []byte {
	for i := 0; i < len(b); {
		if !wordly(b[i]) {
			i++
			continue
		}
		end, digits, letters := i, 0, 0
		for ; end < len(b) && wordly(b[end]); end++ {
			switch c := b[end]; {
			case c <= '9':
				digits++
			case c == 'O' || c == 'o' || c == 'I' || c == 'l':
				letters++
			default:
				letters = len(b) // another word
			}
		}
		if digits >= 3 && letters <= digits {
			for ; i < end; i++ {
				switch b[i] {
				case 'O', 'o':
					b[i] = '0'
				case 'I', 'l':
					b[i] = '1'
				}
			}
		}
		i = end
	}
	return b
}

// wordly reports whether a byte is part of a word, foreign letters too.
func wordly(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= utf8.RuneSelf
}

// unbent returns a text without the characters that turn the direction of what follows: a
// reader would see letters in another order than they were looked at.
func unbent(text string) string {
	if plainly(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, text)
}
