package handlers

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Lingering makes a listener whose connections end as politely as TCP asks for,
// and don't hold up the end of the service:
//
// A connection that is closed while its client is still sending (a body that is
// too large and refused) is reset, and the client may never read why. So what
// still comes is read and thrown away for a moment.
//
// A connection on which nothing was sent yet (browsers open them ahead) looks
// busy to the server. When the listener closes, such a one has a moment left.
func Lingering(l net.Listener) net.Listener {
	return &lingeringListener{Listener: l, silent: map[*lingeringConn]struct{}{}}
}

const (
	lingerFor   = 2 * time.Second
	lingerBytes = 32 << 20
	// mostLingering bounds the connections that wait so; others are closed at
	// once.
	mostLingering = 256
	// silentFor is how long a connection without a request lives on after the
	// listener closed.
	silentFor = 500 * time.Millisecond
)

type lingeringListener struct {
	net.Listener
	waiting atomic.Int64

	mu     sync.Mutex
	silent map[*lingeringConn]struct{} // nothing was read from them yet
	closed bool
}

// Accept waits for the next connection.
func (l *lingeringListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return c, nil
	}
	out := &lingeringConn{TCPConn: tcp, listener: l}
	out.silent.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[out] = struct{}{}
	return out, nil
}

// Close ends accepting.
func (l *lingeringListener) Close() error {
	l.mu.Lock()
	l.closed = true
	for c := range l.silent {
		_ = c.TCPConn.SetReadDeadline(time.Now().Add(silentFor)) // one that is gone needs none
	}
	l.mu.Unlock()
	return l.Listener.Close()
}

// heard notes that a connection is not silent, and tells whether the listener
// is closed.
func (l *lingeringListener) heard(c *lingeringConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.silent, c)
	return l.closed
}

type lingeringConn struct {
	*net.TCPConn
	listener *lingeringListener
	closed   atomic.Bool
	silent   atomic.Bool
}

// Read reads what the client sends.
func (c *lingeringConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 && c.silent.Load() && c.silent.Swap(false) && c.listener.heard(c) {
		_ = c.TCPConn.SetReadDeadline(time.Now().Add(readWithin)) // it came in time
	}
	return n, err
}

// SetReadDeadline sets how long the next Read waits at most.
func (c *lingeringConn) SetReadDeadline(t time.Time) error {
	if c.silent.Load() {
		c.listener.mu.Lock()
		defer c.listener.mu.Unlock()
		if soon := time.Now().Add(silentFor); c.listener.closed && t.After(soon) {
			t = soon
		}
	}
	return c.TCPConn.SetReadDeadline(t)
}

// Close ends sending at once and the connection a moment later.
func (c *lingeringConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if c.silent.Swap(false) {
		c.listener.heard(c)
	}
	if c.listener.waiting.Add(1) > mostLingering || c.CloseWrite() != nil {
		c.listener.waiting.Add(-1)
		return c.TCPConn.Close()
	}
	go func() {
		defer c.listener.waiting.Add(-1)
		defer c.TCPConn.Close() // nobody is left to be told
		if c.TCPConn.SetReadDeadline(time.Now().Add(lingerFor)) == nil {
			_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
		}
	}()
	return nil
}
