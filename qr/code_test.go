package qr_test

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"persepsi/qr"
)

// bytesOf returns random bytes that are the same in every run.
func bytesOf(seed uint64) io.Reader {
	var key [32]byte
	for i := range key {
		key[i] = byte(seed >> (i % 8 * 8))
	}
	return rand.NewChaCha8(key)
}

func newCodes(t *testing.T, seed uint64, n int) []string {
	t.Helper()
	r := bytesOf(seed)
	out := make([]string, n)
	for i := range out {
		code, err := qr.NewCode(r)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = code
	}
	return out
}

func TestANewCodeCanBeReadAloud(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^([BDGHKLMNPRSTWY][AIUEO]){3}[2-9]{2}$`)
	for _, code := range newCodes(t, 1, 5000) {
		if !shape.MatchString(code) {
			t.Errorf("%s is not three syllables and two digits that nobody confuses", code)
		}
	}
}

// Each place must use all its signs equally often, whatever the reader: the
// sum of squared deviations stays within six standard deviations of what
// chance gives (chi-squared, k signs: mean k-1, variance 2(k-1)).
func TestEverySignOfANewCodeIsEquallyLikely(t *testing.T) {
	t.Parallel()
	const n = 30_000
	for _, seed := range []uint64{1, 2, 47} {
		codes := newCodes(t, seed, n)
		for place := 6; place < 8; place++ { // digits: no rude word takes any away
			seen := map[byte]float64{}
			for _, c := range codes {
				seen[c[place]]++
			}
			k := 8.0
			chi := 0.0
			for d := byte('2'); d <= '9'; d++ {
				chi += (seen[d] - n/k) * (seen[d] - n/k) / (n / k)
			}
			if limit := k - 1 + 6*math.Sqrt(2*(k-1)); chi > limit {
				t.Errorf("seed %d, place %d: chi-squared %.1f > %.1f, %v", seed, place, chi, limit, seen)
			}
		}
		for place := range 6 { // letters: a few per cent are taken away as rude
			k := map[bool]int{true: 14, false: 5}[place%2 == 0]
			seen := map[byte]int{}
			for _, c := range codes {
				seen[c[place]]++
			}
			least, most := n, 0
			for _, hits := range seen {
				least, most = min(least, hits), max(most, hits)
			}
			if len(seen) != k || float64(least) < 0.75*n/float64(k) || float64(most) > 1.25*n/float64(k) {
				t.Errorf("seed %d, place %d: %d signs of %d, %d to %d times", seed, place, len(seen), k, least, most)
			}
		}
	}
}

func TestNewCodesAreNoSequenceAndSeldomMeet(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		codes := newCodes(t, seed, 600) // as many as a large city has points
		if got := qr.Guessable(codes); len(got) > 0 {
			t.Errorf("seed %d: %v are a sequence", seed, got)
		}
		slices.Sort(codes)
		if n := len(slices.Compact(codes)); n < 599 {
			t.Errorf("seed %d: only %d of 600 codes differ", seed, n)
		}
	}
	if a, b := newCodes(t, 5, 1)[0], newCodes(t, 6, 1)[0]; a == b {
		t.Errorf("two cities begin with the same code %s", a)
	}
}

// forced returns the bytes that spell a code, then bytes of another one.
func forced(letters string) io.Reader {
	sets := [8]string{"BDGHKLMNPRSTWY", "AIUEO", "BDGHKLMNPRSTWY", "AIUEO", "BDGHKLMNPRSTWY", "AIUEO", "23456789", "23456789"}
	var out []byte
	for _, code := range []string{letters, "KUPARI47"} {
		for i, set := range sets {
			out = append(out, byte(strings.IndexByte(set, code[i])))
		}
	}
	return strings.NewReader(string(out))
}

func TestARudeCodeIsNeverGiven(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"BABIRU33", "NAGASU23", "TAHINA22", "MATIRA55", "SETANI66", "GILABU77", "TETERE44"} {
		got, err := qr.NewCode(forced(code))
		if err != nil || got != "KUPARI47" {
			t.Errorf("%s: %q, %v, want the next code", code, got, err)
		}
	}
	rude := regexp.MustCompile(`ANU|ASU|BABI|BEGO|GILA|HINA|HOMO|KERE|MATI|PUKI|TETE|TITI`)
	for _, code := range newCodes(t, 9, 30_000) {
		if rude.MatchString(code) {
			t.Errorf("%s is rude", code)
		}
	}
}

func TestABrokenSourceOfChanceIsAnError(t *testing.T) {
	t.Parallel()
	gone := errors.New("no entropy")
	if code, err := qr.NewCode(iotest.ErrReader(gone)); !errors.Is(err, gone) || code != "" {
		t.Errorf("%q, %v, want the reader's error", code, err)
	}
	if code, err := qr.NewCode(strings.NewReader("abc")); !errors.Is(err, io.EOF) || code != "" {
		t.Errorf("%q, %v, want the end of the input", code, err)
	}
}

func TestBytesThatWouldFavourASignAreDrawnAgain(t *testing.T) {
	t.Parallel()
	// 252 to 255 are over for 14 consonants (252 = 18 × 14), 255 for 5 vowels.
	in := "\xfc\xfd\xfe\xff" + "\x04" + "\xff" + "\x02" + "\x08\x00\x09\x01" + "\x02\x05"
	if code, err := qr.NewCode(strings.NewReader(in)); err != nil || code != "KUPARI47" {
		t.Errorf("%q, %v, want KUPARI47", code, err)
	}
}

func TestWhoKnowsOneCodeOfASequenceKnowsTheNext(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name        string
		codes, want []string
	}{
		{"none", nil, nil},
		{"neighbours", []string{"DK01", "DK02", "KUPARI47"}, []string{"DK01", "DK02"}},
		{"the third is far away", []string{"DK01", "DK02", "DK09"}, []string{"DK01", "DK02"}},
		{"written differently", []string{"dk-1", "DK 02"}, []string{"DK 02", "dk-1"}},
		{"over a ten", []string{"A9", "A10"}, []string{"A10", "A9"}},
		{"other stems", []string{"DK01", "PK02"}, nil},
		{"one alone", []string{"DK01"}, nil},
		{"no number", []string{"LOKETA", "LOKETB"}, nil},
		{"only numbers", []string{"7", "8", "20"}, []string{"7", "8"}},
		{"a number too large to count", []string{"A99999999999999999999", "A99999999999999999998"}, nil},
		{"a number too large beside the largest", []string{"A99999999999999999999", "A9223372036854775806"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := qr.Guessable(tc.codes); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
