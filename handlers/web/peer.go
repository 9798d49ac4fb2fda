package web

import (
	"bytes"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/internal/connection"
)

// Peers decides whose word about a client is believed: that of the proxies which
// were named, and of every program on this machine.
type Peers struct {
	trusted []netip.Prefix
	now     func() time.Time
	log     *slog.Logger

	mu       sync.Mutex
	unnamed  time.Time // when a proxy that is not named forwarded last
	reported bool      // it was logged without its address
	named    bool      // and with it
}

// client is who sent a request, as far as that can be known. It serves for the
// moment and is kept nowhere.
type client struct {
	addr      netip.Addr // the network, in IPv6
	local     bool       // this machine itself, without a proxy's word about somebody else
	forwarded string     // what a peer that isn't trusted says of where the request came from
}

// of returns who sent a request: the peer or, behind trusted proxies, the last
// address of X-Forwarded-For that is none of theirs.
func (p *Peers) of(c *fiber.Ctx) client {
	peer, trusted := p.peer(c)
	// A proxy may add a line of its own instead of adding to the one that came.
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	if !trusted {
		return client{addr: connection.Network(peer), forwarded: strings.Join(hops, ",")}
	}
	for i := len(hops) - 1; i >= 0; i-- {
		a, ok := hop(hops[i])
		if !ok {
			break // what can't be read tells nothing but who said it
		}
		if !p.trusts(a) {
			return client{addr: connection.Network(a)}
		}
	}
	return client{addr: connection.Network(peer), local: peer.IsLoopback() && len(hops) == 0}
}

// host returns the host, with its port, that the client used to reach the
// service.
func (p *Peers) host(c *fiber.Ctx) string {
	if _, trusted := p.peer(c); trusted {
		if host := forwardedWord(c, fiber.HeaderXForwardedHost); validHost(host) {
			return host
		}
	}
	return string(c.Request().Header.Host())
}

// Address returns the address that the client used to reach the service,
// without a path.
func (p *Peers) Address(c *fiber.Ctx) string {
	scheme := "http"
	if _, trusted := p.peer(c); trusted && strings.EqualFold(forwardedWord(c, fiber.HeaderXForwardedProto), "https") {
		scheme = "https"
	}
	return scheme + "://" + p.host(c)
}

// forwardedWord returns the first value of a header that proxies may add to:
// the one nearest to the client.
func forwardedWord(c *fiber.Ctx, header string) string {
	first, _, _ := bytes.Cut(c.Request().Header.Peek(header), []byte(","))
	return string(bytes.TrimSpace(first))
}

// peer returns the other end of the connection, and whether it is trusted.
func (p *Peers) peer(c *fiber.Ctx) (netip.Addr, bool) {
	a, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}, false
	}
	a = a.Unmap()
	return a, p.trusts(a)
}

func (p *Peers) trusts(a netip.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, t := range p.trusted {
		if t.Contains(a) {
			return true
		}
	}
	return false
}

// unnamedFor is how long /readyz tells of a proxy that is not named, since it
// forwarded last.
const unnamedFor = 24 * time.Hour

// watch notes a peer that forwards without being named: the whole city behind it
// counts as one address. It is logged once. A private address is told with it,
// also after one that is not; another may be a citizen's.
func (p *Peers) watch(c *fiber.Ctx) {
	if len(c.Request().Header.Peek(fiber.HeaderXForwardedFor)) == 0 {
		return
	}
	peer, trusted := p.peer(c)
	if trusted {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unnamed = p.now()
	const sentence = "a proxy forwards requests and is not named, so all citizens behind it count as one address: name it with --trusted-proxy"
	switch {
	case peer.IsPrivate() && !p.named:
		p.named, p.reported = true, true
		p.log.Warn(sentence, "proxy", peer)
	case !p.reported:
		p.reported = true
		p.log.Warn(sentence)
	}
}

// Unnamed reports whether a proxy that is not named was seen lately.
func (p *Peers) Unnamed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now().Sub(p.unnamed) <= unnamedFor
}

// hop reads one address of X-Forwarded-For, with or without a port.
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
	return a.Unmap(), true
}

const maxHost = 260 // bytes: the longest name, and a port

// validHost reports whether a host is a name or an address, with or without a
// port: nothing else may get into an address that people scan.
func validHost[text string | []byte](s text) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '.', c == '-', c == '_', c == ':', c == '[', c == ']':
		default:
			return false
		}
	}
	return len(s) > 0 && len(s) <= maxHost
}
