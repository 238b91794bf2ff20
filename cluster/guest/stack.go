//go:build faultline_overlay

package guest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/scheduler"
)

// stack is the network stack of a host whose code runs in this process.
type stack struct {
	host *network.Host
	own  net.IP
}

// stacks is the network of this process: that of the host whose goroutine asks.
type stacks struct{}

// Lookup implements net.FaultlineNetwork.
func (stacks) Lookup(name string) net.IP {
	local.mu.Lock()
	defer local.mu.Unlock()
	return local.names.lookup(name)
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
	if s == nil {
		return nil, fmt.Errorf("the goroutine that wants to %s belongs to no host of the world", mode)
	}
	timeout := time.Minute
	if d, ok := ctx.Deadline(); ok && mode == "dial" {
		if timeout = time.Until(d); timeout <= 0 {
			return nil, context.DeadlineExceeded
		}
	}
	defer scheduler.Enter().Leave()
	switch {
	case strings.HasPrefix(netw, "udp"):
		return s.packets(laddr, raddr)
	case netw == "unixgram" || netw == "unixpacket":
		return nil, os.NewSyscallError("socket", syscall.EPROTONOSUPPORT)
	case mode == "listen":
		return s.listen(laddr)
	default:
		return s.dial(ctx, raddr, timeout)
	}
}

// ours reports whether an address is one of this host's.
func (s *stack) ours(ip net.IP) bool {
	return len(ip) == 0 || ip.IsUnspecified() || ip.IsLoopback() || ip.Equal(s.own)
}

// hostOf is the host of the network that an address means here.
func (s *stack) hostOf(ip net.IP) (string, error) {
	if s.ours(ip) {
		return s.host.Name(), nil
	}
	a, _ := netip.AddrFromSlice(ip)
	local.mu.Lock()
	defer local.mu.Unlock()
	if name := local.names.host(a); name != "" {
		return name, nil
	}
	return "", os.NewSyscallError("connect", syscall.ENETUNREACH)
}

// ipOf is the address of a host of the network.
func ipOf(host string) net.IP {
	local.mu.Lock()
	defer local.mu.Unlock()
	return net.IP(local.names.address(host).AsSlice())
}

func (s *stack) listen(laddr net.Addr) (net.FaultlineSocket, error) {
	switch a := laddr.(type) {
	case *net.UnixAddr:
		return s.listenUnix(a)
	case *net.TCPAddr:
		if !s.ours(a.IP) {
			return nil, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
		}
		l, err := s.host.Listen(strconv.Itoa(a.Port))
		if err != nil {
			return nil, os.NewSyscallError("bind", bare(err))
		}
		return &listener{Listener: l, stack: s, local: &net.TCPAddr{IP: either(a.IP, net.IPv6unspecified), Port: listensAt(l)}}, nil
	}
	return nil, os.NewSyscallError("socket", syscall.EPROTONOSUPPORT)
}

// either is an address, or another one if there is none.
func either(ip, other net.IP) net.IP {
	if len(ip) == 0 {
		return other
	}
	return ip
}

// listensAt is the port of a listener.
func listensAt(l *network.Listener) int {
	addr := l.Addr().String()
	return number16(addr[strings.LastIndexByte(addr, ':')+1:])
}

func number16(port string) int {
	n, _ := strconv.Atoi(port) // the network knows numbers only
	return n
}

// listenUnix listens at a path, for which a file stands where others look for it and remove it.
func (s *stack) listenUnix(a *net.UnixAddr) (net.FaultlineSocket, error) {
	if !strings.HasPrefix(a.Name, "@") {
		f, err := os.OpenFile(a.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
		if errors.Is(err, os.ErrExist) {
			err = syscall.EADDRINUSE
		}
		if err != nil {
			return nil, os.NewSyscallError("bind", err)
		}
		_ = f.Close()
	}
	l, err := s.host.ListenUnix(unixPath(a.Name))
	if err != nil {
		return nil, os.NewSyscallError("bind", bare(err))
	}
	return &listener{Listener: l, stack: s, local: a}, nil
}

// unixPath is the address of a Unix socket on the network, where all of them are absolute.
func unixPath(name string) string {
	if strings.HasPrefix(name, "/") || strings.HasPrefix(name, "@") {
		return name
	}
	return "/" + name
}

func (s *stack) dial(ctx context.Context, raddr net.Addr, timeout time.Duration) (net.FaultlineSocket, error) {
	if to, ok := raddr.(*net.UnixAddr); ok {
		c, err := s.host.DialUnix(unixPath(to.Name))
		if err != nil {
			return nil, os.NewSyscallError("connect", bare(err))
		}
		return &connection{Conn: c, local: &net.UnixAddr{Net: "unix"}, remote: to}, nil
	}
	to, ok := raddr.(*net.TCPAddr)
	if !ok {
		return nil, os.NewSyscallError("socket", syscall.EPROTONOSUPPORT)
	}
	name, err := s.hostOf(to.IP)
	if err != nil {
		return nil, err
	}
	c, err := s.await(ctx, name+":"+strconv.Itoa(to.Port), timeout)
	if err != nil {
		return nil, err
	}
	own := s.own
	if to.IP.IsLoopback() {
		own = to.IP
	}
	return &connection{Conn: c, local: &net.TCPAddr{IP: own, Port: number16(c.Local().Port)}, remote: to}, nil
}

// await dials until the context is done.
func (s *stack) await(ctx context.Context, to string, timeout time.Duration) (*network.Conn, error) {
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
		return d.c.(*network.Conn), nil
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
	if err == nil { // mostly, and what follows allocates
		return nil
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Err
	}
	return err
}
