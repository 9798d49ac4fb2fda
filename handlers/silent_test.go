package handlers_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"persepsi/internal/connection"
	"persepsi/internal/testkit"
)

// impatient serves an application that waits a moment for requests, and returns what it logs.
func impatient(t *testing.T) (addr string, logged *bytes.Buffer, end func()) {
	t.Helper()
	logged = &bytes.Buffer{}
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Log = slog.New(slog.NewTextHandler(logged, nil)) })
	k.App.Server().ReadTimeout = 200 * time.Millisecond
	l := connection.NewListener(loopback(t), 100)
	served := make(chan error, 1)
	go func() { served <- k.App.Listener(l) }()
	return l.Addr().String(), logged, func() {
		if err := k.App.ShutdownWithTimeout(10 * time.Second); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

// Browsers open connections ahead and use them later, without a look at what came
// before: what a server says to one that asked nothing would be shown as a page.
func TestNothingIsSaidOnAConnectionThatAskedNothing(t *testing.T) {
	t.Parallel()
	addr, _, end := impatient(t)
	defer end()
	c := dialFrom(t, "127.0.0.1", addr)
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // else a fault would hang
	said, err := io.ReadAll(c)
	if err != nil || len(said) > 0 {
		t.Errorf("it was told %q, %v", said, err)
	}
}

func TestARequestThatTakesTooLongIsToldSoAndNotThatItCannotBeRead(t *testing.T) {
	t.Parallel()
	addr, _, end := impatient(t)
	defer end()
	for _, half := range []string{"GET / HTTP/1.1\r\nHo", "POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf"} {
		if got := asks(dialFrom(t, "127.0.0.1", addr), half); got != http.StatusRequestTimeout {
			t.Errorf("%q: %d, want 408", half, got)
		}
	}
}

func TestAConnectionThatIsResetIsNoTroubleOfOurs(t *testing.T) {
	t.Parallel()
	addr, logged, end := impatient(t)
	for _, said := range []string{"", "GET / HT", "POST /s/KUPARI47 HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf"} {
		c := dialFrom(t, "127.0.0.1", addr)
		if _, err := io.WriteString(c, said); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond) // else the reset may overtake what was said: only the system knows when that is read
		_ = c.(*net.TCPConn).SetLinger(0) //nolint:forcetypeassert // it was dialled so
		_ = c.Close()
	}
	if got := asks(dialFrom(t, "127.0.0.1", addr), getHealth); got != http.StatusOK {
		t.Errorf("%d, want 200", got)
	}
	end()
	if logged.Len() > 0 {
		t.Errorf("it is logged:\n%s", logged)
	}
}
