package net

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"sync"
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
	room    int
	done    bool // dialled
	closed  bool
	deaf    bool // nothing more is read
	mute    bool // nothing more is written
	ended   bool // the peer writes no more
	failed  error

	readDeadline, writeDeadline time.Time
}

type faultlinePacket struct {
	from netip.AddrPort
	b    []byte
}

func (g *faultlineGuest) socket(id uint32, local, remote Addr) *faultlineGuestSocket {
	s := &faultlineGuestSocket{g: g, id: id, local: local, remote: remote, cond: sync.NewCond(faultlineNoLock{}), room: faultlineWindow}
	g.sockets[id] = s
	return s
}

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

func (s *faultlineGuestSocket) datagram(b []byte) {
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte(b)), uint16(b[4])|uint16(b[5])<<8)
	const most = 256
	if len(s.packets) < most {
		s.packets = append(s.packets, faultlinePacket{from, append([]byte(nil), b[6:]...)})
	}
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
			syscall.FaultlineSay('K', s.id, uint64(n), nil)
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
		if u, ok := s.local.(*UnixAddr); ok && u.Name != "" && u.Name[0] != '@' {
			_ = syscall.Unlink(u.Name)
		}
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
