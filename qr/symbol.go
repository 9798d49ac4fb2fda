// Package qr makes what citizens scan: point codes that can be read aloud and
// not guessed, and their symbols for print, screen and terminal.
package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/skip2/go-qrcode"
)

// level is the share of a symbol that may be lost. A poster at a counter gets
// scratched, stained and taped over: Q restores up to a quarter of the code
// words, so a tenth of the area covered anywhere is safe, and for the length
// of our addresses it needs no more modules than the next lower level but one.
const level = qrcode.High // go-qrcode's name for Q, 25 %

// Limits of a PNG's width in pixels.
const (
	MinPNG = 64
	MaxPNG = 4096
)

// modules gives the symbol as rows of dark modules with the quiet zone of four
// modules that readers need.
func modules(url string) ([][]bool, error) {
	code, err := qrcode.New(url, level)
	if err != nil {
		return nil, fmt.Errorf("make a QR symbol: %w", err)
	}
	return code.Bitmap(), nil
}

// PNG gives the symbol as a square picture of size pixels, black on white.
// Every module is the same whole number of pixels, so that edges are sharp in
// print; what is left over widens the quiet zone. Errors name the limits.
func PNG(url string, size int) ([]byte, error) {
	if size < MinPNG || size > MaxPNG {
		return nil, fmt.Errorf("a symbol must be %d to %d pixels wide, not %d", MinPNG, MaxPNG, size)
	}
	rows, err := modules(url)
	if err != nil {
		return nil, err
	}
	scale := size / len(rows)
	if scale < 1 {
		return nil, fmt.Errorf("this symbol needs at least %d pixels, not %d", len(rows), size)
	}
	offset := (size - scale*len(rows)) / 2
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{color.White, color.Black})
	for y, row := range rows {
		for x, dark := range row {
			if !dark {
				continue
			}
			for dy := range scale {
				line := img.Pix[(offset+y*scale+dy)*img.Stride+offset+x*scale:]
				for dx := range scale {
					line[dx] = 1
				}
			}
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		return nil, fmt.Errorf("write a QR symbol: %w", err)
	}
	return out.Bytes(), nil
}

// SVG gives the symbol as one path on a white ground, sharp at any size.
func SVG(url string) ([]byte, error) {
	rows, err := modules(url)
	if err != nil {
		return nil, err
	}
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	n := len(rows)
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="QR"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		n, n, n, n, path.String()), nil
}

// Terminal gives the symbol as text, two modules a character. Its colours are
// set outright, so that a reader finds dark on light on any terminal.
func Terminal(url string) (string, error) {
	rows, err := modules(url)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for y := 0; y < len(rows); y += 2 {
		out.WriteString("\x1b[38;5;16;48;5;231m")
		for x, top := range rows[y] {
			bottom := y+1 < len(rows) && rows[y+1][x]
			switch {
			case top && bottom:
				out.WriteString("█")
			case top:
				out.WriteString("▀")
			case bottom:
				out.WriteString("▄")
			default:
				out.WriteString(" ")
			}
		}
		out.WriteString("\x1b[0m\n")
	}
	return out.String(), nil
}
