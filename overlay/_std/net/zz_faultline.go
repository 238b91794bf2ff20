package net

import (
	"context"
	"io"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// FaultlineSocket is a socket of a virtual network: a connection, a listener, or one for datagrams. What does not apply
// to its kind fails. Errors are bare: io.EOF, ErrClosed, os.ErrDeadlineExceeded, or a syscall.Errno.
type FaultlineSocket interface {
	Accept() (FaultlineSocket, error)
	Read(b []byte) (int, error)
	Write(b []byte) (int, error)
	ReadFrom(b []byte) (int, netip.AddrPort, error)
	WriteTo(b []byte, to netip.AddrPort) (int, error)
	Shutdown(read, write bool) error
	Close() error
	SetReadDeadline(time.Time)
	SetWriteDeadline(time.Time)
	LocalAddr() Addr
	RemoteAddr() Addr
}

// FaultlineNetwork is a virtual network as one host sees it.
type FaultlineNetwork interface {
	// Socket dials (mode "dial") or listens ("listen").
	Socket(ctx context.Context, network, mode string, laddr, raddr Addr) (FaultlineSocket, error)
	// Lookup resolves a name; nil if there is none such.
	Lookup(host string) IP
	// Own is the host's address.
	Own() IP
}

// Faultline is the virtual network that is in use, if any.
var Faultline FaultlineNetwork

func init() {
	if syscall.FaultlineIsSeeded() {
		syscall.FaultlineHookSockets()
		syscall.FaultlineRead = faultlineSysRead
		syscall.FaultlineShutdown = faultlineSysShutdown
	}
}

func faultlineOpen(ctx context.Context, network string, laddr, raddr sockaddr, sotype int, mode string) (*netFD, error) {
	if sotype != syscall.SOCK_STREAM && sotype != syscall.SOCK_DGRAM {
		return nil, syscall.EPROTONOSUPPORT
	}
	var l, r Addr // not an interface that holds a nil pointer
	if laddr != nil {
		l = laddr
	}
	if raddr != nil {
		r = raddr
	}
	s, err := Faultline.Socket(ctx, network, mode, l, r)
	if err != nil {
		if ctx.Err() != nil {
			err = mapErr(ctx.Err())
		}
		return nil, err
	}
	return faultlineNew(s, network, sotype), nil
}

// faultlineFDs are the descriptors of virtual sockets, less syscall.FaultlineRaw.
var faultlineFDs []*netFD

var faultlineFree []int

func faultlineNew(s FaultlineSocket, network string, sotype int) *netFD {
	fd := &netFD{faultline: s, net: network, family: syscall.AF_INET, sotype: sotype, isConnected: s.RemoteAddr() != nil,
		laddr: s.LocalAddr(), raddr: s.RemoteAddr()}
	if k := len(faultlineFree) - 1; k >= 0 {
		fd.pfd.Sysfd = syscall.FaultlineRaw + faultlineFree[k]
		faultlineFDs[faultlineFree[k]] = fd
		faultlineFree = faultlineFree[:k]
		return fd
	}
	fd.pfd.Sysfd = syscall.FaultlineRaw + len(faultlineFDs)
	faultlineFDs = append(faultlineFDs, fd)
	return fd
}

func (fd *netFD) faultlineClose() error {
	if k := fd.pfd.Sysfd - syscall.FaultlineRaw; faultlineFDs[k] == fd {
		faultlineFDs[k] = nil
		faultlineFree = append(faultlineFree, k)
	}
	return fd.faultline.Close()
}

func (fd *netFD) faultlineAccept() (*netFD, error) {
	s, err := fd.faultline.Accept()
	if err != nil {
		return nil, err
	}
	return faultlineNew(s, fd.net, fd.sotype), nil
}

// faultlineErr is an error as the kernel's would be returned.
func faultlineErr(call string, err error) error {
	if err == io.EOF || err == ErrClosed || err == os.ErrDeadlineExceeded {
		return err
	}
	return wrapSyscallError(call, err)
}

func (fd *netFD) faultlineRead(p []byte) (int, error) {
	n, err := fd.faultline.Read(p)
	return n, faultlineErr(readSyscallName, err)
}

func (fd *netFD) faultlineWrite(p []byte) (int, error) {
	n, err := fd.faultline.Write(p)
	return n, faultlineErr(writeSyscallName, err)
}

func (fd *netFD) faultlineReadFrom(p []byte) (int, syscall.SockaddrInet4, error) {
	n, from, err := fd.faultline.ReadFrom(p)
	return n, syscall.SockaddrInet4{Port: int(from.Port()), Addr: from.Addr().As4()}, faultlineErr(readFromSyscallName, err)
}

func (fd *netFD) faultlineWriteTo(p []byte, to *syscall.SockaddrInet4) (int, error) {
	n, err := fd.faultline.WriteTo(p, netip.AddrPortFrom(netip.AddrFrom4(to.Addr), uint16(to.Port)))
	return n, faultlineErr(writeToSyscallName, err)
}

func (fd *netFD) faultlineBuffers(v *Buffers) (int64, error) {
	var all []byte
	for _, b := range *v {
		all = append(all, b...)
	}
	n, err := fd.faultline.Write(all)
	v.consume(int64(n))
	return int64(n), faultlineErr("writev", err)
}

func faultlineLookup(host string) ([]IPAddr, error) {
	if ip := Faultline.Lookup(host); ip != nil {
		return []IPAddr{{IP: ip}}, nil
	}
	return nil, newDNSError(errNoSuchHost, host, "")
}

func faultlineLookupHost(host string) ([]string, error) {
	all, err := faultlineLookup(host)
	if err != nil {
		return nil, err
	}
	return []string{all[0].IP.String()}, nil
}

// faultlineInterfaces are those of a host: the loopback, and one with its address.
func faultlineInterfaces(index int) []Interface {
	all := []Interface{
		{Index: 1, MTU: 65536, Name: "lo", Flags: FlagUp | FlagLoopback | FlagRunning},
		{Index: 2, MTU: 1500, Name: "eth0", Flags: FlagUp | FlagBroadcast | FlagRunning | FlagMulticast, HardwareAddr: append(HardwareAddr{2, 0}, Faultline.Own().To4()...)},
	}
	if index > 0 && index <= len(all) {
		return all[index-1 : index]
	}
	return all
}

func faultlineAddresses(of *Interface) []Addr {
	var all []Addr
	if of == nil || of.Index == 1 {
		all = append(all, &IPNet{IP: IPv4(127, 0, 0, 1), Mask: CIDRMask(8, 32)})
	}
	if of == nil || of.Index == 2 {
		all = append(all, &IPNet{IP: Faultline.Own(), Mask: CIDRMask(8, 32)})
	}
	return all
}

// What follows is for those who read and write by system calls what SyscallConn lends them, as gRPC does.

func faultlineOf(n int) *netFD {
	if k := n - syscall.FaultlineRaw; k < len(faultlineFDs) {
		return faultlineFDs[k]
	}
	return nil
}

// faultlineSysRead waits, unlike a read from a socket of package net. Its error goes to who called RawConn.Read.
func faultlineSysRead(n int, p []byte) (int, error) {
	fd := faultlineOf(n)
	if fd == nil {
		return 0, syscall.EBADF
	}
	k, err := fd.faultline.Read(p)
	if err == io.EOF {
		return 0, nil
	}
	fd.faultlineFailed = faultlineErr(readSyscallName, err)
	return k, nil
}

func (fd *netFD) faultlineRawRead(f func(uintptr) bool) error {
	for !f(uintptr(fd.pfd.Sysfd)) {
	}
	err := fd.faultlineFailed
	fd.faultlineFailed = nil
	return err
}

func faultlineSysShutdown(n, how int) error {
	fd := faultlineOf(n)
	if fd == nil {
		return syscall.EBADF
	}
	return fd.faultline.Shutdown(how != syscall.SHUT_WR, how != syscall.SHUT_RD)
}
