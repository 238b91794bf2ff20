package txnkv

import (
	"time"

	"faultline/cluster/sim/rpc"
)

// exchange is a request of a transaction, and the response to it. A client that gets no answer sends the request again, maybe while
// the first is still waiting for a lock: both get the one response.
type exchange struct {
	seq      uint64
	done     chan struct{} // closed when there is a response
	response rpc.Response
}

// concluded is the exchange by which a transaction has begun.
func concluded() *exchange {
	x := &exchange{done: make(chan struct{})}
	close(x.done)
	return x
}

// over reports whether there is a response.
func (x *exchange) over() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// same reports whether a request is the one of an exchange, sent again.
func same(x *exchange, q request) bool { return x.seq == q.Seq }

// once carries a request of a transaction out, unless it was carried out or is.
func (e *engine) once(q request, do func(*txn) rpc.Response) rpc.Response {
	e.mu.Lock()
	t := e.latest[q.Txn.Client]
	switch {
	case t == nil || t.id != q.Txn:
		e.mu.Unlock()
		return e.outcome(q)
	case e.same(t.last, q):
		x := t.last
		e.mu.Unlock()
		return e.await(x)
	case t.state == ended && t.why != "":
		why := t.why
		e.mu.Unlock()
		return e.aborted(why)
	case q.Seq < t.last.seq || q.Seq > t.last.seq+1:
		e.mu.Unlock()
		return rpc.Refuse(e.term, "out-of-order", "")
	}
	x := &exchange{seq: q.Seq, done: make(chan struct{})}
	t.last = x
	e.mu.Unlock()

	response := do(t)

	e.mu.Lock()
	defer e.mu.Unlock()
	x.response, t.heard = response, time.Now()
	close(x.done)
	return response
}

// await waits for the response to a request that is under way.
func (e *engine) await(x *exchange) rpc.Response {
	select {
	case <-x.done:
		return x.response
	case <-e.Process.Done():
		return rpc.Unsure(e.term, errDied.Error())
	}
}
