package network

import (
	"io"
	"slices"
	"syscall"
	"time"
)

// flow is one direction of a connection: a queue of segments on their way over a link.
type flow struct {
	net     *Network
	link    *link
	reverse *flow // the other direction
	queue   []segment
	memory  []segment     // all that the queue may use, empty
	last    time.Duration // when the latest segment arrives; segments never overtake each other
	unread  int           // bytes sent and not read
	reader  waiter
	writer  waiter // waits for room in the window
	done    bool   // an end has been queued, or the reader has gone
	// patience is how long what is sent may stay undelivered before the sender's kernel gives up.
	patience time.Duration
	mute     bool // the sender's machine has lost its power: nothing is sent again
}

// segment is what one Write sends, or the end of the flow.
type segment struct {
	sent    time.Duration
	arrives time.Duration // never while the link is cut
	data    []byte        // what is not yet read
	buf     []byte        // data as it was, to be recycled
	noted   int32         // its number in the record; 0 if it is not there
	end     error         // io.EOF for FIN, ECONNRESET for RST, ETIMEDOUT for the user time-out
}

func newFlow(n *Network, l *link) *flow {
	f := &flow{net: n, link: l, patience: n.config.UserTimeout}
	l.flows = append(l.flows, f)
	return f
}

// send queues a segment. After an end nothing is queued any more.
func (f *flow) send(s segment) {
	if f.done {
		return
	}
	now := f.net.now()
	s.sent, s.arrives = now, never
	if !f.link.cut {
		s.arrives = f.arrivalOf(len(s.data), now, now)
	}
	f.done = s.end != nil
	f.unread += len(s.data)
	f.net.segments++
	f.net.bytes += int64(len(s.data))
	f.push(s)
	switch {
	case s.arrives != never:
		f.wake(s.arrives)
	case !f.link.cut: // it is lost again and again
		f.fail(now + f.patience)
	}
}

// arrivalOf draws when a segment arrives that was first sent at one instant and leaves at another; never, if
// it is lost until the sender's kernel gives up.
func (f *flow) arrivalOf(bytes int, sent, leaves time.Duration) time.Duration {
	d := f.link.crossing(leaves, bytes, sent+f.patience-leaves)
	if d == never {
		return never
	}
	return f.after(leaves + d)
}

// wake has those look who wait for what arrives: the reader, and the writer of the other direction, whom
// a failure concerns too.
func (f *flow) wake(at time.Duration) {
	f.reader.wakeBy(f.net, at)
	f.reverse.writer.wakeBy(f.net, at)
}

// after returns t, or the first instant at which nothing sent earlier is still on its way.
func (f *flow) after(t time.Duration) time.Duration {
	f.last = max(t, f.last+1)
	return f.last
}

// stall holds what is in flight when the link is cut.
func (f *flow) stall() {
	now := f.net.now()
	for i := range f.queue {
		if f.queue[i].arrives > now {
			f.queue[i].arrives = never
		}
	}
	f.last = min(f.last, now)
	if f.mute {
		f.lose()
	}
}

// silence means that the sender's machine has lost its power. What is on the wire still arrives.
func (f *flow) silence() {
	f.mute = true
	f.lose()
}

// lose drops what waits to be sent again. It never counts as read: whoever waits for room waits on, until
// he learns that the connection has failed.
func (f *flow) lose() {
	f.queue = slices.DeleteFunc(f.queue, func(s segment) bool {
		if s.arrives == never {
			f.net.recycle(s.buf)
		}
		return s.arrives == never
	})
}

// The retransmission timer of Linux starts at 200 ms on a fast network and doubles each time, up to two minutes.
const (
	firstRetransmission = 200 * time.Millisecond
	maxRetransmission   = 2 * time.Minute
)

// retransmit sends what stalled again once the link is mended. The oldest segment goes out when its
// timer next expires, which is later the longer the cut has lasted, and the rest follows it. If that is
// too late for the user time-out, the connection has failed at both ends.
func (f *flow) retransmit() {
	i := slices.IndexFunc(f.queue, func(s segment) bool { return s.arrives == never })
	if i < 0 {
		return
	}
	now, sent := f.net.now(), f.queue[i].sent
	resent := sent
	for wait := firstRetransmission; resent < now; wait = min(2*wait, maxRetransmission) {
		resent += wait
	}
	if resent-sent > f.patience {
		f.fail(sent + f.patience)
		return
	}
	for k := i; k < len(f.queue); k++ {
		s := &f.queue[k]
		if s.arrives = f.arrivalOf(len(s.data), s.sent, resent); s.arrives == never {
			f.wake(f.queue[i].arrives)
			f.fail(s.sent + f.patience)
			return
		}
	}
	f.wake(f.queue[i].arrives)
}

// fail ends both directions: the sender's kernel has given up, and the receiver's learns of it.
func (f *flow) fail(at time.Duration) {
	at = max(at, f.net.now())
	f.end(at, syscall.ETIMEDOUT)
	f.reverse.end(at, syscall.ETIMEDOUT)
}

// end has the flow fail at an instant, in place of what has no hope to arrive. Nothing follows a failure;
// it may follow io.EOF, and then concerns only the writer of the other direction.
func (f *flow) end(at time.Duration, err error) {
	if f.failure() != never {
		return
	}
	f.lose()
	f.push(segment{arrives: f.after(at), end: err})
	f.done = true
	f.wake(f.last)
}

// abort sends a reset behind what is in flight. It goes out once, as nobody is left to send it again: false if it is lost.
func (f *flow) abort() bool {
	f.lose()
	if f.link.cut || f.link.loses() {
		f.done = true
		return false
	}
	now := f.net.now()
	f.end(now+f.link.passage(now, 0), syscall.ECONNRESET)
	return true
}

// take moves what has arrived into b. It returns 0, nil if nothing has.
func (f *flow) take(b []byte) (int, error) {
	if len(f.queue) == 0 || f.queue[0].arrives > f.net.now() {
		return 0, nil
	}
	s := &f.queue[0]
	if s.end != nil { // stays in the queue: every later read finds it again
		return 0, s.end
	}
	k := copy(b, s.data)
	s.data = s.data[k:]
	f.unread -= k
	if len(s.data) == 0 {
		f.net.record.read(s.noted, f.net.now())
		f.net.recycle(s.buf)
		f.pop()
	}
	f.writer.wakeBy(f.net, f.net.now())
	return k, nil
}

// takeAll moves what has arrived into b, whatever number of segments it came in. An error is that of a flow from which
// nothing was taken.
func (f *flow) takeAll(b []byte) (taken int, err error) {
	for taken < len(b) {
		k, err := f.take(b[taken:])
		if k == 0 {
			if taken > 0 {
				err = nil
			}
			return taken, err
		}
		taken += k
	}
	return taken, nil
}

// push appends a segment. A queue that has come to the end of its memory goes back to the front if it is in the second
// half, so that no more segments are moved than were dropped; else it grows.
func (f *flow) push(s segment) {
	full := len(f.queue) == cap(f.queue)
	if full && 2*len(f.queue) < cap(f.memory) {
		old := f.queue
		f.queue, full = append(f.memory, old...), false
		clear(old)
	}
	f.queue = append(f.queue, s)
	if full {
		f.memory = f.queue[:0]
	}
}

// pop drops the first segment.
func (f *flow) pop() {
	f.queue[0] = segment{}
	f.queue = f.queue[1:]
}

// readable reports whether bytes have arrived that were not read.
func (f *flow) readable() bool { return f.arrival() <= f.net.now() && f.queue[0].end == nil }

// arrival is when the next segment can be read; never if none is on its way.
func (f *flow) arrival() time.Duration {
	if len(f.queue) == 0 {
		return never
	}
	return f.queue[0].arrives
}

// failure is when the flow ends other than with io.EOF, as far as is known; else never.
func (f *flow) failure() time.Duration {
	if k := len(f.queue) - 1; k >= 0 && f.queue[k].end != nil && f.queue[k].end != io.EOF {
		return f.queue[k].arrives
	}
	return never
}

// failed returns how the flow has failed; nil if it has not yet.
func (f *flow) failed() error {
	if at := f.failure(); at == never || at > f.net.now() {
		return nil
	}
	return f.queue[len(f.queue)-1].end
}

// underway reports whether anything sent has not arrived.
func (f *flow) underway() bool {
	k := len(f.queue) - 1
	return k >= 0 && f.queue[k].arrives > f.net.now()
}

// unanswered is when the oldest of what has not arrived was sent; never if all has.
func (f *flow) unanswered() time.Duration {
	now := f.net.now()
	for _, s := range f.queue {
		if s.arrives > now {
			return s.sent
		}
	}
	return never
}

// discard forgets a flow whose reader has gone.
func (f *flow) discard() {
	for _, s := range f.queue {
		f.net.recycle(s.buf)
	}
	f.queue, f.memory, f.unread, f.done = nil, nil, 0, true
	f.writer.wakeBy(f.net, f.net.now())
	f.link.flows = slices.DeleteFunc(f.link.flows, func(g *flow) bool { return g == f })
}
