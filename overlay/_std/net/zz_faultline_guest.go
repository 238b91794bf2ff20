package net

import (
	"context"
	"os"
	"syscall"
	"time"
)

// faultlineGuest is the network of a guest: its world has the sockets, and is spoken to over the wire, see package syscall.
type faultlineGuest struct {
	sockets map[uint32]*faultlineGuestSocket
	last    uint32
	port    int
	hosts   map[string]IP
	own     IP
	bound   map[string]*faultlineGuestSocket // listeners and sockets for datagrams, by network and port
}

// faultlineNoLock is the lock of a condition in a process where goroutines run until they wait.
type faultlineNoLock struct{}

func (faultlineNoLock) Lock()   {}
func (faultlineNoLock) Unlock() {}

// faultlineWindow is how many bytes a connection takes that the world has not passed on.
const faultlineWindow = 1 << 20

const faultlineFirstPort = 32768

func init() {
	if !syscall.FaultlineGuest {
		return
	}
	g := &faultlineGuest{sockets: map[uint32]*faultlineGuestSocket{}, port: faultlineFirstPort,
		hosts: map[string]IP{"localhost": IPv4(127, 0, 0, 1)}, bound: map[string]*faultlineGuestSocket{}}
	for table := syscall.FaultlineHosts; table != ""; {
		entry := table
		if i := faultlineIndex(table, ','); i >= 0 {
			entry, table = table[:i], table[i+1:]
		} else {
			table = ""
		}
		i := faultlineIndex(entry, '=')
		ip := ParseIP(entry[i+1:])
		g.hosts[entry[:i]] = ip
		if g.own == nil {
			g.own = ip
		}
	}
	Faultline = g
	syscall.FaultlineOption = func(fd, level, name int, value uint32) {
		if f := faultlineOf(fd); f != nil {
			f.faultline.(*faultlineGuestSocket).option(level, name, value)
		}
	}
	g.handle('a', func(s *faultlineGuestSocket, n uint64, b []byte) { s.accepted(uint32(n), b) })
	g.handle('d', func(s *faultlineGuestSocket, n uint64, b []byte) { s.dialled(n, b) })
	g.handle('r', func(s *faultlineGuestSocket, n uint64, b []byte) { s.received(n, b) })
	g.handle('q', func(s *faultlineGuestSocket, n uint64, b []byte) { s.datagram(b) })
	g.handle('k', func(s *faultlineGuestSocket, n uint64, b []byte) { s.room += int(n) })
}

func faultlineIndex(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func (g *faultlineGuest) handle(kind byte, f func(s *faultlineGuestSocket, n uint64, b []byte)) {
	syscall.FaultlineHandle(kind, func(id uint32, n uint64, b []byte) {
		if s := g.sockets[id]; s != nil {
			f(s, n, b)
			s.cond.Broadcast()
		}
	})
}

// faultlineErrno is nil for 0; a connection that failed does so as a system call.
func faultlineErrno(n uint64) error {
	if n == 0 {
		return nil
	}
	return syscall.Errno(n)
}

// Lookup resolves the name of a host, as DNS would.
func (g *faultlineGuest) Lookup(host string) IP {
	if k := len(host) - 1; k > 0 && host[k] == '.' {
		host = host[:k]
	}
	return g.hosts[host]
}

// Own is the guest's address.
func (g *faultlineGuest) Own() IP { return g.own }

func (g *faultlineGuest) nextID() uint32 {
	g.last++
	return g.last<<1 | 1
}

func (g *faultlineGuest) freePort(network string) int {
	for {
		g.port++
		if g.port > 60999 {
			g.port = faultlineFirstPort
		}
		if g.bound[network+itoaFaultline(g.port)] == nil {
			return g.port
		}
	}
}

func itoaFaultline(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoaFaultline(n/10) + string(rune('0'+n%10))
}

// Socket implements FaultlineNetwork.
func (g *faultlineGuest) Socket(ctx context.Context, network, mode string, laddr, raddr Addr) (FaultlineSocket, error) {
	switch {
	case network[0] == 'u' && network[1] == 'd': // udp
		return g.packetSocket(laddr, raddr)
	case network == "unixgram" || network == "unixpacket":
		return nil, os.NewSyscallError("socket", syscall.EPROTONOSUPPORT)
	case mode == "listen":
		return g.listen(laddr)
	default:
		return g.dial(ctx, laddr, raddr)
	}
}

// ours reports whether an address is one of this host's.
func (g *faultlineGuest) ours(ip IP) bool {
	return len(ip) == 0 || ip.IsUnspecified() || ip.IsLoopback() || ip.Equal(g.own)
}

// bind takes a name or a port; the port 0 is any that is free.
func (g *faultlineGuest) bind(network string, laddr Addr) (key string, local Addr, err error) {
	switch a := laddr.(type) {
	case *UnixAddr:
		key, local = "unix!"+a.Name, a
	case *TCPAddr:
		if !g.ours(a.IP) {
			return "", nil, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
		}
		t := *a
		if t.Port == 0 {
			t.Port = g.freePort(network)
		}
		if len(t.IP) == 0 {
			t.IP = IPv6unspecified
		}
		key, local = network+itoaFaultline(t.Port), &t
	case *UDPAddr:
		t := UDPAddr{IP: IPv4zero}
		if a != nil {
			t = *a
		}
		if !g.ours(t.IP) {
			return "", nil, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
		}
		if t.Port == 0 {
			t.Port = g.freePort(network)
		}
		if len(t.IP) == 0 {
			t.IP = IPv4zero
		}
		key, local = network+itoaFaultline(t.Port), &t
	}
	if g.bound[key] != nil {
		return "", nil, os.NewSyscallError("bind", syscall.EADDRINUSE)
	}
	return key, local, nil
}

func (g *faultlineGuest) listen(laddr Addr) (FaultlineSocket, error) {
	key, local, err := g.bind("tcp", laddr)
	if err != nil {
		return nil, err
	}
	s := g.socket(g.nextID(), local, nil)
	s.key, g.bound[key] = key, s
	if u, ok := local.(*UnixAddr); ok {
		if err := faultlineSocketFile(u.Name); err != nil {
			_ = s.Close()
			return nil, os.NewSyscallError("bind", err)
		}
		syscall.FaultlineSay('L', s.id, 0, []byte(u.Name))
	} else {
		syscall.FaultlineSay('L', s.id, uint64(local.(*TCPAddr).Port), nil)
	}
	return s, nil
}

// faultlineSocketFile leaves the name of a unix socket in the file system, where others look for it and remove it.
func faultlineSocketFile(name string) error {
	if name == "" || name[0] == '@' {
		return nil
	}
	fd, err := syscall.Open(name, syscall.O_CREAT|syscall.O_EXCL|syscall.O_WRONLY, 0o755)
	if err == syscall.EEXIST {
		return syscall.EADDRINUSE
	}
	if err != nil {
		return err
	}
	return syscall.Close(fd)
}

func (g *faultlineGuest) dial(ctx context.Context, laddr, raddr Addr) (FaultlineSocket, error) {
	timeout := time.Minute
	if d, ok := ctx.Deadline(); ok {
		if timeout = time.Until(d); timeout <= 0 {
			return nil, context.DeadlineExceeded
		}
	}
	s := g.socket(g.nextID(), laddr, raddr)
	switch to := raddr.(type) {
	case *UnixAddr:
		syscall.FaultlineSay('D', s.id, uint64(timeout), []byte("!"+to.Name))
	case *TCPAddr:
		ip := to.IP.To4()
		s.local = &TCPAddr{IP: g.own}
		if ip == nil || g.ours(ip) {
			ip = g.own.To4()
		}
		if to.IP.IsLoopback() {
			s.local = &TCPAddr{IP: to.IP}
		}
		syscall.FaultlineSay('D', s.id, uint64(timeout), append(append([]byte{'+'}, ip...), byte(to.Port), byte(to.Port>>8)))
	}
	stop := context.AfterFunc(ctx, func() {
		s.closed = true
		s.cond.Broadcast()
	})
	for !s.done && !s.closed {
		s.cond.Wait()
	}
	if !stop() && ctx.Err() != nil {
		s.closed = false
		_ = s.Close()
		return nil, ctx.Err()
	}
	if s.failed != nil {
		delete(g.sockets, s.id)
		return nil, os.NewSyscallError("connect", s.failed)
	}
	return s, nil
}
