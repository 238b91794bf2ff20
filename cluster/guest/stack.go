//go:build faultline_overlay

package guest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"faultline/cluster/network"
)

// stack is the network stack of a host whose code runs in this process.
type stack struct {
	host *network.Host
	own  net.IP
	port int
}

func newStack(h *network.Host) *stack {
	return &stack{host: h, own: net.IP(Address(h.Name()).AsSlice()), port: 32768}
}

// stacks is the network of this process: that of the host whose goroutine asks.
type stacks struct{}

func install() { net.Faultline = stacks{} }

// Lookup implements net.FaultlineNetwork.
func (stacks) Lookup(name string) net.IP {
	if name == "localhost" {
		return net.IPv4(127, 0, 0, 1)
	}
	if a := Address(name); a.IsValid() {
		return net.IP(a.AsSlice())
	}
	return nil
}

// Own implements net.FaultlineNetwork.
func (stacks) Own() net.IP {
	if s := here(); s != nil {
		return s.own
	}
	return net.IPv4(127, 0, 0, 1)
}

// Socket implements net.FaultlineNetwork.
func (stacks) Socket(ctx context.Context, netw, mode string, laddr, raddr net.Addr) (net.FaultlineSocket, error) {
	s := here()
	switch {
	case s == nil:
		return nil, fmt.Errorf("%s %v %v: the goroutine belongs to no host", mode, laddr, raddr)
	case mode == "listen":
		return s.listen(laddr)
	default:
		return s.dial(ctx, laddr, raddr)
	}
}

// freePort is one that nobody has used.
func (s *stack) freePort() int {
	s.port++
	return s.port
}

// target is what an address means on the network.
func (s *stack) target(a net.Addr) (string, error) {
	switch a := a.(type) {
	case *net.TCPAddr:
		ip, _ := netip.AddrFromSlice(a.IP)
		name := Host(ip)
		if len(a.IP) == 0 || a.IP.IsLoopback() || a.IP.IsUnspecified() {
			name = s.host.Name()
		}
		if name == "" {
			return "", os.NewSyscallError("connect", syscall.ENETUNREACH)
		}
		return name + ":" + strconv.Itoa(a.Port), nil
	case *net.UnixAddr:
		return s.host.Name() + ":unix!" + a.Name, nil
	}
	return "", os.NewSyscallError("socket", syscall.EPROTONOSUPPORT)
}

func (s *stack) listen(laddr net.Addr) (net.FaultlineSocket, error) {
	port, local := "", laddr
	switch a := laddr.(type) {
	case *net.TCPAddr:
		t := *a
		if t.Port == 0 {
			t.Port = s.freePort()
		}
		if len(t.IP) == 0 {
			t.IP = net.IPv4zero
		}
		port, local = strconv.Itoa(t.Port), &t
	case *net.UnixAddr:
		port = "unix!" + a.Name
	}
	l, err := s.host.Listen(port)
	if err != nil {
		return nil, os.NewSyscallError("bind", bare(err))
	}
	return &listener{Listener: l, stack: s, local: local}, nil
}

func (s *stack) dial(ctx context.Context, laddr, raddr net.Addr) (net.FaultlineSocket, error) {
	to, err := s.target(raddr)
	if err != nil {
		return nil, err
	}
	timeout := time.Minute
	if d, ok := ctx.Deadline(); ok {
		if timeout = time.Until(d); timeout <= 0 {
			return nil, context.DeadlineExceeded
		}
	}
	type dialled struct {
		c   net.Conn
		err error
	}
	got := make(chan dialled, 1)
	go func() {
		c, err := s.host.Dial(to, timeout)
		got <- dialled{c, err}
	}()
	select {
	case d := <-got:
		if d.err != nil {
			return nil, os.NewSyscallError("connect", bare(d.err))
		}
		local := laddr
		if _, ok := raddr.(*net.TCPAddr); ok {
			local = &net.TCPAddr{IP: s.own, Port: s.freePort()}
		}
		return &connection{Conn: d.c.(*network.Conn), local: local, remote: raddr}, nil
	case <-ctx.Done():
		go func() {
			if d := <-got; d.c != nil {
				_ = d.c.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// bare is an error as the kernel would return it.
func bare(err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Err
	}
	return err
}

// unsupported is what a socket has that its kind does not.
type unsupported struct{}

func (unsupported) Accept() (net.FaultlineSocket, error) { return nil, syscall.EINVAL }
func (unsupported) Read([]byte) (int, error)             { return 0, syscall.ENOTCONN }
func (unsupported) Write([]byte) (int, error)            { return 0, syscall.ENOTCONN }
func (unsupported) ReadFrom([]byte) (int, netip.AddrPort, error) {
	return 0, netip.AddrPort{}, syscall.EINVAL
}
func (unsupported) WriteTo([]byte, netip.AddrPort) (int, error) { return 0, syscall.EISCONN }
func (unsupported) Shutdown(bool, bool) error                   { return syscall.ENOTCONN }
func (unsupported) SetReadDeadline(time.Time)                   {}
func (unsupported) SetWriteDeadline(time.Time)                  {}

// connection is a connection for any number of readers and writers.
type connection struct {
	*network.Conn
	unsupported
	local, remote net.Addr
	r, w          sync.Mutex
}

func (c *connection) Read(b []byte) (int, error) {
	c.r.Lock()
	defer c.r.Unlock()
	n, err := c.Conn.Read(b)
	if err == io.EOF {
		return n, err
	}
	return n, bare(err)
}

func (c *connection) Write(b []byte) (int, error) {
	c.w.Lock()
	defer c.w.Unlock()
	n, err := c.Conn.Write(b)
	return n, bare(err)
}

func (c *connection) Close() error                         { return bare(c.Conn.Close()) }
func (c *connection) Accept() (net.FaultlineSocket, error) { return nil, syscall.EINVAL }
func (c *connection) SetReadDeadline(t time.Time)          { _ = c.Conn.SetReadDeadline(t) }
func (c *connection) SetWriteDeadline(t time.Time)         { _ = c.Conn.SetWriteDeadline(t) }
func (c *connection) LocalAddr() net.Addr                  { return c.local }
func (c *connection) RemoteAddr() net.Addr                 { return c.remote }

// listener is a listener for any number of goroutines.
type listener struct {
	*network.Listener
	unsupported
	stack *stack
	local net.Addr
	mu    sync.Mutex
}

func (l *listener) Accept() (net.FaultlineSocket, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, bare(err)
	}
	remote := l.local
	if _, ok := l.local.(*net.TCPAddr); ok {
		remote = &net.TCPAddr{IP: net.IP(Address(c.RemoteAddr().String()).AsSlice()), Port: 1}
	}
	return &connection{Conn: c.(*network.Conn), local: l.local, remote: remote}, nil
}

func (l *listener) LocalAddr() net.Addr  { return l.local }
func (l *listener) RemoteAddr() net.Addr { return nil }
func (l *listener) Close() error         { return bare(l.Listener.Close()) }
