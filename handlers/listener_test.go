package handlers_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/testkit"
)

const livePath = "/meja/kejadian"

// A listener to a stream of events.
type listener struct {
	t     *testing.T
	conn  net.Conn
	reply *http.Response
	lines *bufio.Scanner
}

// hear opens a stream on a connection that has no network below it, so that a bubble of
// testing/synctest has its time in hand.
func hear(t *testing.T, k *testkit.Kit, path string, cookie *http.Cookie, headers ...string) *listener {
	t.Helper()
	client, server := net.Pipe()
	go k.App.Server().ServeConn(server) //nolint:errcheck // it ends with the connection
	return hearOn(t, client, path, cookie, headers...)
}

func hearOn(t *testing.T, client net.Conn, path string, cookie *http.Cookie, headers ...string) *listener {
	t.Helper()
	request := "GET " + path + " HTTP/1.1\r\nHost: example.com\r\nAccept: text/event-stream\r\n"
	if cookie != nil {
		request += "Cookie: " + cookie.Name + "=" + cookie.Value + "\r\n"
	}
	for _, h := range headers {
		request += h + "\r\n"
	}
	if _, err := io.WriteString(client, request+"\r\n"); err != nil {
		t.Fatal(err)
	}
	from := bufio.NewReader(client)
	reply, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{t: t, conn: client, reply: reply, lines: bufio.NewScanner(reply.Body)}
	t.Cleanup(l.leave)
	return l
}

func (l *listener) leave() { _ = l.conn.Close() }

// next returns the next thing that the stream says, a comment as ":", and what is empty
// where it has ended.
func (l *listener) next() string {
	var said []string
	for l.lines.Scan() {
		if l.lines.Text() == "" {
			return strings.Join(said, " ")
		}
		said = append(said, l.lines.Text())
	}
	return ""
}

// revision returns the next revision, past comments; empty where the stream ends.
func (l *listener) revision() string {
	for {
		said := l.next()
		if after, ok := strings.CutPrefix(said, "event: revision data: "); ok || said == "" {
			return after
		}
	}
}

// ends waits for the end and returns how long that took.
func (l *listener) ends() time.Duration {
	begun := time.Now()
	for l.next() != "" {
		if time.Since(begun) > time.Hour {
			l.t.Fatal("the stream goes on")
		}
	}
	return time.Since(begun)
}

// answers stores some answers and releases what may be.
func answers(k *testkit.Kit, n int) {
	for range n {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
}

// outside runs what it is handed outside of a bubble that its caller is in: what the
// intake's own goroutines do has no place in one.
func outside(t *testing.T) func(func()) {
	t.Helper()
	work, done := make(chan func()), make(chan struct{})
	go func() {
		for f := range work {
			f()
			done <- struct{}{}
		}
	}()
	t.Cleanup(func() { close(work) })
	return func(f func()) {
		work <- f
		<-done
	}
}

// ready is a kit whose parts that live as long as the process run already: they have no
// place in a bubble.
func ready(t *testing.T, change ...func(*testkit.Deps)) *testkit.Kit {
	t.Helper()
	k := testkit.New(t, testkit.City, change...)
	answers(k, 1)
	k.Get("/healthz")
	return k
}

func shownRevision(r *testkit.Reply) string {
	return r.HTML().Find("main").AttrOr("data-revision", "none")
}
