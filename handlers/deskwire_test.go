package handlers_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/connection"
	"persepsi/internal/testkit"
)

// wired opens a stream over a real connection.
func wired(t *testing.T, addr, from string, cookie *http.Cookie) *listener {
	t.Helper()
	c := dialFrom(t, from, addr)
	_ = c.SetDeadline(time.Now().Add(30 * time.Second)) // else a fault would hang
	return hearOn(t, c, livePath, cookie)
}

func TestStreamsEndWithTheServiceAndHoldItUpForNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go k.App.Listener(connection.NewListener(l, connection.Most())) //nolint:errcheck // it ends below
	var open []*listener
	for range 3 {
		one := wired(t, l.Addr().String(), "127.0.0.1", k.SignIn(access.Viewer))
		if one.revision() == "" {
			t.Fatal("no stream")
		}
		open = append(open, one)
	}
	if err := k.App.ShutdownWithTimeout(5 * time.Second); err != nil {
		t.Errorf("the service ends with %v", err)
	}
	for _, one := range open {
		one.ends()
	}
}

// A proxy that speaks HTTP/1.0, as nginx does unless it is told otherwise, sees a reply
// that ends with its connection.
func TestAStreamPassesAProxyOfOld(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Viewer)
	c := dialFrom(t, "127.0.0.1", listen(t, k))
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(c, "GET "+livePath+" HTTP/1.0\r\nHost: x\r\nCookie: "+cookie.Name+"="+cookie.Value+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(c)
	var head, said []string
	for lines.Scan() && lines.Text() != "" {
		head = append(head, strings.ToLower(lines.Text()))
	}
	for lines.Scan() && len(said) < 4 {
		said = append(said, lines.Text())
	}
	if all := strings.Join(head, "\n"); strings.Contains(all, "transfer-encoding") || strings.Contains(all, "content-length") || !strings.Contains(all, "connection: close") {
		t.Errorf("its head is %s", all)
	}
	if len(said) != 4 || !strings.HasPrefix(said[0], "retry: ") || said[2] != "event: revision" || !strings.HasPrefix(said[3], "data: ") {
		t.Errorf("it says %q", said)
	}
}

func TestOpenDesksOfAnOfficeTakeNoPlaceFromItsCitizens(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: it waits until thirty connections gave way, 18 seconds of the clock")
	}
	k, addr := crowded(t, 12)
	var desks []*listener
	for range 4 {
		one := wired(t, addr, "127.0.0.1", k.SignIn(access.Viewer))
		if one.revision() == "" {
			t.Fatal("no stream")
		}
		desks = append(desks, one)
	}
	citizen := dialFrom(t, "127.0.0.1", addr) // of the office's network
	if got := asks(citizen, getHealth); got != http.StatusOK {
		t.Fatalf("the citizen: %d", got)
	}
	for range 30 { // fewer at once than the desks are: only what waits longest gives way
		idle := dialFrom(t, "127.0.0.2", addr)
		if got := asks(idle, getHealth); got != http.StatusOK {
			t.Fatalf("a newcomer: %d", got)
		}
	}
	if got := asks(citizen, getHealth); got != http.StatusOK {
		t.Errorf("the citizen's connection gave way for the office's desks: %d", got)
	}
	for i, one := range desks {
		if one.next() == "" {
			t.Errorf("desk %d was shut", i)
		}
	}
}
