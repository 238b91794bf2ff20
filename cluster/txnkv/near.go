package txnkv

import (
	"errors"
	"fmt"

	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// A transaction that only reads needs no leader, where the mode allows it to read a snapshot of some time ago: all that was committed up
// to an index is the same on every node that has applied it, and there is an order of the transactions in which it comes behind just
// these. With snapshot isolation alone there need not be one, so that it is isolated as all others; with conflicts there is one for safe
// snapshots (see package ssi).

var errSnapshotGone = errors.New("no-such-snapshot")

// snapshot names the snapshot that this node would have a transaction read.
func (r *replica) snapshot() rpc.Response {
	if r.mode.clocks {
		at := r.clock.latest()
		return rpc.Answer(0, fmt.Sprintf("time %d", at), answer{Index: at})
	}
	all, safe := r.machine.now()
	at := all
	if r.mode.conflicts {
		at = safe
	}
	if !r.machine.has(at) {
		return rpc.Refuse(0, errSnapshotGone.Error(), "")
	}
	return rpc.Answer(0, fmt.Sprintf("index %d", at), answer{Index: at})
}

// look reads from a snapshot.
func (r *replica) look(q request) rpc.Response {
	v, ok := r.machine.look(q.Step, q.At)
	if !ok {
		return rpc.Refuse(0, errSnapshotGone.Error(), "")
	}
	return looked(v)
}

func looked(v history.Value) rpc.Response {
	text := v.String()
	return rpc.Answer(0, text, answer{Value: text})
}
