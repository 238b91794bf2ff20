package guest

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"path"
	"strconv"
	"syscall"
	"time"

	"faultline/cluster/network"
)

// sockets are those of a guest, by the identifiers that both ends use. Those that the guest opens are odd.
type sockets struct {
	guest  *Process
	host   *network.Host
	poller *network.Poller
	conns  map[uint32]*conn
	lists  map[uint32]*network.Listener
	ports  map[uint32]*network.PacketConn
	dials  map[uint32]bool // that have not ended
	last   uint32
	spoken []uint32 // those on which something is to be sent when the turn ends
	buffer []byte
}

// conn is a connection of a guest.
type conn struct {
	*network.Conn
	unread  int    // bytes that the guest has and its program has not read
	stalled bool   // there may be more, and the guest has enough
	out     []byte // what the network had no room for
	credit  int    // bytes that were sent since the guest was last told
	mute    bool   // the guest writes no more
	closed  bool   // the guest has closed it
}

const (
	mostUnread = 1 << 20   // bytes that are handed to a guest which does not read
	creditStep = 128 << 10 // a guest is told of room in such steps
)

func (s *sockets) init(g *Process) {
	s.guest, s.host = g, g.machine.Host()
	s.poller = s.host.NewPoller()
	s.conns, s.lists, s.ports = map[uint32]*conn{}, map[uint32]*network.Listener{}, map[uint32]*network.PacketConn{}
	s.dials = map[uint32]bool{}
	s.buffer = make([]byte, 64<<10)
}

// heard does what the guest has said about a socket.
func (s *sockets) heard(kind byte, id uint32, n uint64, b []byte) {
	switch kind {
	case 'L':
		s.listen(id, n, string(b))
	case 'P':
		s.openPacket(id, n, b)
	case 'D':
		s.dial(id, time.Duration(n), b)
	case 'Q':
		if p := s.ports[id]; p != nil {
			_ = p.SendTo(endpointOf(b), b[6:]) // whoever sends a datagram learns nothing
		}
	}
	c := s.conns[id]
	switch {
	case c == nil && kind == 'C':
		s.close(id)
	case c == nil:
	case kind == 'W':
		c.out = append(c.out, b...)
		s.touch(id)
	case kind == 'E':
		c.mute = true
		s.touch(id)
	case kind == 'C':
		s.closeConn(id, c, n != 0)
	case kind == 'K':
		if c.unread -= int(n); c.stalled && c.unread < mostUnread/2 {
			s.receive(id, c)
		}
	case kind == 'V':
		option(c.Conn, b)
	}
}

// touch has something sent at the end of the turn. What a program writes in a few calls at one instant leaves as one segment, as it
// would on a machine where the network is slower than the program.
func (s *sockets) touch(id uint32) {
	if k := len(s.spoken); k == 0 || s.spoken[k-1] != id {
		s.spoken = append(s.spoken, id)
	}
}

// turned sends what was written in a turn.
func (s *sockets) turned() {
	for _, id := range s.spoken {
		if c := s.conns[id]; c != nil {
			s.flush(id, c)
		}
	}
	s.spoken = s.spoken[:0]
}

// endpointOf is a host and a port: four bytes and two.
func endpointOf(b []byte) network.Endpoint {
	a, _ := netip.AddrFromSlice(b[:4])
	return network.Endpoint{Host: Host(a), Port: strconv.Itoa(int(binary.LittleEndian.Uint16(b[4:])))}
}

// appendEndpoint is the reverse of endpointOf.
func appendEndpoint(b []byte, e network.Endpoint) []byte {
	ip := [4]byte{127, 0, 0, 1}
	if a := Address(e.Host); a.IsValid() {
		ip = a.As4()
	}
	return append(append(b, ip[:]...), portOf(e)...)
}

func portOf(e network.Endpoint) []byte {
	port, _ := strconv.ParseUint(e.Port, 10, 16) // that of a Unix socket is none
	return binary.LittleEndian.AppendUint16(nil, uint16(port))
}

// option sets how a connection notices that its peer is gone: idle time, interval, count, and user time-out in ms.
func option(c *network.Conn, b []byte) {
	word := func(i int) int { return int(binary.LittleEndian.Uint32(b[4*i:])) }
	c.SetKeepAlive(time.Duration(word(0))*time.Second, time.Duration(word(1))*time.Second, word(2))
	if ms := word(3); ms > 0 {
		c.SetUserTimeout(time.Duration(ms) * time.Millisecond)
	}
}

func (s *sockets) listen(id uint32, port uint64, name string) {
	var l *network.Listener
	var err error
	if name != "" {
		l, err = s.host.ListenUnix(absolute(name))
	} else {
		l, err = s.host.Listen(strconv.FormatUint(port, 10))
	}
	if err != nil {
		return // the guest knows its own ports, and the host is down
	}
	s.lists[id] = l
	s.poller.Add(l, uint64(id))
}

// absolute is the path of a Unix socket: those that a guest names by its directory are below it.
func absolute(name string) string {
	if name[0] == '@' {
		return name
	}
	return path.Join("/machine", name)
}

func (s *sockets) openPacket(id uint32, port uint64, peer []byte) {
	p, err := s.host.ListenPacket(strconv.FormatUint(port, 10))
	if err != nil {
		return
	}
	if len(peer) > 0 {
		_ = p.Connect(endpointOf(peer))
	}
	s.ports[id] = p
	s.poller.Add(p, uint64(id))
}

func (s *sockets) dial(id uint32, timeout time.Duration, b []byte) {
	if b[0] == '!' {
		c, err := s.host.DialUnix(absolute(string(b[1:])))
		s.dialled(id, c, err)
		return
	}
	to := endpointOf(b[1:]).String()
	s.dials[id] = true
	go func() {
		c, err := s.host.Dial(to, timeout)
		dialled, _ := c.(*network.Conn)
		if !s.dials[id] { // the guest has given it up
			if err == nil {
				_ = dialled.Close()
			}
			return
		}
		delete(s.dials, id)
		s.dialled(id, dialled, err)
	}()
}

func (s *sockets) dialled(id uint32, c *network.Conn, err error) {
	if err != nil {
		s.guest.push('d', id, errnoOf(err), nil)
		return
	}
	s.conns[id] = &conn{Conn: c}
	s.guest.push('d', id, 0, portOf(c.Local()))
	s.poller.Add(c, uint64(id))
}

// ready does what an event of the poller says.
func (s *sockets) ready(e network.Event) {
	id := uint32(e.Key)
	switch c := s.conns[id]; {
	case c != nil && e.Write:
		s.flush(id, c)
	case c != nil:
		s.receive(id, c)
	case s.lists[id] != nil:
		s.accept(id, s.lists[id])
	case s.ports[id] != nil:
		s.receivePackets(id, s.ports[id])
	}
}

func (s *sockets) accept(list uint32, l *network.Listener) {
	for {
		c, err := l.TryAccept()
		if err != nil {
			return
		}
		s.last += 2
		s.conns[s.last] = &conn{Conn: c}
		s.guest.push('a', list, uint64(s.last), appendEndpoint(nil, c.Remote()))
		s.poller.Add(c, uint64(s.last))
	}
}

// receive hands to the guest what has arrived.
func (s *sockets) receive(id uint32, c *conn) {
	c.stalled = false
	if c.closed {
		return
	}
	for c.unread < mostUnread {
		k, err := c.TryRead(s.buffer)
		if k > 0 {
			c.unread += k
			s.guest.push('r', id, 0, s.buffer[:k])
		}
		switch {
		case err == syscall.EAGAIN:
			return
		case err == io.EOF:
			s.guest.push('r', id, 0, nil)
			return
		case err != nil:
			s.guest.push('r', id, errnoOf(err), nil)
			return
		case k < len(s.buffer):
			return
		}
	}
	c.stalled = true
}

// flush sends what the guest has written, as far as there is room, and then closes what it has closed.
func (s *sockets) flush(id uint32, c *conn) {
	for len(c.out) > 0 {
		k, err := c.TryWrite(c.out)
		c.out = c.out[k:]
		c.credit += k
		if err == syscall.EAGAIN {
			break
		}
		if err != nil { // the guest learns of it when it reads, as the reading side fails too
			c.out = nil
		}
	}
	if len(c.out) > 0 {
		return
	}
	c.out = nil
	if c.credit >= creditStep {
		s.guest.push('k', id, uint64(c.credit), nil)
		c.credit = 0
	}
	switch {
	case c.closed:
		s.forget(id, c)
	case c.mute:
		_ = c.CloseWrite()
	}
}

// closeConn closes a connection when all is sent, or resets it.
func (s *sockets) closeConn(id uint32, c *conn, abort bool) {
	c.closed = true
	if abort {
		_ = c.Abort()
		delete(s.conns, id)
		return
	}
	s.flush(id, c)
}

// forget closes a connection. With bytes that nobody read the answer is a reset, as Linux has it.
func (s *sockets) forget(id uint32, c *conn) {
	if c.Unread() {
		_ = c.Abort()
	} else {
		_ = c.Close()
	}
	delete(s.conns, id)
}

// close closes what is no connection, or not yet.
func (s *sockets) close(id uint32) {
	delete(s.dials, id)
	if l := s.lists[id]; l != nil {
		_ = l.Close()
		delete(s.lists, id)
	}
	if p := s.ports[id]; p != nil {
		_ = p.Close()
		delete(s.ports, id)
	}
}

func (s *sockets) receivePackets(id uint32, p *network.PacketConn) {
	for {
		k, from, err := p.TryReceive(s.buffer)
		switch {
		case err == syscall.EAGAIN || errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			s.guest.push('r', id, errnoOf(err), nil)
		default:
			s.guest.push('q', id, 0, append(appendEndpoint(nil, from), s.buffer[:k]...))
		}
	}
}

// errnoOf is the number of an error of the network.
func errnoOf(err error) uint64 {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return uint64(errno)
	}
	return uint64(syscall.ETIMEDOUT)
}
