package raftnode

import (
	"net"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/network"
	"faultline/cluster/raftnode/transport"
)

// address is where a node's raft is reached.
func address(node string) raft.ServerAddress { return raft.ServerAddress(node + ":" + Port) }

// stream is raft's StreamLayer on a virtual host.
type stream struct {
	net.Listener
	host *network.Host
}

// Dial connects to another node.
func (s stream) Dial(addr raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return s.host.Dial(string(addr), timeout)
}

// carrier is what carries raft's messages.
type carrier interface {
	raft.Transport
	raft.WithPreVote
	raft.WithClose
}

// maxPool is how many idle connections to a node are kept.
const maxPool = 3

// transport is the transport of a node that listens on the stream.
func (c *Cluster) transport(s stream, log hclog.Logger) carrier {
	if c.config.MaxRPCsInFlight > 1 {
		return &pipelining{NetworkTransport: raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{Stream: s, MaxPool: maxPool,
			MaxRPCsInFlight: c.config.MaxRPCsInFlight, Timeout: c.config.RPCTimeout, Logger: log})}
	}
	return transport.New(transport.Config{Stream: s, MaxPool: maxPool, Timeout: c.config.RPCTimeout, Logger: log})
}
