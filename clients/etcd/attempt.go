package etcd

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/stats"
)

// attempt is what gRPC told of the calls of one operation: how often it may have reached a member, and which.
type attempt struct {
	mu    sync.Mutex
	times int
	to    net.Addr
}

func (a *attempt) calling(to net.Addr) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times++
	a.to = to
}

// forget begins anew: what was sent so far has certainly changed nothing.
func (a *attempt) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = 0
}

// sent is how often a call was handed to a connection, since what is known to have changed nothing.
func (a *attempt) sent() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.times
}

// peer is whom the last call was sent to.
func (a *attempt) peer() net.Addr {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.to == nil {
		return &net.TCPAddr{}
	}
	return a.to
}

type attemptKey struct{}

// observed returns a context whose calls are told to an attempt.
func observed(ctx context.Context, a *attempt) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// observer tells attempts of their calls, and remembers whether a connection has ended. gRPC reports the headers of a call right
// after it has put them into the queue of a connection, and before the call can return: a call without that report was never sent.
type observer struct{ ended atomic.Bool }

func (*observer) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

func (*observer) HandleRPC(ctx context.Context, s stats.RPCStats) {
	header, ok := s.(*stats.OutHeader)
	if a, observed := ctx.Value(attemptKey{}).(*attempt); ok && observed {
		a.calling(header.RemoteAddr)
	}
}

func (*observer) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (o *observer) HandleConn(_ context.Context, s stats.ConnStats) {
	if _, ended := s.(*stats.ConnEnd); ended {
		o.ended.Store(true)
	}
}
