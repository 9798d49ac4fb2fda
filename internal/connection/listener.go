package connection

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// NewListener makes a listener whose connections end as politely as TCP asks for,
// don't hold up the end of the service, and don't shut each other out:
//
// A connection that is closed while its client is still sending (a body that is
// too large and refused) is reset, and the client may never read why. So what
// still comes is read and thrown away for a moment.
//
// A connection on which nothing was sent yet (browsers open them ahead) looks
// busy to the server. When the listener closes, such a one has a moment left. It ends
// without a word, however it ends: a browser that uses it after all would take what it
// finds on it for the answer. And a request that comes late has the time of any other.
//
// Beyond most connections, a new one takes the place of one that waits for its
// client: see crowd. Most is a good measure.
func NewListener(l net.Listener, most int) net.Listener {
	return &lingeringListener{Listener: l, most: most, silent: map[*lingeringConn]struct{}{}, crowd: newCrowd()}
}

const (
	lingerFor   = 2 * time.Second
	lingerBytes = 32 << 20
	// mostLingering bounds the connections that wait so; others are closed at
	// once.
	mostLingering = 256
	// stalledAfter is how long a client may leave what it was sent unread before
	// its connection may give way to others.
	stalledAfter = 3 * time.Second
	// silentFor is how long a connection without a request lives on after the
	// listener closed.
	silentFor = 500 * time.Millisecond
	// acceptAgain is how long to wait where the process has no file descriptor
	// left and no connection could be closed for one.
	acceptAgain = 5 * time.Millisecond
)

type lingeringListener struct {
	net.Listener
	most    int
	waiting atomic.Int64

	mu     sync.Mutex
	silent map[*lingeringConn]struct{} // nothing was read from them yet
	crowd  *crowd
	closed bool
}

// Accept waits for the next connection.
func (l *lingeringListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			if !outOfDescriptors(err) {
				return nil, err
			}
			// The server would take it for the end of the listener.
			if l.giveWay() {
				continue
			}
			time.Sleep(acceptAgain)
			continue
		}
		tcp, ok := c.(*net.TCPConn)
		if !ok {
			return c, nil
		}
		out := &lingeringConn{TCPConn: tcp, listener: l}
		if l.admit(out) {
			return out, nil
		}
		_ = tcp.Close() // every place is taken by a request in progress
	}
}

// admit gives a connection a place, one that another had where none is free.
func (l *lingeringListener) admit(c *lingeringConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.crowd.add(c, remote(c))
	for l.crowd.size > l.most {
		old := l.crowd.givesWay()
		if old == nil {
			l.crowd.remove(c)
			return false
		}
		l.cut(old)
	}
	// It waits from now on, though nobody reads from it yet: else a burst of new
	// ones would push out those of other addresses.
	l.crowd.wait(c)
	c.silent.Store(true)
	l.silent[c] = struct{}{}
	return true
}

// giveWay closes the connection that a new one may replace, if there is one.
func (l *lingeringListener) giveWay() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.crowd.givesWay()
	if old != nil {
		l.cut(old)
	}
	return old != nil
}

// cut closes a connection that waits for its client. What its Read returns from
// now on is thrown away, so a request is either answered or was never begun.
func (l *lingeringListener) cut(c *lingeringConn) {
	l.crowd.remove(c)
	delete(l.silent, c)
	c.closed.Store(true)
	_ = c.TCPConn.Close() // nobody is left to be told
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

type lingeringConn struct {
	*net.TCPConn
	listener *lingeringListener
	closed   atomic.Bool
	silent   atomic.Bool
	sending  atomic.Int64 // since when a Write waits, in Unix nanoseconds; 0: none does
	place                 // of the crowd

	// Of the one goroutine that serves it; patience is how long a request may take to
	// arrive, 0: for ever.
	reading, writing deadline
	patience         time.Duration
}

// Read reads what the client sends.
func (c *lingeringConn) Read(p []byte) (int, error) {
	l := c.listener
	l.mu.Lock()
	l.crowd.wait(c)
	l.mu.Unlock()
	n, err := c.TCPConn.Read(p)
	for n == 0 && err != nil && c.goesOn(err) {
		n, err = c.TCPConn.Read(p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	l.crowd.goOn(c)
	switch {
	case n == 0 && err != nil && c.silent.Load():
		return 0, io.EOF // of what else, the server would tell the client
	case n > 0 && c.silent.Swap(false):
		delete(l.silent, c)
		var until time.Time
		if c.patience > 0 {
			until = time.Now().Add(c.patience)
		}
		_ = c.reading.set(until, c.TCPConn.SetReadDeadline) // one that is gone needs none
	}
	return n, err
}

// CarryStream notes that a connection of such a listener carries a stream from now on: it
// counts for no address any more, and gives way after those that wait. Any other connection
// is left as it is.
func CarryStream(c net.Conn) {
	if c, ok := c.(*lingeringConn); ok {
		c.carryStream()
	}
}

// carryStream notes that the connection carries a stream: see crowd.
func (c *lingeringConn) carryStream() {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.listener.crowd.stream(c)
}

// goesOn reports whether a Read that failed is to be done again, its deadline
// having been moved away. Of one that waits for its first byte or is closed the
// deadline was set by others.
func (c *lingeringConn) goesOn(err error) bool {
	c.listener.mu.Lock() // before Close sets the one of a connection that lingers, or not at all
	defer c.listener.mu.Unlock()
	return !c.silent.Load() && !c.closed.Load() && c.reading.moved(err, c.TCPConn.SetReadDeadline)
}

// Write sends to the client. Who does not read what was asked for gives way like
// who does not ask, after a moment that a slow phone needs.
func (c *lingeringConn) Write(p []byte) (int, error) {
	c.sending.Store(time.Now().UnixNano())
	defer c.sending.Store(0)
	n, err := c.TCPConn.Write(p)
	for err != nil && c.writing.moved(err, c.TCPConn.SetWriteDeadline) {
		var more int
		more, err = c.TCPConn.Write(p[n:])
		n += more
	}
	return n, err
}

// stalled reports whether a client has left what it is sent unread for long.
func (c *lingeringConn) stalled(now time.Time) bool {
	since := c.sending.Load()
	return since != 0 && now.UnixNano()-since > int64(stalledAfter)
}

// ReadFrom sends what a reader has, by Write.
func (c *lingeringConn) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{c}, r)
}

// SetReadDeadline sets how long the next Read waits at most.
func (c *lingeringConn) SetReadDeadline(t time.Time) error {
	if !c.silent.Load() {
		return c.reading.set(t, c.TCPConn.SetReadDeadline)
	}
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.patience = 0
	if !t.IsZero() {
		c.patience = max(time.Until(t), 1)
	}
	if soon := time.Now().Add(silentFor); c.listener.closed && (t.IsZero() || t.After(soon)) {
		t = soon
	}
	return c.reading.force(t, c.TCPConn.SetReadDeadline) // Close may have set a sooner one
}

// SetWriteDeadline sets how long a Write waits at most.
func (c *lingeringConn) SetWriteDeadline(t time.Time) error {
	return c.writing.set(t, c.TCPConn.SetWriteDeadline)
}

// SetDeadline sets both.
func (c *lingeringConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// Close ends sending at once and the connection a moment later.
func (c *lingeringConn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	l := c.listener
	l.mu.Lock()
	l.crowd.remove(c)
	delete(l.silent, c)
	l.mu.Unlock()
	if l.waiting.Add(1) > mostLingering || c.CloseWrite() != nil {
		l.waiting.Add(-1)
		return c.TCPConn.Close()
	}
	go func() {
		defer l.waiting.Add(-1)
		defer c.TCPConn.Close() // nobody is left to be told
		if c.TCPConn.SetReadDeadline(time.Now().Add(lingerFor)) == nil {
			_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
		}
	}()
	return nil
}
