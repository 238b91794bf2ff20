package bugs

import (
	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
)

// Bugs in banks.
var banks = []bug{
	{Bug: cluster.Bug{
		Name:    "transfer-in-two-steps",
		Summary: "a leader proposes a transfer as two commands: it takes from one account, and then adds to the other",
		Why: "A read in between misses the money, and after a crash in between it is gone. Transactions prevent this, and Jepsen's bank looks " +
			"for it in databases that have them.",
		File: "cluster/raftkv/bugs/banks.go", Workload: "bank", Ops: []string{transfer}, Canary: true},
		parts: raftkv.Parts{Write: transferInTwoSteps}},
	{Bug: cluster.Bug{
		Name:    "balance-read-early",
		Summary: "a leader checks the balance when it proposes a transfer, and followers do not check it again",
		Why:     "Two concurrent transfers both find enough, and the account is overdrawn: write skew, as under snapshot isolation without locks.",
		File:    "cluster/raftkv/bugs/banks.go", Workload: "bank", Ops: []string{transfer}},
		parts: raftkv.Parts{Write: balanceReadEarly, FSM: applying(withoutLooking)}},
}

var transfer = ops.Of(ops.Bank, ops.Transfer)

// payment is what a command is to move; false if it is no transfer.
func payment(c *raftkv.Command) (ops.Payment, bool) {
	p, err := ops.DecodeTransfer(objects.Parsed(c.New))
	return p, err == nil && c.Name == transfer
}

// covered reports whether an account has enough, as a node has it.
func covered(n *raftkv.Node, key string, p ops.Payment) bool {
	return look[map[int64]int64](n, objects.ID{Type: ops.Bank, Key: key})[p.From] >= p.Amount
}

// halves are a transfer as two deposits.
func halves(p ops.Payment) [2]string {
	return [2]string{
		objects.Argument(ops.Payment{To: p.From, Amount: -p.Amount}.Deposit(), 0),
		objects.Argument(ops.Payment{To: p.To, Amount: p.Amount}.Deposit(), 0),
	}
}

func transferInTwoSteps(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		p, transfers := payment(c)
		if !transfers || n.Ready() == 0 || !covered(n, c.Key, p) {
			return next(c)
		}
		var found raftkv.Result
		var err error
		for i, deposit := range halves(p) {
			half := *c
			half.Client, half.Name, half.New = c.Client+uint64(i)*nobody, ops.Of(ops.Bank, ops.Deposit), deposit
			if found, err = next(&half); err != nil {
				break
			}
		}
		return found, err
	}
}

// looked marks a transfer whose balance a leader has looked at.
const looked = "looked"

func balanceReadEarly(n *raftkv.Node, next raftkv.Write) raftkv.Write {
	return func(c *raftkv.Command) (raftkv.Result, error) {
		if p, transfers := payment(c); transfers && covered(n, c.Key, p) {
			c.Old = looked
		}
		return next(c)
	}
}

// withoutLooking makes a transfer that was refused after all.
func withoutLooking(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		answer := next(l)
		c, _ := raftkv.DecodeCommand(l)
		p, transfers := payment(&c)
		r, _ := answer.(raftkv.Result)
		if !transfers || c.Old != looked || !isNew(answer, l) || r.Matched {
			return answer
		}
		n.FSM().Change(func(s *raftkv.State) {
			for _, deposit := range halves(p) {
				s.Objects().Call(objects.Call{Name: ops.Of(ops.Bank, ops.Deposit), Key: c.Key, Argument: deposit})
			}
		})
		r.Matched = true
		return r
	}
}
