package net

import (
	"net/netip"
	"os"
	"syscall"
)

// Datagrams.

type faultlinePacket struct {
	from netip.AddrPort
	b    []byte
}

func (g *faultlineGuest) packetSocket(laddr, raddr Addr) (FaultlineSocket, error) {
	a, _ := laddr.(*UDPAddr)
	key, local, err := g.bind("udp", a)
	if err != nil {
		return nil, err
	}
	s := g.socket(g.nextID(), local, raddr)
	s.key, g.bound[key] = key, s
	var peer []byte
	if to, ok := raddr.(*UDPAddr); ok && to != nil {
		ip := to.IP.To4()
		if ip == nil || g.ours(ip) {
			ip = g.own.To4()
		}
		peer = append(append(peer, ip...), byte(to.Port), byte(to.Port>>8))
	}
	syscall.FaultlineSay('P', s.id, uint64(local.(*UDPAddr).Port), peer)
	return s, nil
}

func (s *faultlineGuestSocket) datagram(b []byte) {
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte(b)), uint16(b[4])|uint16(b[5])<<8)
	const most = 256
	if len(s.packets) < most {
		s.packets = append(s.packets, faultlinePacket{from, append([]byte(nil), b[6:]...)})
	}
}

// ReadFrom implements FaultlineSocket.
func (s *faultlineGuestSocket) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	for {
		switch {
		case s.closed:
			return 0, netip.AddrPort{}, ErrClosed
		case faultlineExpired(s.readDeadline):
			return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
		case len(s.packets) > 0:
			p := s.packets[0]
			s.packets = s.packets[1:]
			return copy(b, p.b), p.from, nil
		case s.failed != nil: // once: a port that nobody has
			err := s.failed
			s.failed = nil
			return 0, netip.AddrPort{}, err
		}
		if err := s.wait(&s.readDeadline); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
}

// WriteTo implements FaultlineSocket.
func (s *faultlineGuestSocket) WriteTo(b []byte, to netip.AddrPort) (int, error) {
	const most = 65507
	switch {
	case s.closed:
		return 0, ErrClosed
	case len(b) > most:
		return 0, syscall.EMSGSIZE
	}
	ip := to.Addr().Unmap().As4()
	if s.g.ours(IP(ip[:])) {
		ip = [4]byte(s.g.own.To4())
	}
	syscall.FaultlineSay('Q', s.id, 0, append(append(ip[:], byte(to.Port()), byte(to.Port()>>8)), b...))
	return len(b), nil
}
