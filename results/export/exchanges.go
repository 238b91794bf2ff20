package export

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"faultline/cluster/report"
)

// blink is how long a slice is that takes no time: one of no length holds no flow.
const blink = time.Microsecond

// exchange is a request with its response, if there was one.
type exchange struct {
	request  *report.Message
	response *report.Message // nil if there was none
}

func exchanges(messages []report.Message) []exchange {
	var all []exchange
	index := map[int]int{} // the ID of a request → its place
	for i := range messages {
		m := &messages[i]
		if m.ReplyTo == 0 {
			index[m.ID] = len(all)
			all = append(all, exchange{request: m})
		} else if k, ok := index[m.ReplyTo]; ok {
			all[k].response = m
		}
	}
	return all
}

// asked is the caller's time: until the answer is there, or for a moment if there is none.
func (x exchange) asked() (from, to time.Duration) {
	if from = x.request.Sent; x.response == nil || x.response.Received < 0 {
		return from, from + blink
	}
	return from, max(x.response.Received, from+blink)
}

// served is the answering node's time, likewise.
func (x exchange) served() (from, to time.Duration) {
	if from = x.request.Received; x.response == nil {
		return from, from + blink
	}
	return from, max(x.response.Sent, from+blink)
}

// messages adds a slice for each end of each exchange, and a flow for each message that arrived. The operations of a
// client are slices already.
func (t *timeline) messages(messages []report.Message) {
	all := exchanges(messages)
	asking, serving := newLanes(t), newLanes(t)
	asks := make([]place, len(all))
	for i, x := range all {
		from, to := x.asked()
		asks[i] = t.asker(x, asking, from, to)
	}
	served := slices.Clone(all)
	slices.SortStableFunc(served, func(a, b exchange) int { return cmp.Compare(a.request.Received, b.request.Received) })
	serves := map[int]place{}
	for _, x := range served {
		if x.request.Received >= 0 {
			from, to := x.served()
			serves[x.request.ID] = t.slice(x.request, serving.take(x.request.To, "from "+peer(x.request.From), from, to), from, to)
		}
	}
	for i, x := range all {
		if p, ok := serves[x.request.ID]; ok {
			t.flows(x, asks[i], p)
		}
	}
}

// asker is where the request of an exchange was made: in an operation of a client, or in a slice of its own.
func (t *timeline) asker(x exchange, lanes *lanes, from, to time.Duration) place {
	if p, ok := t.threads[clients+"\x00"+x.request.From]; ok {
		return p
	}
	owner, name := x.request.From, "to "+x.request.To
	if isClient(owner) {
		owner, name = clients, owner
	}
	return t.slice(x.request, lanes.take(owner, name, from, to), from, to)
}

// peer is what a node calls whoever asks it: all clients share a name, as there are too many of them.
func peer(name string) string {
	if isClient(name) {
		return clients
	}
	return name
}

func (t *timeline) slice(m *report.Message, p place, from, to time.Duration) place {
	a := args{{"message", m.ID}, {"from", m.From}, {"to", m.To}}.with("detail", m.Detail).with("clock", m.Clock)
	if m.Term != 0 {
		a = append(a, arg{t.termWord, m.Term})
	}
	t.add(event{phase: "X", name: m.Kind, category: "message", at: from, length: to - from, place: p, args: a})
	return p
}

// flows adds the arrows. An arrow that ends with its slice ends a nanosecond before it: at its end a slice is no longer there.
func (t *timeline) flows(x exchange, asks, serves place) {
	t.flow(x.request, asks, x.request.Sent, serves, x.request.Received)
	if x.response != nil && x.response.Received >= 0 {
		from, _ := x.served()
		t.flow(x.response, serves, max(from, x.response.Sent-1), asks, x.response.Received-1)
	}
}

func (t *timeline) flow(m *report.Message, from place, sent time.Duration, to place, received time.Duration) {
	id := strconv.Itoa(m.ID)
	t.add(event{phase: "s", name: "message", category: "message", id: id, at: sent, place: from})
	t.add(event{phase: "f", name: "message", category: "message", id: id, at: received, place: to})
}

// lanes are threads on which slices do not overlap: each slice gets the first that is free. They must be asked for in
// order of time.
type lanes struct {
	timeline *timeline
	busy     map[string][]time.Duration // by process and name: until when each lane is taken
}

func newLanes(t *timeline) *lanes { return &lanes{t, map[string][]time.Duration{}} }

func (l *lanes) take(process, name string, from, to time.Duration) place {
	id := process + "\x00" + name
	busy := l.busy[id]
	k := slices.IndexFunc(busy, func(until time.Duration) bool { return until <= from })
	if k < 0 {
		k = len(busy)
		busy = append(busy, 0)
	}
	busy[k] = to
	l.busy[id] = busy
	if k > 0 {
		name += " (" + strconv.Itoa(k+1) + ")"
	}
	return l.timeline.thread(process, name)
}
