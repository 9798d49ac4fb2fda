package connection

import (
	"net"
	"net/netip"
)

const ipv6Network = 64 // bits

// Network returns what counts of an address: of IPv6 only the network, for
// every device in it has millions of addresses.
func Network(a netip.Addr) netip.Addr {
	if !a.Is6() || a.IsLoopback() {
		return a
	}
	p, err := a.WithZone("").Prefix(ipv6Network)
	if err != nil {
		return a
	}
	return p.Addr()
}

// remote returns the address that a connection counts for.
func remote(c net.Conn) netip.Addr {
	tcp, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return Network(tcp.AddrPort().Addr().Unmap())
}
