package connection

import (
	"container/heap"
	"net/netip"
	"time"
)

// crowd knows the open connections of each address and which of them wait for
// their client, the longest first. Where there are too many, the address that
// has most gives way with the one that has waited longest: so nobody shuts
// others out, and a request that a handler works on is never cut. A connection
// that comes or goes costs the logarithm of the number of addresses.
type crowd struct {
	size   int
	groups map[netip.Addr]*group
	order  groupHeap // the address with most connections first
	// streams carry streams of events to signed-in people. They have a place, and count
	// for no address.
	streams map[*lingeringConn]struct{}
}

// group is the connections of one address, and a list of those that wait.
type group struct {
	addr        netip.Addr
	index       int // in the heap
	size        int
	first, last *lingeringConn
	all         map[*lingeringConn]struct{}
}

// place is where a connection stands in the crowd.
type place struct {
	group      *group // nil: it left
	prev, next *lingeringConn
	waits      bool
}

func newCrowd() *crowd {
	return &crowd{groups: map[netip.Addr]*group{}, streams: map[*lingeringConn]struct{}{}}
}

// add lets a new connection of an address in.
func (w *crowd) add(c *lingeringConn, addr netip.Addr) {
	g, ok := w.groups[addr]
	if !ok {
		g = &group{addr: addr, all: map[*lingeringConn]struct{}{}}
		w.groups[addr] = g
		heap.Push(&w.order, g)
	}
	c.group = g
	g.all[c] = struct{}{}
	g.size++
	w.size++
	heap.Fix(&w.order, g.index)
}

// remove forgets a connection; one that left already stays away.
func (w *crowd) remove(c *lingeringConn) {
	if _, ok := w.streams[c]; ok {
		delete(w.streams, c)
		w.size--
		return
	}
	g := c.group
	if g == nil {
		return
	}
	w.goOn(c)
	c.group = nil
	delete(g.all, c)
	g.size--
	w.size--
	if g.size > 0 {
		heap.Fix(&w.order, g.index)
		return
	}
	heap.Remove(&w.order, g.index)
	delete(w.groups, g.addr)
}

// stream notes that a connection carries a stream from now on. One that was cut
// meanwhile stays away.
func (w *crowd) stream(c *lingeringConn) {
	if c.group == nil {
		return
	}
	w.remove(c)
	w.streams[c] = struct{}{}
	w.size++
}

// wait notes that a connection waits for its client from now on.
func (w *crowd) wait(c *lingeringConn) {
	g := c.group
	if g == nil || c.waits {
		return
	}
	c.waits = true
	c.prev = g.last
	if g.last == nil {
		g.first = c
	} else {
		g.last.next = c
	}
	g.last = c
}

// goOn notes that a connection waits no longer.
func (w *crowd) goOn(c *lingeringConn) {
	if !c.waits {
		return
	}
	g := c.group
	if c.prev == nil {
		g.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		g.last = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.prev, c.next, c.waits = nil, nil, false
}

// givesWay returns the connection that gives way to a new one, nil where none can: one
// that waits, else a stream, which its page opens again, and without which it only tells
// that it is late.
func (w *crowd) givesWay() *lingeringConn {
	if c := w.longestWaiting(); c != nil {
		return c
	}
	for c := range w.streams {
		return c
	}
	return nil
}

// longestWaiting returns the connection that has waited longest for its client, nil where
// none waits. Where the largest address has none that waits, which is rare, one
// of its that reads nothing is looked for, then the largest that has one.
func (w *crowd) longestWaiting() *lingeringConn {
	if len(w.order) == 0 {
		return nil
	}
	largest := w.order[0]
	if largest.first != nil {
		return largest.first
	}
	now := time.Now()
	for c := range largest.all {
		if c.stalled(now) {
			return c
		}
	}
	for _, g := range w.order {
		if g.first != nil && (largest.first == nil || g.size > largest.size) {
			largest = g
		}
	}
	return largest.first
}

// groupHeap is a heap with the largest group on top.
type groupHeap []*group

// Len is the number of addresses.
func (h groupHeap) Len() int { return len(h) }

// Less puts the larger first.
func (h groupHeap) Less(i, j int) bool { return h[i].size > h[j].size }

// Swap exchanges two.
func (h groupHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push adds a group at the end.
func (h *groupHeap) Push(x any) {
	g := x.(*group) //nolint:forcetypeassert // only groups are pushed
	g.index = len(*h)
	*h = append(*h, g)
}

// Pop takes the last group off.
func (h *groupHeap) Pop() any {
	old := *h
	g := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return g
}
