package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// addElement is SADD.
func (*client) addElement(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return done(r.SAdd(ctx, o.Key, stored.Text(o.Value, o.Padding)).Err())
}

// readSet is SMEMBERS, which has no order.
func (*client) readSet(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	members, err := r.SMembers(ctx, o.Key).Result()
	if err != nil {
		return cluster.Outcome{}, err
	}
	var elements []history.Value
	for _, m := range members {
		elements = append(elements, stored.Value(m))
	}
	return answered(stored.Elements(elements), nil)
}
