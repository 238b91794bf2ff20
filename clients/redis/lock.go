package redis

import (
	"context"
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"

	"faultline/cluster"
	"faultline/history"
)

// A lock is that of Redis's documentation for one server: SET key owner NX PX ttl, and a release that deletes the key if it still
// has the owner. It is not renewed, and has no fencing token: a client that holds it for longer than lock_ttl has lost it.

// owner is what the key of a lock has while this client holds it. No other client has the same.
func (c *client) owner() string { return fmt.Sprintf("client %d", c.id) }

func (c *client) acquire(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	err := r.SetArgs(ctx, o.Key, c.owner(), goredis.SetArgs{Mode: "NX", TTL: c.lockTTL}).Err()
	if errors.Is(err, goredis.Nil) {
		return failed(history.PreconditionFailed), nil
	}
	return done(err)
}

func (c *client) release(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return c.unlock(ctx, r, o.Key, c.owner())
}

// unlockScript deletes a key that has a certain value, in one step.
const unlockScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`

func unlockByScript(ctx context.Context, r *goredis.Client, key, owner string) (cluster.Outcome, error) {
	deleted, err := r.Eval(ctx, unlockScript, []string{key}, owner).Int()
	if err == nil && deleted == 0 {
		return failed(history.PreconditionFailed), nil
	}
	return done(err)
}

// unlockByWatch deletes it by a transaction. If the key has changed since it was read it had expired, so it was not this client's.
func unlockByWatch(ctx context.Context, r *goredis.Client, key, owner string) (out cluster.Outcome, err error) {
	out = failed(history.PreconditionFailed)
	var reading error
	err = r.Watch(ctx, func(tx *goredis.Tx) error {
		found, err := tx.Get(ctx, key).Result()
		switch {
		case errors.Is(err, goredis.Nil), err == nil && found != owner:
			return nil
		case err != nil:
			reading = err
			return err
		}
		out = cluster.Outcome{Type: history.OK}
		_, err = tx.TxPipelined(ctx, func(p goredis.Pipeliner) error { return p.Del(ctx, key).Err() })
		return err
	}, key)
	switch {
	case errors.Is(err, goredis.TxFailedErr):
		return failed(history.PreconditionFailed), nil
	case reading != nil:
		return failed(reason(reading)), nil
	default:
		return out, err
	}
}
