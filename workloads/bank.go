package workloads

import (
	"faultline/checker"
	"faultline/checker/totals"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// bank is Jepsen's workload of that name, in several banks: what is paid in at first is moved between accounts, and every
// read of all accounts has to find all of it.
type bank struct {
	hotKey
	keys []string
}

var banks = Info{
	Name: "bank",
	Doc:  "clients move money between the accounts of a bank and read all of them; nothing is lost or made, and nobody is overdrawn",
	Clients: "Before there are faults money is paid into the accounts of each bank. Then clients move some of it between two " +
		"accounts, and read all accounts of a bank at once.",
	Holds: "The balances of a read add up to what was paid in, and no account is overdrawn.",
	Breaks: "Transfers of which others see a half or of which a half is lost, reads of accounts at different moments, balances " +
		"that are looked at too early.",
	Ops:   []string{ops.Of(ops.Bank, ops.Deposit), ops.Of(ops.Bank, ops.Transfer), ops.Of(ops.Bank, ops.Read)},
	Keyed: true,
	Open: func(o Options) Workload {
		return &bank{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o)}
	},
}

// What there is in each bank is Jepsen's default.
const (
	accounts         = 8
	firstBalance     = 10
	transferMost     = 5
	shareOfBankReads = 0.40
)

func (w *bank) Phases() []Phase {
	return []Phase{
		{When: Before, Generator: func(c Client) Generator { return List(deposits(shared(w.keys, c.Thread, c.Threads))...) }},
		{When: During, Generator: func(c Client) Generator { return &bankThread{newThread(c), w} }},
		ReadNearEachNode(func() []cluster.Op { return readsOf(ops.Bank, w.keys) }),
	}
}

// deposits pay into every account of some banks.
func deposits(banks []string) []cluster.Op {
	var all []cluster.Op
	for _, key := range banks {
		for account := range int64(accounts) {
			all = append(all, cluster.Op{Object: ops.Bank, F: ops.Deposit, Key: key, Value: ops.Payment{To: account, Amount: firstBalance}.Deposit()})
		}
	}
	return all
}

func (*bank) Checkers() []checker.Checker {
	return []checker.Checker{totals.Bank(totals.BankOptions{})}
}

// bankThread moves money and reads.
type bankThread struct {
	thread
	workload *bank
}

func (t *bankThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Bank, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() >= shareOfBankReads {
		from, by := t.draw.Int64N(accounts), 1+t.draw.Int64N(accounts-1)
		op.F = ops.Transfer
		op.Value = ops.Payment{From: from, To: (from + by) % accounts, Amount: 1 + t.draw.Int64N(transferMost)}.Transfer()
	}
	return op, true
}
