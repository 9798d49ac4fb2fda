package web

import (
	"errors"
	"io"
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
	return c.SendStream(&patient{file, c.Context().Conn(), c.Context().Done(), time.Now().Add(fileWithin)}, int(size))
}

var errStopping = errors.New("the server stops")

// patient moves a connection's limit away with each piece that is read.
type patient struct {
	io.ReadCloser
	conn  net.Conn
	shut  <-chan struct{} // closed when the server stops
	until time.Time
}

// Read reads a piece.
func (p *patient) Read(to []byte) (int, error) {
	select {
	case <-p.shut:
		return 0, errStopping
	default:
	}
	if p.conn != nil {
		at := time.Now().Add(pieceWithin)
		if p.until.Before(at) {
			at = p.until
		}
		if err := p.conn.SetWriteDeadline(at); err != nil {
			return 0, err
		}
	}
	return p.ReadCloser.Read(to)
}
