package network

import (
	"errors"
	"net"
	"syscall"

	"faultline/cluster/scheduler"
)

var errUnixPath = errors.New("the path of a Unix socket begins with / or, where no file stands for it, with @")

// unnamed is the address of a Unix socket that dials.
const unnamed = Addr("@")

// unix reports whether the address is that of a Unix socket.
func (a Addr) unix() bool { return len(a) > 0 && (a[0] == '/' || a[0] == '@') }

// ListenUnix opens a Unix socket for processes of this host. It is gone when its process is. The file at the path is
// the caller's affair: whether there is one, and whether an old one is in the way.
func (h *Host) ListenUnix(path string) (*Listener, error) {
	defer scheduler.Enter().Leave()
	addr := Addr(path)
	if !addr.unix() {
		return nil, &net.OpError{Op: "listen", Net: "unix", Addr: addr, Err: errUnixPath}
	}
	h.net.lock()
	defer h.net.mu.Unlock()
	return h.listen(addr)
}

// DialUnix connects to a Unix socket of this host, at once. It fails with ECONNREFUSED where nobody listens. Bytes take
// what they take on the loopback; nothing cuts, impairs or resets such a connection.
func (h *Host) DialUnix(path string) (*Conn, error) {
	defer scheduler.Enter().Leave()
	n := h.net
	n.lock()
	defer n.mu.Unlock()
	h.pass()
	c, err := h.dialUnix(Addr(path))
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "unix", Addr: Addr(path), Err: err}
	}
	return c, nil
}

func (h *Host) dialUnix(addr Addr) (*Conn, error) {
	if h.state != up {
		return nil, errHostDown
	}
	l := h.listener(addr)
	if l == nil || !addr.unix() {
		return nil, syscall.ECONNREFUSED
	}
	loopback := h.net.link(h.name, h.name)
	return l.establish(attempt{from: h, there: loopback, back: loopback, addr: addr})
}
