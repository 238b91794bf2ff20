package ladder

// met is what a session has met of a key. Where it counts which version is the newest, it is the one that was invoked last,
// and that is where it was invoked; -1 if there is none.
type met struct {
	read, wrote int32 // by the session itself
	// What another session had read and written before it wrote something that this session read.
	readBefore, wroteBefore int32
	last                    int32 // the version that the session read last
}

// sessions compares what each session reads with what it has met.
func (m *Measures) sessions(w *dated) {
	keys := make([]met, len(w.keys))
	known := make([]int32, len(w.sessions))
	for s := range w.sessions {
		for k := range keys {
			keys[k] = met{-1, -1, -1, -1, nothing}
		}
		for q := range known {
			known[q] = w.sessions[q].begin
		}
		v := &visit{dated: w, session: int32(s), keys: keys, known: known, read: map[version]bool{}}
		for i := w.sessions[s].begin; i < w.sessions[s].end; i++ {
			if w.op(i).F == "read" && w.ops[i].from != thinAir {
				m.judge(v, i)
			}
			v.meet(i)
		}
	}
}

// visit goes through one session.
type visit struct {
	*dated
	session int32
	keys    []met   // by key
	known   []int32 // by session, the first op of which the visited one does not know
	read    map[version]bool
}

// judge counts what a read breaks.
func (m *Measures) judge(v *visit, i int32) {
	o := &v.ops[i]
	k := &v.keys[o.key]
	certain := v.certain(o.from)
	if certain < k.read || k.last != nothing && k.last != o.from && v.read[version{o.key, o.from}] {
		m.Violations.MonotonicReads++
	}
	if certain < k.wrote {
		m.Violations.ReadYourWrites++
	}
	if certain < k.readBefore {
		m.Violations.WritesFollowReads++
	}
	if certain < k.wroteBefore {
		m.Violations.MonotonicWrites++
	}
}

// meet adds an op to what the session has met.
func (v *visit) meet(i int32) {
	o := &v.ops[i]
	k := &v.keys[o.key]
	if (o.from >= 0 || o.from == initial) && v.op(i).F != "cas" { // what monotonic reads are about
		v.read[version{o.key, o.from}] = true
		k.last = o.from
		if o.from >= 0 {
			k.read = max(k.read, v.begun[o.from])
		}
	}
	if o.from >= 0 {
		v.learn(o.from)
	}
	if o.writes {
		k.wrote = max(k.wrote, v.begun[i])
	}
}

// learn adds what another session had done before it wrote what was read now.
func (v *visit) learn(written int32) {
	s := v.ops[written].session
	if s == v.session {
		return
	}
	for ; v.known[s] <= written; v.known[s]++ {
		o := &v.ops[v.known[s]]
		k := &v.keys[o.key]
		if o.from >= 0 {
			k.readBefore = max(k.readBefore, v.begun[o.from])
		}
		if o.writes && v.known[s] < written {
			k.wroteBefore = max(k.wroteBefore, v.begun[v.known[s]])
		}
	}
}
