// Package stubborn has links that repeat each message until it is acknowledged (Cachin, Guerraoui and Rodrigues 2011, section 2.4.3). With
// receivers that drop what they have received before they are perfect links.
//
// They guarantee that a message is received by a node that answers in the end, unless the sender's process dies before. Messages overtake
// each other. What waits for a node that is slow or away is sent together.
package stubborn

import (
	"slices"
	"sync"
	"time"

	"faultline/cluster/sim"
)

// most bounds how many messages are in one request, and how many requests to one node are on their way.
const most = 64

// Links are those from a process to the others of its group. K tells messages of type M apart.
type Links[K comparable, M any] struct {
	process  *sim.Process
	key      func(M) K
	transmit func(node string, batch []M) bool // sends messages in one request, and reports whether the node has acknowledged them

	mu    sync.Mutex
	peers map[string]*peer[K, M]
}

// peer is another node, with what this one has for it.
type peer[K comparable, M any] struct {
	pending []*parcel[K, M] // what it has not acknowledged, in the order in which it was sent
	owed    map[K]bool
	flying  int // how many requests have not ended
}

// parcel is a message on its way to a node.
type parcel[K comparable, M any] struct {
	key          K
	message      M
	flying       bool // a request that carries it has not ended
	acknowledged bool
}

// New returns links that repeat themselves after so long. It calls transmit on goroutines of the process, several at once, and with no lock.
func New[K comparable, M any](p *sim.Process, resend time.Duration, key func(M) K, transmit func(node string, batch []M) bool) *Links[K, M] {
	l := &Links[K, M]{process: p, key: key, transmit: transmit, peers: map[string]*peer[K, M]{}}
	for _, node := range p.Others() {
		l.peers[node] = &peer[K, M]{owed: map[K]bool{}}
		p.Go(func() {
			for p.Sleep(resend) {
				l.repeat(node)
			}
		})
	}
	return l
}

// Send sends a message to a node until it is acknowledged. What is being sent to that node already is not sent twice.
func (l *Links[K, M]) Send(node string, m M) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.peers[node]
	key := l.key(m)
	if p.owed[key] {
		return
	}
	p.owed[key] = true
	one := &parcel[K, M]{key: key, message: m, flying: p.flying < most}
	p.pending = append(p.pending, one)
	if one.flying {
		p.flying++
		l.process.Go(func() { l.carry(node, []*parcel[K, M]{one}) })
	}
}

// Once sends a message to a node once, and does not care what becomes of it.
func (l *Links[K, M]) Once(node string, m M) {
	l.process.Go(func() { l.transmit(node, []M{m}) })
}

// Settled reports whether everything has been acknowledged.
func (l *Links[K, M]) Settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.peers {
		if len(p.pending) > 0 {
			return false
		}
	}
	return true
}

// repeat sends what a node has not acknowledged, until a request is lost.
func (l *Links[K, M]) repeat(node string) {
	for batch := l.unacknowledged(node); len(batch) > 0 && l.carry(node, batch); batch = l.unacknowledged(node) {
	}
}

// unacknowledged takes from what waits for a node as much as fits into a request.
func (l *Links[K, M]) unacknowledged(node string) (batch []*parcel[K, M]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.peers[node]
	for _, one := range p.pending {
		if !one.flying && len(batch) < most {
			one.flying = true
			batch = append(batch, one)
		}
	}
	if len(batch) > 0 {
		p.flying++
	}
	return batch
}

// carry sends messages in one request, and notes whether they were acknowledged.
func (l *Links[K, M]) carry(node string, batch []*parcel[K, M]) bool {
	var messages []M
	for _, one := range batch {
		messages = append(messages, one.message)
	}
	ok := l.transmit(node, messages)
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.peers[node]
	p.flying--
	for _, one := range batch {
		one.flying = false
		if one.acknowledged = ok; ok {
			delete(p.owed, one.key)
		}
	}
	if ok {
		p.pending = slices.DeleteFunc(p.pending, func(one *parcel[K, M]) bool { return one.acknowledged })
	}
	return ok
}
