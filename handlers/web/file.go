package web

import (
	"errors"
	"io"
	"mime"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	// pieceWithin is how long the reader of a file may take for each piece, and fileWithin for
	// all of it.
	pieceWithin, fileWithin = 30 * time.Second, 15 * time.Minute
)

// SendFile sends a file of a size piece by piece, and closes it when it was sent, the line
// broke or the server stops. Who reads it on a slow line gets time again with each piece.
func SendFile(c *fiber.Ctx, file io.ReadCloser, size int64) error {
	return c.SendStream(&pieceReader{file, c.Context().Conn(), c.Context().Done(), time.Now().Add(fileWithin)}, int(size))
}

// Attach has a browser save what is sent as a file of a name, and nobody keep it.
func Attach(c *fiber.Ctx, name, kind string) {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Set(fiber.HeaderCacheControl, "no-store")
}

var errStopping = errors.New("the server stops")

// pieceReader moves a connection's write deadline away with each piece that is read.
type pieceReader struct {
	io.ReadCloser
	conn  net.Conn
	shut  <-chan struct{} // closed when the server stops
	until time.Time
}

// Read reads a piece.
func (r *pieceReader) Read(to []byte) (int, error) {
	select {
	case <-r.shut:
		return 0, errStopping
	default:
	}
	if r.conn != nil {
		at := time.Now().Add(pieceWithin)
		if r.until.Before(at) {
			at = r.until
		}
		if err := r.conn.SetWriteDeadline(at); err != nil {
			return 0, err
		}
	}
	return r.ReadCloser.Read(to)
}
