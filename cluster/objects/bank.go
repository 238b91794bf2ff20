package objects

import (
	"encoding/json"
	"maps"
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// bank has the balances of those accounts that were ever paid into. There are few.
type bank struct{ balances map[int64]int64 }

var banks = kind{name: ops.Bank, changes: []string{ops.Deposit, ops.Transfer}, queries: []string{ops.Read}, check: checkPayment,
	fresh: func() Object { return &bank{map[int64]int64{}} }}

func checkPayment(f string, v history.Value) error {
	if f == ops.Read {
		return checkAccounts(v)
	}
	_, err := payment(f, v)
	return err
}

// checkAccounts takes the accounts that are to be read, or nothing for all.
func checkAccounts(v history.Value) error {
	given, some := v.List()
	if !some {
		return nothing(ops.Read, v)
	}
	for _, account := range given {
		if err := integer(ops.Read, account); err != nil {
			return err
		}
	}
	return nil
}

func payment(f string, v history.Value) (ops.Payment, error) {
	if f == ops.Deposit {
		return ops.DecodeDeposit(v)
	}
	return ops.DecodeTransfer(v)
}

func (b *bank) change(f string, argument history.Value, _ Call) Answer {
	p, err := payment(f, argument)
	if err != nil {
		return refused
	}
	if f == ops.Transfer {
		if b.balances[p.From] < p.Amount {
			return refused
		}
		b.balances[p.From] -= p.Amount
	}
	b.balances[p.To] += p.Amount
	return ok
}

func (b *bank) query(_ string, asked history.Value) Answer {
	var entries [][2]history.Value
	given, some := asked.List()
	for account, balance := range b.balances {
		if some && !slices.ContainsFunc(given, history.IntValue(account).Equal) {
			continue
		}
		entries = append(entries, [2]history.Value{history.IntValue(account), history.IntValue(balance)})
	}
	return answer(history.MapValue(entries...)) // which sorts them
}

// Clone implements Object.
func (b *bank) Clone() Object { return &bank{maps.Clone(b.balances)} }

// MarshalJSON implements json.Marshaler.
func (b *bank) MarshalJSON() ([]byte, error) { return json.Marshal(b.balances) }

// UnmarshalJSON implements json.Unmarshaler.
func (b *bank) UnmarshalJSON(encoded []byte) error { return json.Unmarshal(encoded, &b.balances) }
