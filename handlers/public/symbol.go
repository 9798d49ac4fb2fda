package public

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/cache"
	"persepsi/internal/permalink"
	"persepsi/qr"
	"persepsi/survey"
)

const symbolSize = 1024 // pixels, where none are asked for

// symbol is GET /qr/{point}.svg and /qr/{point}.png?size=.
func (s *pages) symbol(c *fiber.Ctx) error {
	code, format, ok := cutLast(c.Params("file"), ".")
	place, known := s.site.Directories.Directory().Point(code)
	if !ok || !known || (format != "svg" && format != "png") {
		return survey.Errorf(survey.NotFound, "there is no such symbol")
	}
	base, fixed, err := s.site.Address(c)
	if err != nil {
		return err
	}
	key := symbolKey{address: base + permalink.Form(place.Point.Code)}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	if format == "png" {
		c.Set(fiber.HeaderContentType, "image/png")
		key.pixels, err = strconv.Atoi(c.Query("size", strconv.Itoa(symbolSize)))
		if err != nil || key.pixels < qr.MinPNG || key.pixels > qr.MaxPNG {
			return survey.Faulty("the symbol cannot be made", []survey.Fault{{
				Field: "size", Code: "out_of_range", Message: "must be " + strconv.Itoa(qr.MinPNG) + " to " + strconv.Itoa(qr.MaxPNG) + " pixels",
			}})
		}
	}
	data, err := cache.Get(s.site.Cache, key, key.draw)
	if err != nil {
		return err
	}
	return send(c, data, fixed)
}

// send answers with what is printed. It may be kept for others only where its address does
// not depend on who asks.
func send(c *fiber.Ctx, data []byte, fixed bool) error {
	if !fixed {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Send(data)
	}
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return c.Send(data)
}

// symbolKey names a symbol: what it says and its size, 0 for SVG.
type symbolKey struct {
	address string
	pixels  int
}

func (k symbolKey) draw() (data []byte, size int, err error) {
	if k.pixels == 0 {
		data, err = qr.SVG(k.address)
		return data, len(data), err
	}
	if data, err = qr.PNG(k.address, k.pixels); err != nil {
		// The address is so long that its modules need more pixels.
		err = survey.Faulty("the symbol cannot be made", []survey.Fault{{Field: "size", Code: "out_of_range", Message: err.Error()}})
	}
	return data, len(data), err
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
