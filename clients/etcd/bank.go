package etcd

import (
	"context"
	"fmt"
	"strings"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// account is the key of an account of a bank.
func account(bank string, number int64) string { return fmt.Sprintf("%s%d", under(bank), number) }

func (c *client) deposit(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	p, err := ops.DecodeDeposit(o.Value)
	if err != nil {
		return failed(err.Error())
	}
	return c.change(ctx, []string{account(o.Key, p.To)}, o.Padding, a, func(found []history.Value) ([]history.Value, error) {
		n, err := count(found[0])
		return []history.Value{history.IntValue(n + p.Amount)}, err
	})
}

// transfer changes both accounts in one transaction.
func (c *client) transfer(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	p, err := ops.DecodeTransfer(o.Value)
	switch {
	case err != nil:
		return failed(err.Error())
	case p.From == p.To: // etcd takes no transaction that writes a key twice
		return failed("a transfer is from one account to another")
	}
	return c.change(ctx, []string{account(o.Key, p.From), account(o.Key, p.To)}, o.Padding, a, func(found []history.Value) ([]history.Value, error) {
		from, err := count(found[0])
		if err != nil {
			return nil, err
		}
		if from < p.Amount {
			return nil, errRefused
		}
		to, err := count(found[1])
		return []history.Value{history.IntValue(from - p.Amount), history.IntValue(to + p.Amount)}, err
	})
}

// readBank is one range over all accounts, which is a snapshot.
func (c *client) readBank(ctx context.Context, o cluster.Op) cluster.Outcome {
	found, err := c.etcd.Get(ctx, under(o.Key), append(c.reading(), clientv3.WithPrefix())...)
	if err != nil {
		return unread(err)
	}
	var balances [][2]history.Value
	for _, kv := range found.Kvs {
		number := stored.Value(strings.TrimPrefix(string(kv.Key), under(o.Key)))
		balances = append(balances, [2]history.Value{number, stored.Value(string(kv.Value))})
	}
	return cluster.Outcome{Type: history.OK, Value: history.MapValue(balances...), LogIndex: uint64(found.Header.Revision)}
}
