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

// Picture reads a PNG or JPEG, by its media type. The same one is in the file once, however
// often it is read and placed. Of no data there is none, nil. Its error says what is wrong
// with the image, and leaves the file as it was.
func (f *File) Picture(data []byte, mediaType string) (*Picture, error) {
	if len(data) == 0 {
		return nil, nil //nolint:nilnil // what draws pictures takes nil for none
	}
	sum := sha256.Sum256(data)
	if p := f.pictures[sum]; p != nil {
		return p, nil
	}
	p, err := f.register(data, mediaType, hex.EncodeToString(sum[:]))
	if err != nil {
		return nil, err
	}
	f.pictures[sum] = p
	return p, nil
}

func (f *File) register(data []byte, mediaType, name string) (*Picture, error) {
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
	if err == nil && kind == "png" {
		data, err = simple(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
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
	switch img.(type) {
	case *image.NRGBA, *image.RGBA, *image.Gray: // of eight bits
	default:
		out := image.NewNRGBA(img.Bounds())
		draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
		img = out
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("rewrite it: %w", err)
	}
	return b.Bytes(), nil
}

// sharpest is how wide a pixel may be on paper, in millimetres: 150 are an inch.
const sharpest = 25.4 / 150

// Within returns how large a picture is in a box: as large as it fits without being distorted,
// unless it has too few pixels to be sharp then.
func (f *File) Within(p *Picture, width, height float64) (w, h float64) {
	k := min(width/p.Width, height/p.Height, sharpest/f.enlarged)
	return p.Width * k, p.Height * k
}

// Place draws a picture at the left upper corner of a box, as large as Within says.
func (f *File) Place(p *Picture, x, y, width, height float64) (w, h float64) {
	w, h = f.Within(p, width, height)
	f.out.ImageOptions(p.name, x, y, w, h, false, fpdf.ImageOptions{}, 0, "")
	if err := f.mirror.picture(p.decode, x, y, w, h); err != nil {
		f.out.SetError(fmt.Errorf("draw a picture: %w", err))
	}
	return w, h
}

// Emblems draws the arms of a city at the left and the logo of an agency at the right of a
// band, in the middle of its height; nil is none. It returns where between them a text may
// begin, and how wide it may be.
func (f *File) Emblems(arms, logo *Picture, x, y, width, height float64) (left, room float64) {
	const gap, widest = 4.0, 2.0 // mm; times its height
	left, room = x, width
	if arms != nil {
		w, h := f.Within(arms, widest*height, height)
		f.Place(arms, x, y+(height-h)/2, w, h)
		left, room = left+w+gap, room-w-gap
	}
	if logo != nil {
		w, h := f.Within(logo, widest*height, height)
		f.Place(logo, x+width-w, y+(height-h)/2, w, h)
		room -= w + gap
	}
	return left, room
}
