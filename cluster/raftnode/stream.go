package raftnode

import (
	"net"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/network"
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
