package handlers

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// Lingering makes a listener whose connections are closed as politely as TCP
// asks for: a connection that is closed while its client is still sending (a
// body that is too large and refused) is reset, and the client may never read
// why. So what still comes is read and thrown away for a moment.
func Lingering(l net.Listener) net.Listener { return &lingeringListener{Listener: l} }

const (
	lingerFor   = 2 * time.Second
	lingerBytes = 32 << 20
	// mostLingering bounds the connections that wait so; others are closed at
	// once.
	mostLingering = 256
)

type lingeringListener struct {
	net.Listener
	waiting atomic.Int64
}

// Accept waits for the next connection.
func (l *lingeringListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		return &lingeringConn{TCPConn: tcp, listener: l}, nil
	}
	return c, nil
}

type lingeringConn struct {
	*net.TCPConn
	listener *lingeringListener
	closed   atomic.Bool
}

// Close ends sending at once and the connection a moment later.
func (c *lingeringConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if c.listener.waiting.Add(1) > mostLingering || c.CloseWrite() != nil {
		c.listener.waiting.Add(-1)
		return c.TCPConn.Close()
	}
	go func() {
		defer c.listener.waiting.Add(-1)
		defer c.TCPConn.Close() // nobody is left to be told
		if c.SetReadDeadline(time.Now().Add(lingerFor)) == nil {
			_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
		}
	}()
	return nil
}
