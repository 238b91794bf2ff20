package order_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/order"
)

func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{"causal-order-in-progress": order.InProgress("causal-order")}
	for _, name := range order.Names() {
		checkers[name] = order.Checker(name)
	}
	scripttest.Run(t, "testdata/order.txt", checkers)
}
