//go:build faultline_overlay

package guest

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

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
	defer scheduler.Enter().Leave()
	c.r.Lock()
	defer c.r.Unlock()
	n, err := c.Conn.Read(b)
	if err == io.EOF {
		return n, err
	}
	return n, bare(err)
}

func (c *connection) Write(b []byte) (int, error) {
	defer scheduler.Enter().Leave()
	c.w.Lock()
	defer c.w.Unlock()
	n, err := c.Conn.Write(b)
	return n, bare(err)
}

func (c *connection) Shutdown(read, write bool) error {
	defer scheduler.Enter().Leave()
	if read {
		if err := c.CloseRead(); err != nil {
			return bare(err)
		}
	}
	if write {
		return bare(c.CloseWrite())
	}
	return nil
}

func (c *connection) Close() error {
	defer scheduler.Enter().Leave()
	return bare(c.Conn.Close())
}

func (c *connection) SetReadDeadline(t time.Time) { _ = c.Conn.SetReadDeadline(instant(t)) }

func (c *connection) SetWriteDeadline(t time.Time) { _ = c.Conn.SetWriteDeadline(instant(t)) }

func (c *connection) LocalAddr() net.Addr  { return c.local }
func (c *connection) RemoteAddr() net.Addr { return c.remote }

// listener is a listener for any number of goroutines.
type listener struct {
	*network.Listener
	unsupported
	stack *stack
	local net.Addr
	mu    sync.Mutex
}

func (l *listener) Accept() (net.FaultlineSocket, error) {
	defer scheduler.Enter().Leave()
	l.mu.Lock()
	defer l.mu.Unlock()
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, bare(err)
	}
	c := accepted.(*network.Conn)
	at, ok := l.local.(*net.TCPAddr)
	if !ok {
		return &connection{Conn: c, local: l.local, remote: &net.UnixAddr{Net: "unix"}}, nil
	}
	own, from := l.stack.own, ipOf(c.Remote().Host)
	if at.IP.IsLoopback() {
		own, from = at.IP, at.IP
	}
	return &connection{Conn: c, local: &net.TCPAddr{IP: own, Port: at.Port}, remote: &net.TCPAddr{IP: from, Port: number16(c.Remote().Port)}}, nil
}

func (l *listener) Close() error {
	defer scheduler.Enter().Leave()
	return bare(l.Listener.Close())
}

func (l *listener) LocalAddr() net.Addr  { return l.local }
func (l *listener) RemoteAddr() net.Addr { return nil }
