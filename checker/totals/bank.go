package totals

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// BankPart is the name of the part.
const BankPart = "bank"

// BankOptions say what a bank begins with and allows.
type BankOptions struct {
	// Total is what all accounts hold together. Without it that is what was deposited or, in a history without deposits, what the
	// read found that returned first.
	Total *int64
	// NegativeBalances allows accounts to be overdrawn.
	NegativeBalances bool
}

// Bank asks whether transfers make or lose money, as Jepsen's bank does. A read returns a map from accounts to balances. An account
// that it lacks holds nothing.
//
//	wrong-total     the balances of a read do not add up to the total
//	negative-value  a read has a negative balance, unless NegativeBalances
//	nil-balance     a read has null for a balance
//	unexpected-key  a read has an account that neither a deposit nor a transfer names, nor, in a history without deposits, the
//	                read that returned first
//
// A deposit whose outcome is unknown, or that overlaps the read, may be in the total or not. If no read is ok the answer is unknown.
// Of a read that breaks several of these rules Jepsen tells one.
func Bank(o BankOptions) checker.Checker {
	functions := []string{ops.Transfer, ops.Deposit, ops.Read}
	return perkey.Kind{Part: BankPart, Noun: "bank", Functions: functions, Begin: func() perkey.Judge { return &banks{BankOptions: o} }}.Checker()
}

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
	negative string // the first account whose balance is negative; empty if there is none
	missing  string // that has null for a balance
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
			s.missing = cmp.Or(s.missing, account)
		case !isInt:
			return s, fmt.Errorf("the balance of account %s is %s, which is no integer", account, perkey.Short(e[1]))
		case (sum > s.total) != (n > 0) && n != 0:
			return s, errors.New("its balances add up to more than a 64-bit integer holds")
		case n < 0:
			s.negative = cmp.Or(s.negative, account)
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

// banks judges banks.
type banks struct {
	BankOptions
	reads int
}

func (j *banks) Judge(o *perkey.Object) []checker.Finding {
	b, unreadable := readBank(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	j.reads += len(b.reads)
	if len(b.reads) == 0 {
		return nil
	}
	return append(b.wrongTotals(j.totals(b)), b.wrongBalances(j.NegativeBalances)...)
}

// totals is the total that a read may tell, and by which read it is known if that is how.
func (j *banks) totals(b *bank) (of func(statement) reachable, by *history.Operation) {
	exactly := func(n int64) func(statement) reachable {
		r := reach(n, nil, b.Memory, b.Clock.Spend)
		return func(statement) reachable { return r }
	}
	switch {
	case j.Total != nil:
		return exactly(*j.Total), nil
	case len(b.deposits) > 0:
		possible := possibleSums{added: b.deposits, bytes: b.Memory, spend: b.Clock.Spend}
		return func(s statement) reachable { return possible.of(s.Operation) }, nil
	default:
		first := b.first()
		return exactly(first.total), first.Operation
	}
}

// first is the read that returned first.
func (b *bank) first() statement {
	return slices.MinFunc(b.reads, func(s, t statement) int { return cmp.Compare(s.Returned, t.Returned) })
}

func (b *bank) wrongTotals(totals func(statement) reachable, by *history.Operation) []checker.Finding {
	var first, open *statement
	count := 0
	for i := range b.reads {
		s := &b.reads[i]
		if s.missing != "" {
			continue
		}
		switch is, known := totals(*s).holds(s.total); {
		case !known && open == nil:
			open = s
		case known && !is:
			if count++; first == nil {
				first = s
			}
		}
	}
	var found []checker.Finding
	if first != nil {
		why := ""
		if by != nil {
			why = fmt.Sprintf(", as %s did", perkey.Who(by))
		}
		found = append(found, b.Found("wrong-total", fmt.Sprintf("%s of %s adds up to %d instead of %v%s%s", perkey.Who(first.Operation), b.The(), first.total, totals(*first), why, more(count, "read")), by, first.Operation))
	}
	if open != nil {
		f := b.Undecided(fmt.Sprintf("%s of %s adds up to %d; whether deposits of unknown outcome can add up to that would take more memory", perkey.Who(open.Operation), b.The(), open.total), open.Operation)
		f.Bound = checker.MemoryBound
		found = append(found, f)
	}
	return found
}

// wrongBalances finds what is wrong with single accounts.
func (b *bank) wrongBalances(negativeAllowed bool) []checker.Finding {
	if len(b.deposits) == 0 {
		first := b.first()
		b.named(first, func(account string) { b.accounts[account] = true })
	}
	negative, missing, unexpected := cases{}, cases{}, cases{}
	for _, s := range b.reads {
		if s.negative != "" && !negativeAllowed {
			negative.add(s, s.negative)
		}
		if s.missing != "" {
			missing.add(s, s.missing)
		}
		strange := ""
		b.named(s, func(account string) {
			if strange == "" && !b.accounts[account] {
				strange = account
			}
		})
		if strange != "" {
			unexpected.add(s, strange)
		}
	}
	var found []checker.Finding
	tell := func(c cases, rule, what string) {
		if c.count > 0 {
			found = append(found, b.Found(rule, fmt.Sprintf("%s of %s has %s account %s%s", perkey.Who(c.first), b.The(), what, wording.Line(c.account, 40), more(c.count, "read")), c.first))
		}
	}
	tell(negative, "negative-value", "a negative balance of")
	tell(missing, "nil-balance", "no balance of")
	tell(unexpected, "unexpected-key", "an unknown")
	return found
}

// named goes through the accounts that a read names.
func (b *bank) named(s statement, each func(account string)) {
	isKey := true
	for v := range s.Output.Elements {
		if isKey {
			each(accountName(v))
		}
		isKey = !isKey
	}
}

// cases are reads with which something is wrong: the first one, with the account that shows it, and how many there are.
type cases struct {
	first   *history.Operation
	account string
	count   int
}

func (c *cases) add(s statement, account string) {
	if c.count++; c.count == 1 {
		c.first, c.account = s.Operation, account
	}
}

func (j *banks) Held() (string, bool) {
	if j.reads == 0 {
		return "no bank was read", false
	}
	return wording.Count(j.reads, "read") + " with the right total", true
}
