//go:build faultline_overlay

package guest

import (
	"net"
	"net/netip"
	"strings"
)

// names are those of the hosts in this process. A host whose name tells its address, see Address, need not be introduced.
type names struct {
	hosts     map[string]string // of the network, by what they are called
	addresses map[string]netip.Addr
	back      map[netip.Addr]string
}

// Introduce has the code in this process find a host of the network by a name, as DNS would.
func Introduce(name, host string) {
	local.mu.Lock()
	defer local.mu.Unlock()
	n := &local.names
	if n.hosts == nil {
		n.hosts, n.addresses, n.back = map[string]string{}, map[string]netip.Addr{}, map[netip.Addr]string{}
	}
	n.hosts[name] = host
	if _, known := n.addresses[host]; !known && !Address(host).IsValid() {
		const network = 2 // 0 is that of nodes, and 1 that of clients
		k := len(n.addresses) + 1
		a := netip.AddrFrom4([4]byte{10, network, byte(k >> 8), byte(k)})
		n.addresses[host], n.back[a] = a, host
	}
}

// address is that of a host of the network.
func (n *names) address(host string) netip.Addr {
	if a := Address(host); a.IsValid() {
		return a
	}
	return n.addresses[host]
}

// host is the host of the network that has an address; empty if none has.
func (n *names) host(a netip.Addr) string {
	if name := Host(a); name != "" {
		return name
	}
	return n.back[a.Unmap()]
}

// lookup resolves a name; nil if nobody has it.
func (n *names) lookup(name string) net.IP {
	name = strings.TrimSuffix(name, ".")
	if name == "localhost" {
		return net.IPv4(127, 0, 0, 1)
	}
	if host, ok := n.hosts[name]; ok {
		name = host
	}
	if a := n.address(name); a.IsValid() {
		return net.IP(a.AsSlice())
	}
	return nil
}
