package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// ZipLevel is the level of what is compressed once and sent often: that of
// gzip's own default.
const ZipLevel = 6

// zippers are compressors to be used again, by level: each is a megabyte of
// tables.
var zippers [gzip.BestCompression + 1]sync.Pool

// Zip compresses a body at a level of compress/gzip from BestSpeed to
// BestCompression.
func Zip(plain []byte, level int) ([]byte, error) {
	var out bytes.Buffer
	w, ok := zippers[level].Get().(*gzip.Writer)
	if ok {
		w.Reset(&out)
	} else {
		var err error
		if w, err = gzip.NewWriterLevel(&out, level); err != nil {
			return nil, fmt.Errorf("compress a reply: %w", err)
		}
	}
	defer zippers[level].Put(w)
	_, err := w.Write(plain)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress a reply: %w", err)
	}
	return bytes.Clone(out.Bytes()), nil
}

// Send sends a body that is one gzip stream, or is not compressed. It is shared
// with other replies, and not changed.
func Send(c *fiber.Ctx, body []byte, zipped bool) error {
	Varied(c, zipped)
	c.Response().SetBodyRaw(body)
	return nil
}

// Varied says that a reply is compressed for those who take it, and whether it
// is.
func Varied(c *fiber.Ctx, zipped bool) {
	c.Vary(fiber.HeaderAcceptEncoding)
	if zipped {
		c.Response().Header.SetContentEncoding("gzip")
	}
}

// TakesGzip reports whether the client takes a gzip body.
func TakesGzip(c *fiber.Ctx) bool { return c.Request().Header.HasAcceptEncoding("gzip") }
