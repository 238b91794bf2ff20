package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"faultline/clients/internal/stored"
	"faultline/cluster"
)

// enqueue is RPUSH.
func (*client) enqueue(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return done(r.RPush(ctx, o.Key, stored.Text(o.Value, o.Padding)).Err())
}

// dequeue is LPOP, which answers null if the list is empty.
func (*client) dequeue(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return answered(valueOf(r.LPop(ctx, o.Key).Result()))
}
