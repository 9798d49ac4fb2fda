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
// words, so a tenth of the area may be covered in one piece anywhere but on the
// three corner squares and the small square by which readers find a symbol.
const level = qrcode.High // go-qrcode's name for Q, 25 %

// Limits of a PNG's width in pixels.
const (
	MinPNG = 64
	MaxPNG = 4096

	smallPNG = 160
)

// Modules returns the symbol as rows of dark modules, without the quiet zone of four
// modules around it: whoever draws them keeps it white.
func Modules(url string) ([][]bool, error) { return bitmap(url, false) }

// modules returns the symbol with its quiet zone.
func modules(url string) ([][]bool, error) { return bitmap(url, true) }

func bitmap(url string, quiet bool) ([][]bool, error) {
	code, err := qrcode.New(url, level)
	if err != nil {
		return nil, fmt.Errorf("make a QR symbol: %w", err)
	}
	code.DisableBorder = !quiet
	return code.Bitmap(), nil
}

// PNG returns the symbol as a square picture of size pixels, black on white.
// Errors name the limits.
//
// Whole pixels are right for print, and for readers unless they waste much of
// a small picture: an address of 42 letters has 41 modules with its quiet zone,
// so that at 120 pixels two a module would leave a third of the width unused,
// and gozxing lost such a symbol at every second angle. Where they would waste a
// quarter of a small picture, the modules are smoothed over all of it.
func PNG(url string, size int) ([]byte, error) {
	if size < MinPNG || size > MaxPNG {
		return nil, fmt.Errorf("a symbol must be %d to %d pixels wide, not %d", MinPNG, MaxPNG, size)
	}
	rows, err := modules(url)
	if err != nil {
		return nil, err
	}
	if size < len(rows) {
		return nil, fmt.Errorf("this symbol needs at least %d pixels, not %d", len(rows), size)
	}
	draw := sharp
	if scale := size / len(rows); size < smallPNG && scale >= 2 && 4*(size-scale*len(rows)) >= size {
		draw = smooth
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, draw(rows, size)); err != nil {
		return nil, fmt.Errorf("write a QR symbol: %w", err)
	}
	return out.Bytes(), nil
}

// sharp draws modules with whole pixels, so that edges are sharp in print;
// what is left over widens the quiet zone.
func sharp(rows [][]bool, size int) image.Image {
	scale := size / len(rows)
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
	return img
}

// smooth draws modules over the whole width; a pixel that several of them
// share is as grey as the dark ones' part of it.
func smooth(rows [][]bool, size int) image.Image {
	n := len(rows)
	img := image.NewGray(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			dark := 0 // of n × n parts of this pixel; a module has size × size
			for j := y * n / size; j*size < (y+1)*n; j++ {
				for i := x * n / size; i*size < (x+1)*n; i++ {
					if rows[j][i] {
						dark += shared(y, j, n, size) * shared(x, i, n, size)
					}
				}
			}
			img.Pix[y*img.Stride+x] = uint8(255 - (255*dark+n*n/2)/(n*n))
		}
	}
	return img
}

// shared is how much a pixel (n long, the p-th) and a module (size long, the
// m-th) have in common along one edge.
func shared(p, m, n, size int) int {
	return min((p+1)*n, (m+1)*size) - max(p*n, m*size)
}

// SVG returns the symbol as one path on a white ground, sharp at any size.
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

// Terminal returns the symbol as text, two modules a character. Its colours are
// set outright, so that a reader finds dark on light on any terminal.
func Terminal(url string) (string, error) { return text(url, "\x1b[38;5;16;48;5;231m", "\x1b[0m") }

// Text returns the symbol as Terminal does, without colours: for files, where it
// is dark on the light ground of a page.
func Text(url string) (string, error) { return text(url, "", "") }

func text(url, begin, end string) (string, error) {
	rows, err := modules(url)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for y := 0; y < len(rows); y += 2 {
		out.WriteString(begin)
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
		out.WriteString(end + "\n")
	}
	return out.String(), nil
}
