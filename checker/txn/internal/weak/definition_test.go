package weak

import (
	"math/rand/v2"

	"faultline/checker/txn/internal/wr"
)

// sees is the visibility of a level by its definition: which transactions each event of t has seen.
func sees(h *wr.History, level Level, t int32, event int) map[int32]bool {
	seen := map[int32]bool{}
	switch level {
	case ReadCommitted:
		for _, e := range h.Of(t)[:event] {
			if e.From >= 0 {
				seen[e.From] = true
			}
		}
	case ReadAtomic:
		for _, p := range before(h, t) {
			seen[p] = true
		}
	case Causal:
		pending := before(h, t)
		for len(pending) > 0 {
			p := pending[0]
			pending = pending[1:]
			if !seen[p] {
				seen[p] = true
				pending = append(pending, before(h, p)...)
			}
		}
	}
	return seen
}

// before are the transactions that t reads from and the earlier ones of its session.
func before(h *wr.History, t int32) []int32 {
	var found []int32
	for _, e := range h.Of(t) {
		if e.From >= 0 {
			found = append(found, e.From)
		}
	}
	for u := range t {
		if h.Session[u] == h.Session[t] {
			found = append(found, u)
		}
	}
	return found
}

func writes(h *wr.History, t, key int32) bool {
	for _, e := range h.Of(t) {
		if e.IsWrite() && e.Key == key {
			return true
		}
	}
	return false
}

// pairs are all pairs of transactions that a level demands to be in order, and stale tells whether a read of an initial value breaks it.
func pairs(h *wr.History, level Level) (demanded [][2]int32, stale bool) {
	for t := range int32(h.Len()) {
		for _, p := range before(h, t) {
			demanded = append(demanded, [2]int32{p, t})
		}
		for i, e := range h.Of(t) {
			if e.IsWrite() {
				continue
			}
			for u := range sees(h, level, t, i) {
				switch {
				case u == e.From || !writes(h, u, e.Key):
				case e.From == wr.Initial:
					stale = true
				default:
					demanded = append(demanded, [2]int32{u, e.From})
				}
			}
		}
	}
	return demanded, stale
}

// holds tells whether an order of all transactions is a commit order of the level.
func holds(h *wr.History, level Level, order []int32) bool {
	demanded, stale := pairs(h, level)
	position := make([]int, h.Len())
	for i, t := range order {
		position[t] = i
	}
	for _, p := range demanded {
		if position[p[0]] >= position[p[1]] {
			return false
		}
	}
	return !stale && len(order) == h.Len()
}

// possible tries every order.
func possible(h *wr.History, level Level) bool {
	demanded, stale := pairs(h, level)
	if stale {
		return false
	}
	n := h.Len()
	position := make([]int, n)
	used := make([]bool, n)
	var place func(t int) bool
	place = func(t int) bool {
		if t == n {
			for _, p := range demanded {
				if position[p[0]] >= position[p[1]] {
					return false
				}
			}
			return true
		}
		for i := range n {
			if !used[i] {
				used[i], position[t] = true, i
				if place(t + 1) {
					return true
				}
				used[i] = false
			}
		}
		return false
	}
	return place(0)
}

// random draws a history of whatever kind: reads are from any writer of their key.
func random(r *rand.Rand, transactions, sessions, keys, events int) *wr.History {
	type draft struct{ events []wr.Event }
	drafts := make([]draft, transactions)
	writers := make([][]int32, keys)
	for t := range drafts {
		for range 1 + r.IntN(events) {
			e := wr.Event{Key: int32(r.IntN(keys)), From: wr.Initial}
			if r.IntN(2) == 0 {
				e.From = wr.Write
				writers[e.Key] = append(writers[e.Key], int32(t))
			}
			drafts[t].events = append(drafts[t].events, e)
		}
	}
	h := &wr.History{First: []int32{0}, Keys: keys}
	for t, d := range drafts {
		h.Session = append(h.Session, int32(r.IntN(sessions)))
		for _, e := range d.events {
			if w := writers[e.Key]; !e.IsWrite() && len(w) > 0 && r.IntN(8) > 0 {
				if from := w[r.IntN(len(w))]; from != int32(t) {
					e.From = from
				}
			}
			h.Events = append(h.Events, e)
		}
		h.First = append(h.First, int32(len(h.Events)))
	}
	return h
}

// replicated draws a history of replicas that apply what they hear of in any order that keeps causes first, and so is causal; broken makes it
// lose a little of that.
func replicated(r *rand.Rand, transactions, sessions, keys, events int, broken bool) *wr.History {
	h := &wr.History{First: []int32{0}, Keys: keys}
	state := make([][]int32, sessions) // the latest transaction that each replica shows, by key
	heard := make([]int, sessions)
	for s := range state {
		state[s] = make([]int32, keys)
		for k := range state[s] {
			state[s][k] = wr.Initial
		}
	}
	for t := range int32(transactions) {
		s := r.IntN(sessions)
		for ; heard[s] < int(t) && r.IntN(6) > 0; heard[s]++ {
			for _, e := range h.Of(int32(heard[s])) {
				if e.IsWrite() && (!broken || r.IntN(50) > 0) {
					state[s][e.Key] = max(state[s][e.Key], int32(heard[s]))
				}
			}
		}
		h.Session = append(h.Session, int32(s))
		wrote := map[int32]bool{}
		for range 1 + r.IntN(events) {
			key := int32(r.IntN(keys))
			switch {
			case r.IntN(2) == 0:
				h.Events = append(h.Events, wr.Event{Key: key, From: wr.Write})
				wrote[key] = true
			case !wrote[key]:
				h.Events = append(h.Events, wr.Event{Key: key, From: state[s][key]})
			}
		}
		for key := range wrote {
			state[s][key] = t
		}
		h.First = append(h.First, int32(len(h.Events)))
	}
	return h
}
