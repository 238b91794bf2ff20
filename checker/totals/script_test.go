package totals_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/totals"
)

func TestScripts(t *testing.T) {
	ten := int64(10)
	checkers := map[string]checker.Checker{"counter": totals.Counter(), "g-counter": totals.GCounter(), "pn-counter": totals.PNCounter(),
		"bank": totals.Bank(totals.BankOptions{}), "bank-of-ten": totals.Bank(totals.BankOptions{Total: &ten}),
		"overdrawn": totals.Bank(totals.BankOptions{NegativeBalances: true})}
	for _, file := range []string{"testdata/counter.txt", "testdata/final.txt", "testdata/bank.txt", "testdata/jepsen.txt"} {
		scripttest.Run(t, file, checkers)
	}
}
