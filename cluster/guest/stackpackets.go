//go:build faultline_overlay

package guest

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

// packetConn is a socket for datagrams, for any number of receivers.
type packetConn struct {
	*network.PacketConn
	unsupported
	stack  *stack
	local  *net.UDPAddr
	remote *net.UDPAddr // of one that is connected
	r      sync.Mutex
}

// packets opens a socket for datagrams, connected if there is a remote address.
func (s *stack) packets(laddr, raddr net.Addr) (net.FaultlineSocket, error) {
	at := &net.UDPAddr{}
	if a, ok := laddr.(*net.UDPAddr); ok && a != nil {
		at = a
	}
	if !s.ours(at.IP) {
		return nil, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
	}
	p, err := s.host.ListenPacket(strconv.Itoa(at.Port))
	if err != nil {
		return nil, os.NewSyscallError("bind", bare(err))
	}
	c := &packetConn{PacketConn: p, stack: s, local: &net.UDPAddr{IP: either(at.IP, net.IPv4zero), Port: number16(p.Local().Port)}}
	to, ok := raddr.(*net.UDPAddr)
	if !ok || to == nil {
		return c, nil
	}
	end, err := s.endpoint(to.IP, to.Port)
	if err == nil {
		err = bare(p.Connect(end))
	}
	if err != nil {
		_ = p.Close()
		return nil, err
	}
	c.remote = to
	if at.IP == nil || at.IP.IsUnspecified() {
		c.local.IP = s.own
	}
	return c, nil
}

// endpoint is an address on the network.
func (s *stack) endpoint(ip net.IP, port int) (network.Endpoint, error) {
	host, err := s.hostOf(ip)
	return network.Endpoint{Host: host, Port: strconv.Itoa(port)}, err
}

func (p *packetConn) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	defer scheduler.Enter().Leave()
	p.r.Lock()
	defer p.r.Unlock()
	n, from, err := p.Receive(b)
	if err != nil {
		return n, netip.AddrPortFrom(netip.IPv4Unspecified(), 0), bare(err)
	}
	ip := ipOf(from.Host)
	if from.Host == p.stack.host.Name() && p.local.IP.IsLoopback() {
		ip = p.local.IP
	}
	a, _ := netip.AddrFromSlice(ip.To4())
	return n, netip.AddrPortFrom(a, uint16(number16(from.Port))), nil
}

func (p *packetConn) Read(b []byte) (int, error) {
	n, _, err := p.ReadFrom(b)
	return n, err
}

func (p *packetConn) WriteTo(b []byte, to netip.AddrPort) (int, error) {
	defer scheduler.Enter().Leave()
	end, err := p.stack.endpoint(net.IP(to.Addr().AsSlice()), int(to.Port()))
	if err == nil {
		err = bare(p.SendTo(end, b))
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

func (p *packetConn) Write(b []byte) (int, error) {
	if p.remote == nil {
		return 0, syscall.EDESTADDRREQ
	}
	a, _ := netip.AddrFromSlice(p.remote.IP.To4())
	return p.WriteTo(b, netip.AddrPortFrom(a, uint16(p.remote.Port)))
}

func (p *packetConn) Shutdown(bool, bool) error { return nil }

func (p *packetConn) Close() error {
	defer scheduler.Enter().Leave()
	return bare(p.PacketConn.Close())
}

func (p *packetConn) SetReadDeadline(t time.Time) {
	t = instant(t)
	defer scheduler.Enter().Leave()
	_ = p.PacketConn.SetReadDeadline(t)
}

func (p *packetConn) LocalAddr() net.Addr { return p.local }

func (p *packetConn) RemoteAddr() net.Addr {
	if p.remote == nil {
		return nil
	}
	return p.remote
}
