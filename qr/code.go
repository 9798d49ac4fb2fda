package qr

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A point code is three syllables and two digits, such as KUPARI47: short,
// read aloud without spelling, and one of about 30 million, so that trying
// codes finds nobody's point. Sounds and signs that are easily confused (C, F,
// J, Q, V, X, Z; 0 and 1) are left out.
const (
	consonants = "BDGHKLMNPRSTWY"
	vowels     = "AIUEO"
	digits     = "23456789"
)

// rude are parts of words that no poster should bear, in Bahasa Indonesia and
// English.
func rude() []string {
	return []string{
		"ANU", "ASU", "BABI", "BAKA", "BANGSA", "BEGO", "BODO", "BUGIL", "BUTA", "DUBUR", "GILA", "GOBLO", "HINA", "HOMO", "KERE", "KIMA",
		"LONTE", "LOLO", "MATI", "MEME", "NUDE", "NENE", "PELI", "PENIS", "PEPE", "PUKI", "PUSI", "RAPE", "SARU", "SETAN", "SUDAL", "TAI", "TETE",
		"TITI", "TOLO", "TOGE", "TUHAN",
	}
}

// NewCode makes a point code out of random bytes. Its only errors are the
// reader's.
func NewCode(r io.Reader) (string, error) {
	in := bufio.NewReaderSize(r, 16)
	for {
		var b [8]byte
		for i, set := range [8]string{consonants, vowels, consonants, vowels, consonants, vowels, digits, digits} {
			c, err := pick(in, set)
			if err != nil {
				return "", fmt.Errorf("make a point code: %w", err)
			}
			b[i] = c
		}
		code := string(b[:])
		if !slices.ContainsFunc(rude(), func(s string) bool { return strings.Contains(code, s) }) {
			return code, nil
		}
	}
}

// pick draws one sign; bytes that would favour some signs are drawn again.
func pick(r io.ByteReader, set string) (byte, error) {
	limit := 256 - 256%len(set)
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if int(b) < limit {
			return set[int(b)%len(set)], nil
		}
	}
}

// normalize makes a typed code comparable: upper case, without spaces and
// hyphens.
func normalize(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s))
}

var numbered = regexp.MustCompile(`^(.*?)(\d+)$`)

// Guessable returns the codes that are part of a sequence, such as DK01 and
// DK02: who knows one knows the others.
func Guessable(codes []string) []string {
	stems := map[string]map[int]string{}
	for _, c := range codes {
		m := numbered.FindStringSubmatch(normalize(c))
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		if stems[m[1]] == nil {
			stems[m[1]] = map[int]string{}
		}
		stems[m[1]][n] = c
	}
	var out []string
	for _, list := range stems {
		for n, c := range list {
			if list[n-1] != "" || list[n+1] != "" {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}
