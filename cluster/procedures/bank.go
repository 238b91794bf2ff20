package procedures

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// errOverdrawn is why a transfer is not made.
var errOverdrawn = errors.New(history.PreconditionFailed)

// accounts is the prefix of the keys of a bank. What the key of an account has is its balance.
func accounts(op cluster.Op) string { return ops.Bank + "/" + op.Key + "/" }

// balance reads an account; 0 if nobody has paid into it.
func (s *session) balance(op cluster.Op, account int64) (int64, error) {
	held, err := s.step(ops.ReadOf(accounts(op) + strconv.FormatInt(account, 10)))
	if err != nil || held.Kind() == history.Nil {
		return 0, err
	}
	balance, isInt := held.Int()
	if !isInt {
		return 0, fmt.Errorf("account %d of %s holds %v, which is no balance", account, op.Key, held)
	}
	return balance, nil
}

func (s *session) setBalance(op cluster.Op, account, balance int64) error {
	_, err := s.step(ops.WriteTo(accounts(op)+strconv.FormatInt(account, 10), history.IntValue(balance)))
	return err
}

func deposit(s *session, op cluster.Op) (none history.Value, err error) {
	p, err := ops.DecodeDeposit(op.Value)
	if err != nil {
		return none, err
	}
	balance, err := s.balance(op, p.To)
	if err != nil {
		return none, err
	}
	return none, s.setBalance(op, p.To, balance+p.Amount)
}

func transfer(s *session, op cluster.Op) (none history.Value, err error) {
	p, err := ops.DecodeTransfer(op.Value)
	if err != nil {
		return none, err
	}
	from, err := s.balance(op, p.From)
	if err != nil {
		return none, err
	}
	to, err := s.balance(op, p.To)
	switch {
	case err != nil:
		return none, err
	case from < p.Amount:
		return none, errOverdrawn
	case p.From == p.To:
		return none, nil
	}
	if err := s.setBalance(op, p.From, from-p.Amount); err != nil {
		return none, err
	}
	return none, s.setBalance(op, p.To, to+p.Amount)
}

// readBank reads the accounts that it is given one by one, or else scans for all that there are.
func readBank(s *session, op cluster.Op) (history.Value, error) {
	var found [][2]history.Value
	given, one := op.Value.List()
	if !one {
		return s.scanBank(op)
	}
	for _, account := range given {
		n, isInt := account.Int()
		if !isInt {
			return history.Value{}, fmt.Errorf("an account is %v, which is not an integer", account)
		}
		balance, err := s.balance(op, n)
		if err != nil {
			return history.Value{}, err
		}
		found = append(found, [2]history.Value{account, history.IntValue(balance)})
	}
	return history.MapValue(found...), nil
}

func (s *session) scanBank(op cluster.Op) (history.Value, error) {
	read, err := s.step(ops.ScanOf(accounts(op)))
	if err != nil {
		return read, err
	}
	entries, isMap := read.Map()
	if !isMap {
		return read, fmt.Errorf("a scan of %s found %v, which is no map", op.Key, read)
	}
	for i, e := range entries {
		key, _ := e[0].Text()
		account, err := strconv.ParseInt(strings.TrimPrefix(key, accounts(op)), 10, 64)
		if err != nil {
			return read, fmt.Errorf("a scan of %s found %q, which is no account", op.Key, key)
		}
		entries[i][0] = history.IntValue(account)
	}
	return history.MapValue(entries...), nil
}
