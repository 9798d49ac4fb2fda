package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"codeberg.org/go-pdf/fpdf"
)

// Picture is an image that can be drawn.
type Picture struct {
	name          string
	decode        func() (image.Image, error)
	Width, Height float64 // in pixels
}

// mostPixels is how wide and high an image may be: a small file can hold a huge one.
const mostPixels = 6000

// Picture reads a PNG or JPEG, by its media type. Its error says what is wrong with the
// image, and leaves the file as it was.
func (f *File) Picture(data []byte, mediaType string) (*Picture, error) {
	var kind string
	var config image.Config
	var err error
	switch mediaType {
	case "image/png":
		kind = "png"
		config, err = png.DecodeConfig(bytes.NewReader(data))
	case "image/jpeg":
		kind = "jpg"
		config, err = jpeg.DecodeConfig(bytes.NewReader(data))
	default:
		return nil, fmt.Errorf("a picture must be image/png or image/jpeg, not %q", mediaType)
	}
	if err == nil && (config.Width > mostPixels || config.Height > mostPixels || config.Width == 0 || config.Height == 0) {
		err = fmt.Errorf("it has %d × %d pixels, and may have %d each way", config.Width, config.Height, mostPixels)
	}
	sum := sha256.Sum256(data)
	if err == nil && kind == "png" {
		data, err = simple(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	name := hex.EncodeToString(sum[:])
	f.out.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: kind}, bytes.NewReader(data))
	if err := f.out.Error(); err != nil {
		f.out.ClearError()
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	decode := func() (image.Image, error) {
		img, _, err := image.Decode(bytes.NewReader(data))
		return img, err //nolint:wrapcheck // Place says what failed
	}
	return &Picture{name, decode, float64(config.Width), float64(config.Height)}, nil
}

// simple rewrites a PNG as one of eight bits a channel that is not interlaced: fpdf reads no
// other.
func simple(data []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("it is no whole PNG")
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, fmt.Errorf("rewrite it: %w", err)
	}
	return b.Bytes(), nil
}

// Place draws a picture into a box, as large as it fits without being distorted, at its
// left upper corner; it returns its size.
func (f *File) Place(p *Picture, x, y, width, height float64) (w, h float64) {
	k := min(width/p.Width, height/p.Height)
	w, h = p.Width*k, p.Height*k
	f.out.ImageOptions(p.name, x, y, w, h, false, fpdf.ImageOptions{}, 0, "")
	if err := f.also.picture(p.decode, x, y, w, h); err != nil {
		f.out.SetError(fmt.Errorf("draw a picture: %w", err))
	}
	return w, h
}
