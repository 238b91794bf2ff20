package totals

import (
	"cmp"
	"fmt"
	"slices"

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
		possible := possibleSums{waiting: b.deposits, bytes: b.Memory, spend: b.Clock.Spend}
		return func(s statement) reachable { return possible.of(s.Invoked, s.Returned) }, nil
	default:
		first := b.first()
		return exactly(first.total), first.Operation
	}
}

// first is the read that returned first, of those that have all balances if there are such.
func (b *bank) first() statement {
	return slices.MinFunc(b.reads, func(s, t statement) int {
		switch {
		case (s.missing == nil) == (t.missing == nil):
			return cmp.Compare(s.Returned, t.Returned)
		case s.missing == nil:
			return -1
		default:
			return 1
		}
	})
}

// wrongTotals finds reads that do not add up, and those of which that is not known. It asks for the totals of reads in their order.
func (b *bank) wrongTotals(totals func(statement) reachable, by *history.Operation) []checker.Finding {
	var first, open statement
	var possible reachable
	count := 0
	for _, s := range b.reads {
		if s.missing != nil {
			continue
		}
		sums := totals(s)
		switch is, known := sums.holds(s.total); {
		case !known && open.Operation == nil:
			open = s
		case known && !is:
			if count++; count == 1 {
				first, possible = s, sums
			}
		}
	}
	var found []checker.Finding
	if count > 0 {
		why := fmt.Sprintf("where only %v is possible", possible)
		if by != nil {
			why = fmt.Sprintf("and %s, which was the first, to %v", perkey.Who(by), possible)
		}
		found = append(found, b.Found("wrong-total", fmt.Sprintf("%s of %s adds up to %d, %s%s", perkey.Who(first.Operation), b.The(), first.total, why,
			perkey.More(count, "read")), by, first.Operation))
	}
	if open.Operation != nil {
		f := b.Undecided(fmt.Sprintf("%s of %s adds up to %d; to tell whether deposits can add up to that takes more memory", perkey.Who(open.Operation), b.The(), open.total), open.Operation)
		f.Bound = checker.MemoryBound
		found = append(found, f)
	}
	return found
}

// wrongBalances finds what is wrong with single accounts.
func (b *bank) wrongBalances(negativeAllowed bool) []checker.Finding {
	if len(b.deposits) == 0 {
		for account := range b.first().accounts {
			b.accounts[account] = true
		}
	}
	negative, missing, unexpected := cases{}, cases{}, cases{}
	for _, s := range b.reads {
		if s.negative != nil && !negativeAllowed {
			negative.add(s, *s.negative)
		}
		if s.missing != nil {
			missing.add(s, *s.missing)
		}
		for account := range s.accounts {
			if !b.accounts[account] {
				unexpected.add(s, account)
				break
			}
		}
	}
	var found []checker.Finding
	tell := func(c cases, rule, format string) {
		if c.count > 0 {
			what := fmt.Sprintf(format, cmp.Or(wording.Line(c.account, 40), "without a name"))
			found = append(found, b.Found(rule, fmt.Sprintf("%s of %s has %s%s", perkey.Who(c.first), b.The(), what, perkey.More(c.count, "read")), c.first))
		}
	}
	tell(negative, "negative-value", "a negative balance for account %s")
	tell(missing, "nil-balance", "null for account %s")
	tell(unexpected, "unexpected-key", "account %s, which nobody has named")
	return found
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
	return wording.Count(j.reads, "read") + " added up", true
}
