package weak

import (
	"slices"

	"faultline/checker/txn/internal/wr"
)

// inferDirect infers what read committed and read atomic ask for: both look no further than at whom a transaction reads from, and at
// its session. It returns false if stop is closed before that is done.
func (r *relation) inferDirect(level Level) (done bool) {
	d := &direct{r: r, writes: newWriteSets(r.h), reads: newReadTable(r.h.Keys), met: make([]int32, r.h.Len())}
	for t := range int32(r.h.Len()) {
		if t%pollEvery == 0 && r.stopped() {
			return false
		}
		if level == ReadCommitted {
			d.committed(t)
		} else {
			d.atomic(t)
		}
	}
	if level == ReadAtomic {
		r.inferSessions()
	}
	return true
}

// direct is what inferDirect needs to know.
type direct struct {
	r       *relation
	writes  writeSets
	reads   *readTable
	met     []int32 // 1 more than the last transaction that was found to read from this one
	leaders []int32 // positions of the first read from each transaction
}

// committed goes through the reads of a transaction from the last to the first, so that the table has those that are still to come. Only
// the next read of each key matters: what is read after that follows by the same rule.
func (d *direct) committed(t int32) {
	events := d.r.h.Of(t)
	d.findLeaders(t, events)
	d.reads.clear()
	for i := int32(len(events)) - 1; i >= 0; i-- {
		e := events[i]
		if e.IsWrite() {
			continue
		}
		if n := len(d.leaders); n > 0 && d.leaders[n-1] == i {
			d.leaders = d.leaders[:n-1]
			d.meet(e.From, func(key int32) {
				if to := d.reads.other(key, e.From); to != nobody {
					d.r.infer(inference{from: e.From, to: to, reader: t, key: key})
				}
			})
		}
		d.reads.add(e)
	}
}

// atomic infers from all pairs of reads. A key that was read from two transactions makes a cycle of these, so a third does not matter.
func (d *direct) atomic(t int32) {
	events := d.r.h.Of(t)
	d.findLeaders(t, events)
	d.reads.clear()
	for _, e := range events {
		if !e.IsWrite() {
			d.reads.add(e)
		}
	}
	for _, i := range d.leaders {
		from := events[i].From
		d.meet(from, func(key int32) {
			for _, to := range d.reads.of(key) {
				if to != from && to != nobody {
					d.r.infer(inference{from: from, to: to, reader: t, key: key})
				}
			}
		})
	}
}

// findLeaders finds the first read from each transaction.
func (d *direct) findLeaders(t int32, events []wr.Event) {
	d.leaders = d.leaders[:0]
	for i, e := range events {
		if e.From >= 0 && d.met[e.From] != t+1 {
			d.met[e.From] = t + 1
			d.leaders = append(d.leaders, int32(i))
		}
	}
}

// meet calls f for each key that a transaction writes and the table has. It goes through the fewer of them, which is what keeps the
// whole below n^1.5. The table is asked about a few keys in the time in which one is searched for among those that were written.
func (d *direct) meet(writer int32, f func(key int32)) {
	const few = 8
	written := d.writes.of(writer)
	if len(written) <= few*len(d.reads.keys) {
		for _, key := range written {
			if d.reads.has(key) {
				f(key)
			}
		}
		return
	}
	for _, key := range d.reads.keys {
		if _, found := slices.BinarySearch(written, key); found {
			f(key)
		}
	}
}

// inferSessions infers from a read of a key after a write of it in the same session, for read atomic. Only the last write matters.
func (r *relation) inferSessions() {
	type write struct{ session, by int32 } // the session counts from 1
	last := make([]write, r.h.Keys)
	for _, t := range r.sessions.members {
		session := r.h.Session[t] + 1
		for _, e := range r.h.Of(t) {
			if w := last[e.Key]; !e.IsWrite() && w.session == session && w.by != e.From {
				r.infer(inference{from: w.by, to: e.From, reader: t, key: e.Key})
			}
		}
		for _, e := range r.h.Of(t) {
			if e.IsWrite() {
				last[e.Key] = write{session, t}
			}
		}
	}
}

// writeSets are the keys that each transaction writes, in order.
type writeSets struct {
	keys  []int32
	first []int32
}

func newWriteSets(h *wr.History) writeSets {
	writes := 0
	for _, e := range h.Events {
		if e.IsWrite() {
			writes++
		}
	}
	w := writeSets{first: make([]int32, h.Len()+1), keys: make([]int32, 0, writes)}
	for t := range int32(h.Len()) {
		start := len(w.keys)
		for _, e := range h.Of(t) {
			if e.IsWrite() {
				w.keys = append(w.keys, e.Key)
			}
		}
		slices.Sort(w.keys[start:])
		w.keys = w.keys[:start+len(slices.Compact(w.keys[start:]))]
		w.first[t+1] = int32(len(w.keys))
	}
	return w
}

func (w writeSets) of(t int32) []int32 { return w.keys[w.first[t]:w.first[t+1]] }

// nobody stands for no read.
const nobody = wr.Write

// readTable is from whom each key was read: the two last ones that differ.
type readTable struct {
	round int32
	made  []int32 // the round of each key's entry
	froms [][2]int32
	keys  []int32 // of this round
}

func newReadTable(keys int) *readTable {
	return &readTable{made: make([]int32, keys), froms: make([][2]int32, keys)}
}

func (r *readTable) clear() {
	r.round++
	r.keys = r.keys[:0]
}

func (r *readTable) has(key int32) bool { return r.made[key] == r.round }

func (r *readTable) of(key int32) [2]int32 { return r.froms[key] }

func (r *readTable) add(e wr.Event) {
	f := &r.froms[e.Key]
	switch {
	case !r.has(e.Key):
		r.made[e.Key], *f = r.round, [2]int32{e.From, nobody}
		r.keys = append(r.keys, e.Key)
	case f[0] != e.From:
		f[0], f[1] = e.From, f[0]
	}
}

// other is from whom a key was read last, of those other than t; nobody if from t alone.
func (r *readTable) other(key, t int32) int32 {
	if f := r.froms[key]; f[0] != t {
		return f[0]
	} else {
		return f[1]
	}
}
