package lease

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// life is all that is known of a lease.
type life struct {
	id       int64
	grant    *history.Operation
	renewals []*history.Operation // keep-alives, of all outcomes
	revokes  []*history.Operation
	keys     []*attached
}

// attached is a key that was to be attached to a lease.
type attached struct {
	name  string
	value history.Value
	op    *history.Operation
	reads []*history.Operation // those that were answered
}

// found reports whether a read has found the key.
func found(read *history.Operation) bool { return read.Output.Kind() != history.Nil }

// lives are the leases of a history by number, and the reads of keys that nobody attached.
func lives(all []history.Operation) (leases []*life, strange []*history.Operation, err error) {
	byID := map[int64]*life{}
	keys := map[string]*attached{}
	for i := range all {
		op := &all[i]
		if err := take(op, byID, keys); err != nil {
			return nil, nil, fmt.Errorf("process %d's %s at %s cannot be read: %w", op.Process, op.F, moment(op.Invoke), err)
		}
	}
	for i := range all {
		op := &all[i]
		switch key := keys[op.Key]; {
		case op.F != ops.Read || op.Outcome != history.OK:
		case key != nil:
			key.reads = append(key.reads, op)
		case found(op):
			strange = append(strange, op)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		leases = append(leases, byID[id])
	}
	return leases, strange, nil
}

// take takes an operation on a lease; others it leaves out.
func take(op *history.Operation, byID map[int64]*life, keys map[string]*attached) error {
	of := func(id int64) *life {
		if byID[id] == nil {
			byID[id] = &life{id: id}
		}
		return byID[id]
	}
	switch op.F {
	case ops.Grant:
		return granted(op, of)
	case ops.Attach:
		a, err := ops.DecodeAttachment(op.Input)
		if err != nil {
			return err
		}
		if keys[op.Key] != nil {
			return fmt.Errorf("%s is attached a second time", op.Key)
		}
		keys[op.Key] = &attached{name: op.Key, value: a.Value, op: op}
		l := of(a.Lease)
		l.keys = append(l.keys, keys[op.Key])
	case ops.KeepAlive, ops.Revoke:
		id, ok := op.Input.Int()
		if !ok {
			return fmt.Errorf("it is on lease %v, which is not a number", op.Input)
		}
		l := of(id)
		if op.F == ops.Revoke {
			l.revokes = append(l.revokes, op)
			return nil
		}
		l.renewals = append(l.renewals, op)
		if op.Outcome == history.OK {
			_, err := ops.DecodeLease(op.Output)
			return err
		}
	}
	return nil
}

func granted(op *history.Operation, of func(int64) *life) error {
	if op.Outcome != history.OK {
		return nil
	}
	g, err := ops.DecodeLease(op.Output)
	if err != nil {
		return err
	}
	l := of(g.ID)
	if l.grant != nil {
		return fmt.Errorf("lease %d was granted already", g.ID)
	}
	l.grant = op
	return nil
}

// ttl is what a grant or a keep-alive was told.
func ttl(op *history.Operation) time.Duration {
	l, _ := ops.DecodeLease(op.Output) // it was decoded before
	return l.TTL
}

// extensions are the operations by which the store promised a TTL.
func (l *life) extensions() []*history.Operation {
	var all []*history.Operation
	if l.grant != nil {
		all = append(all, l.grant)
	}
	for _, op := range l.renewals {
		if op.Outcome == history.OK {
			all = append(all, op)
		}
	}
	return all
}
