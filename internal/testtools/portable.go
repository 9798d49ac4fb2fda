package testtools

import (
	"fmt"
	"image"
	"image/draw"
	"testing"
)

// Pictures go to other programs and come from them as they are, not packed as PNG: that took
// longer than drawing or reading them.

// portable returns a picture in the format of Netpbm, in grey where it is.
func portable(img image.Image) []byte {
	size := img.Bounds().Size()
	if grey, ok := img.(*image.Gray); ok {
		out := fmt.Appendf(nil, "P5 %d %d 255\n", size.X, size.Y)
		for y := range size.Y {
			out = append(out, grey.Pix[y*grey.Stride:][:size.X]...)
		}
		return out
	}
	page := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(page, page.Bounds(), img, img.Bounds().Min, draw.Src)
	out := fmt.Appendf(nil, "P6 %d %d 255\n", size.X, size.Y)
	for i := 0; i < len(page.Pix); i += 4 {
		out = append(out, page.Pix[i:i+3]...)
	}
	return out
}

// picture reads what portable wrote.
func picture(t testing.TB, data []byte) image.Image {
	t.Helper()
	var kind string
	var width, height, most int
	if _, err := fmt.Sscan(string(data[:min(len(data), 64)]), &kind, &width, &height, &most); err != nil || most != 0xff {
		t.Fatalf("no picture of Netpbm: %v", err)
	}
	size := image.Rect(0, 0, width, height)
	if kind == "P5" {
		grey := image.NewGray(size)
		copy(grey.Pix, data[len(data)-len(grey.Pix):])
		return grey
	}
	page := image.NewRGBA(size)
	data = data[len(data)-3*width*height:]
	for i := 0; i < len(data); i += 3 {
		copy(page.Pix[i/3*4:], data[i:i+3])
		page.Pix[i/3*4+3] = 0xff
	}
	return page
}
