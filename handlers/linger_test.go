package handlers_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"persepsi/internal/connection"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// crowded serves an application that holds few connections.
func crowded(t *testing.T, most int, change ...func(*testkit.Deps)) (*testkit.Kit, string) {
	t.Helper()
	k := testkit.New(t, testkit.City, change...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go k.App.Listener(connection.NewListener(l, most)) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = k.App.ShutdownWithTimeout(5 * time.Second) })
	return k, l.Addr().String()
}

// dialFrom connects from an address of this machine.
func dialFrom(t *testing.T, from, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.Dial("tcp", to)
	if err != nil && strings.Contains(err.Error(), "assign requested address") {
		t.Skip("this machine has no address " + from)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// asks sends a request on a connection and returns the status, 0 where the
// connection ended instead.
func asks(c net.Conn, request string) int {
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // else a fault would hang
	if _, err := io.WriteString(c, request); err != nil {
		return 0
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

const getHealth = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

func TestIdleConnectionsOfOneAddressShutNobodyOut(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]string{"of another address": "127.0.0.2", "of the same address": "127.0.0.1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, addr := crowded(t, 8)
			early := dialFrom(t, "127.0.0.3", addr)
			if got := asks(early, getHealth); got != http.StatusOK {
				t.Fatalf("before the crowd: %d", got)
			}
			for i := range 40 {
				idle := dialFrom(t, "127.0.0.1", addr)
				if i%3 == 0 {
					_, _ = io.WriteString(idle, "POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf")
				}
			}
			for range 5 {
				if got := asks(dialFrom(t, from, addr), getHealth); got != http.StatusOK {
					t.Errorf("a citizen %s: %d, want 200", name, got)
				}
			}
			if got := asks(early, getHealth); got != http.StatusOK {
				t.Errorf("an address with one connection lost it: %d", got)
			}
		})
	}
}

func TestConnectionsThatReadNothingShutNobodyOut(t *testing.T) {
	t.Parallel()
	_, addr := crowded(t, 8)
	// More than the buffers of both ends hold, so that the server waits in sending.
	const pages = 4000
	for range 12 {
		deaf := dialFrom(t, "127.0.0.1", addr)
		_ = deaf.SetWriteDeadline(time.Now().Add(2 * time.Second)) // it may not take them all
		_, _ = io.WriteString(deaf, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", pages))
	}
	got := 0
	for range 600 { // the pages asked for are made first: minutes, on a busy machine with the race detector
		if got = asks(dialFrom(t, "127.0.0.2", addr), getHealth); got == http.StatusOK {
			return
		}
		time.Sleep(200 * time.Millisecond) // sockets fill and drain in the system's own time
	}
	t.Errorf("a citizen elsewhere: %d, want 200 after a while", got)
}

// slow stores an answer when it is told to.
type slow struct {
	survey.Outcome
	begun, goOn chan struct{}
}

func (s slow) Submit(context.Context, *survey.Response) (survey.Outcome, error) {
	s.begun <- struct{}{}
	<-s.goOn
	return s.Outcome, nil
}

func TestARequestInProgressIsNeverCutForANewConnection(t *testing.T) {
	t.Parallel()
	store := slow{Outcome: survey.Outcome{Result: survey.Stored, ReceivedAt: testkit.Noon()}, begun: make(chan struct{}), goOn: make(chan struct{})}
	k, addr := crowded(t, 4, func(d *testkit.Deps) { d.Submit = store })
	const busy = 4 // as many as there are places
	status := make(chan int, busy)
	for range busy {
		body := k.Response(nil)
		c := dialFrom(t, "127.0.0.1", addr)
		go func() {
			status <- asks(c, "POST "+responsesPath+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "+length(body)+"\r\n\r\n"+body)
		}()
		<-store.begun
	}
	for range 20 {
		c := dialFrom(t, "127.0.0.1", addr)
		if got := asks(c, getHealth); got != 0 {
			t.Errorf("a connection beyond the limit was served (%d) while none waited", got)
		}
	}
	close(store.goOn)
	for range busy {
		if got := <-status; got != http.StatusCreated {
			t.Errorf("an answer in progress: %d, want 201", got)
		}
	}
	if got := asks(dialFrom(t, "127.0.0.1", addr), getHealth); got != http.StatusOK {
		t.Errorf("afterwards: %d", got)
	}
}

// exhausted is a listener in a process that has no file descriptor left at
// first.
type exhausted struct {
	net.Listener
	failures int
}

func (e *exhausted) Accept() (net.Conn, error) {
	if e.failures > 0 {
		e.failures--
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return e.Listener.Accept()
}

func TestAProcessWithoutFileDescriptorsGoesOnAccepting(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go k.App.Listener(connection.NewListener(&exhausted{l, 3}, 100)) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = k.App.ShutdownWithTimeout(5 * time.Second) })
	if got := asks(dialFrom(t, "127.0.0.1", l.Addr().String()), getHealth); got != http.StatusOK {
		t.Errorf("%d, want 200", got)
	}
}
