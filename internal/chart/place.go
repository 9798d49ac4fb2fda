package chart

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// box is an upright rectangle.
type box struct{ left, top, right, bottom float64 }

func (b box) meets(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

func (b box) within(o box) bool {
	return b.left >= o.left && b.right <= o.right && b.top >= o.top && b.bottom <= o.bottom
}

// Size returns the height of a role's letters, in CSS pixels.
func (r Role) Size() float64 {
	if r == Small {
		return 12
	}
	return 13
}

// Letters are what words are written in: how high, in CSS pixels, and whether bold.
type Letters struct {
	Size float64
	Bold bool
}

// letters returns the size and weight of a role's letters.
func (r Role) letters() Letters { return Letters{r.Size(), r == Strong || r == Amber} }

func (r Role) width(words string) float64                { return r.letters().Width(words) }
func (r Role) wrap(words string, width float64) []string { return r.letters().Wrap(words, width) }
func (r Role) cut(words string, width float64) string    { return r.letters().Cut(words, width) }

// Width returns how wide words are at most in the usual system fonts, in CSS pixels:
// measured on Noto Sans, one of the widest. A browser's test compares it with what is drawn.
func (l Letters) Width(words string) float64 {
	em := 0.0
	for _, c := range words {
		switch {
		case strings.ContainsRune("ijlI.,:;'|!()[]·", c):
			em += 0.32
		case strings.ContainsRune("frt -−", c):
			em += 0.42
		case strings.ContainsRune("mwMW%@→↑", c):
			em += 0.95
		case unicode.IsUpper(c), c == '–', c == '…':
			em += 0.72
		default:
			em += 0.6
		}
	}
	if l.Bold {
		em *= 1.06
	}
	return em * l.Size
}

// Wrap breaks words into lines no wider than that; a word that is wider by itself is
// cut short, for the table has all of it.
func (l Letters) Wrap(words string, width float64) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(words) {
		w = l.Cut(w, width)
		switch {
		case line == "":
			line = w
		case l.Width(line+" "+w) <= width:
			line += " " + w
		default:
			lines, line = append(lines, line), w
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Cut shortens words that are wider than that, with an ellipsis.
func (l Letters) Cut(words string, width float64) string {
	if l.Width(words) <= width {
		return words
	}
	for words != "" {
		_, n := utf8.DecodeLastRuneInString(words)
		words = strings.TrimRight(words[:len(words)-n], " ,")
		if l.Width(words+"…") <= width {
			return words + "…"
		}
	}
	return ""
}

// scale places values between two ends; those beyond are at the nearer end.
type scale struct{ from, to, left, right float64 }

func (s scale) at(v float64) float64 {
	if !(s.to > s.from) || math.IsNaN(v) {
		return s.left
	}
	return s.left + (min(max(v, s.from), s.to)-s.from)/(s.to-s.from)*(s.right-s.left)
}

// ticks returns round numbers within a span, about so many, and their decimals.
func ticks(from, to float64, about int) (at []float64, digits int) {
	if !(to > from) || math.IsInf(to-from, 0) {
		return nil, 0
	}
	step := math.Pow(10, math.Floor(math.Log10((to-from)/float64(about))))
	for _, k := range []float64{1, 2, 5, 10} {
		if (to-from)/(step*k) <= float64(about)+0.5 {
			step *= k
			break
		}
	}
	digits = max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(from/step-1e-9) + 0; i*step <= to+step*1e-9 && len(at) < 4*about; i++ {
		at = append(at, i*step) // never −0, for 0 was added
	}
	return at, digits
}

// places keeps the texts of a drawing apart from each other and from what they must
// not cover.
type places struct {
	within box
	taken  []box
}

func (p *places) block(b ...box) { p.taken = append(p.taken, b...) }

// free reports whether nothing is where a text would be, a little air included.
func (p *places) free(t Text) bool {
	b := t.bounds()
	if !b.within(p.within) {
		return false
	}
	air := box{b.left - 3, b.top, b.right + 3, b.bottom}
	for _, o := range p.taken {
		if air.meets(o) {
			return false
		}
	}
	return true
}

// put draws the first of several ways to write a text that is free, none where no way is.
func (p *places) put(d *Drawing, ways ...Text) {
	for _, t := range ways {
		if t.Words != "" && p.free(t) {
			d.add(t)
			p.block(t.bounds())
			return
		}
	}
}
