package testtools

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// PNG returns a picture of one colour.
func PNG(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for at := range width * height {
		img.Set(at%width, at/width, c)
	}
	var out bytes.Buffer
	check(t, png.Encode(&out, img))
	return out.Bytes()
}
