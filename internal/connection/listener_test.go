package connection

import (
	"errors"
	"io"
	"math"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"
)

// failing is a listener that fails at first.
type failing struct {
	net.Listener
	errs []error
}

func (f *failing) Accept() (net.Conn, error) {
	if len(f.errs) > 0 {
		err := f.errs[0]
		f.errs = f.errs[1:]
		return nil, err
	}
	return f.Listener.Accept()
}

// listening returns a listener of some places on this machine, the one beneath it, and what
// connects to it.
func listening(t *testing.T, most int) (*lingeringListener, *failing, func() net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second)) //nolint:forcetypeassert // of this network; else a fault would hang
	beneath := &failing{Listener: l}
	out := NewListener(beneath, most).(*lingeringListener) //nolint:forcetypeassert // it is ours
	t.Cleanup(func() { _ = out.Close() })
	return out, beneath, func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
}

func accept(t *testing.T, l *lingeringListener) *lingeringConn {
	t.Helper()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.(*lingeringConn) //nolint:forcetypeassert // it is ours
}

// ended reports whether the other end of a connection is closed.
func ended(c net.Conn) bool {
	_, err := c.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestARequestInProgressKeepsItsPlaceAndOneThatWaitsGivesWay(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 1)
	first := dial()
	served := accept(t, l)
	if _, err := io.WriteString(first, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := served.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	got := make(chan *lingeringConn, 1)
	go func() {
		c, _ := l.Accept()
		c2, _ := c.(*lingeringConn)
		got <- c2
	}()
	if second := dial(); !ended(second) {
		t.Error("a connection beyond the limit was let in while the only one has a request")
	}
	read := make(chan error, 1)
	go func() { // the answer was sent: it waits for the next request
		_, err := served.Read(make([]byte, 1))
		read <- err
	}()
	for waits := false; !waits; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		waits = served.waits
		l.mu.Unlock()
	}
	dial()
	if third := <-got; third == nil {
		t.Error("no place for a new one where one waits")
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) || !ended(first) {
		t.Errorf("the one that waited: %v", err)
	}
	if err := served.Close(); err != nil {
		t.Errorf("its server closes it: %v, want nothing to do", err)
	}
}

func TestAProcessWithoutFileDescriptorsClosesOneThatWaits(t *testing.T) {
	t.Parallel()
	out := func(errno syscall.Errno) error {
		return &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", errno)}
	}
	l, beneath, dial := listening(t, 10)
	idle := dial()
	accept(t, l)
	beneath.errs = []error{out(syscall.EMFILE), out(syscall.ENFILE)} // one is closed for the first, none is left for the second
	dial()
	accept(t, l)
	if !ended(idle) {
		t.Error("the one that waited is still open")
	}
	beneath.errs = []error{out(syscall.EINVAL)}
	if _, err := l.Accept(); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("another error: %v", err)
	}
}

func TestWhoIsStillSendingReadsWhyTheConnectionEnds(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 10)
	client := dial()
	server := accept(t, l)
	if _, err := io.WriteString(server, "too large"); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil || l.waiting.Load() != 1 {
		t.Errorf("closed twice: %v, %d linger, want one", err, l.waiting.Load())
	}
	part := make([]byte, 64<<10)
	for range 32 {
		if _, err := client.Write(part); err != nil {
			t.Fatalf("the client goes on sending: %v", err)
		}
	}
	_ = client.(*net.TCPConn).CloseWrite() //nolint:forcetypeassert // it was dialled so
	if said, err := io.ReadAll(client); err != nil || string(said) != "too large" {
		t.Errorf("it reads %q, %v", said, err)
	}
}

func TestFewConnectionsLinger(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 10)
	client := dial()
	server := accept(t, l)
	l.waiting.Store(mostLingering)
	if err := server.Close(); err != nil || l.waiting.Load() != mostLingering {
		t.Errorf("one more than may linger: %v, %d linger", err, l.waiting.Load())
	}
	if !ended(client) {
		t.Error("it is still open")
	}
	l.waiting.Store(0)
	dial()
	server = accept(t, l)
	_ = server.TCPConn.Close() // as one that was reset: nothing can be said to it
	if _ = server.Close(); l.waiting.Load() != 0 {
		t.Errorf("one that is gone lingers: %d", l.waiting.Load())
	}
	if l.crowd.size != 0 {
		t.Errorf("%d places are taken, and nobody is there", l.crowd.size)
	}
}

func TestWhatWasReadOfAConnectionThatGaveWayIsThrownAway(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 10)
	client := dial()
	server := accept(t, l)
	read := make(chan int, 1)
	go func() {
		n, _ := server.Read(make([]byte, 1))
		read <- n
	}()
	for waits := false; !waits; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		waits = server.waits
		l.mu.Unlock()
	}
	l.mu.Lock()
	if _, err := io.WriteString(client, "x"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(soon) // so that it is read, which only the system knows
	l.cut(server)
	l.mu.Unlock()
	if n := <-read; n != 0 {
		t.Error("a request was begun that nobody can be answered")
	}
	if err := server.SetReadDeadline(time.Now()); err == nil {
		t.Error("a connection that is closed has a deadline")
	}
}

func TestAStreamOfTheListenerIsNotedAndAnotherConnectionLeftAsItIs(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 10)
	client := dial()
	CarryStream(accept(t, l))
	CarryStream(client)
	if len(l.crowd.streams) != 1 || l.crowd.size != 1 {
		t.Errorf("%d streams in %d places", len(l.crowd.streams), l.crowd.size)
	}
}

func TestAConnectionWithoutARequestEndsSoonAfterItsListener(t *testing.T) {
	t.Parallel()
	l, _, dial := listening(t, 10)
	read := make(chan error, 3)
	reads := func(c *lingeringConn) {
		_, err := c.Read(make([]byte, 1))
		read <- err
	}
	for range 3 {
		dial()
	}
	before, after, patient := accept(t, l), accept(t, l), accept(t, l)
	_ = before.SetReadDeadline(time.Now().Add(late))
	go reads(before)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	_ = after.SetReadDeadline(time.Now().Add(late))
	go reads(after)
	first := time.Now()
	_ = patient.SetReadDeadline(first)
	if !patient.reading.wanted.Equal(first) {
		t.Error("one that ends sooner than that lives on")
	}
	_ = patient.SetReadDeadline(time.Time{}) // no end
	go reads(patient)
	for range 3 {
		select {
		case err := <-read:
			if err != io.EOF { //nolint:errorlint // the server looks for it itself
				t.Errorf("it ends with %v, want the end", err)
			}
		case <-time.After(20 * silentFor):
			t.Fatal("it holds up the end of the service")
		}
	}
}

func TestOfAnIPv6AddressItsNetworkCounts(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"10.1.2.3": "10.1.2.3", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2:ffff::1": "2001:db8:1:2::", "fe80::1%eth0": "fe80::", "::1": "::1",
	} {
		if got := Network(netip.MustParseAddr(addr)); got != netip.MustParseAddr(want) {
			t.Errorf("%s counts as %s, want %s", addr, got, want)
		}
	}
}

func TestThereAreFewerConnectionsThanFileDescriptors(t *testing.T) {
	t.Parallel()
	const most = ServerLimit - freeWorkers
	for limit, want := range map[uint64]int{0: most, 100: 50, 1024: 512, 4096: 3584, 16_000: most, ServerLimit: most, math.MaxUint64: most} {
		if got := mostOf(limit); got != want {
			t.Errorf("%d descriptors: %d connections, want %d", limit, got, want)
		}
	}
}
