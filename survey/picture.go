package survey

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
)

// Bounds of pictures. A print shows one at most 36 mm wide and 18 mm high: 850 × 425
// pixels are 600 an inch there.
const (
	MaxPicture     = 512 << 10 // bytes
	MaxPictureSide = 2000      // pixels
	// MaxPictures is how many bytes the pictures of a city have together, so that a dump
	// of them all (a third more as text) is a file that can be applied.
	MaxPictures = 3 << 20
)

// The media types of pictures.
const (
	PNG  = "image/png"
	JPEG = "image/jpeg"
)

// Picture is an image that a city gave, as it gave it. Two are the same where their sums
// are. It is never changed.
type Picture struct {
	Sum    string `json:"sum"`  // SHA-256 of the file, in lower-case hex
	Type   string `json:"type"` // PNG or JPEG
	Width  int    `json:"width"`
	Height int    `json:"height"` // in pixels
	Size   int    `json:"size"`   // in bytes
	// Data is the file. A catalogue's JSON is without it: stores keep each picture once,
	// by its sum. Empty where the store has lost it: prints are made without it then.
	Data []byte `json:"-"`
}

// NewPicture reads a PNG or JPEG file. How large its image is is known before any of it
// is decoded. Invalid: what is wrong with it, in words that go on after its name.
func NewPicture(data []byte) (*Picture, error) {
	if len(data) > MaxPicture {
		return nil, Errorf(Invalid, "has more than %d kB; save it smaller: 800 pixels are enough for print", MaxPicture>>10)
	}
	p := &Picture{Sum: sumOf(data), Size: len(data), Data: data}
	var measure func() (image.Config, error)
	var decode func() (image.Image, error)
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		p.Type = PNG
		measure = func() (image.Config, error) { return png.DecodeConfig(bytes.NewReader(data)) }
		decode = func() (image.Image, error) { return png.Decode(bytes.NewReader(data)) }
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		p.Type = JPEG
		measure = func() (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(data)) }
		decode = func() (image.Image, error) { return jpeg.Decode(bytes.NewReader(data)) }
	default:
		return nil, Errorf(Invalid, "is neither a PNG nor a JPEG file")
	}
	config, err := measure()
	if err != nil {
		return nil, Errorf(Invalid, "is no %s file that can be read", p.kind())
	}
	p.Width, p.Height = config.Width, config.Height
	switch {
	case p.Width > MaxPictureSide || p.Height > MaxPictureSide:
		return nil, Errorf(Invalid, "has %d × %d pixels, and at most %d are taken each way; save it smaller: 800 are enough for print", p.Width, p.Height, MaxPictureSide)
	case config.ColorModel == color.CMYKModel:
		return nil, Errorf(Invalid, "has the colours of a printing press (CMYK), which programs show differently; save it with those of a screen (RGB)")
	}
	if _, err := decode(); err != nil {
		return nil, Errorf(Invalid, "is no whole %s file", p.kind())
	}
	return p, nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (p *Picture) kind() string {
	if p.Type == JPEG {
		return "JPEG"
	}
	return "PNG"
}

// summary tells a picture from another one in words.
func (p *Picture) summary() string {
	if p == nil {
		return ""
	}
	const begin = 12 // of a checksum
	out := fmt.Sprintf("%s of %d × %d pixels, %d kB, checksum %s…", p.kind(), p.Width, p.Height, (p.Size+1023)>>10, p.Sum[:min(begin, len(p.Sum))])
	if !p.Known() {
		out += " (lost)"
	}
	return out
}

// Known reports whether there is a picture and its file is at hand.
func (p *Picture) Known() bool { return p != nil && len(p.Data) > 0 }

// File returns the file of a picture and its media type; nothing of none, or of one that is
// lost.
func (p *Picture) File() (data []byte, mediaType string) {
	if !p.Known() {
		return nil, ""
	}
	return p.Data, p.Type
}

// pictures returns all pictures of a catalogue, one as often as it is used.
func (c *Catalogue) pictures() []*Picture {
	var out []*Picture
	if c.City.Arms != nil {
		out = append(out, c.City.Arms)
	}
	for i := range c.Agencies {
		if p := c.Agencies[i].Logo; p != nil {
			out = append(out, p)
		}
	}
	return out
}

// Pictures returns the files of a catalogue's pictures by their sums, each once; those that
// are lost are nil. They are stored before the catalogue that names them.
func (c *Catalogue) Pictures() map[string][]byte {
	out := map[string][]byte{}
	for _, p := range c.pictures() {
		if len(out[p.Sum]) == 0 {
			out[p.Sum] = p.Data
		}
	}
	return out
}

// Fill gives the pictures of a catalogue that was read without them their files, by their
// sums. What is missing, or is another file than the sum says, is lost: a city answers
// without its arms rather than not at all.
func (c *Catalogue) Fill(files map[string][]byte) {
	files = maps.Clone(files)
	for sum, data := range files {
		if sumOf(data) != sum {
			delete(files, sum)
		}
	}
	for _, p := range c.pictures() {
		p.Data = files[p.Sum]
	}
}
