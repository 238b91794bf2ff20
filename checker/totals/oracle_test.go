package totals_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/drawn"
	"faultline/checker/internal/scripttest"
	"faultline/checker/linear"
	"faultline/checker/totals"
	"faultline/cluster/ops"
	"faultline/history"
)

// The checkers say what the definitions say: those try every choice of additions that a read may have seen.
func TestCountersAgreeWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingCounter{lies: rapid.SampledFrom([]int{0, 5, 30}).Draw(t, "lies"), lowest: rapid.SampledFrom([]int64{-3, 0}).Draw(t, "lowest")}
		all := drawn.Operations(t, 14, s)
		agree(t, counts, totals.Counter(), all, counterByDefinition(all))
		agree(t, counts, totals.PNCounter(), all, finalsByDefinition(all, false))
		agree(t, counts, totals.GCounter(), all, finalsByDefinition(all, true))
		if linear.Linearizable(linear.Counter(), all, checker.Options{}).Validity == checker.Valid && counterByDefinition(all) == checker.Invalid {
			t.Fatalf("this is linearizable\n%s", drawn.Show(all))
		}
	})
	t.Log(counts)
}

func TestBanksAgreeWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingBank{lies: rapid.SampledFrom([]int{0, 5, 30}).Draw(t, "lies"), deposits: rapid.Bool().Draw(t, "deposits")}
		if !s.deposits {
			s.held = [3]int64{5, 0, 3}
		}
		all := drawn.Operations(t, 14, s)
		var o totals.BankOptions
		if rapid.Bool().Draw(t, "total is given") {
			eight := int64(8)
			o.Total = &eight
		}
		o.NegativeBalances = rapid.Bool().Draw(t, "negative balances")
		agree(t, counts, totals.Bank(o), all, bankByDefinition(all, o))
	})
	t.Log(counts)
}

func agree(t *rapid.T, counts map[string]int, c checker.Checker, all []history.Operation, want checker.Validity) {
	got := c.Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
	counts[fmt.Sprintf("%s %v", c.Name(), got.Validity)]++
	if got.Validity != want {
		t.Fatalf("%s: want %v, got %s\n%s", c.Name(), want, scripttest.Show(got), drawn.Show(all))
	}
}

// lyingCounter is a counter whose reads are wrong now and then: so many of a hundred.
type lyingCounter struct {
	count, lowest int64
	lies          int
}

func (s *lyingCounter) Invoke(t *rapid.T) history.Operation {
	if rapid.IntRange(0, 2).Draw(t, "add") == 0 {
		return history.Operation{F: "read", Final: rapid.IntRange(0, 2).Draw(t, "final") == 0}
	}
	return history.Operation{F: "add", Input: history.IntValue(rapid.Int64Range(s.lowest, 9).Draw(t, "amount"))}
}

func (s *lyingCounter) Apply(t *rapid.T, op *history.Operation) {
	if op.F == "add" {
		n, _ := op.Input.Int()
		s.count += n
		return
	}
	op.Output = history.IntValue(s.count)
	if rapid.IntRange(0, 99).Draw(t, "lie") < s.lies {
		op.Output = history.IntValue(s.count + rapid.Int64Range(-9, 9).Draw(t, "by"))
	}
}

func oks(all []history.Operation, f string) []history.Operation {
	return slices.DeleteFunc(slices.Clone(all), func(op history.Operation) bool { return op.F != f || op.Outcome != history.OK })
}

// sums are all that a read may add up to: each choice of the operations that may be in it.
func sums(all []history.Operation, read history.Operation, f string, amount func(history.Operation) int64) map[int64]bool {
	possible := map[int64]bool{0: true}
	for _, op := range all {
		if op.F != f || op.Outcome == history.Fail || op.Invoked > read.Returned {
			continue
		}
		certain := op.Outcome == history.OK && op.Returned < read.Invoked
		next := map[int64]bool{}
		for n := range possible {
			next[n+amount(op)] = true
			if !certain {
				next[n] = true
			}
		}
		possible = next
	}
	return possible
}

func added(op history.Operation) int64 {
	n, _ := op.Input.Int()
	return n
}

func counterByDefinition(all []history.Operation) checker.Validity {
	v := checker.Unknown
	for _, r := range oks(all, "read") {
		n, _ := r.Output.Int()
		above, below := false, false
		for sum := range sums(all, r, "add", added) {
			above, below = above || sum >= n, below || sum <= n
		}
		if v == checker.Unknown {
			v = checker.Valid
		}
		if !above || !below {
			v = checker.Invalid
		}
	}
	return v
}

func finalsByDefinition(all []history.Operation, grows bool) checker.Validity {
	if grows && slices.ContainsFunc(all, func(op history.Operation) bool { return op.F == "add" && op.Outcome != history.Fail && added(op) < 0 }) {
		return checker.Unknown
	}
	v := checker.Unknown
	phase := int32(math.MaxInt32)
	for _, op := range all {
		if op.Final {
			phase = min(phase, op.Invoked)
		}
	}
	for _, r := range oks(all, "read") {
		if !r.Final {
			continue
		}
		r.Invoked = phase
		if v == checker.Unknown {
			v = checker.Valid
		}
		if n, _ := r.Output.Int(); !sums(all, r, "add", added)[n] {
			v = checker.Invalid
		}
	}
	return v
}

// lyingBank is a bank with three accounts, of which a read may be wrong.
type lyingBank struct {
	held     [3]int64
	deposits bool
	lies     int
}

func (s *lyingBank) Invoke(t *rapid.T) history.Operation {
	account := rapid.Int64Range(0, 2)
	p := ops.Payment{From: account.Draw(t, "from"), To: account.Draw(t, "to"), Amount: rapid.Int64Range(1, 6).Draw(t, "amount")}
	switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
	case kind == 0 && s.deposits:
		return history.Operation{F: ops.Deposit, Input: p.Deposit()}
	case kind <= 1:
		return history.Operation{F: ops.Transfer, Input: p.Transfer()}
	default:
		return history.Operation{F: ops.Read}
	}
}

func (s *lyingBank) Apply(t *rapid.T, op *history.Operation) {
	switch op.F {
	case ops.Deposit:
		s.held[field(*op, "to")] += field(*op, "amount")
	case ops.Transfer:
		if n := field(*op, "amount"); s.held[field(*op, "from")] >= n || rapid.IntRange(0, 99).Draw(t, "overdraw") < s.lies {
			s.held[field(*op, "from")] -= n
			s.held[field(*op, "to")] += n
		}
	case ops.Read:
		told := s.held
		if rapid.IntRange(0, 99).Draw(t, "lie") < s.lies {
			told[rapid.IntRange(0, 2).Draw(t, "account")] += rapid.Int64Range(-3, 3).Draw(t, "by")
		}
		var entries [][2]history.Value
		for i, n := range told {
			if n != 0 || rapid.Bool().Draw(t, "shown") {
				entries = append(entries, [2]history.Value{history.IntValue(int64(i)), history.IntValue(n)})
			}
		}
		op.Output = history.MapValue(entries...)
	}
}

func field(op history.Operation, name string) int64 {
	entries, _ := op.Input.Map()
	for _, e := range entries {
		if text, _ := e[0].Text(); text == name {
			n, _ := e[1].Int()
			return n
		}
	}
	return -1
}

func bankByDefinition(all []history.Operation, o totals.BankOptions) checker.Validity {
	reads := oks(all, ops.Read)
	if len(reads) == 0 {
		return checker.Unknown
	}
	balances := func(r history.Operation) (sum, least int64, accounts []int64) {
		entries, _ := r.Output.Map()
		for _, e := range entries {
			account, _ := e[0].Int()
			n, _ := e[1].Int()
			sum, least, accounts = sum+n, min(least, n), append(accounts, account)
		}
		return sum, least, accounts
	}
	named := map[int64]bool{}
	deposits := false
	for _, op := range all {
		named[field(op, "from")], named[field(op, "to")] = true, true
		deposits = deposits || op.F == ops.Deposit && op.Outcome != history.Fail
	}
	first := slices.MinFunc(reads, func(a, b history.Operation) int { return int(a.Returned - b.Returned) })
	firstSum, _, firstAccounts := balances(first)
	for _, account := range firstAccounts {
		named[account] = named[account] || !deposits
	}
	for _, r := range reads {
		sum, least, accounts := balances(r)
		right := sum == firstSum
		switch {
		case o.Total != nil:
			right = sum == *o.Total
		case deposits:
			right = sums(all, r, ops.Deposit, func(op history.Operation) int64 { return field(op, "amount") })[sum]
		}
		if !right || least < 0 && !o.NegativeBalances || slices.ContainsFunc(accounts, func(a int64) bool { return !named[a] }) {
			return checker.Invalid
		}
	}
	return checker.Valid
}
