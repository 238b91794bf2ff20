package weak

import (
	"faultline/checker/txn/internal/wr"
	"faultline/internal/timebound"
)

// relation is what must come before what: session order, write-read, and what was inferred from them. Predecessors are not stored where
// they can be read off the history.
type relation struct {
	h        *wr.History
	stop     <-chan struct{} // see Check
	sessions sessions
	inferred []inference
	stale    []inference // those whose to is the initial state: each is a violation by itself
	into     []int32     // of transaction t: inferred[into[t]:into[t+1]]; set by arrange
}

// inference is that a transaction comes before another one, because a third read a key from the latter and had seen the former.
type inference struct{ from, to, reader, key int32 }

// none is no transaction.
const none int32 = -1

func newRelation(h *wr.History, stop <-chan struct{}) *relation {
	return &relation{h: h, stop: stop, sessions: newSessions(h), into: make([]int32, h.Len()+1)}
}

// pollEvery is after how many transactions it is asked whether to stop.
const pollEvery = 1 << 12

func (r *relation) stopped() bool { return timebound.Closed(r.stop) }

// infer notes that from comes before to. Inferences of a read of the initial state are kept until there are enough to show.
func (r *relation) infer(i inference) {
	switch {
	case i.to != wr.Initial:
		r.inferred = append(r.inferred, i)
	case len(r.stale) < enough:
		r.stale = append(r.stale, i)
	}
}

// arrange sorts what was inferred by the later transaction.
func (r *relation) arrange() {
	counts := make([]int32, r.h.Len()+1)
	for _, i := range r.inferred {
		counts[i.to+1]++
	}
	for t := range r.h.Len() {
		counts[t+1] += counts[t]
	}
	r.into = append(r.into[:0], counts...)
	sorted := make([]inference, len(r.inferred))
	for _, i := range r.inferred {
		sorted[counts[i.to]] = i
		counts[i.to]++
	}
	r.inferred = sorted
}

// predecessor is the nth of what comes directly before t, and none where the nth is no transaction. The second result is false after
// the last one.
func (r *relation) predecessor(t, n int32) (int32, bool) {
	if n == 0 {
		return r.sessions.before[t], true
	}
	n--
	events := r.h.Events[r.h.First[t]:r.h.First[t+1]]
	if int(n) < len(events) {
		return max(none, events[n].From), true
	}
	n += r.into[t] - int32(len(events))
	if n < r.into[t+1] {
		return r.inferred[n].from, true
	}
	return none, false
}

// sessions are the transactions of each session.
type sessions struct {
	members []int32 // session by session
	first   []int32 // session s has members[first[s]:first[s+1]]
	rank    []int32 // position in members
	before  []int32 // the one before it in its session, or none
}

func newSessions(h *wr.History) sessions {
	n := h.Len()
	s := sessions{
		members: make([]int32, n), first: make([]int32, h.Sessions()+1), rank: make([]int32, n), before: make([]int32, n),
	}
	for _, k := range h.Session {
		s.first[k+1]++
	}
	for k := range h.Sessions() {
		s.first[k+1] += s.first[k]
	}
	end := append([]int32(nil), s.first...)
	for t, k := range h.Session {
		s.before[t] = none
		if end[k] > s.first[k] {
			s.before[t] = s.members[end[k]-1]
		}
		s.members[end[k]], s.rank[t] = int32(t), end[k]
		end[k]++
	}
	return s
}
