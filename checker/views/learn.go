package views

import (
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/cluster/ops"
	"faultline/history"
)

// knowledge is what a history tells of views.
type knowledge struct {
	operations int
	names      []string                      // of the views
	updates    []update                      // that were acknowledged
	made       map[string]*history.Operation // by the change, as it is in the log: the first update of it that may have had an effect
	log        []record                      // by offset
	looks      []look
	last       []look               // those of the end: the last of each view near each node
	failed     []*history.Operation // which could not be read then
	settled    time.Duration
	ends       map[string]*history.Operation // the last fetch near each node
	conflicts  []record                      // what a node has at an offset where another has something else
	cases      cases.Cases
}

// update is one that was acknowledged.
type update struct {
	op *history.Operation
	ops.Record
}

// record is what the log has at an offset; what is no change has no key.
type record struct {
	offset int64
	value  history.Value
	change ops.Change
	read   *history.Operation
}

func learn(in checker.Input) (*knowledge, error) {
	k := &knowledge{settled: in.Settled, made: map[string]*history.Operation{}, ends: map[string]*history.Operation{}}
	for i := range in.Operations {
		op := &in.Operations[i]
		var err error
		switch {
		case op.F == ops.UpdateViews:
			k.operations++
			err = k.update(op)
		case op.F == ops.Fetch && op.Key == ops.Updates:
			k.operations++
			err = k.fetched(op)
		case op.F == ops.View:
			k.operations++
			err = k.look(op, in.Final(op))
		}
		if err != nil {
			return nil, fmt.Errorf("process %d's %s cannot be read: %w", op.Process, op.F, err)
		}
	}
	return k, nil
}

// update notes a change, and where the log has it if it was acknowledged. Without a log that is ops.Untold.
func (k *knowledge) update(op *history.Operation) error {
	change := ops.Change{Key: op.Key, Value: op.Input}.Encode()
	if known := k.made[change.String()]; known == nil || known.Outcome == history.Fail {
		k.made[change.String()] = op
	}
	if op.Outcome != history.OK {
		return nil
	}
	r, err := ops.DecodeRecord(op.Output)
	if err == nil && !r.Value.Equal(change) {
		err = fmt.Errorf("it is the change %s, and %s was acknowledged", change, r.Value)
	}
	k.updates = append(k.updates, update{op, r})
	return err
}

// fetched notes what the log has, from its beginning on without a gap.
func (k *knowledge) fetched(op *history.Operation) error {
	k.ends[op.Where()] = op
	if op.Outcome != history.OK {
		return nil
	}
	all, err := ops.DecodeRecords(op.Output)
	for _, r := range all {
		switch change, _ := ops.DecodeChange(r.Value); {
		case r.Offset == int64(len(k.log)):
			k.log = append(k.log, record{r.Offset, r.Value, change, op})
		case r.Offset >= 0 && r.Offset < int64(len(k.log)) && !k.log[r.Offset].value.Equal(r.Value):
			k.conflicts = append(k.conflicts, record{r.Offset, r.Value, change, op})
		}
	}
	return err
}

// patience is how long a node may take to show what it has once everything is healed.
const patience = time.Minute

// ended reports whether there is certainly no more in the log than was read: every node has answered so, and not too early. That
// is not known where nobody says when all was settled.
func (k *knowledge) ended() bool {
	for _, op := range k.ends {
		from, _ := op.Input.Int()
		if records, ok := op.Output.List(); op.Outcome != history.OK || !ok || len(records) > 0 || from < int64(len(k.log)) || op.Return-k.settled < patience {
			return false
		}
	}
	return len(k.ends) > 0 && k.settled > 0
}

func (k *knowledge) look(op *history.Operation, final bool) error {
	if !slices.Contains(k.names, op.Key) {
		k.names = append(k.names, op.Key)
	}
	if op.Outcome != history.OK {
		if final {
			k.failed = append(k.failed, op)
		}
		return nil
	}
	d, err := ops.DecodeDerived(op.Output)
	k.looks = append(k.looks, look{op, d})
	if final {
		same := func(l look) bool { return l.op.Key == op.Key && l.op.Where() == op.Where() }
		k.last = append(slices.DeleteFunc(k.last, same), look{op, d})
	}
	return err
}
