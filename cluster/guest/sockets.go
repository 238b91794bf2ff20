package guest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// sockets are those of a guest, by the identifiers that both ends use. Those that the guest opens are odd.
type sockets struct {
	guest *Process
	conns map[uint32]*conn
	lists map[uint32]net.Listener
	last  uint32
}

// conn is a connection of a guest.
type conn struct {
	net.Conn
	out  chan []byte
	room chan struct{}
	held int // bytes that the guest has not read
}

func (s *sockets) init(g *Process) {
	s.guest, s.conns, s.lists = g, map[uint32]*conn{}, map[uint32]net.Listener{}
}

// heard does what the guest has said about a socket.
func (s *sockets) heard(kind byte, id uint32, n uint64, b []byte) {
	switch kind {
	case 'L':
		s.listen(id, n, b)
	case 'D':
		s.dial(id, time.Duration(n), append([]byte(nil), b...))
	case 'W':
		if c := s.conns[id]; c != nil {
			_, _ = c.Write(b)
			s.guest.push('k', id, uint64(len(b)), nil)
		}
	case 'C':
		if c := s.conns[id]; c != nil {
			_ = c.Close()
			delete(s.conns, id)
		}
		if l := s.lists[id]; l != nil {
			_ = l.Close()
			delete(s.lists, id)
		}
	}
}

func (s *sockets) listen(id uint32, port uint64, path []byte) {
	name := fmt.Sprint(port)
	if len(path) > 0 {
		name = "unix!" + string(path)
	}
	l, err := s.guest.machine.Host().Listen(name)
	if err != nil {
		return // the guest knows its own ports
	}
	s.lists[id] = l
	go s.accept(id, l)
}

func (s *sockets) dial(id uint32, timeout time.Duration, b []byte) {
	to := s.guest.machine.Node() + ":unix" + string(b)
	if b[0] != '!' {
		a, _ := netipFrom(b[4:8])
		to = fmt.Sprintf("%s:%d", Host(a), int(b[0])|int(b[1])<<8)
	}
	go func() {
		c, err := s.guest.machine.Host().Dial(to, timeout)
		if err != nil {
			s.guest.push('d', id, errnoOf(err), nil)
			return
		}
		s.add(id, c)
		s.guest.push('d', id, 0, nil)
		s.read(id, c)
	}()
}

func (s *sockets) add(id uint32, c net.Conn) {
	s.conns[id] = &conn{Conn: c}
}

func (s *sockets) accept(list uint32, l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.last += 2
		id := s.last
		s.add(id, c)
		ip := Address(c.RemoteAddr().String()).As4()
		s.guest.push('a', list, uint64(id), append(ip[:], 1, 0))
		go s.read(id, c)
	}
}

func (s *sockets) read(id uint32, c net.Conn) {
	b := make([]byte, 64<<10)
	for {
		k, err := c.Read(b)
		if k > 0 {
			s.guest.push('r', id, 0, b[:k])
		}
		if err != nil {
			if err == io.EOF {
				s.guest.push('r', id, 0, nil)
			} else {
				s.guest.push('r', id, errnoOf(err), nil)
			}
			return
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
