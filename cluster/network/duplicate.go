package network

import "time"

// Duplicate has a share of the connections made to a host made once more, late and by nobody: the process
// there accepts a further connection from the same address, which brings no bytes and ends at once. A
// share of 0 undoes it.
//
// That is all that an application can see of doubled packets. TCP drops a segment that it has had, by its
// sequence number, and its handshake drops an old SYN: the dialer answers that it asked for no such
// connection. But where something between the two takes part in the handshake (a proxy, a load
// balancer, a firewall that answers for the server until the dialer is confirmed), an attempt that was sent
// twice becomes a connection that nobody wants. A server must not take it for its peer, nor the end
// of it for the end of the peer.
func (n *Network) Duplicate(host string, share float64) {
	n.impair(anyone, host, func(i *impairment) { i.again = share })
}

// anyone stands for whichever host is at the other end of a link.
const anyone = ""

// duplicate may repeat an attempt that has just been made. It comes again within a second.
func (h *Host) duplicate(there, back *link, port string) {
	all := h.net.links[linkID{anyone, there.to}]
	if all == nil || all.impaired.again == 0 || all.impaired.draw.Float64() >= all.impaired.again {
		return
	}
	time.AfterFunc(time.Duration(all.impaired.draw.Int64N(int64(synRetransmission))), func() {
		h.net.mu.Lock()
		defer h.net.mu.Unlock()
		h.ghost(there, back, port)
	})
}

// ghost is a connection that is made and ends.
func (h *Host) ghost(there, back *link, port string) {
	peer := h.net.current[there.to]
	if h.state != up || there.cut || back.cut || peer == nil {
		return
	}
	l := peer.listener(port)
	if l == nil {
		return
	}
	if c, err := l.establish(h, there, back); err == nil {
		c.close()
	}
}
