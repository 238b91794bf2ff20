// Package network is a virtual network of TCP and UDP: hosts, listeners, connections that are net.Conn, and sockets for
// datagrams, with a delay drawn for whatever is sent, links that can be cut in one direction or made worse (slower,
// limited, losing, overtaking), connections that can be reset, and hosts that can be killed, lose their power, or
// be paused.
//
// It guarantees what TCP does: bytes arrive once and in order, or the connection fails. A cut loses no
// byte: what was sent waits for the link to be mended, and is sent again when the retransmission timer
// of its connection next expires. The connection dies if that took longer than Config.UserTimeout. A datagram arrives
// whole or not at all, perhaps twice or after a later one. Each directed link has random generators of its own, one for
// connections and one for datagrams, so no draw depends on the order in which goroutines run. Delays have
// nanosecond tails, so two deliveries hardly ever share an instant.
//
// What a host says to itself, over TCP, UDP or Unix sockets, takes microseconds, and no fault of a link touches it.
//
// The package runs on the time package alone: in virtual time inside a testing/synctest bubble, else in real time.
// There are two ways to wait. Calls that wait are for one reader and one writer of a connection at a time; the caller
// must bound its waiting, and deadlines work as in net. A Poller waits for all connections of a host at once, in one
// goroutine, by calls that begin with Try. What carries an unmodified program on a Host, as package guest does, needs
// no more than that.
package network

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Delay is the distribution of the one-way delay of a link: Base plus an exponential tail of mean Tail.
type Delay struct {
	Base time.Duration `json:"base"`
	Tail time.Duration `json:"tail"`
}

// RoundTrip is how long a message and its answer take in the median: twice the base, and the median of the sum of two
// exponential tails.
func (d Delay) RoundTrip() time.Duration {
	const median = 1.6783469900166605 // of the gamma distribution of shape 2 and scale 1
	return 2*d.Base + time.Duration(median*float64(d.Tail))
}

// loopbackDelay is the delay of what a host sends to itself, unless SetDelay says otherwise.
var loopbackDelay = Delay{Base: 10 * time.Microsecond, Tail: 5 * time.Microsecond}

// Config holds what all links of a network have in common. Zero fields take their defaults.
type Config struct {
	Seed  uint64
	Delay Delay // default 500 µs + Exp(500 µs), as between racks of one site
	// UserTimeout is how long sent data may stay undelivered before its connection fails, as
	// TCP_USER_TIMEOUT. Default 30 s.
	UserTimeout time.Duration
	// Window is how many bytes a connection takes before a writer has to wait for the reader. Default 1 MiB.
	Window int
	// AfterWrite, if it is set, is called by whoever has written to a connection, when it holds nothing of the network.
	// It must not wait.
	AfterWrite func()
	// Record has writes recorded, see Network.Recorded.
	Record bool
}

// Network is a set of hosts and the links between them. All methods are safe for concurrent use.
type Network struct {
	config Config
	start  time.Time

	// mu guards everything below and all hosts, connections and flows. No one waits while holding it.
	mu        sync.Mutex
	at        time.Duration // when mu was taken
	links     map[linkID]*link
	current   map[string]*Host // the latest incarnation of each host
	segments  int64
	bytes     int64
	spare     [][]byte // buffers to use again
	record    record
	deadlines deadlines
}

type linkID struct{ from, to string }

// link is one direction between two hosts.
type link struct {
	linkID
	delay Delay
	draw  *rand.Rand
	cut   bool
	// impaired is nil as long as nothing has ever made the link worse.
	impaired  *impairment
	datagrams *rand.Rand    // nil as long as none was sent
	latest    time.Duration // when the latest datagram arrives, on a loopback
	flows     []*flow       // the open connections' halves that run over it, in order of creation
}

// New returns a network without hosts.
func New(c Config) *Network {
	if c.Delay == (Delay{}) {
		c.Delay = Delay{Base: 500 * time.Microsecond, Tail: 500 * time.Microsecond}
	}
	if c.UserTimeout == 0 {
		c.UserTimeout = 30 * time.Second
	}
	if c.Window == 0 {
		c.Window = 1 << 20
	}
	return &Network{config: c, start: time.Now(), links: map[linkID]*link{}, current: map[string]*Host{},
		record: record{wanted: c.Record}}
}

// SetDelay changes the delay of one directed link for what is sent from now on.
func (n *Network) SetDelay(from, to string, d Delay) {
	n.lock()
	defer n.mu.Unlock()
	n.link(from, to).delay = d
}

// Cut stops everything from one host to another, what is in flight included, until Mend.
func (n *Network) Cut(from, to string) {
	n.lock()
	defer n.mu.Unlock()
	l := n.link(from, to)
	if l.cut || l.loopback() {
		return
	}
	l.cut = true
	for _, f := range l.flows {
		f.stall()
	}
	for _, p := range n.receivers(l) {
		p.drop(l)
	}
	n.attend(l)
}

// Mend undoes Cut. What waited is delivered when its sender next tries.
func (n *Network) Mend(from, to string) {
	n.lock()
	defer n.mu.Unlock()
	l := n.link(from, to)
	if !l.cut {
		return
	}
	l.cut = false
	for _, f := range append([]*flow(nil), l.flows...) { // a flow that fails leaves the list
		f.retransmit()
	}
	n.attend(l)
}

// Linked reports whether the links between two hosts, in both directions, are not cut.
func (n *Network) Linked(a, b string) bool {
	n.lock()
	defer n.mu.Unlock()
	for _, id := range []linkID{{a, b}, {b, a}} {
		if l := n.links[id]; l != nil && l.cut {
			return false
		}
	}
	return true
}

// Traffic returns how many segments and bytes were sent so far.
func (n *Network) Traffic() (segments, bytes int64) {
	n.lock()
	defer n.mu.Unlock()
	return n.segments, n.bytes
}

func (n *Network) link(from, to string) *link {
	id := linkID{from, to}
	l := n.links[id]
	if l == nil {
		l = &link{linkID: id, delay: n.config.Delay, draw: n.generator(from + ">" + to)}
		if l.loopback() {
			l.delay = loopbackDelay
		}
		n.links[id] = l
	}
	return l
}

// loopback reports whether the link is that of a host to itself, which nothing cuts or impairs.
func (l *link) loopback() bool { return l.from == l.to }

// next draws the delay of the next segment.
func (l *link) next() time.Duration { return l.delay.draw(l.draw) }

func (d Delay) draw(r *rand.Rand) time.Duration {
	return d.Base + time.Duration(r.ExpFloat64()*float64(d.Tail))
}

// lock takes mu, and reads the clock once for whoever holds it.
func (n *Network) lock() {
	n.mu.Lock()
	n.at = n.elapsed()
}

// now is the instant at which the caller has taken mu: nobody waits while holding it.
func (n *Network) now() time.Duration { return n.at }

func (n *Network) elapsed() time.Duration { return time.Since(n.start) }

// buffer returns b's bytes in a buffer that recycle may take back. The free list is our own because a
// sync.Pool is emptied by the collector, at moments that no seed decides.
func (n *Network) buffer(b []byte) []byte {
	if k := len(n.spare) - 1; k >= 0 && len(b) <= smallSegment {
		buf := n.spare[k]
		n.spare = n.spare[:k]
		return append(buf, b...)
	}
	if len(b) <= smallSegment {
		return append(make([]byte, 0, smallSegment), b...)
	}
	return append([]byte(nil), b...)
}

const smallSegment = 512

func (n *Network) recycle(b []byte) {
	if cap(b) == smallSegment {
		n.spare = append(n.spare, b[:0])
	}
}
