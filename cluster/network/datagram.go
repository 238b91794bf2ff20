package network

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// send puts a datagram on its way, and notes it.
func (p *PacketConn) send(to Endpoint, b []byte) {
	n := p.host.net
	number, known := p.recorded[to]
	if !known {
		number = n.record.datagrams(p.local.Host, to.Host, to.Port)
		p.recorded[to] = number
	}
	noted := n.record.write(n.now(), number, b)
	n.segments++
	n.bytes += int64(len(b))
	l := n.link(p.local.Host, to.Host)
	data := slices.Clone(b)
	p.transmit(l, to, data, noted)
	if n.doubles(l) {
		p.transmit(l, to, data, noted)
	}
}

// transmit sends one copy. It is decided now whether there is a socket for it, and when it arrives.
func (p *PacketConn) transmit(l *link, to Endpoint, data []byte, noted int32) {
	n := p.host.net
	passage, arrives := n.carry(l, len(data))
	machine := n.current[to.Host]
	if !arrives || machine == nil || machine.state == noPower {
		return
	}
	at := n.now() + passage
	if q := machine.packetConn(to.Port); q != nil && (q.peer == Endpoint{} || q.peer == p.local) {
		q.expect(packet{link: l, from: p.local, arrives: at, data: data, noted: noted})
	} else if p.peer == to {
		p.unreachable(n.link(to.Host, p.local.Host), at)
	}
}

// unreachable has the other machine answer with ICMP, to what arrives there at an instant, that no such port is open.
func (p *PacketConn) unreachable(back *link, at time.Duration) {
	passage, arrives := p.host.net.carry(back, 0)
	if !arrives {
		return
	}
	p.refused = min(p.refused, at+passage)
	p.reader.wakeBy(p.host.net, p.refused)
}

// expect queues what is underway, behind what arrives no later.
func (p *PacketConn) expect(q packet) {
	p.admit()
	i, _ := slices.BinarySearchFunc(p.queue, q, func(a, b packet) int { return cmp.Or(cmp.Compare(a.arrives, b.arrives), -1) })
	p.queue = slices.Insert(p.queue, max(i, p.arrived), q)
	p.reader.wakeBy(p.host.net, q.arrives)
}

// datagrams is the generator of all that happens to datagrams on a link. They have one of their own, so that they do not
// disturb the connections beside them.
func (n *Network) datagrams(l *link) *rand.Rand {
	if l.datagrams == nil {
		l.datagrams = n.generator("datagrams " + l.from + ">" + l.to)
	}
	return l.datagrams
}

// carry draws how long a datagram takes that is sent now, and whether it arrives.
func (n *Network) carry(l *link, bytes int) (passage time.Duration, arrives bool) {
	draw := n.datagrams(l)
	if l.cut || l.impaired != nil && l.impaired.lost(draw) {
		return 0, false
	}
	passage = l.delay.draw(draw)
	if l.impaired != nil {
		passage += l.impaired.further(draw, n.now(), bytes)
	}
	if l.loopback() { // there they do not overtake each other
		l.latest = max(n.now()+passage, l.latest+1)
		passage = l.latest - n.now()
	}
	return passage, true
}

// doubles draws whether a datagram comes twice, see Duplicate.
func (n *Network) doubles(l *link) bool {
	all := n.doubling(l)
	return all != nil && n.datagrams(l).Float64() < all.again
}

// receivers are the sockets to which datagrams may be underway on the link.
func (n *Network) receivers(l *link) []*PacketConn {
	if h := n.current[l.to]; h != nil {
		return h.packets
	}
	return nil
}

// drop loses what is underway on a link.
func (p *PacketConn) drop(l *link) {
	p.admit()
	underway := slices.DeleteFunc(p.queue[p.arrived:], func(q packet) bool { return q.link == l })
	p.queue = p.queue[:p.arrived+len(underway)]
}

// hasten lets what is underway on a link arrive up to so much sooner, but not at once: see flow.hasten.
func (p *PacketConn) hasten(l *link, by time.Duration) {
	p.admit()
	n := p.host.net
	underway := p.queue[p.arrived:]
	for i := range underway {
		if q := &underway[i]; q.link == l {
			q.arrives = max(q.arrives-by, min(q.arrives, n.now()+l.delay.draw(n.datagrams(l))))
			p.reader.wakeBy(n, q.arrives)
		}
	}
	slices.SortStableFunc(underway, func(a, b packet) int { return cmp.Compare(a.arrives, b.arrives) })
}
