package txnkv

import (
	"faultline/cluster"
	"faultline/cluster/procedures"
	"faultline/cluster/sim/rpc"
)

// client does one transaction at a time.
type client struct {
	*rpc.Client
	id     uint64
	serial uint64
	near   string
	mode   mode
}

var _ cluster.Interactive = (*client)(nil)

// Open returns a client on a host of its own.
func (s *system) Open(n int, near string) cluster.Client {
	return &client{Client: rpc.NewClient(s.Client(n), port, s.Nodes(), near, s.config.Client), id: uint64(n), near: near, mode: s.mode}
}

// Do implements cluster.Client. All that the store does is transactions.
func (c *client) Do(op cluster.Op) cluster.Outcome { return procedures.Do(c, op) }

// Begin implements cluster.Interactive. What only reads needs no leader, if the mode allows that.
func (c *client) Begin(o cluster.TransactionOptions) cluster.Transaction {
	if o.ReadOnly && c.mode.anywhere {
		return &looking{client: c, options: o}
	}
	c.serial++
	return &interactive{client: c, options: o, request: request{Txn: id{c.id, c.serial}}}
}
