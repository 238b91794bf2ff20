package ladder

// breach is how a history breaks a model: the rule, the edges of a cycle, and what else is needed to see it.
type breach struct {
	rule  string
	cycle []edge
	ops   []int32
	refs  []int32 // the operations that it rests on
}

// restsOn adds the operations of some ops.
func (b *breach) restsOn(r *reading, ops []int32) *breach {
	for _, i := range ops {
		b.refs = append(b.refs, r.ops[i].ref)
	}
	return b
}

// renumber gives the ops of a part the numbers that they have in the whole.
func (b *breach) renumber(part, whole *reading) {
	number := map[int32]int32{}
	for i := range whole.bound.UpTo(len(whole.ops)) {
		number[whole.ops[i].ref] = int32(i)
	}
	change := func(i *int32) {
		if *i >= 0 {
			*i = number[part.ops[*i].ref]
		}
	}
	for i := range b.cycle {
		e := &b.cycle[i]
		change(&e.from)
		change(&e.to)
		change(&e.by[0])
		change(&e.by[1])
	}
}

// The rules that are not bad patterns of a causal model.
const (
	ruleThinAir   = "ThinAirRead"
	ruleMonotonic = "NonMonotonicRead"
	ruleOwnWrites = "MissedOwnWrite"
	ruleFollows   = "WriteBeforeRead"
)

// readFromThinAir finds a read of what nobody can have written. It breaks every model that says where values come from.
func (r *reading) readFromThinAir() *breach {
	for i := range r.bound.UpTo(len(r.ops)) {
		if r.ops[i].from == thinAir {
			return &breach{rule: ruleThinAir, ops: []int32{int32(i)}}
		}
	}
	return nil
}

// The guarantees of Terry and others 1994 (Session Guarantees for Weakly Consistent Replicated Data) speak of the writes
// that a server has when it serves a read. What a client sees of that are versions: a history keeps a guarantee if servers
// that give it can have answered so. Each guarantee is taken for itself, which asks for little:
//
//   - Monotonic reads and read your writes: for each session and key the versions have an order, the initial one
//     first, in which what the session did goes forward. In both orders its own writes come after what it had read
//     and written before. Under the first a later read sees no earlier version than an earlier read did, under the
//     second no earlier version than the session wrote before. What other sessions saw plays no part: servers need not agree
//     on the order of writes that do not know of each other.
//   - Monotonic writes: all writes have an order that keeps that of each session. They always have. A read of one key
//     shows nothing of the order in which its server got the writes before the one that it saw; what two reads show
//     of it follows only if the second is known to be served from no less than the first, which is monotonic reads. Together they
//     are PRAM. So nothing but a read from thin air breaks this one by itself.
//   - Writes follow reads: all writes have an order in which what a session had read comes before what it writes.

// monotonicReads looks for a session that went back to an earlier version of a key. It is about reads. A cas is an update,
// carried out by a node that may change the key: the session's next read need not see what the cas found there, just as it
// need not see what the session wrote.
func (r *reading) monotonicReads() *breach {
	return r.eachSession(guarantee{ruleMonotonic, func(l *line, s sight) {
		if r.op(s.by).F == "cas" {
			return
		}
		l.forward(l.reads, s)
		l.reads = append(l.reads[:0], s) // what came before it comes before what follows it, too
	}, func(*line) {}})
}

// readYourWrites looks for a session that read an earlier version of a key than it had written.
func (r *reading) readYourWrites() *breach {
	return r.eachSession(guarantee{ruleOwnWrites, func(l *line, s sight) {
		l.forward(l.writes, s)
		l.reads = append(l.reads, s)
	}, func(l *line) {
		l.reads = l.reads[:0] // they come before this write, and it before what follows
	}})
}

// guarantee is one that is kept or broken by a session alone.
type guarantee struct {
	rule  string
	read  func(*line, sight)
	wrote func(*line)
}

// version is a value that a key had: the op that wrote it, or initial.
type version struct{ key, writer int32 }

// sight is an op of a session that read or wrote a version.
type sight struct {
	version
	by int32
}

// line is what a session did to a key, as far as it says what comes before what follows.
type line struct {
	graph  *versions
	reads  []sight // before which no later write of the session may come
	writes []sight // the last write
}

// forward says that a version comes after those of some sights.
func (l *line) forward(before []sight, to sight) {
	for _, from := range before {
		l.graph.forward(from, to)
	}
}

// eachSession takes each session and key for itself.
func (r *reading) eachSession(q guarantee) *breach {
	for _, s := range r.sessions {
		g := &versions{graph: graph{bound: r.bound}, numbers: map[version]int32{}}
		lines := map[int32]*line{}
		for i := s.begin; i < s.end; i++ {
			r.bound.Spend(8)
			o := &r.ops[i]
			l := lines[o.key]
			if l == nil {
				l = &line{graph: g}
				lines[o.key] = l
			}
			if o.reads() && o.from != thinAir {
				q.read(l, sight{version{o.key, o.from}, i})
			}
			if o.writes {
				own := sight{version{o.key, i}, i}
				l.forward(l.reads, own)
				l.forward(l.writes, own)
				l.writes = append(l.writes[:0], own)
				q.wrote(l)
			}
		}
		if c := g.cycle(); c != nil {
			return &breach{rule: q.rule, cycle: g.named(c)}
		}
	}
	return nil
}

// versions is a relation among the versions that a session saw.
type versions struct {
	graph
	numbers map[version]int32
	list    []version
}

func (g *versions) number(v version) int32 {
	n, ok := g.numbers[v]
	if !ok {
		n = int32(len(g.list))
		g.numbers[v] = n
		g.list = append(g.list, v)
		g.nodes++
	}
	return n
}

// forward says that one version comes before another. Of one version it says nothing, unless the session read it before it
// wrote it.
func (g *versions) forward(from, to sight) {
	if from.version == to.version && to.by != to.writer {
		return
	}
	g.edges = append(g.edges, edge{from: g.number(from.version), to: g.number(to.version), by: [2]int32{from.by, to.by}, why: goesForward})
	if to.writer == initial {
		g.edges = append(g.edges, edge{from: g.number(to.version), to: g.number(from.version), by: [2]int32{nothing, nothing}, why: begins})
	}
}

// named are edges between versions as edges between the ops that wrote them.
func (g *versions) named(edges []edge) []edge {
	for i := range edges {
		edges[i].from, edges[i].to = g.list[edges[i].from].writer, g.list[edges[i].to].writer
	}
	return edges
}

// writesFollowReads looks for writes that have no order in which what a session had read comes before what it wrote. In the
// graph each read is a node too, before the next read of its session and before its writes.
func (r *reading) writesFollowReads() *breach {
	n := int32(len(r.ops))
	g := &graph{bound: r.bound, nodes: 2 * len(r.ops)}
	for _, s := range r.sessions {
		last := nothing
		r.bound.Spend(int(s.end - s.begin))
		for i := s.begin; i < s.end; i++ {
			o := &r.ops[i]
			if o.from >= 0 {
				if last != nothing {
					g.add(n+last, n+i, programOrder)
				}
				g.add(o.from, n+i, readsFrom)
				last = i
			}
			if o.writes && last != nothing {
				g.add(n+last, i, programOrder)
			}
		}
	}
	c := g.cycle()
	if c == nil {
		return nil
	}
	return &breach{rule: ruleFollows, cycle: writesOnly(c, n)}
}

// writesOnly turns a cycle through reads, which are numbered from n, into one of writes.
func writesOnly(cycle []edge, n int32) []edge {
	for cycle[0].why != readsFrom { // every cycle goes through a write
		cycle = append(cycle[1:], cycle[0])
	}
	var short []edge
	for _, e := range cycle {
		if e.why == readsFrom {
			short = append(short, edge{from: e.from, by: [2]int32{e.to - n, nothing}, why: readBefore})
		}
		short[len(short)-1].to = e.to
	}
	return short
}
