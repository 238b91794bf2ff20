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
	out []byte // the room of the last request
}

// call sends a request and waits for its response.
func (c *connection) call(host *network.Host, addr string, r *request, timeout time.Duration) (response, error) {
	c.out = r.encode(c.out)
	b, err := c.Call(host, addr, c.out, timeout)
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
			answer, err := conn.call(host, name+":"+kvPort, &request{Term: q.Term, Promise: q.Promise}, confirm.Wait)
			return err == nil && answer.Code == codeOK
		}})
	}
	return all
}
