package connection

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestADeadlineThatIsMovedAwayIsToldWhenTheOldOneIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d deadline
		var told []time.Duration // after the beginning; -1: none
		begin := time.Now()
		arm := func(at time.Time) error {
			after := at.Sub(begin)
			if at.IsZero() {
				after = -1
			}
			told = append(told, after)
			return nil
		}
		in := func(s time.Duration) time.Time { return time.Now().Add(s * time.Second) }
		expect := func(what string, want ...time.Duration) {
			t.Helper()
			if len(told) != len(want) {
				t.Fatalf("%s: told %v, want %d", what, told, len(want))
			}
			for i, w := range want {
				if w >= 0 {
					w *= time.Second
				}
				if told[i] != w {
					t.Errorf("%s: told %v, want %v", what, told, want)
				}
			}
		}
		_ = d.set(in(15), arm)
		_ = d.set(in(60), arm)
		_ = d.set(time.Time{}, arm)
		_ = d.set(in(60), arm)
		expect("moved away", 15)
		time.Sleep(15 * time.Second)
		if !d.moved(os.ErrDeadlineExceeded, arm) {
			t.Error("the old deadline ended what has until later")
		}
		expect("at the old one", 15, 60)
		if d.moved(io.ErrUnexpectedEOF, arm) {
			t.Error("another error was taken for a deadline")
		}
		time.Sleep(45 * time.Second)
		if d.moved(os.ErrDeadlineExceeded, arm) {
			t.Error("a deadline that is there was passed over")
		}
		_ = d.set(time.Time{}, arm)
		if !d.moved(os.ErrDeadlineExceeded, arm) {
			t.Error("a deadline that was taken back ended something")
		}
		expect("taken back", 15, 60, -1)
		_ = d.set(in(60), arm)
		_ = d.set(in(5), arm)
		expect("a sooner one", 15, 60, -1, 120, 65)
	})
}

// pair returns both ends of a connection through a lingering listener.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	lingering := NewListener(l, 10)
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = lingering.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _, _ = client.Close(), server.Close(), lingering.Close()
	})
	return client, server
}

// The deadlines are those of real sockets, which no bubble holds: these tests wait for them.
const soon, late = 50 * time.Millisecond, time.Hour

func TestAReadEndsAtItsDeadlineAndAtNoEarlierOne(t *testing.T) {
	t.Parallel()
	client, server := pair(t)
	read := func() (int, error) { return server.Read(make([]byte, 8)) }
	// The first one, while nothing was sent, holds for the rest of the request.
	_ = server.SetReadDeadline(time.Now().Add(soon))
	_, _ = client.Write([]byte("x"))
	if n, err := read(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := read(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("half a request: %d bytes, %v, want the deadline", n, err)
	}
	_ = server.SetReadDeadline(time.Now().Add(soon))
	_ = server.SetReadDeadline(time.Now().Add(late))
	got := make(chan error, 1)
	go func() {
		_, err := read()
		got <- err
	}()
	select {
	case err := <-got:
		t.Fatalf("a read ended at a deadline that was moved away: %v", err)
	case <-time.After(2 * soon):
	}
	_, _ = client.Write([]byte("y"))
	if err := <-got; err != nil {
		t.Error(err)
	}
	_ = server.SetReadDeadline(time.Now().Add(late))
	_ = server.SetReadDeadline(time.Now().Add(soon))
	if _, err := read(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a sooner deadline: %v", err)
	}
}

func TestARequestHasAllOfItsTimeOnAConnectionThatWasOpenedLongBefore(t *testing.T) {
	t.Parallel()
	client, server := pair(t)
	first := time.Now().Add(late)
	_ = server.SetReadDeadline(first)
	time.Sleep(time.Millisecond)
	_, _ = client.Write([]byte("x"))
	if n, err := server.Read(make([]byte, 8)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if c := server.(*lingeringConn); !c.reading.wanted.After(first) { //nolint:forcetypeassert // the listener is ours
		t.Errorf("its time ends with that of the connection")
	}
}

func TestAReadOfWhatSaidNothingEndsAsIfTheClientHadLeft(t *testing.T) {
	t.Parallel()
	_, server := pair(t)
	_ = server.SetReadDeadline(time.Now().Add(soon))
	if n, err := server.Read(make([]byte, 8)); n != 0 || err != io.EOF { //nolint:errorlint // the server looks for it itself
		t.Errorf("%d bytes, %v, want the end", n, err)
	}
}

func TestAReadEndsWhenItsConnectionIsClosed(t *testing.T) {
	t.Parallel()
	client, server := pair(t)
	_, _ = client.Write([]byte("x"))
	_ = server.SetReadDeadline(time.Now().Add(late))
	if _, err := server.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	_ = server.SetReadDeadline(time.Now().Add(late))
	ended := make(chan error, 1)
	go func() {
		_, err := server.Read(make([]byte, 1))
		ended <- err
	}()
	_ = server.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("something was read")
		}
	case <-time.After(3 * lingerFor):
		t.Error("a read goes on, though its connection is closed")
	}
}

func TestAWriteEndsAtItsDeadlineAndLosesNothingAtAnEarlierOne(t *testing.T) {
	t.Parallel()
	client, server := pair(t)
	much := make([]byte, 32<<20) // more than the buffers of both ends hold
	for i := range much {
		much[i] = byte(i >> 8)
	}
	_ = server.SetWriteDeadline(time.Now().Add(soon))
	_ = server.SetWriteDeadline(time.Now().Add(late))
	wrote := make(chan error, 1)
	go func() {
		n, err := server.Write(much)
		if err == nil && n != len(much) {
			err = io.ErrShortWrite
		}
		wrote <- err
	}()
	select {
	case err := <-wrote:
		t.Fatalf("a write ended at a deadline that was moved away: %v", err)
	case <-time.After(2 * soon):
	}
	if server.(*lingeringConn).sending.Load() == 0 { //nolint:forcetypeassert // the listener is ours
		t.Error("nobody knows that it waits for a client that reads nothing")
	}
	got := make([]byte, len(much))
	if _, err := io.ReadFull(client, got); err != nil {
		t.Fatal(err)
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
	if string(got) != string(much) {
		t.Error("what was read is not what was written")
	}
	_ = server.SetWriteDeadline(time.Now().Add(soon))
	if _, err := server.Write(much); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nobody reads: %v, want the deadline", err)
	}
}
