package poster

import (
	"strings"

	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// fittedText is a text in lines, as large as its place allows.
type fittedText struct {
	lines   [][]pdf.Span
	leading float64
	size    float64 // of its first span, in points
}

func (w fittedText) height() float64 { return float64(len(w.lines)) * w.leading }

// fit breaks spans into at most so many lines of a width: their letters get smaller, down to
// half, and what is still too long is cut.
func (d *drawer) fit(width float64, most int, tight float64, spans ...pdf.Span) fittedText {
	for k := 1.0; ; k -= 0.05 {
		smaller := make([]pdf.Span, len(spans))
		copy(smaller, spans)
		for i := range smaller {
			smaller[i].Style.Size *= k
		}
		lines := d.file.Lines(smaller, width)
		const least = 0.5
		if len(lines) > most && k > least+0.01 {
			continue
		}
		if len(lines) > most {
			lines = lines[:most]
			last := lines[most-1]
			last[len(last)-1].Text = shortened(last[len(last)-1].Text)
		}
		out := fittedText{lines: lines, size: smaller[0].Style.Size}
		for _, s := range smaller {
			out.leading = max(out.leading, s.Style.Leading()*tight)
		}
		return out
	}
}

// shortened returns a text with three signs less, and a sign that tells so.
func shortened(s string) string {
	signs := []rune(s)
	return strings.TrimRight(string(signs[:max(0, len(signs)-3)]), " ") + "…"
}

// typed writes where to type which code, for phones that can't scan; the address and the code
// are larger than the words. The code is never cut: it stands on a line of its own where an
// address is long.
func (d *drawer) typed(s pointTexts, x, y, width float64, to pdf.Align, size float64) float64 {
	const tight, larger = 0.95, 1.4
	open := []pdf.Span{soft(size, d.words.open+" "), code(larger*size, s.typed)}
	where := []pdf.Span{soft(size, d.words.code+" "), code(larger*size, s.code)}
	all := append(append(append([]pdf.Span{}, open...), soft(size, " ")), where...)
	if one := d.fit(width, 9, tight, all...); len(one.lines) == 1 {
		return d.write(x, y, width, to, one)
	}
	y = d.write(x, y, width, to, d.fit(width, 2, tight, open...))
	return d.write(x, y, width, to, d.fit(width, 1, tight, where...))
}

// write writes lines below a place; it returns where they end.
func (d *drawer) write(x, y, width float64, to pdf.Align, w fittedText) float64 {
	for _, l := range w.lines {
		d.file.Line(x, y+0.74*w.leading, width, to, l)
		y += w.leading
	}
	return y
}

func plain(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Size: size, Color: ink.Black}, Text: text}
}

func soft(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Size: size, Color: ink.Soft}, Text: text}
}

func bold(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Face: pdf.Bold, Size: size, Color: ink.Black}, Text: text}
}

// accented is bold, in the city's colour.
func (d *drawer) accented(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Face: pdf.Bold, Size: size, Color: d.accent}, Text: text}
}

func code(size float64, text string) pdf.Span {
	return pdf.Span{Style: pdf.Style{Face: pdf.Code, Size: size, Color: ink.Black}, Text: text}
}
