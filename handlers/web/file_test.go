package web

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// wire is a connection that notes until when it may be written to.
type wire struct {
	net.Conn
	until []time.Time
}

func (w *wire) SetWriteDeadline(at time.Time) error {
	w.until = append(w.until, at)
	return nil
}

// Who reads a file slowly gets time again with each piece, though not for ever; a server that
// stops sends no further piece.
func TestAFileIsSentAsLongAsSomebodyReadsItAndTheServerRuns(t *testing.T) {
	t.Parallel()
	conn, shut := &wire{}, make(chan struct{})
	end := time.Now().Add(pieceWithin + time.Minute)
	p := &pieceReader{io.NopCloser(bytes.NewReader(make([]byte, 30))), conn, shut, end}
	piece := make([]byte, 10)
	for range 2 {
		if n, err := p.Read(piece); n != 10 || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
	}
	p.until = time.Now().Add(time.Second) // the time for all of it is nearly over
	if n, err := p.Read(piece); n != 10 || err != nil {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if len(conn.until) != 3 || conn.until[1].Before(conn.until[0]) || !conn.until[0].Before(end) || !conn.until[2].Equal(p.until) {
		t.Errorf("it may be written until %v", conn.until)
	}
	close(shut)
	if n, err := p.Read(piece); n != 0 || !errors.Is(err, errStopping) {
		t.Errorf("after the server stopped: %d bytes, %v", n, err)
	}
}
