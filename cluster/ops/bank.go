package ops

import (
	"fmt"
	"slices"
	"strings"

	"faultline/history"
)

// Transfer moves an amount from one account of a bank to another. Its workload is Jepsen's bank. An account that nobody
// has paid into holds nothing, and none may be overdrawn.
//
//	value   a Payment, {"from":0,"to":3,"amount":5}
//	ok      nothing more
//	fail    nothing was moved, and nothing will be; the error is history.PreconditionFailed if the account has less
//	info    nobody knows; it may be moved later, once
const Transfer = "transfer"

// Deposit pays into an account what comes from nowhere. A workload does so before it measures totals.
//
//	value   a Payment without From: {"to":3,"amount":5}
const Deposit = "deposit"

// Payment is the argument of a Transfer or a Deposit.
type Payment struct {
	From   int64 // unless it is a Deposit
	To     int64
	Amount int64
}

// Transfer is the argument of a Transfer.
func (p Payment) Transfer() history.Value {
	return history.MapValue(entry("from", p.From), entry("to", p.To), entry("amount", p.Amount))
}

// Deposit is the argument of a Deposit.
func (p Payment) Deposit() history.Value {
	return history.MapValue(entry("to", p.To), entry("amount", p.Amount))
}

func entry(name string, n int64) [2]history.Value {
	return [2]history.Value{history.TextValue(name), history.IntValue(n)}
}

// DecodeTransfer is the inverse of Payment.Transfer. The error says what the value is instead.
func DecodeTransfer(v history.Value) (Payment, error) {
	return decodePayment(v, "a transfer", "from", "to", "amount")
}

// DecodeDeposit is the inverse of Payment.Deposit. The error says what the value is instead.
func DecodeDeposit(v history.Value) (Payment, error) {
	return decodePayment(v, "a deposit", "to", "amount")
}

// decodePayment reads a map that has these names and no others.
func decodePayment(v history.Value, what string, names ...string) (p Payment, err error) {
	entries, isMap := v.Map()
	if !isMap || len(entries) != len(names) {
		return Payment{}, fmt.Errorf("%s is %s, which is not a map of %s", what, shown(v), strings.Join(names, ", "))
	}
	fields := map[string]*int64{"from": &p.From, "to": &p.To, "amount": &p.Amount}
	for _, e := range entries {
		name, _ := e[0].Text()
		if !slices.Contains(names, name) {
			return Payment{}, fmt.Errorf("%s is %s, which is not a map of %s", what, shown(v), strings.Join(names, ", "))
		}
		if *fields[name], err = whole(e[1], "the "+name+" of "+what); err != nil {
			return Payment{}, err
		}
	}
	return p, nil
}
