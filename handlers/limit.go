package handlers

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"persepsi/survey"
)

// Pace is a token bucket: so many at once, then so many a second.
type Pace struct {
	Burst     int
	PerSecond float64
}

// Limits hold back what sends far more than people can type. A device is
// address, browser and language together, and its bucket holds a waiting room of
// equal phones. All devices of one address share a wider one, which no office
// fills and which keeps one place from using up a point.
type Limits struct {
	Device, Address, Point Pace
	// Trusted are the proxies whose X-Forwarded-For is believed, beside those
	// on this machine.
	Trusted []netip.Prefix
}

// DefaultLimits are meant for people at counters: 60 answers at once and one a
// second from one kind of phone behind one address, 300 and 5 from all phones
// behind it (more than the largest office has visitors, and too few to use up a
// point from one place), 600 and 10 at one point.
func DefaultLimits() Limits {
	return Limits{Device: Pace{60, 1}, Address: Pace{300, 5}, Point: Pace{600, 10}}
}

// limiter keeps the buckets, in memory and only for as long as they are not
// full again.
type limiter struct {
	limits Limits
	now    func() time.Time
	seed   maphash.Seed // device marks mean nothing outside this process

	mu      sync.Mutex
	buckets map[uint64]*rate.Limiter
}

// maxBuckets bounds the memory: beyond it, buckets that are full again go, and
// if none is, all of them.
const maxBuckets = 50_000

func newLimiter(l Limits, now func() time.Time) *limiter {
	return &limiter{limits: l, now: now, seed: maphash.MakeSeed(), buckets: map[uint64]*rate.Limiter{}}
}

// allow takes a token of the device and one of the point; RateLimited tells
// when to try again. A request of this machine itself, without a proxy's word
// about where it came from, has no device and passes.
func (l *limiter) allow(c *fiber.Ctx, point string) error {
	addr, ok := l.address(c)
	if !ok {
		return nil
	}
	place := addr.String()
	for _, bucket := range []struct {
		key  string
		pace Pace
	}{
		{"device " + place + "\x00" + c.Get(fiber.HeaderUserAgent) + "\x00" + c.Get(fiber.HeaderAcceptLanguage), l.limits.Device},
		{"address " + place, l.limits.Address},
		{"point " + point, l.limits.Point},
	} {
		if err := l.take(maphash.String(l.seed, bucket.key), bucket.pace); err != nil {
			return err
		}
	}
	return nil
}

func (l *limiter) take(key uint64, p Pace) error {
	if p.Burst <= 0 {
		return nil
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= maxBuckets {
			l.sweep(now)
		}
		b = rate.NewLimiter(rate.Limit(p.PerSecond), p.Burst)
		l.buckets[key] = b
	}
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	r.CancelAt(now)
	return &survey.Error{Code: survey.RateLimited, Message: "too many answers came from here at once; try again later", RetryAfter: wait}
}

func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}

// address gives where a request came from: the peer or, behind proxies that
// are trusted, the last address of X-Forwarded-For that is none of theirs. It
// is used for the moment and kept nowhere.
func (l *limiter) address(c *fiber.Ctx) (netip.Addr, bool) {
	peer, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}, false
	}
	peer = peer.Unmap()
	if !l.trusted(peer) {
		return network(peer), true
	}
	// A proxy may add a line of its own instead of adding to the one that came.
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	if len(hops) == 0 {
		return netip.Addr{}, false
	}
	for i := len(hops) - 1; i >= 0; i-- {
		a, ok := hop(hops[i])
		if !ok {
			return peer, true // what can't be read tells nothing but who said it
		}
		if !l.trusted(a) {
			return a, true
		}
	}
	return peer, true
}

// place returns where a request came from as address does, and for one of this
// machine itself the machine's own address.
func (l *limiter) place(c *fiber.Ctx) netip.Addr {
	addr, ok := l.address(c)
	if !ok {
		addr, _ = netip.AddrFromSlice(c.Context().RemoteIP())
	}
	return addr.Unmap()
}

// hop reads one address of X-Forwarded-For, with or without a port. Of an IPv6
// address only the network counts: every device in it has millions of them.
func hop(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		a = withPort.Addr()
	}
	return network(a.Unmap()), true
}

const ipv6Network = 64 // bits

func network(a netip.Addr) netip.Addr {
	if !a.Is6() || a.IsLoopback() {
		return a
	}
	p, err := a.WithZone("").Prefix(ipv6Network)
	if err != nil {
		return a
	}
	return p.Addr()
}

func (l *limiter) trusted(a netip.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, p := range l.limits.Trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
