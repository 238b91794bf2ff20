package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"faultline/cluster"
	"faultline/history"
)

// addToCounter is INCRBY.
func (*client) addToCounter(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	by, _ := o.Value.Int()
	return done(r.IncrBy(ctx, o.Key, by).Err())
}

// readCounter is GET. A counter that nobody has added to is 0.
func (*client) readCounter(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	found, err := get(ctx, r, o.Key)
	if found.Kind() == history.Nil {
		found = history.IntValue(0)
	}
	return answered(found, err)
}

// generate is INCR.
func (*client) generate(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	n, err := r.Incr(ctx, o.Key).Result()
	return answered(history.IntValue(n), err)
}
