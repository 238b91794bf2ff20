package network

import (
	"container/heap"
	"net"
	"time"

	"faultline/cluster/scheduler"
)

// Poller lets one goroutine wait for many sources of its host, as epoll does: whatever their number, it is one timer.
// As with EPOLLONESHOT, an event is reported once. The source is watched again when a call has found nothing more to
// do: a TryRead that filled only a part of its buffer, a TryAccept or TryReceive that found nothing, a TryWrite that did
// not send all. So what is not wanted yet costs no wake-up: whoever has no room for bytes does not read.
//
// A source is in one poller at most, and then has no other reader and no other writer that waits.
type Poller struct {
	host   *Host
	armed  interests
	added  int
	woken  bool
	waiter waiter // of the goroutine in Wait
	events []Event
}

// Event says that something can be done with a source.
type Event struct {
	Key   uint64 // as it was given to Add
	Write bool   // there is room to write; otherwise there is something to read or to accept, an error included
}

// Source is what a poller can wait for: *Conn, *Listener and *PacketConn.
type Source interface {
	owner() *Host
	// sides are what can be waited for: something to read or to accept, and room to write. The latter is the zero
	// value for what can always be written to, or never.
	sides() (read, write side)
}

// side is one of the two things that a source can be ready for.
type side struct {
	waiter *waiter
	ready  func() time.Duration // the instant since which, or from which on, it is ready, as far as is known
}

// NewPoller returns a poller of nothing. It works until the host goes down.
func (h *Host) NewPoller() *Poller {
	defer scheduler.Enter().Leave()
	h.net.lock()
	defer h.net.mu.Unlock()
	p := &Poller{host: h}
	h.pollers = append(h.pollers, p)
	return p
}

// Add has the poller wait until there is something to read from a source, or to accept. Events bear the key. A
// source leaves the poller when it is closed.
func (p *Poller) Add(s Source, key uint64) {
	defer scheduler.Enter().Leave()
	p.host.net.lock()
	defer p.host.net.mu.Unlock()
	if s.owner() != p.host {
		panic("network: a source of another host, or of another incarnation of this one")
	}
	p.added++
	read, write := s.sides()
	p.watch(read, Event{Key: key})
	p.watch(write, Event{Key: key, Write: true})
	read.waiter.arm()
}

func (p *Poller) watch(s side, e Event) {
	if s.waiter != nil {
		s.waiter.unpoll()
		s.waiter.polled = &interest{poller: p, side: s, order: p.added, event: e, place: unarmed}
	}
}

// Wait returns what can be done, the earliest first, and of one instant in the order of Add. It waits until there is
// something, at most until the instant given, the zero time meaning for ever; then, and after Wake, there may be
// nothing. A host that is paused waits on. If the host is down the error is net.ErrClosed. The events are valid until
// the next call.
func (p *Poller) Wait(until time.Time) ([]Event, error) {
	defer scheduler.Enter().Leave()
	n := p.host.net
	n.lock()
	defer n.mu.Unlock()
	end := n.instant(until)
	for {
		p.host.pass()
		if p.host.state != up {
			return nil, net.ErrClosed
		}
		if p.collect(); len(p.events) > 0 || p.woken || n.passed(end) {
			p.woken = false
			return p.events, nil
		}
		p.waiter.wait(n, min(deadline(end), p.armed.earliest()))
	}
}

// Wake has Wait return, now or when it is next called. It is for those who have news of another kind.
func (p *Poller) Wake() {
	defer scheduler.Enter().Leave()
	n := p.host.net
	n.lock()
	defer n.mu.Unlock()
	p.woken = true
	p.waiter.wakeBy(n, n.now())
}

// collect takes the events that are due. An interest whose instant was too early, since a link was cut or the news was
// about something else, is put off.
func (p *Poller) collect() {
	p.events = p.events[:0]
	now := p.host.net.now()
	for p.armed.earliest() <= now {
		i := p.armed[0]
		if at := i.ready(); at > now {
			i.waiter.at = at
			heap.Fix(&p.armed, 0)
			continue
		}
		i.disarm()
		p.events = append(p.events, i.event)
	}
}

// interest is what a poller has in one side of a source. It stands behind the waiter that a goroutine would wait on,
// and waits while waiter.waiting is set.
type interest struct {
	poller *Poller
	side
	order int // of Add
	event Event
	place int // in poller.armed
}

// unarmed is the place of an interest that is not armed.
const unarmed = -1

// arm has a poller, if there is one, wait for the waiter's event.
func (w *waiter) arm() {
	if w.polled != nil {
		w.polled.arm()
	}
}

// unpoll takes the source from its poller.
func (w *waiter) unpoll() {
	if w.polled != nil {
		w.polled.disarm()
		w.polled = nil
	}
}

func (i *interest) arm() {
	if i.place != unarmed {
		return
	}
	i.waiter.waiting, i.waiter.at = true, i.ready()
	heap.Push(&i.poller.armed, i)
	i.poller.waiter.wakeBy(i.poller.host.net, i.waiter.at)
}

func (i *interest) disarm() {
	i.waiter.waiting = false
	if i.place != unarmed {
		heap.Remove(&i.poller.armed, i.place)
	}
}

// moved is called when the waiter's instant is another.
func (i *interest) moved() {
	heap.Fix(&i.poller.armed, i.place)
	i.poller.waiter.wakeBy(i.poller.host.net, i.waiter.at)
}

// interests is a heap: the earliest comes first, and of one instant the one that was added first. It implements
// heap.Interface.
type interests []*interest

func (h interests) earliest() time.Duration {
	if len(h) == 0 {
		return never
	}
	return h[0].waiter.at
}

func (h interests) Len() int { return len(h) }

func (h interests) Less(i, j int) bool {
	if a, b := h[i].waiter.at, h[j].waiter.at; a != b {
		return a < b
	}
	return h[i].order < h[j].order
}

func (h interests) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push adds an interest at the end.
func (h *interests) Push(x any) {
	i := x.(*interest)
	i.place = len(*h)
	*h = append(*h, i)
}

// Pop takes the last interest.
func (h *interests) Pop() any {
	last := (*h)[len(*h)-1]
	last.place = unarmed
	(*h)[len(*h)-1] = nil
	*h = (*h)[:len(*h)-1]
	return last
}
