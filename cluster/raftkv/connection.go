package raftkv

import (
	"time"

	"faultline/cluster/network"
	"faultline/cluster/raftnode/confirm"
	"faultline/cluster/sim/rpc"
)

// connection is one connection to a node's KV port, made when it is needed. The zero value is closed.
type connection struct {
	rpc.Conn
	node, addr string // the last node, and its KV port
	out        []byte // the room of the last request
}

// call sends a request to a node and waits for its response. It must be the same each time until the connection is closed.
func (c *connection) call(host *network.Host, node string, r *request, timeout time.Duration) (response, error) {
	if c.node != node {
		c.node, c.addr = node, node+":"+kvPort
	}
	c.out = r.encode(c.out)
	b, err := c.Call(host, c.addr, c.out, timeout)
	if err != nil {
		return response{}, err
	}
	answer, err := decodeResponse(b)
	if err != nil {
		c.Close()
	}
	return answer, err
}

// peers are other nodes, as a leader asks them whether it still is one.
func peers(host *network.Host, others []string) []confirm.Peer {
	var all []confirm.Peer
	for _, name := range others {
		conn := &connection{}
		all = append(all, confirm.Peer{Name: name, Close: conn.Close, Ask: func(q confirm.Question) bool {
			answer, err := conn.call(host, name, &request{Term: q.Term, Promise: q.Promise}, confirm.Wait)
			return err == nil && answer.Code == codeOK
		}})
	}
	return all
}
