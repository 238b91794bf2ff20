package guest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"faultline/cluster/sim/trace"
)

// Address is the address of a host. Nodes n1, n2, … have 10.0.0.1, 10.0.0.2, …; clients, see trace.Client, have 10.1.0.0 and
// up. A name of another kind has none.
func Address(host string) netip.Addr {
	network, number := byte(0), strings.TrimPrefix(host, "n")
	if rest, ok := strings.CutPrefix(host, trace.Client); ok {
		network, number = 1, rest
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || number == host {
		return netip.Addr{}
	}
	return netip.AddrFrom4([4]byte{10, network, byte(n >> 8), byte(n)})
}

// Host is the name of the host that has an address; empty if none has.
func Host(a netip.Addr) string {
	if a = a.Unmap(); !a.Is4() {
		return ""
	}
	b := a.As4()
	n := int(b[2])<<8 | int(b[3])
	switch {
	case b[0] == 10 && b[1] == 0:
		return fmt.Sprintf("n%d", n)
	case b[0] == 10 && b[1] == 1:
		return fmt.Sprintf("%s%d", trace.Client, n)
	default:
		return ""
	}
}

// table lists hosts for a guest, its own first.
func table(own string, others []string) string {
	var all []string
	for _, name := range append([]string{own}, others...) {
		all = append(all, name+"="+Address(name).String())
	}
	return strings.Join(all, ",")
}
