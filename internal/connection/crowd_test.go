package connection

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTheLongestWaitingOfTheLargestAddressGivesWay compares the crowd with a
// list that is searched.
func TestTheLongestWaitingOfTheLargestAddressGivesWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newCrowd()
		var in, waiting []*lingeringConn // waiting: the longest first
		sizes := map[netip.Addr]int{}
		addrOf := map[*lingeringConn]netip.Addr{}
		one := rapid.Custom(func(t *rapid.T) *lingeringConn { return rapid.SampledFrom(in).Draw(t, "connection") })
		goOn := func(c *lingeringConn) {
			waiting = slices.DeleteFunc(waiting, func(o *lingeringConn) bool { return o == c })
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				c := &lingeringConn{}
				addrOf[c] = netip.AddrFrom4([4]byte{10, 0, 0, rapid.Byte().Draw(t, "host") % 5})
				w.add(c, addrOf[c])
				in = append(in, c)
				sizes[addrOf[c]]++
			},
			"wait": func(t *rapid.T) {
				if len(in) == 0 {
					return
				}
				c := one.Draw(t, "c")
				w.wait(c)
				if !slices.Contains(waiting, c) {
					waiting = append(waiting, c)
				}
			},
			"go on": func(t *rapid.T) {
				if len(in) == 0 {
					return
				}
				c := one.Draw(t, "c")
				w.goOn(c)
				goOn(c)
			},
			"remove": func(t *rapid.T) {
				if len(in) == 0 {
					return
				}
				c := one.Draw(t, "c")
				w.remove(c)
				w.remove(c)
				goOn(c)
				in = slices.DeleteFunc(in, func(o *lingeringConn) bool { return o == c })
				sizes[addrOf[c]]--
			},
			"": func(t *rapid.T) {
				if w.size != len(in) {
					t.Fatalf("size %d, want %d", w.size, len(in))
				}
				got := w.longestWaiting()
				if (got == nil) != (len(waiting) == 0) {
					t.Fatalf("gives way: %v, while %d wait", got != nil, len(waiting))
				}
				if got == nil {
					return
				}
				most := 0
				for _, n := range sizes {
					most = max(most, n)
				}
				of := func(a netip.Addr) []*lingeringConn {
					return slices.DeleteFunc(slices.Clone(waiting), func(c *lingeringConn) bool { return addrOf[c] != a })
				}
				if of(addrOf[got])[0] != got {
					t.Fatal("another one of the same address waits longer")
				}
				for a, n := range sizes {
					if n == most && len(of(a)) > 0 && sizes[addrOf[got]] < most {
						t.Fatalf("an address with %d connections gives way before one with %d", sizes[addrOf[got]], most)
					}
				}
			},
		})
	})
}

func TestThoseThatWaitGiveWayInTheOrderInWhichTheyBegan(t *testing.T) {
	t.Parallel()
	w := newCrowd()
	var c [7]lingeringConn
	for i, host := range []byte{1, 1, 1, 2, 2, 3, 3} { // the first address is the largest
		w.add(&c[i], netip.AddrFrom4([4]byte{10, 0, 0, host}))
	}
	gives := func(what string, want *lingeringConn) {
		t.Helper()
		if got := w.longestWaiting(); got != want {
			t.Errorf("%s: another one gives way", what)
		}
	}
	gives("none waits", nil)
	for i := range 3 {
		w.wait(&c[i])
	}
	w.wait(&c[0]) // it waits already, and keeps its place
	gives("three wait", &c[0])
	w.goOn(&c[1])
	w.goOn(&c[0])
	gives("the first two were served", &c[2])
	w.goOn(&c[2])
	gives("all were served", nil)
	w.add(&lingeringConn{}, c[3].group.addr) // now the second address is as large, and the third smaller
	w.wait(&c[6])
	gives("one of the smallest address waits, and none of a larger one", &c[6])
	w.wait(&c[4])
	gives("one of a larger address waits as well, if shorter", &c[4])
}

func TestWhoReadsNothingGivesWayAfterAMoment(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		since time.Time
		want  bool
	}{
		"nothing is sent": {time.Unix(0, 0), false}, "a slow phone": {now.Add(-stalledAfter), false}, "one that reads nothing": {now.Add(-stalledAfter - 1), true},
	} {
		var sends lingeringConn
		sends.sending.Store(c.since.UnixNano())
		if got := sends.stalled(now); got != c.want {
			t.Errorf("%s: stalled = %v", name, got)
		}
	}
	w := newCrowd()
	var busy lingeringConn
	w.add(&busy, netip.AddrFrom4([4]byte{10, 0, 0, 1}))
	busy.sending.Store(now.Add(-2 * stalledAfter).UnixNano())
	if w.longestWaiting() != &busy {
		t.Error("one that reads nothing keeps its place")
	}
	w.add(&lingeringConn{}, busy.group.addr)
	w.remove(&busy)
	if w.longestWaiting() != nil {
		t.Error("one that left gives way")
	}
}

// TestABurstOfNewConnectionsPushesOutItsOwn: nobody has begun to read from them.
func TestABurstOfNewConnectionsPushesOutItsOwn(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second)) // else a fault would hang
	crowd := NewListener(l, 4)
	defer crowd.Close()
	accepted := func(from string) (client, server net.Conn) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		client, err := d.Dial("tcp", l.Addr().String())
		if err != nil && strings.Contains(err.Error(), "assign requested address") {
			t.Skip("this machine has no address " + from)
		}
		if err != nil {
			t.Fatal(err)
		}
		if server, err = crowd.Accept(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = client.Close(), server.Close() })
		_ = client.SetReadDeadline(time.Now().Add(20 * time.Second))
		return client, server
	}
	citizen, served := accepted("127.0.0.2")
	first, _ := accepted("127.0.0.1")
	for range 19 {
		accepted("127.0.0.1")
	}
	if n := crowd.(*lingeringListener).crowd.size; n != 4 { //nolint:forcetypeassert // the listener is ours
		t.Errorf("%d connections have a place, want 4", n)
	}
	if _, err := first.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the first of the burst was not cut: %v", err)
	}
	if _, err := io.WriteString(citizen, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := served.Read(make([]byte, 1)); err != nil {
		t.Errorf("the only connection of another address was cut: %v", err)
	}
}
