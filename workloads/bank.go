package workloads

import (
	"context"
	"slices"

	"faultline/checker"
	"faultline/checker/totals"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// bank is Jepsen's workload of that name, in several banks: what is paid in at first is moved between accounts, and every
// read of all accounts has to find all of it.
type bank struct {
	hotKey
	keys []string
	held isolation
	read history.Value // the argument of a read
}

var banks = Info{
	Name: "bank",
	Doc:  "clients move money between the accounts of a bank and read all accounts; the total never changes, and no account is overdrawn",
	Clients: "Before the faults, clients deposit money into the accounts of each bank. Then they transfer money between two accounts, and read " +
		"all accounts of a bank at once. In a transactional store a transfer reads two keys and writes two, and a read is a scan.",
	Holds: "The balances of a read add up to what was deposited, and no account is overdrawn. A transactional store must keep that if its " +
		"isolation level forbids read skew (G-single-item).",
	Breaks: "Transfers that are half lost or half visible, accounts read at different moments, balances read too early.",
	Ops:    bankOps,
	Keyed:  true,
	Models: IsolationLevels,
	Open:   func(o Options) Workload { return newBank(o, history.Value{}) },
}

// bankItems is bank with reads that name the accounts. To a store of transactions it makes a difference.
var bankItems = Info{
	Name:    "bank-items",
	Doc:     "as bank, but a read of all accounts reads them one by one, in one transaction",
	Clients: "Clients do what they do in `bank`, but a read names all accounts: in a transactional store it reads each key and does not scan.",
	Holds:   "As for `bank`.",
	Breaks:  "As for `bank`; reads of several keys at different moments.",
	Ops:     bankOps,
	Keyed:   true,
	Models:  IsolationLevels,
	Open: func(o Options) Workload {
		var all []history.Value
		for account := range int64(accounts) {
			all = append(all, history.IntValue(account))
		}
		return newBank(o, history.ListValue(all...))
	},
}

var bankOps = []string{ops.Of(ops.Bank, ops.Deposit), ops.Of(ops.Bank, ops.Transfer), ops.Of(ops.Bank, ops.Read)}

func newBank(o Options, read history.Value) *bank {
	return &bank{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o), held: o.ConsistencyModels, read: read}
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
		ReadNearEachNode(w.reads),
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

// reads are of all banks.
func (w *bank) reads() []cluster.Op {
	all := readsOf(ops.Bank, w.keys)
	for i := range all {
		all[i].Value = w.read
	}
	return all
}

// Checkers judge the totals. What is wrong with one comes of a transaction that has seen half of another, if not of a lost update, which
// is a case of that. A level that does not ask for a fresh snapshot lets reads miss deposits.
func (w *bank) Checkers() []checker.Checker {
	judge := totals.Bank(totals.BankOptions{})
	if !w.held.forbids("G-single-item-realtime") {
		judge = depositsAnyTime{judge}
	}
	return []checker.Checker{w.held.unlessPermitted(judge, map[string]string{"wrong-total": "G-single-item", "negative-value": "G-single-item"})}
}

// depositsAnyTime has a read miss deposits however long ago they were, as if their outcomes were unknown.
type depositsAnyTime struct{ checker.Checker }

func (c depositsAnyTime) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	in.Operations = slices.Clone(in.Operations)
	for i := range in.Operations {
		if op := &in.Operations[i]; op.F == ops.Deposit && op.Outcome == history.OK {
			op.Outcome = history.Info
		}
	}
	return c.Checker.Check(ctx, in, o)
}

// bankThread moves money and reads.
type bankThread struct {
	thread
	workload *bank
}

func (t *bankThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Bank, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys), Value: t.workload.read}
	if t.draw.Float64() >= shareOfBankReads {
		from, by := t.draw.Int64N(accounts), 1+t.draw.Int64N(accounts-1)
		op.F = ops.Transfer
		op.Value = ops.Payment{From: from, To: (from + by) % accounts, Amount: 1 + t.draw.Int64N(transferMost)}.Transfer()
	}
	return op, true
}
