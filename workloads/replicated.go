package workloads

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/replicated"
	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// replicas has clients update and read objects of replicated data types, each in a session of its own for each object. An object that has had enough
// updates is left alone, and another takes its place: what has to be read and judged stays small. In the end every object is read
// near every node.
type replicas struct {
	hotKey
	family  family
	objects []*replica // in use
	used    []*replica // all, in the order in which they came into use
}

// replica is an object that clients update.
type replica struct {
	dataType, key string
	updates       int // that were asked for
}

// family are data types with which clients do the same.
type family struct {
	types []string
	// update draws one, in a session; false if the client has to read first.
	update func(t *replicasThread, s *view) (f string, argument history.Value, ok bool)
}

var replicatedFamilies = []Info{
	replicatedInfo("crdt-set", "clients change sets at all replicas at once; a set follows from the updates that it has seen (add-wins, two-phase)",
		"Clients add elements to sets and remove what they have read there: add-wins (observed-remove) and two-phase sets.",
		"A union that brings back removed elements; a remove that removes an add that it has not seen.",
		family{[]string{ops.ORSet, ops.TwoPhaseSet}, updateSet}),
	replicatedInfo("crdt-counter", "clients change counters at all replicas at once; a count is the sum of the updates that it has seen",
		"Clients add to counters of two types, one of which only grows.",
		"A message that is counted twice; counts that are summed instead of compared.",
		family{[]string{ops.PNCounter, ops.GCounter}, updateCounter}),
	replicatedInfo("crdt-register", "clients write registers at all replicas at once; the last write stays, or every write that no other has seen",
		"Clients write registers of two types: one keeps the last write, the other all concurrent writes.",
		"Ties that each replica breaks in its own way; a write that overwrites what its client has not seen.",
		family{[]string{ops.MVRegister, ops.LWWRegister}, updateRegister}),
	replicatedInfo("crdt-map", "clients put and remove keys of maps at all replicas at once; a put stays unless a remove has seen it",
		"Clients put values under keys of maps, and remove keys that they have read there.",
		"A remove that removes a put that it has not seen; keys that come back.",
		family{[]string{ops.ORMap}, updateMap}),
	replicatedInfo("crdt-text", "clients edit texts at all replicas at once; all replicas see one order, and characters typed in a row stay together",
		"Clients read texts, and type and delete in them, several characters in a row, forwards or backwards.",
		"Positions for characters alone, so that the words of two clients are interleaved character by character (Kleppmann and others 2019).",
		family{[]string{ops.Text}, updateText}),
	replicatedInfo("crdt-tree", "clients move nodes of trees at all replicas at once; no node is ever below itself",
		"Clients move nodes of trees below other nodes.",
		"Two concurrent moves that each put one node below the other: a cycle that hangs on nothing.",
		family{[]string{ops.Tree}, updateTree}),
}

// replicatedInfo is the workload of a family.
func replicatedInfo(name, doc, clients, breaks string, f family) Info {
	w := Info{Name: name, Doc: doc, Breaks: breaks,
		Clients: clients + " With each update a client says which others it has seen. In the end they read every object through every node.",
		Holds: "An answer says which updates it follows from: all that its client has seen before, with all that those updates had seen, and none that failed. Its " +
			"value is what the type makes of them. In the end all replicas have every acknowledged update. See [replicated data types](#replicated-data-types).",
		Keyed: true, Models: EventualModel,
		Open: func(o Options) Workload { return newReplicas(f, o) }}
	for _, t := range f.types {
		for _, op := range replicatedOps[t] {
			w.Ops = append(w.Ops, ops.Of(t, op))
		}
	}
	return w
}

// replicatedOps are the operations of each type.
var replicatedOps = map[string][]string{
	ops.GCounter:    {ops.Add, ops.Read},
	ops.PNCounter:   {ops.Add, ops.Read},
	ops.LWWRegister: {ops.Write, ops.Read},
	ops.MVRegister:  {ops.Write, ops.Read},
	ops.TwoPhaseSet: {ops.Add, ops.Remove, ops.Read},
	ops.ORSet:       {ops.Add, ops.Remove, ops.Read},
	ops.ORMap:       {ops.Put, ops.Remove, ops.Read},
	ops.Text:        {ops.Insert, ops.Delete, ops.Read},
	ops.Tree:        {ops.Move, ops.Read},
}

func newReplicas(f family, o Options) *replicas {
	w := &replicas{hotKey: hotKey{usual: o.HotKey}, family: f}
	for i := range keyNames(o) {
		w.objects = append(w.objects, nil)
		w.renew(i)
	}
	return w
}

// renew puts an object in the place of one that has had enough updates.
func (w *replicas) renew(i int) {
	t := w.family.types[i%len(w.family.types)]
	w.objects[i] = &replica{dataType: t, key: fmt.Sprintf("%s/%d", t, len(w.used)+1)}
	w.used = append(w.used, w.objects[i])
}

func (w *replicas) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &replicasThread{thread: newThread(c), name: fmt.Sprintf("c%d", c.Thread), workload: w, sessions: map[*replica]*view{}}
		}},
		ReadNearEachNode(func() (all []cluster.Op) {
			for _, o := range w.used {
				all = append(all, o.read(nil))
			}
			return all
		}),
	}
}

func (*replicas) Checkers() []checker.Checker { return []checker.Checker{replicated.Checker()} }

func (o *replica) read(seen logical.Vector) cluster.Op {
	return cluster.Op{Object: o.dataType, F: ops.Read, Key: o.key, Value: ops.EncodeVector(seen)}
}

// view is what a client has before it of an object, in one session. The name of the session is that of the actor of its updates. It ends with an operation that is not
// acknowledged: another session begins with nothing, maybe at another node.
type view struct {
	actor string
	seen  logical.Vector // what it has read, and its own updates
	value history.Value  // what it has read last; None if it has read nothing
	text  []string       // of a text, what it has before it: the names of the characters
	run   run
}

// replicasThread is what a client does.
type replicasThread struct {
	thread
	name     string
	workload *replicas
	sessions map[*replica]*view
	begun    int      // how many sessions it has begun
	typing   *replica // the text in which it is in the middle of a run; nil if in none
	asked    *replica // what its operation is on
}

const (
	shareOfReplicatedReads = 0.35
	updatesMost            = 40 // of an object, before another takes its place
)

func (t *replicasThread) Next() (cluster.Op, bool) {
	w := t.workload
	if t.asked = t.typing; t.asked == nil {
		i := w.pick(t.draw, len(w.objects))
		if w.objects[i].updates >= updatesMost {
			w.renew(i)
		}
		t.asked = w.objects[i]
	}
	s := t.session(t.asked)
	if t.typing == nil && t.draw.Float64() < shareOfReplicatedReads {
		return t.asked.read(s.seen), true
	}
	f, argument, ok := w.family.update(t, s)
	if !ok {
		return t.asked.read(s.seen), true
	}
	t.asked.updates++
	u := ops.Update{Dot: logical.Dot{Node: s.actor, N: s.seen[s.actor] + 1}, Context: s.seen, Argument: argument}
	return cluster.Op{Object: t.asked.dataType, F: f, Key: t.asked.key, Value: u.Encode()}, true
}

// session is the client's with an object.
func (t *replicasThread) session(o *replica) *view {
	if t.sessions[o] == nil {
		t.begun++
		t.sessions[o] = &view{actor: fmt.Sprintf("%s.%d", t.name, t.begun), seen: logical.Vector{}}
	}
	return t.sessions[o]
}

// Done has the session learn what it was told.
func (t *replicasThread) Done(op cluster.Op, out cluster.Outcome) {
	s := t.sessions[t.asked]
	told, err := ops.DecodeSeen(out.Value)
	if out.Type != history.OK || err != nil {
		delete(t.sessions, t.asked)
		t.typing = nil
		return
	}
	if op.F == ops.Read {
		s.seen.Merge(told.Version)
		s.value, s.text = told.Value, texts(told.Value)
		return
	}
	u, _ := ops.DecodeUpdate(op.Value) // its own
	s.seen[u.Node] = u.N
	s.edited(op.F, u)
}

// elements draws one of a set, or of the keys of a map, that the client has read; false if there was none.
func (t *replicasThread) element(s *view) (history.Value, bool) {
	var all []history.Value
	if entries, ok := s.value.Map(); ok {
		for _, e := range entries {
			all = append(all, e[0])
		}
	} else {
		all, _ = s.value.List()
	}
	if len(all) == 0 {
		return history.Value{}, false
	}
	return all[t.draw.IntN(len(all))], true
}

// The shares of removes in all updates of sets and maps, and of how many elements, keys and nodes there are.
const (
	shareOfElementRemoves = 0.4
	elementsOfSets        = 5
	elementsOfTwoPhase    = 20 // they do not come back
	keysOfMaps            = 4
	nodesOfTrees          = 6
)

func updateSet(t *replicasThread, s *view) (string, history.Value, bool) {
	if e, there := t.element(s); there && t.draw.Float64() < shareOfElementRemoves {
		return ops.Remove, e, true
	}
	n := int64(elementsOfSets)
	if t.asked.dataType == ops.TwoPhaseSet {
		n = elementsOfTwoPhase
	}
	return ops.Add, history.IntValue(1 + t.draw.Int64N(n)), true
}

func updateCounter(t *replicasThread, _ *view) (string, history.Value, bool) {
	n := 1 + t.draw.Int64N(addsMost)
	if t.asked.dataType == ops.PNCounter && t.draw.IntN(2) == 0 {
		n = -n
	}
	return ops.Add, history.IntValue(n), true
}

func updateRegister(t *replicasThread, _ *view) (string, history.Value, bool) {
	return ops.Write, history.IntValue(t.unique()), true
}

func updateMap(t *replicasThread, s *view) (string, history.Value, bool) {
	if key, there := t.element(s); there && t.draw.Float64() < shareOfElementRemoves {
		return ops.Remove, key, true
	}
	return ops.Put, history.PairValue(1+t.draw.Int64N(keysOfMaps), t.unique()), true
}

func updateTree(t *replicasThread, _ *view) (string, history.Value, bool) {
	child := 1 + t.draw.Int64N(nodesOfTrees)
	parent := t.draw.Int64N(nodesOfTrees)
	if parent >= child {
		parent++
	}
	return ops.Move, history.PairValue(child, parent), true
}
