package network

import (
	"slices"
	"strconv"
	"strings"
)

// Endpoint is a host and one of its ports.
type Endpoint struct {
	Host, Port string
}

func (e Endpoint) String() string { return e.Host + ":" + e.Port }

// Addr is an address as net shows it: "host:port"; "host" for the dialling end of a connection, whose port tells
// nothing to a reader (Conn.Local and Conn.Remote have it); or the path of a Unix socket.
type Addr string

// Network names the kind of network: "tcp", or "unix".
func (a Addr) Network() string {
	if a.unix() {
		return "unix"
	}
	return "tcp"
}

func (a Addr) String() string { return string(a) }

// endpoint takes an address of a host's port apart. A dialling end has no port.
func (a Addr) endpoint() Endpoint {
	host, port, _ := strings.Cut(string(a), ":")
	return Endpoint{host, port}
}

// The ports that Linux gives to those who do not choose one.
const (
	firstEphemeral = 32768
	lastEphemeral  = 60999
)

// ephemeral hands out the next port that nobody on the machine uses. They come in order, and go on where the
// incarnation before this one was: a peer must not take a new connection for an old one.
func (h *Host) ephemeral() uint16 {
	for {
		if h.port++; h.port < firstEphemeral || h.port > lastEphemeral {
			h.port = firstEphemeral
		}
		if !h.uses(h.port) {
			return h.port
		}
	}
}

func (h *Host) uses(port uint16) bool {
	var digits [5]byte
	name := strconv.AppendUint(digits[:0], uint64(port), 10)
	return slices.ContainsFunc(h.conns, func(c *Conn) bool { return c.dialed && c.ephemeral == port }) ||
		slices.ContainsFunc(h.listeners, func(l *Listener) bool { return l.addr.endpoint().Port == string(name) }) ||
		slices.ContainsFunc(h.packets, func(p *PacketConn) bool { return p.local.Port == string(name) })
}

// chosen is a port to listen on: the one that is asked for, or for "0" an ephemeral one.
func (h *Host) chosen(port string) string {
	if port == "0" {
		return strconv.Itoa(int(h.ephemeral()))
	}
	return port
}
