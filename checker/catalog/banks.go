package catalog

import (
	"faultline/checker"
	"faultline/checker/totals"
	"faultline/cluster/ops"
)

// banks move money between accounts.
var banks = []Entry{
	{
		Name:      "bank",
		Doc:       "a bank, whose reads show all balances (Jepsen's bank)",
		Functions: []string{ops.Transfer, ops.Deposit, ops.Read},
		Judged:    "whether the balances of each read add up to the total, and none is negative",
		Unjudged:  "which transfers a read has seen",
		Options: []Option{
			{Name: "total-amount", Doc: "what all accounts hold together (default: what was deposited, or what the first read finds)", Also: []string{"total"}, Parse: wholeNumber},
			{Name: "negative-balances", Doc: "accounts may be overdrawn", Also: []string{"allow-negative-balances"}, Parse: yesOrNo},
		},
		Checker: func(s Settings) checker.Checker {
			return totals.Bank(totals.BankOptions{Total: s.number("total-amount"), NegativeBalances: s.yes("negative-balances")})
		},
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Transfer) {
				return ""
			}
			return "a bank (transfer, and reads of all balances)"
		},
		fits: func(g *Guesser) bool { // reads alone of amounts
			return g.readsOfMapsAlone() && g.of("read").out.entries == anInteger
		},
	},
}
