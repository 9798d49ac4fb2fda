package desk

import (
	"bytes"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/connection"
)

// A stream of server-sent events holds its connection for hours. So it leaves the server
// that answers requests, whose workers and time limits are not for it: the handler takes
// the connection over and writes on it alone, with a limit for each write. On the
// listener it counts for no address any more, so that an office whose people have their
// desks open loses no place for the citizens in it: connection.CarryStream.

const (
	// mostStreams bounds the open streams, and streamShare their part of the connections
	// that the process can hold: 1 of so many.
	mostStreams, streamShare = 2000, 4
	// streamsEach bounds those of one person: windows and devices that they look at.
	streamsEach = 8
	// sendWithin is how long a client may leave what it is sent unread.
	sendWithin = 10 * time.Second
	// retryFull is when to try again where every place is taken, in seconds.
	retryFull = 60
)

// openStreams counts the open streams. Safe for concurrent use.
type openStreams struct {
	most, each int

	mu       sync.Mutex
	all      int
	byPerson map[string]int
}

// countStreams makes the count for one server.
func countStreams() *openStreams {
	return &openStreams{most: min(mostStreams, connection.Most()/streamShare), each: streamsEach, byPerson: map[string]int{}}
}

// enter takes a place for a person, and returns 0, else the status to refuse with: 204,
// after which a browser asks no more, where they have too many, 503 where all have.
func (s *openStreams) enter(person string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.byPerson[person] >= s.each:
		return fiber.StatusNoContent
	case s.all >= s.most:
		return fiber.StatusServiceUnavailable
	}
	s.all++
	s.byPerson[person]++
	return 0
}

func (s *openStreams) leave(person string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.byPerson[person]--; s.byPerson[person] == 0 {
		delete(s.byPerson, person)
	}
}

// open answers with a stream of server-sent events, which run writes until it returns.
// It ends the connection: what a proxy that speaks HTTP/1.0 understands, too.
func (s *openStreams) open(c *fiber.Ctx, run func(*events)) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	h := &c.Response().Header
	if c.Method() == fiber.MethodHead {
		asStream(c)
		return nil
	}
	person := web.ActorOf(c).Person
	if status := s.enter(person); status != 0 {
		if status == fiber.StatusServiceUnavailable {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(retryFull))
		}
		c.Status(status)
		return nil
	}
	asStream(c)
	head, conn, shut := bytes.Clone(h.Header()), c.Context().Conn(), c.Context().Done()
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(net.Conn) { // what it hands in is read by a buffer that others use afterwards
		defer s.leave(person)
		connection.CarryStream(conn)
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_, _ = conn.Read(make([]byte, 1)) // a client has nothing more to say: it left
		}()
		e := &events{conn: conn, gone: gone, shut: shut}
		if e.write(head) == nil {
			run(e)
		}
	})
	return nil
}

// asStream sets the headers of a stream: its length is not known, nothing on the way may
// keep it or hold it back.
func asStream(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set("X-Accel-Buffering", "no")
	c.Response().Header.SetContentLength(-2) // "Connection: close", and no length
}

// events is an open stream. It is written by one goroutine.
type events struct {
	conn       net.Conn
	gone, shut <-chan struct{} // the client left; the server ends
	next       []byte
}

// wait waits, and reports whether the stream is still to go on.
func (e *events) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-e.gone:
	case <-e.shut:
	}
	return false
}

// retry tells the client after which time to come back when the stream is lost.
func (e *events) retry(after time.Duration) error {
	return e.line("retry: ", strconv.FormatInt(after.Milliseconds(), 10))
}

// send sends an event of one line.
func (e *events) send(name, data string) error {
	return e.line("event: ", name, "\ndata: ", data)
}

// beat sends a comment: a proxy sees that the connection lives, and we whether it does.
func (e *events) beat() error { return e.line(":") }

func (e *events) line(parts ...string) error {
	e.next = e.next[:0]
	for _, part := range parts {
		e.next = append(e.next, part...)
	}
	return e.write(append(e.next, "\n\n"...))
}

func (e *events) write(b []byte) error {
	if err := e.conn.SetWriteDeadline(time.Now().Add(sendWithin)); err != nil {
		return err
	}
	_, err := e.conn.Write(b)
	return err
}
