package totals

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
)

// bank is what was done to a bank.
type bank struct {
	*perkey.Object
	deposits []addition
	accounts map[string]bool // that something names
	reads    []statement
}

// statement is a read of a bank.
type statement struct {
	*history.Operation
	total    int64
	negative *string // the first account whose balance is negative; nil if there is none
	missing  *string // the first one that has null for a balance
}

// readBank reads the operations of an object. If that cannot be done there is a finding instead.
func readBank(o *perkey.Object) (*bank, *checker.Finding) {
	b := &bank{Object: o, accounts: map[string]bool{}}
	for i := range o.Clock.UpTo(len(o.Operations)) {
		if err := b.take(o.Operations[i]); err != nil {
			f := o.Unreadable(o.Operations[i], err.Error())
			return nil, &f
		}
	}
	return b, nil
}

func (b *bank) take(op *history.Operation) error {
	if op.F == ops.Read {
		if op.Outcome != history.OK {
			return nil
		}
		s, err := readStatement(op)
		b.reads = append(b.reads, s)
		return err
	}
	p, err := readPayment(op)
	if err != nil {
		return err
	}
	for _, account := range p.accounts {
		b.accounts[account] = true
	}
	if op.F == ops.Deposit && op.Outcome != history.Fail {
		b.deposits = append(b.deposits, newAddition(op, p.amount))
	}
	return nil
}

func readStatement(op *history.Operation) (statement, error) {
	s := statement{Operation: op}
	entries, ok := op.Output.Map()
	if !ok {
		return s, errors.New("it is ok and returns no map from accounts to balances")
	}
	for _, e := range entries {
		account := accountName(e[0])
		n, isInt := e[1].Int()
		sum := s.total + n
		switch {
		case e[1].Kind() == history.Nil:
			s.missing = cmp.Or(s.missing, &account)
		case !isInt:
			return s, fmt.Errorf("the balance of account %s is %s, which is no integer", account, perkey.Short(e[1]))
		case (sum > s.total) != (n > 0) && n != 0:
			return s, errors.New("its balances add up to more than a 64-bit integer holds")
		case n < 0:
			s.negative = cmp.Or(s.negative, &account)
		}
		s.total = sum
	}
	return s, nil
}

// payment is the argument of a transfer or a deposit, see ops.Payment.
type payment struct {
	accounts []string
	amount   int64
}

func readPayment(op *history.Operation) (p payment, err error) {
	entries, ok := op.Input.Map()
	if !ok {
		return p, fmt.Errorf("its argument is %s, which is no map with from, to and amount", perkey.Short(op.Input))
	}
	given := map[string]bool{}
	for _, e := range entries {
		name := accountName(e[0])
		given[name] = true
		switch name {
		case "from", "to":
			p.accounts = append(p.accounts, accountName(e[1]))
		case "amount":
			if p.amount, err = amount(e[1], "the amount"); err != nil {
				return p, err
			}
		}
	}
	if !given["to"] || !given["amount"] || op.F == ops.Transfer && !given["from"] {
		return p, fmt.Errorf("its argument %s lacks from, to or amount", perkey.Short(op.Input))
	}
	return p, nil
}

// accountName is the text of a name, so that 3, "3" and :3 are one account: JSON has no other keys than texts.
func accountName(v history.Value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	return strings.TrimPrefix(string(v.AppendEDN(nil)), ":")
}

// accounts goes through the accounts that a read names.
func (s statement) accounts(yield func(account string) bool) {
	isKey := false
	for v := range s.Output.Elements {
		if isKey = !isKey; isKey && !yield(accountName(v)) {
			return
		}
	}
}
