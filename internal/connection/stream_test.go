package connection

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
)

// An office has its desks open and its citizens' phones behind one address.
func TestAStreamCountsForNoAddressAndGivesWayLast(t *testing.T) {
	t.Parallel()
	w := newCrowd()
	office, elsewhere := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	var streams []*lingeringConn
	for range 10 {
		c := &lingeringConn{}
		w.add(c, office)
		w.wait(c)
		w.stream(c)
		w.wait(c) // its reader waits too
		w.goOn(c)
		streams = append(streams, c)
	}
	phone := &lingeringConn{}
	w.add(phone, office)
	w.wait(phone)
	var crowding []*lingeringConn
	for range 2 {
		c := &lingeringConn{}
		w.add(c, elsewhere)
		w.wait(c)
		crowding = append(crowding, c)
	}
	if w.size != 13 || w.groups[office].size != 1 {
		t.Fatalf("%d connections, %d of the office", w.size, w.groups[office].size)
	}
	var order []string
	for w.size > 0 {
		c := w.givesWay()
		switch c {
		case nil:
			t.Fatalf("none of %d gives way", w.size)
		case phone:
			order = append(order, "phone")
		case crowding[0], crowding[1]:
			order = append(order, "crowd")
		default:
			order = append(order, "stream")
		}
		w.remove(c)
		w.remove(c)
	}
	if got, want := fmt.Sprint(order[:4]), "[crowd phone crowd stream]"; got != want && got != "[crowd crowd phone stream]" {
		t.Errorf("they give way as %s, want %s", got, want)
	}
	w.stream(streams[0])
	if w.size != 0 || len(w.streams) != 0 {
		t.Errorf("one that was cut is back: %d", w.size)
	}
}

func TestAConnectionThatIsCutBeforeItsStreamBeginsTakesNoPlace(t *testing.T) {
	t.Parallel()
	l := &lingeringListener{most: 4, silent: map[*lingeringConn]struct{}{}, crowd: newCrowd()}
	here, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	go func() {
		for {
			c, err := here.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	conn, err := net.Dial("tcp", here.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := &lingeringConn{TCPConn: conn.(*net.TCPConn), listener: l} //nolint:forcetypeassert // it was dialled so
	l.admit(c)
	l.mu.Lock()
	l.cut(c)
	l.mu.Unlock()
	CarryStream(c)
	if l.crowd.size != 0 {
		t.Errorf("%d places are taken", l.crowd.size)
	}
}
