package jetstream

import (
	"context"
	"errors"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Put implements queue.Queue.
func (q *Queue) Put(ctx context.Context, name string, data []byte) error {
	if _, err := q.store.GetInfo(ctx, name); err == nil {
		return nil
	} else if !errors.Is(err, jetstream.ErrObjectNotFound) {
		return err
	}
	_, err := q.store.PutBytes(ctx, name, data)
	return err
}

// Get implements queue.Queue.
func (q *Queue) Get(ctx context.Context, name string) ([]byte, error) {
	return q.store.GetBytes(ctx, name)
}

// forgetObjects removes objects whose names begin so.
func (q *Queue) forgetObjects(ctx context.Context, prefix string) error {
	all, err := q.store.List(ctx)
	if errors.Is(err, jetstream.ErrNoObjectsFound) {
		return nil
	}
	for _, o := range all {
		if strings.HasPrefix(o.Name, prefix) {
			err = errors.Join(err, q.store.Delete(ctx, o.Name))
		}
	}
	return err
}
