package etcd

import (
	"context"
	"errors"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// grant makes a lease. Its number is the server's choice. etcd counts in seconds, and raises what is less than it can keep.
func (c *client) grant(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	ms, _ := o.Value.Int()
	made, err := c.etcd.Grant(ctx, (ms+999)/1000)
	if err != nil {
		return unleased(err, a)
	}
	return leased(made.ID, made.TTL)
}

// attach writes a key that is deleted when the lease ends.
func (c *client) attach(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	attachment, err := ops.DecodeAttachment(o.Value)
	if err != nil {
		return failed(err.Error())
	}
	done, err := c.etcd.Put(ctx, o.Key, stored.Text(attachment.Value, o.Padding), clientv3.WithLease(clientv3.LeaseID(attachment.Lease)))
	if err != nil {
		return unleased(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// keepAlive renews a lease once.
func (c *client) keepAlive(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	id, _ := o.Value.Int()
	renewed, err := c.etcd.KeepAliveOnce(ctx, clientv3.LeaseID(id))
	if err != nil {
		return unleased(err, a)
	}
	return leased(renewed.ID, renewed.TTL)
}

// revoke ends a lease.
func (c *client) revoke(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	id, _ := o.Value.Int()
	done, err := c.etcd.Revoke(ctx, clientv3.LeaseID(id))
	if err != nil {
		return unleased(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// leased is the outcome of an operation that says how long a lease lives.
func leased(id clientv3.LeaseID, seconds int64) cluster.Outcome {
	lease := ops.Lease{ID: int64(id), TTL: time.Duration(seconds) * time.Second}
	return cluster.Outcome{Type: history.OK, Value: lease.Encode()}
}

// unleased is the outcome of an operation on a lease that was answered by an error.
func unleased(err error, a *attempt) cluster.Outcome {
	out := unchanged(err, a)
	if errors.Is(err, rpctypes.ErrLeaseNotFound) && out.Type == history.Fail {
		out.Error = ops.LeaseNotFound
	}
	return out
}
