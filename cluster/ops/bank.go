package ops

import "faultline/history"

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
