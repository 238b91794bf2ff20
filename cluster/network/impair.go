package network

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// impairment is what makes a link worse than it is by itself. What is in flight when it changes keeps the
// instant of its arrival, except what waited in the queue of a limited link.
//
// For a connection it is what TCP makes of a bad path, as an application sees it: late bytes, never missing, doubled or
// disordered ones. Datagrams suffer it as it is. Two things are simpler than in TCP. Loss is repaired by the retransmission timer alone,
// not by duplicate acknowledgements, which need a stream of data behind the gap: the messages of a
// consensus protocol are few and small, and mostly the last of their connection. And an acknowledgement
// that is lost costs nothing, as the next one says the same.
type impairment struct {
	draw *rand.Rand

	base, jitter time.Duration // a further delay: base plus an exponential tail of mean jitter
	loss         float64       // the share of transmissions that are lost
	limit        int64         // bytes a second; 0 for no limit
	hold         time.Duration // every second segment waits up to so long, and others pass it
	again        float64       // the share of connections that are made once more, see Duplicate

	free time.Duration // when a limited link has passed on all that was sent
}

// Delay makes what is sent over a directed link from now on take longer: by base plus an exponential tail
// of mean jitter. Zeros undo it.
func (n *Network) Delay(from, to string, base, jitter time.Duration) {
	n.impair(from, to, func(i *impairment) { i.base, i.jitter = base, jitter })
}

// Lose has a share of transmissions over a directed link lost from now on, retransmissions included. The
// sender's timer starts at 200 ms and doubles; what follows on the same connection waits behind what was
// lost; and a connection dies when it cannot get a segment across within Config.UserTimeout. An attempt
// to connect is repeated after a second. A lost datagram stays lost. A share of 0 undoes it; 1 is a cut, which is what Cut is for.
func (n *Network) Lose(from, to string, share float64) {
	n.impair(from, to, func(i *impairment) { i.loss = share })
}

// Limit bounds what a directed link passes on, in bytes a second, headers included, over all connections and datagrams. What
// is sent faster waits in a queue without bound, in the order in which it was sent. 0 undoes it, and then
// what waits in the queue goes on at once.
func (n *Network) Limit(from, to string, bytesPerSecond int64) {
	n.impair(from, to, func(i *impairment) {
		i.limit = bytesPerSecond
		if backlog := i.free - n.now(); bytesPerSecond == 0 && backlog > 0 {
			i.free = 0
			n.hasten(n.link(from, to), backlog)
		}
	})
}

// Reorder holds every second segment on a directed link, by chance, for up to so long, while the others
// pass. Each connection keeps its order, so what is behind a held segment waits with it: it is the
// connections that overtake each other, and datagrams. 0 undoes it.
func (n *Network) Reorder(from, to string, hold time.Duration) {
	n.impair(from, to, func(i *impairment) { i.hold = hold })
}

func (n *Network) impair(from, to string, change func(*impairment)) {
	n.lock()
	defer n.mu.Unlock()
	l := n.link(from, to)
	if l.loopback() {
		return
	}
	if l.impaired == nil {
		l.impaired = &impairment{draw: n.generator("impairment " + from + ">" + to)}
	}
	change(l.impaired)
}

// generator is that of one source of randomness.
func (n *Network) generator(source string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(source))
	return rand.New(rand.NewPCG(n.config.Seed, h.Sum64()))
}

// headers are the bytes of IP and TCP around the data of a segment.
const headers = 40

// crossing draws how long a segment with this many bytes of data takes to cross the link if it is sent at an
// instant; never, if that is longer than its sender's patience.
func (l *link) crossing(at time.Duration, bytes int, patience time.Duration) time.Duration {
	if l.impaired == nil {
		return l.next()
	}
	repair := l.impaired.repair(patience)
	if repair == never {
		return never
	}
	return repair + l.passage(at+repair, bytes)
}

// passage draws how long a transmission takes that is not lost.
func (l *link) passage(at time.Duration, bytes int) time.Duration {
	d := l.next()
	if l.impaired != nil {
		d += l.impaired.further(l.impaired.draw, at, bytes)
	}
	return d
}

// loses draws whether one transmission is lost.
func (l *link) loses() bool { return l.impaired != nil && l.impaired.lost(l.impaired.draw) }

// repair draws how long it takes until a transmission of the segment is not lost: the sum of the timers
// that expired.
func (i *impairment) repair(patience time.Duration) time.Duration {
	waited := time.Duration(0)
	for wait := firstRetransmission; i.lost(i.draw); wait = min(2*wait, maxRetransmission) {
		if waited += wait; waited > patience {
			return never
		}
	}
	return waited
}

// lost draws whether one transmission is. Nothing is drawn on a link that loses nothing.
func (i *impairment) lost(draw *rand.Rand) bool { return i.loss > 0 && draw.Float64() < i.loss }

// further draws what the impairment adds to the time of a transmission that is not lost.
func (i *impairment) further(draw *rand.Rand, at time.Duration, bytes int) time.Duration {
	d := i.base
	if i.jitter > 0 {
		d += time.Duration(draw.ExpFloat64() * float64(i.jitter))
	}
	if i.hold > 0 && draw.IntN(2) == 0 {
		d += time.Duration(draw.Int64N(int64(i.hold)))
	}
	if i.limit > 0 {
		i.free = max(i.free, at) + time.Duration(int64(bytes+headers)*int64(time.Second)/i.limit)
		d += i.free - at
	}
	return d
}

// hasten brings what is in flight on the link forward, as the queue in front of it has gone.
func (n *Network) hasten(l *link, backlog time.Duration) {
	for _, f := range l.flows {
		f.hasten(backlog)
	}
	for _, p := range n.receivers(l) {
		p.hasten(l, backlog)
	}
}

// hasten lets segments arrive up to so much sooner, in their order and not at once: they still cross the
// link. How the flow ends stays as it is.
func (f *flow) hasten(by time.Duration) {
	now := f.net.now()
	f.last = min(f.last, now)
	for k := range f.queue {
		s := &f.queue[k]
		switch {
		case s.arrives <= now, s.arrives == never:
		case s.end != nil:
			s.arrives = f.after(s.arrives)
		default:
			s.arrives = f.after(max(s.arrives-by, min(s.arrives, now+f.link.next())))
		}
	}
	f.wake(f.arrival())
}
