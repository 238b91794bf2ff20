package raftkv

import (
	"time"

	"faultline/cluster/network"
	"faultline/cluster/sim/rpc"
)

// connection is one connection to a node's KV port, made when it is needed. The zero value is closed.
type connection struct{ rpc.Conn }

// call sends a request and waits for its response.
func (c *connection) call(host *network.Host, addr string, r *request, timeout time.Duration) (response, error) {
	b, err := c.Call(host, addr, r.encode(), timeout)
	if err != nil {
		return response{}, err
	}
	answer, err := decodeResponse(b)
	if err != nil {
		c.Close()
	}
	return answer, err
}
