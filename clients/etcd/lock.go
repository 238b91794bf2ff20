package etcd

import (
	"context"
	"errors"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"

	"faultline/cluster"
	"faultline/history"
)

// A lock is a Mutex of etcd's package concurrency. It belongs to a session, that is to a lease which the library keeps alive in the
// background. When the lease expires, as no renewal has come through for its TTL, the lock is free, and nobody tells the holder
// before it asks. The fencing token is the revision that made the lock's key.

// locking is what a client has acquired, and by which session.
type locking struct {
	ttl     time.Duration
	session *concurrency.Session // nil before the first acquire
	held    map[string]*concurrency.Mutex
}

// acquire tries to take a lock, once. Two acquires by one session are one to etcd. To be a mutex the client itself refuses the second,
// also if the lock was lost meanwhile: whoever holds it has to release it first.
func (c *client) acquire(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	if c.locking.held[o.Key] != nil {
		return failed(history.PreconditionFailed)
	}
	if err := c.beginSession(ctx); err != nil {
		return failed("no session: " + reason(err)) // a lease has no lock yet
	}
	a.forget()
	mutex := concurrency.NewMutex(c.locking.session, o.Key)
	err := mutex.TryLock(ctx)
	switch {
	case errors.Is(err, concurrency.ErrLocked):
		return failed(history.PreconditionFailed)
	case err != nil: // of the transaction; or of the deletion of a key that waits now, which is the second that was sent
		return unleased(err, a)
	}
	c.locking.held[o.Key] = mutex
	token := mutex.Header().Revision
	return cluster.Outcome{Type: history.OK, Value: history.IntValue(token), LogIndex: uint64(token)}
}

// beginSession makes a session, if there is none or its lease has expired as far as the client knows.
func (c *client) beginSession(ctx context.Context) error {
	if s := c.locking.session; s != nil {
		select {
		case <-s.Done():
		default:
			return nil
		}
	}
	lease, err := c.etcd.Grant(ctx, int64((c.locking.ttl+time.Second-1)/time.Second))
	if err != nil {
		return err
	}
	c.locking.session, err = concurrency.NewSession(c.etcd, concurrency.WithLease(lease.ID))
	return err
}

// release gives a lock back if it is still the client's. Mutex.Unlock does not say whether it was.
func (c *client) release(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	mutex := c.locking.held[o.Key]
	if mutex == nil {
		return failed(history.PreconditionFailed)
	}
	done, err := c.etcd.Txn(ctx).If(mutex.IsOwner()).Then(clientv3.OpDelete(mutex.Key())).Commit()
	if err != nil {
		return unchanged(err, a)
	}
	delete(c.locking.held, o.Key)
	out := cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
	if !done.Succeeded {
		out.Type, out.Error = history.Fail, history.PreconditionFailed
	}
	return out
}
