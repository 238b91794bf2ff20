package txnkv

import (
	"faultline/cluster"
	"faultline/cluster/procedures"
	"faultline/cluster/sim/rpc"
)

// client does one transaction at a time.
type client struct {
	id      uint64
	serial  uint64
	near    string
	mode    mode
	shards  shards
	leaders []*rpc.Client // of each shard
}

var _ cluster.Interactive = (*client)(nil)

// Open returns a client on a host of its own.
func (s *system) Open(n int, near string) cluster.Client {
	c := &client{id: uint64(n), near: near, mode: s.mode, shards: s.shards}
	host := s.Client(n)
	for shard := range s.shards {
		c.leaders = append(c.leaders, s.shards.client(shard, host, near, s.config.Client))
	}
	return c
}

// Do implements cluster.Client. All that the store does is transactions.
func (c *client) Do(op cluster.Op) cluster.Outcome { return procedures.Do(c, op) }

// Begin implements cluster.Interactive. What only reads needs no leader, if the mode allows that and there is one log: a snapshot is a
// place in it.
func (c *client) Begin(o cluster.TransactionOptions) cluster.Transaction {
	switch {
	case o.ReadOnly && c.mode.clocks:
		return &timed{looking{client: c, options: o}}
	case o.ReadOnly && c.mode.anywhere && len(c.shards) == 1:
		return &looking{client: c, options: o}
	}
	c.serial++
	return &interactive{client: c, options: o, id: id{c.id, c.serial}}
}

// Close implements cluster.Client.
func (c *client) Close() {
	for _, leader := range c.leaders {
		leader.Close()
	}
}
