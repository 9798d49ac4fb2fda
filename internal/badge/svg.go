package badge

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"persepsi/internal/chart"
	"persepsi/internal/ink"
)

// Sizes in CSS pixels. Height grows with what is said.
const (
	Width  = 400
	block  = 108 // the value's
	pad    = 14
	room   = Width - block - 2*pad // for words beside it
	corner = 10
)

// row is a line of words.
type row struct {
	words string
	chart.Letters
	color ink.Color
}

// rows are the words beside the value.
func (b *Badge) rows() (all []row) {
	add := func(words string, lines int, l chart.Letters, c ink.Color) {
		parts := l.Wrap(words, room)
		if len(parts) > lines {
			parts = append(parts[:lines-1:lines-1], l.Cut(strings.Join(parts[lines-1:], " "), room))
		}
		for _, p := range parts {
			all = append(all, row{p, l, c})
		}
	}
	add(b.Finding, 2, chart.Letters{Size: 17, Bold: true}, ink.Black)
	add(b.Unit, 2, chart.Letters{Size: 13, Bold: true}, ink.Black)
	for i, n := range b.Notes {
		warns := b.Warns && i == len(b.Notes)-1
		color := ink.Soft
		if warns {
			color = ink.Warn
		}
		add(n, 2, chart.Letters{Size: 13, Bold: warns}, color)
	}
	add(b.Demo, 1, chart.Letters{Size: 13, Bold: true}, ink.Warn)
	return all
}

// leading is how far lines stand apart, in the height of their letters.
const leading = 1.4

// SVG returns the picture. Everything in it is escaped.
func (b *Badge) SVG() []byte {
	rows := b.rows()
	high := 2.0*pad - 4
	for _, r := range rows {
		high += r.Size * leading
	}
	high = max(high, block)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %d %.0f" role="img" xml:lang="%s"`, Width, high, Width, high, b.Lang)
	out.WriteString(` font-family="system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif">`)
	fmt.Fprintf(&out, "<title>%s</title><desc>%s</desc>", escaped(b.Title), escaped(b.Text()))
	fmt.Fprintf(&out, `<rect x=".5" y=".5" width="%d" height="%.0f" rx="%d" fill="#%s" stroke="#%s"/>`, Width-1, high-1, corner, ink.White.Hex(), ink.Edge.Hex())
	left := 0.0
	if b.Short != "" {
		left = block
		b.value(&out, high)
	}
	y := pad - 4.0
	for _, r := range rows {
		y += r.Size * leading
		r.write(&out, left+pad, y-r.Size*0.28, "")
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// value draws the block with the index and its figure.
func (b *Badge) value(out *bytes.Buffer, high float64) {
	ground, letters := ink.Accent, ink.White
	if b.Value == "" {
		ground, letters = ink.Ghost, ink.Soft
	}
	fmt.Fprintf(out, `<path d="M%d 0H%dV%.0fH%da%d %d 0 0 1-%d-%dV%da%d %d 0 0 1 %d-%dz" fill="#%s"/>`,
		corner, block, high, corner, corner, corner, corner, corner, corner, corner, corner, corner, corner, ground.Hex())
	value := []row{{b.Short, chart.Letters{Size: 15, Bold: true}, letters}}
	if b.Value != "" {
		value = []row{{b.Short, chart.Letters{Size: 14, Bold: true}, letters}, {b.Value, chart.Letters{Size: 30, Bold: true}, letters}, {b.Of, chart.Letters{Size: 14}, letters}}
	}
	y := high / 2
	for _, r := range value {
		y -= r.Size * 1.3 / 2
	}
	for _, r := range value {
		y += r.Size * 1.3
		if wide := r.Width(r.words); wide > block-8 { // a number is never cut
			r.Size *= (block - 8) / wide
		}
		r.write(out, block/2, y-r.Size*0.38, ` text-anchor="middle"`)
	}
}

func (r *row) write(out *bytes.Buffer, x, y float64, anchor string) {
	if r.words == "" {
		return
	}
	weight := ""
	if r.Bold {
		weight = ` font-weight="700"`
	}
	fmt.Fprintf(out, `<text x="%.0f" y="%.1f" font-size="%.1f"%s fill="#%s"%s>%s</text>`, x, y, r.Size, weight, r.color.Hex(), anchor, escaped(r.words))
}

// Text is all that the badge says, uncut, for who can't see it.
func (b *Badge) Text() string {
	value := strings.TrimSpace(b.Short + " " + b.Value + " " + b.Of)
	if b.Value == "" {
		value = ""
	}
	var said []string
	for _, one := range append([]string{value, b.Finding, b.Unit}, append(b.Notes, b.Demo)...) {
		if one != "" {
			said = append(said, one)
		}
	}
	return strings.Join(said, ". ") + "."
}

// escaped writes a text into XML, without what XML can't hold.
func escaped(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes everything
	return out.String()
}
