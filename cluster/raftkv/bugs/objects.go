package bugs

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
	"faultline/history"
)

// Bugs in sets, counters, queues, ids and logs.
var onObjects = []bug{
	{Bug: cluster.Bug{
		Name:    "add-overwrites",
		Summary: "a leader reads a set or a counter when an add arrives, and replaces the whole by what it read plus the addition",
		Why: "An add between the read and the replacement is lost. Sets kept as one value, and counters that are read, incremented and written " +
			"back, lose updates unless something compares.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "set", Ops: []string{setAdd, counterAdd}, Canary: true},
		parts: raftkv.Parts{Write: readBeforeAdd, FSM: applying(addOverwrites)}},
	{Bug: cluster.Bug{
		Name:    "increase-in-two-steps",
		Summary: "a leader increments a copy of a counter that is up to a quarter of a second old, and replaces the counter by it",
		Why: "Increments in between are undone: a client increments a count and gets the count that it has seen before. So does an application " +
			"that reads a number from a cache, adds one and writes it back.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "monotonic", Ops: []string{counterIncrease}, Canary: true},
		parts: raftkv.Parts{Write: increaseOldCopy, FSM: applying(increaseOverwrites)}},
	{Bug: cluster.Bug{
		Name:    "first-page-only",
		Summary: "a read of a set returns its first 20 elements",
		Why: "A truncated result looks like a complete one. A search in Elasticsearch returns ten hits unless it asks for more, and SSCAN in " +
			"Redis a part and a cursor.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "set", Ops: []string{setRead}},
		parts: raftkv.Parts{Read: firstPageOnly}},
	{Bug: cluster.Bug{
		Name:    "dequeue-repeated",
		Summary: "a dequeue that a client sends again takes another element",
		Why: "The first element went out with a lost answer, and nobody has it. Queues that remove an element when they send it deliver at " +
			"most once; those that wait for an acknowledgement deliver at least once.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "queue", Ops: []string{dequeue}},
		parts: raftkv.Parts{FSM: applying(dequeueRepeated)}},
	{Bug: cluster.Bug{
		Name:    "early-answer",
		Summary: "a leader answers a dequeue, a generate or a send from its state when the request arrives, and then applies it",
		Why: "Two concurrent requests get the same answer: the same element, the same id, the same offset. An answer must come from where the " +
			"command took effect.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "queue", Ops: []string{dequeue, generate, ops.Send}, Canary: true},
		parts: raftkv.Parts{Write: earlyAnswer}},
	{Bug: cluster.Bug{
		Name:    "ids-in-memory",
		Summary: "each leader counts ids in its own memory, starting from the state in which it begins to lead",
		Why: "The next leader starts where this one started. Ids must be reserved in the log before they are given out, in blocks if that is " +
			"too slow.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "unique-ids", Ops: []string{generate}},
		parts: raftkv.Parts{Write: idsInMemory}},
	{Bug: cluster.Bug{
		Name:    "poll-from-snapshot",
		Summary: "a node that starts from a snapshot serves consumers from the end of the snapshot's log",
		Why: "The records in the snapshot exist, and are not delivered. By Kafka's default, auto.offset.reset=latest, a consumer without a " +
			"known position starts at the newest record.",
		File: "cluster/raftkv/bugs/objects.go", Workload: "stream", Ops: []string{ops.Poll}},
		parts: raftkv.Parts{Config: oftenSnapshots, Read: pollFromSnapshot}},
}

var (
	setAdd          = ops.Of(ops.Set, ops.Add)
	setRead         = ops.Of(ops.Set, ops.Read)
	counterAdd      = ops.Of(ops.Counter, ops.Add)
	counterIncrease = ops.Of(ops.Counter, ops.Increase)
	counterRead     = ops.Of(ops.Counter, ops.Read)
	dequeue         = ops.Of(ops.Queue, ops.Dequeue)
	generate        = ops.Of(ops.IDs, ops.Generate)
	transaction     = ops.Of(ops.Transaction, ops.Txn)
)

// adds are the objects that are added to: what reads them, by what adds to them.
var adds = map[string]struct{ object, read string }{
	setAdd:     {ops.Set, setRead},
	counterAdd: {ops.Counter, counterRead},
}

// readBeforeAdd puts what the leader has into the command.
func readBeforeAdd(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if added, ok := adds[c.Name]; ok {
			c.Old = n.Local(&raftkv.Command{Op: raftkv.OpQuery, Name: added.read, Key: c.Key}).Value
		}
		return next(c)
	}
}

// addOverwrites adds to what the command has. A read of a set or a counter returns what encodes it.
func addOverwrites(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		if added, ok := adds[c.Name]; ok && isNew(answer, l) {
			changeOverwritten(n, &c, added.object)
		}
		return answer
	}
}

// changeOverwritten carries out a command on an object that is overwritten by what the command has.
func changeOverwritten(n *raftkv.Node, c *raftkv.Command, object string) (found objects.Answer) {
	n.FSM().Change(func(s *raftkv.State) {
		overwrite(s.Objects(), objects.ID{Type: object, Key: c.Key}, c.Old)
		found = s.Objects().Call(objects.Call{Name: c.Name, Key: c.Key, Argument: c.New})
	})
	return found
}

func increaseOldCopy(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	lookup := oldCopy(n)
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if c.Name == counterIncrease {
			c.Old = lookup(&raftkv.Command{Op: raftkv.OpQuery, Name: counterRead, Key: c.Key}).Value
		}
		return next(c)
	}
}

func increaseOverwrites(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		if r, _ := answer.(raftkv.Result); c.Name == counterIncrease && isNew(answer, l) {
			r.Value = changeOverwritten(n, &c, ops.Counter).Value.String()
			return r
		}
		return answer
	}
}

// isNew reports whether a command was carried out now, and is not one that was sent again.
func isNew(answer any, l *raft.Log) bool {
	r, ok := answer.(raftkv.Result)
	return ok && r.Index == l.Index
}

// overwrite gives an object another state, by its encoding.
func overwrite(s objects.State, id objects.ID, encoding string) {
	other, err := objects.Decode(fmt.Appendf(nil, "{%q:%s}", id, encoding))
	if err == nil {
		maps.Copy(s, other)
	}
}

// look reads an object's state on a node; it is the zero value if there is no such object.
func look[T any](n *raftkv.Node, id objects.ID) (state T) {
	n.FSM().Change(func(s *raftkv.State) {
		if object, ok := s.Objects()[id]; ok {
			state = stateOf[T](object)
		}
	})
	return state
}

func stateOf[T any](object objects.Object) (state T) {
	encoding, _ := object.MarshalJSON() // what objects hold can be encoded
	_ = json.Unmarshal(encoding, &state)
	return state
}

func firstPageOnly(_ *raftkv.Node, next raftkv.Read) raftkv.Read {
	const page = 20
	return func(r *raftkv.Request) (raftkv.Result, error) {
		found, err := next(r)
		if elements, _ := objects.Parsed(found.Value).List(); r.Command.Name == setRead && len(elements) > page {
			found.Value = history.ListValue(elements[:page]...).String()
		}
		return found, err
	}
}

func dequeueRepeated(_ *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		if c, ok := raftkv.DecodeCommand(l); ok && c.Name == dequeue {
			c.Client, c.Serial = nobody, l.Index // which no entry had before
			l = raftkv.EncodeCommand(l, c)
		}
		return next(l)
	}
}

func earlyAnswer(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		foretold, known := foretell(n, c)
		found, err := next(c)
		if known && err == nil {
			found.Value = foretold.String()
		}
		return found, err
	}
}

// foretell is what a command would be answered by a node's own state.
func foretell(n *raftkv.Node, c *raftkv.Command) (answer history.Value, known bool) {
	switch c.Name {
	case dequeue:
		waiting := look[[]int64](n, objects.ID{Type: ops.Queue, Key: c.Key})
		if len(waiting) == 0 {
			return history.NilValue(), true
		}
		return history.IntValue(waiting[0]), true
	case generate:
		return history.IntValue(look[int64](n, objects.ID{Type: ops.IDs, Key: c.Key}) + 1), true
	case ops.Send:
		records := look[[]int64](n, objects.ID{Key: c.Key})
		return ops.Record{Offset: int64(len(records)), Value: objects.Parsed(c.New)}.Encode(), true
	default:
		return answer, false
	}
}

func idsInMemory(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	var last atomic.Int64
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if c.Name != generate || n.Ready() == 0 {
			return next(c)
		}
		return raftkv.Result{Matched: true, Present: true, Value: history.IntValue(last.Add(1)).String()}, nil
	}
}

// pollFromSnapshot knows how long logs were when the node began to serve, which is after it has restored a snapshot.
func pollFromSnapshot(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	begins := map[string]int64{}
	n.FSM().Change(func(s *raftkv.State) {
		for id, object := range s.Objects() {
			if id.Type == "" {
				begins[id.Key] = int64(len(stateOf[[]int64](object)))
			}
		}
	})
	return func(r *raftkv.Request) (raftkv.Result, error) {
		from, _ := objects.Parsed(r.Command.New).Int()
		if begin := begins[r.Command.Key]; r.Command.Name == ops.Poll && from < begin {
			later := *r
			later.Command.New = history.IntValue(begin).String()
			return next(&later)
		}
		return next(r)
	}
}
