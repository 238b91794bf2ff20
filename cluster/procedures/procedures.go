// Package procedures does operations as transactions, step by step, as an application does: it reads, decides by what it read, writes
// and commits. A store whose clients are cluster.Interactive has these operations without any support of its own, at the isolation
// level of its transactions.
//
// A bank is then as good as the level: a transfer reads two balances and writes two, and of two transfers at once one may be lost.
package procedures

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// procedure does an operation in a transaction, and returns the answer if it commits.
type procedure func(*session, cluster.Op) (history.Value, error)

// all are the procedures, by the names of operations.
var all = map[string]procedure{
	ops.Of(ops.Transaction, ops.Txn): transaction,
	ops.Txn:                          onRegisters,
	ops.Of(ops.Bank, ops.Deposit):    deposit,
	ops.Of(ops.Bank, ops.Transfer):   transfer,
	ops.Of(ops.Bank, ops.Read):       readBank,
}

// Ops are the operations by their names, sorted: transactions of both kinds, those of banks, and ops.Begin.
func Ops() []string {
	names := append(slices.Collect(maps.Keys(all)), ops.Of(ops.Transaction, ops.Begin))
	slices.Sort(names)
	return names
}

// Do does an operation. It commits once, and so the outcome is info only if that of the commit is. What only reads fails in that case.
func Do(c cluster.Interactive, op cluster.Op) cluster.Outcome {
	do, known := all[op.Name()]
	if !known {
		return cluster.Outcome{Type: history.Fail, Error: fmt.Sprintf("the client has no operation %q", op.Name())}
	}
	s := &session{open: c.Begin(cluster.TransactionOptions{ReadOnly: onlyReads(op), Padding: op.Padding, Pace: op.Pace})}
	answer, err := do(s, op)
	if err != nil {
		return s.abort(err)
	}
	return s.commit(answer)
}

// onlyReads reports whether it is known beforehand that an operation will write nothing.
func onlyReads(op cluster.Op) bool {
	if op.F == ops.Txn {
		steps, err := ops.DecodeSteps(op.Value)
		return err == nil && ops.OnlyRead(steps)
	}
	return op.F == ops.Read
}

// session is a transaction that is being done.
type session struct {
	open    cluster.Transaction
	last    cluster.Outcome // of the last step
	changes bool
}

// errStep says that a step was not done: the last outcome says why.
var errStep = errors.New("a step was not done")

// step does a step, and returns what it read.
func (s *session) step(step ops.Step) (history.Value, error) {
	s.changes = s.changes || step.Writes()
	if s.last = s.open.Step(step); s.last.Type != history.OK {
		return history.Value{}, errStep
	}
	return s.last.Value, nil
}

// steps does some steps, and puts what they read into them. A prefix stands before each key.
func (s *session) steps(argument history.Value, prefix string) (history.Value, error) {
	steps, err := ops.DecodeSteps(argument)
	if err != nil {
		return argument, err
	}
	for i, step := range steps {
		step.Key = prefix + step.Key
		read, err := s.step(step)
		if err != nil {
			return argument, err
		}
		if !step.Writes() {
			steps[i].Value = read
		}
	}
	return ops.EncodeSteps(steps), nil
}

// abort ends a transaction that is not to commit. It has certainly failed, as nothing commits it. After a step of which nobody knows
// whether it was done, the client is not used again.
func (s *session) abort(why error) cluster.Outcome {
	out := cluster.Outcome{Type: history.Fail, Node: s.last.Node, Error: why.Error(), Over: s.last.Over}
	if errors.Is(why, errStep) {
		out.Error = s.last.Error
		out.Over = out.Over || s.last.Type == history.Info
	}
	if s.last.Type != history.Fail { // else it has ended already
		s.open.Rollback()
	}
	return out
}

func (s *session) commit(answer history.Value) cluster.Outcome {
	out := s.open.Commit()
	switch {
	case out.Type == history.OK:
		out.Value = answer
	case out.Type == history.Info && !s.changes:
		out.Type, out.Over = history.Fail, true
	}
	return out
}

func transaction(s *session, op cluster.Op) (history.Value, error) { return s.steps(op.Value, "") }

func onRegisters(s *session, op cluster.Op) (history.Value, error) {
	return s.steps(op.Value, op.Key+"/")
}
