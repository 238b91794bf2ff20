package redis

import (
	"context"
	"errors"

	goredis "github.com/redis/go-redis/v9"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

func (*client) read(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return answered(get(ctx, r, o.Key))
}

func (*client) write(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return done(r.Set(ctx, o.Key, stored.Text(o.Value, o.Padding), 0).Err())
}

func (*client) delete(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	return done(r.Del(ctx, o.Key).Err())
}

// get returns what a key has.
func get(ctx context.Context, r goredis.Cmdable, key string) (history.Value, error) {
	return valueOf(r.Get(ctx, key).Result())
}

// valueOf is what the server has answered with, or nothing.
func valueOf(text string, err error) (history.Value, error) {
	switch {
	case errors.Is(err, goredis.Nil):
		return history.NilValue(), nil
	case err != nil:
		return history.Value{}, err
	default:
		return stored.Value(text), nil
	}
}
