package net

import (
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

// faultlineGuestSocket is a socket. In identifiers the guest's are odd and the world's even.
type faultlineGuestSocket struct {
	g             *faultlineGuest
	id            uint32
	cond          *sync.Cond
	key           string    // in bound
	alive         [4]uint32 // keep-alive: idle time, interval in s, count; user time-out in ms
	local, remote Addr

	in      []byte
	packets []faultlinePacket
	pending []*faultlineGuestSocket // accepted
	taken   int                     // bytes that were read since the world was last told
	room    int
	done    bool // dialled
	closed  bool
	deaf    bool // nothing more is read
	mute    bool // nothing more is written
	ended   bool // the peer writes no more
	failed  error

	readDeadline, writeDeadline time.Time
}

func (g *faultlineGuest) socket(id uint32, local, remote Addr) *faultlineGuestSocket {
	s := &faultlineGuestSocket{g: g, id: id, local: local, remote: remote, cond: sync.NewCond(faultlineNoLock{}), room: faultlineWindow}
	g.sockets[id] = s
	return s
}

// dialled ends a dial: b is the port that the connection has here.
func (s *faultlineGuestSocket) dialled(n uint64, b []byte) {
	s.done, s.failed = true, faultlineErrno(n)
	if t, ok := s.local.(*TCPAddr); ok && len(b) == 2 {
		t.Port = int(b[0]) | int(b[1])<<8
	}
}

// accepted has a connection wait at a listener. b is the peer's address.
func (s *faultlineGuestSocket) accepted(id uint32, b []byte) {
	local, remote := s.local, Addr(s.local)
	if t, ok := s.local.(*TCPAddr); ok {
		peer := IPv4(b[0], b[1], b[2], b[3])
		own := s.g.own
		if peer.Equal(own) {
			own = t.IP
		}
		local, remote = &TCPAddr{IP: own, Port: t.Port}, &TCPAddr{IP: peer, Port: int(b[4]) | int(b[5])<<8}
	}
	s.pending = append(s.pending, s.g.socket(id, local, remote))
}

// received takes what has arrived; without any bytes it is the end, or a failure.
func (s *faultlineGuestSocket) received(n uint64, b []byte) {
	if len(b) > 0 {
		s.in = append(s.in, b...)
		return
	}
	s.ended, s.failed = true, faultlineErrno(n)
}

// option takes an option that decides how a peer is noticed that is gone.
func (s *faultlineGuestSocket) option(level, name int, value uint32) {
	const userTimeout = 18
	before := s.alive
	switch {
	case level == syscall.SOL_SOCKET && name == syscall.SO_KEEPALIVE && value == 0:
		s.alive[0] = 0
	case level == syscall.IPPROTO_TCP && name == syscall.TCP_KEEPIDLE:
		s.alive[0] = value
	case level == syscall.IPPROTO_TCP && name == syscall.TCP_KEEPINTVL:
		s.alive[1] = value
	case level == syscall.IPPROTO_TCP && name == syscall.TCP_KEEPCNT:
		s.alive[2] = value
	case level == syscall.IPPROTO_TCP && name == userTimeout:
		s.alive[3] = value
	}
	if s.alive == before || s.alive[0] != 0 && (s.alive[1] == 0 || s.alive[2] == 0) { // not all of it is known yet
		return
	}
	var b []byte
	for _, v := range s.alive {
		b = append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	syscall.FaultlineSay('V', s.id, 0, b)
}

// wait waits for something to happen to the socket, and says why that is in vain.
func (s *faultlineGuestSocket) wait(deadline *time.Time) error {
	if s.closed {
		return ErrClosed
	}
	if deadline.IsZero() {
		s.cond.Wait()
		return nil
	}
	d := time.Until(*deadline)
	if d <= 0 {
		return os.ErrDeadlineExceeded
	}
	t := time.AfterFunc(d, s.cond.Broadcast)
	s.cond.Wait()
	t.Stop()
	return nil
}

// expired says whether a deadline has passed, which counts before anything that could be had.
func faultlineExpired(deadline time.Time) bool {
	return !deadline.IsZero() && !time.Now().Before(deadline)
}

// Accept implements FaultlineSocket.
func (s *faultlineGuestSocket) Accept() (FaultlineSocket, error) {
	for len(s.pending) == 0 || s.closed {
		if err := s.wait(&s.readDeadline); err != nil {
			return nil, err
		}
	}
	c := s.pending[0]
	s.pending = s.pending[1:]
	return c, nil
}

// Read implements FaultlineSocket.
func (s *faultlineGuestSocket) Read(b []byte) (int, error) {
	if s.key != "" && s.remote != nil {
		n, _, err := s.ReadFrom(b)
		return n, err
	}
	for {
		switch {
		case s.closed:
			return 0, ErrClosed
		case faultlineExpired(s.readDeadline):
			return 0, os.ErrDeadlineExceeded
		case s.deaf:
			return 0, io.EOF
		case len(s.in) > 0 || len(b) == 0:
			n := copy(b, s.in)
			if s.in = s.in[n:]; len(s.in) == 0 {
				s.in = nil
			}
			s.took(n)
			return n, nil
		case s.failed != nil:
			return 0, s.failed
		case s.ended:
			return 0, io.EOF
		}
		if err := s.wait(&s.readDeadline); err != nil {
			return 0, err
		}
	}
}

// took tells the world now and then how much was read: it hands over no more than a guest reads.
func (s *faultlineGuestSocket) took(n int) {
	const step = 128 << 10
	if s.taken += n; s.taken >= step {
		syscall.FaultlineSay('K', s.id, uint64(s.taken), nil)
		s.taken = 0
	}
}

// Write implements FaultlineSocket.
func (s *faultlineGuestSocket) Write(b []byte) (int, error) {
	if s.key != "" {
		if to, ok := s.remote.(*UDPAddr); ok && to != nil {
			return s.WriteTo(b, to.AddrPort())
		}
	}
	written := 0
	for {
		switch {
		case s.closed:
			return written, ErrClosed
		case s.mute:
			return written, syscall.EPIPE
		case s.failed != nil:
			return written, s.failed
		case faultlineExpired(s.writeDeadline):
			return written, os.ErrDeadlineExceeded
		}
		if n := min(len(b)-written, s.room); n > 0 || len(b) == 0 {
			syscall.FaultlineSay('W', s.id, 0, b[written:written+n])
			s.room -= n
			written += n
		}
		if written == len(b) {
			return written, nil
		}
		if err := s.wait(&s.writeDeadline); err != nil {
			return written, err
		}
	}
}

// Shutdown implements FaultlineSocket.
func (s *faultlineGuestSocket) Shutdown(read, write bool) error {
	if s.closed {
		return errors.New("use of closed network connection")
	}
	s.deaf = s.deaf || read
	if write && !s.mute {
		s.mute = true
		syscall.FaultlineSay('E', s.id, 0, nil)
	}
	s.cond.Broadcast()
	return nil
}

// Close implements FaultlineSocket.
func (s *faultlineGuestSocket) Close() error {
	if s.closed {
		return ErrClosed
	}
	s.closed = true
	unread := uint64(0)
	if len(s.in) > 0 {
		unread = 1 // the answer to a close with unread bytes is a reset
	}
	syscall.FaultlineSay('C', s.id, unread, nil)
	delete(s.g.sockets, s.id)
	if s.key != "" {
		delete(s.g.bound, s.key)
	}
	for _, c := range s.pending {
		_ = c.Close()
	}
	s.cond.Broadcast()
	return nil
}

// SetReadDeadline implements FaultlineSocket.
func (s *faultlineGuestSocket) SetReadDeadline(t time.Time) {
	s.readDeadline = t
	s.cond.Broadcast()
}

// SetWriteDeadline implements FaultlineSocket.
func (s *faultlineGuestSocket) SetWriteDeadline(t time.Time) {
	s.writeDeadline = t
	s.cond.Broadcast()
}

// LocalAddr implements FaultlineSocket.
func (s *faultlineGuestSocket) LocalAddr() Addr { return s.local }

// RemoteAddr implements FaultlineSocket.
func (s *faultlineGuestSocket) RemoteAddr() Addr { return s.remote }
