package foreign

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"faultline/cluster"
	"faultline/cluster/foreign/description"
	"faultline/cluster/ops"
	"faultline/cluster/sim/kv"
	"faultline/history"
	"faultline/internal/nearest"
)

// ClientKind is what there is to know of a client without its code, which only worlds are linked with.
type ClientKind struct {
	Name    string // as in [client] kind
	Doc     string // in a line
	Package string // that registers it
	// ops are the operations that it understands, which may depend on its options.
	ops func(options map[string]string) []string
}

// clientModule is the module of all clients that come with Faultline.
const clientModule = "faultline/clients"

var clientKinds = []ClientKind{
	{"etcd", "etcd by its client v3", clientModule + "/etcd", always(slices.Concat(kv.Ops(),
		[]string{ops.Put, ops.Remove, ops.Watch, ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke, ops.Txn, ops.Digest, ops.Compact, ops.Defragment},
		on(ops.Set, ops.Add, ops.Read), on(ops.Queue, ops.Enqueue, ops.Dequeue), on(ops.IDs, ops.Generate),
		on(ops.Counter, ops.Add, ops.Read), on(ops.Bank, ops.Deposit, ops.Transfer, ops.Read), on(ops.Lock, ops.Acquire, ops.Release),
		on(ops.FencedLock, ops.Acquire, ops.Release, ops.FencedWrite, ops.Read), on(ops.Transaction, ops.Txn))...)},
	{"nats-kv", "a bucket of NATS JetStream by nats.go", clientModule + "/nats", always(slices.Concat(kv.Ops(),
		on(ops.Set, ops.Add, ops.Read), on(ops.Counter, ops.Add, ops.Read))...)},
	{"nats-stream", "streams of NATS JetStream by nats.go", clientModule + "/nats", always(slices.Concat([]string{ops.Send, ops.Fetch, ops.Poll},
		on(ops.Queue, ops.Enqueue, ops.Dequeue))...)},
	{"redis", "any server that speaks the protocol of Redis", clientModule + "/redis", always(slices.Concat(kv.Ops(),
		on(ops.Set, ops.Add, ops.Read), on(ops.Queue, ops.Enqueue, ops.Dequeue), on(ops.IDs, ops.Generate),
		on(ops.Counter, ops.Add, ops.Read), on(ops.Lock, ops.Acquire, ops.Release))...)},
	{"http", "a store behind HTTP; its options define the request of each operation", clientModule + "/http", optional(kv.Ops()...)},
}

// on are operations on a type of object.
func on(object string, functions ...string) (names []string) {
	for _, f := range functions {
		names = append(names, ops.Of(object, f))
	}
	return names
}

func always(names ...string) func(map[string]string) []string {
	return func(map[string]string) []string { return names }
}

// optional are the operations that have an option of their name.
func optional(names ...string) func(map[string]string) []string {
	return func(options map[string]string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return options[name] == "" })
	}
}

// ClientKinds are the clients that come with Faultline.
func ClientKinds() []ClientKind { return slices.Clone(clientKinds) }

// clientKindOf is the client that a description names: one that comes with Faultline, or one of its author.
func clientKindOf(d description.Description) (ClientKind, error) {
	if len(d.Client.Ops) > 0 {
		return ClientKind{Name: d.Client.Kind, Package: d.Client.Package, ops: always(d.Client.Ops...)}, nil
	}
	var names []string
	for _, k := range clientKinds {
		if k.Name == d.Client.Kind {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return ClientKind{}, fmt.Errorf("unknown client %q; %s; a client of your own needs package and ops too", d.Client.Kind, nearest.Hint(d.Client.Kind, names, "there are"))
}

// operations are what the client of a description understands, whatever the mode.
func (k ClientKind) operations(d description.Description) ([]string, error) {
	understood := k.ops(d.Client.Options)
	if len(understood) == 0 {
		return nil, errors.New("the options of the client say of no operation how it is put; give read and write at least")
	}
	return understood, nil
}

// clientErrors are what the errors of every client mean. What else a store answers is in the client's own words.
var clientErrors = []cluster.Error{
	{Name: "not sent", Definite: true, Why: "the client never handed the operation to a connection"},
	{Name: history.PreconditionFailed, Definite: true, Why: "the store compared, and found another value"},
	{Name: "timeout", Why: "no answer came in time; a read is fail, as it changes nothing"},
}

// probing is the operation by which it is seen whether a store serves: on registers a read or a write of a key of its own, on logs a
// record in one of its own, else "probe", which a client of another store has to understand.
func probing(understood []string) func(*rand.Rand) cluster.Op {
	has := func(op string) bool { return slices.Contains(understood, op) }
	switch {
	case has("read") && has("write"):
		return kv.Probe
	case has("read"):
		return func(*rand.Rand) cluster.Op { return kv.Probe(nil) }
	case has(ops.Send):
		return func(*rand.Rand) cluster.Op {
			return cluster.Op{F: ops.Send, Key: "faultline-probe", Value: history.IntValue(0)}
		}
	default:
		return func(*rand.Rand) cluster.Op { return cluster.Op{F: "probe"} }
	}
}
