package network

import "time"

// Duplicate has a share of the connections made to a host made once more, late and by nobody: the process
// there accepts a further connection from the same address, which brings no bytes and ends at once. The same share of
// the datagrams that are sent to the host comes twice. A share of 0 undoes it.
//
// Of doubled packets a connection shows no more than that. TCP drops a segment that it has had, by its
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

// doubling is the impairment by which a share of what goes over a link comes twice; nil if nothing does.
func (n *Network) doubling(l *link) *impairment {
	all := n.links[linkID{anyone, l.to}]
	if all == nil || all.impaired.again == 0 || l.loopback() {
		return nil
	}
	return all.impaired
}

// duplicate may repeat an attempt that has just been made. It comes again within a second.
func (a attempt) duplicate() {
	n := a.from.net
	all := n.doubling(a.there)
	if all == nil || all.draw.Float64() >= all.again {
		return
	}
	time.AfterFunc(time.Duration(all.draw.Int64N(int64(synRetransmission))), func() {
		n.lock()
		defer n.mu.Unlock()
		a.ghost()
	})
}

// ghost is a connection that is made and ends.
func (a attempt) ghost() {
	peer := a.from.net.current[a.there.to]
	if a.from.state != up || a.there.cut || a.back.cut || peer == nil {
		return
	}
	l := peer.listener(a.addr)
	if l == nil {
		return
	}
	if c, err := l.establish(a); err == nil {
		c.close()
	}
}
