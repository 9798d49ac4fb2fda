package handlers_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/connection"
	"persepsi/internal/testkit"
)

// BenchmarkCitizensPage is the whole way of GET /s/{point} beside the way of a
// bare Fiber handler that answers five bytes: from the bytes of a request on a
// connection to the bytes of the reply, with everything that the service mounts,
// without a network. docs/performance.md tells the difference: what the service
// itself adds to each page.
func BenchmarkCitizensPage(b *testing.B) {
	hello := fiber.New(fiber.Config{DisableStartupMessage: true})
	hello.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	b.Run("hello", func(b *testing.B) { played(b, hello, "/") })
	page := testkit.New(b, testkit.City, quiet)
	b.Run("page", func(b *testing.B) { played(b, page.App, "/s/KUPARI47") })
}

// BenchmarkCitizensPageByTCP is the same over connections of this machine, whose
// system and clients cost the same for both.
func BenchmarkCitizensPageByTCP(b *testing.B) {
	hello := fiber.New(fiber.Config{DisableStartupMessage: true})
	hello.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	b.Run("hello", func(b *testing.B) { asked(b, hello, "/", func(l net.Listener) net.Listener { return l }) })
	page := testkit.New(b, testkit.City, quiet)
	b.Run("page", func(b *testing.B) {
		asked(b, page.App, "/s/KUPARI47", func(l net.Listener) net.Listener { return connection.NewListener(l, connection.Most()) })
	})
}

// quiet logs what the service logs by default, nowhere.
func quiet(d *testkit.Deps) { d.Log = slog.New(slog.NewTextHandler(io.Discard, nil)) }

// browserRequest is a request as a phone's browser sends it.
func browserRequest(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: survei.kota.go.id\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n")
}

// tape is a connection whose client sends the same request again and again, each
// when it has read the reply to the last one.
type tape struct {
	net.Conn // the rest is not asked for
	request  []byte
	left     int
	sent     int64
}

func (t *tape) Read(p []byte) (int, error) {
	if t.left == 0 {
		return 0, io.EOF
	}
	t.left--
	return copy(p, t.request), nil
}

func (t *tape) Write(p []byte) (int, error) {
	t.sent += int64(len(p))
	return len(p), nil
}

func (*tape) Close() error                     { return nil }
func (*tape) SetDeadline(time.Time) error      { return nil }
func (*tape) SetReadDeadline(time.Time) error  { return nil }
func (*tape) SetWriteDeadline(time.Time) error { return nil }
func (*tape) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (*tape) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40_000} }

func played(b *testing.B, app *fiber.App, path string) {
	app.Handler() // mounts the routes
	play := func(n int) int64 {
		t := &tape{request: browserRequest(path), left: n}
		if err := app.Server().ServeConn(t); err != nil && err != io.EOF { //nolint:errorlint // as fasthttp returns it
			b.Fatal(err)
		}
		return t.sent
	}
	play(100)
	b.ReportAllocs()
	b.ResetTimer()
	sent := play(b.N)
	b.ReportMetric(float64(sent)/float64(b.N), "B/reply")
}

// asked asks over TCP with some clients at once.
func asked(b *testing.B, app *fiber.App, path string, wrap func(net.Listener) net.Listener) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(wrap(l)) }()
	var mu sync.Mutex
	var conns []net.Conn
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		mu.Lock()
		conns = append(conns, conn)
		mu.Unlock()
		request, reply := browserRequest(path), make([]byte, 16<<10)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if err := readReply(conn, reply); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	for _, c := range conns {
		_ = c.Close()
	}
	if err := app.Shutdown(); err != nil {
		b.Error(err)
	}
	if err := <-served; err != nil {
		b.Error(err)
	}
}

// readReply reads a whole reply with a length.
func readReply(conn net.Conn, into []byte) error {
	have := 0
	for {
		n, err := conn.Read(into[have:])
		if err != nil {
			return err
		}
		have += n
		head := bytes.Index(into[:have], []byte("\r\n\r\n"))
		if head < 0 {
			continue
		}
		_, rest, _ := bytes.Cut(into[:head], []byte("Content-Length: "))
		length := 0
		for _, c := range rest {
			if c < '0' || c > '9' {
				break
			}
			length = 10*length + int(c-'0')
		}
		if have >= head+4+length {
			return nil
		}
	}
}
