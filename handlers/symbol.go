package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/qr"
	"persepsi/survey"
)

// symbolRoutes are the points' QR symbols.
func (s *server) symbolRoutes(app *fiber.App) {
	app.Get("/qr/:file", s.symbol)
}

const symbolSize = 1024 // pixels, where none are asked for

// symbol is GET /qr/{point}.svg and /qr/{point}.png?size=.
func (s *server) symbol(c *fiber.Ctx) error {
	code, format, ok := cutLast(c.Params("file"), ".")
	place, known := s.Directories.Directory().Point(code)
	if !ok || !known || (format != "svg" && format != "png") {
		return survey.Errorf(survey.NotFound, "there is no such symbol")
	}
	address := s.address(c) + "/s/" + place.Point.Code
	var data []byte
	var err error
	if format == "svg" {
		c.Set(fiber.HeaderContentType, "image/svg+xml")
		data, err = qr.SVG(address)
	} else {
		c.Set(fiber.HeaderContentType, "image/png")
		size, convErr := strconv.Atoi(c.Query("size", strconv.Itoa(symbolSize)))
		if convErr != nil || size < qr.MinPNG || size > qr.MaxPNG {
			return survey.Faulty("the symbol cannot be made", []survey.Fault{{
				Field: "size", Code: "out_of_range", Message: "must be " + strconv.Itoa(qr.MinPNG) + " to " + strconv.Itoa(qr.MaxPNG) + " pixels",
			}})
		}
		if data, err = qr.PNG(address, size); err != nil {
			// The address is so long that its modules need more pixels.
			err = survey.Faulty("the symbol cannot be made", []survey.Fault{{Field: "size", Code: "out_of_range", Message: err.Error()}})
		}
	}
	if err != nil {
		return err
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

// address is where citizens reach the service: the declared one, else the one
// that this request came to.
func (s *server) address(c *fiber.Ctx) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	return c.BaseURL()
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
