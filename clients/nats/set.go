package nats

import (
	"context"
	"errors"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// A set is the keys of the bucket below the key of the set. Its read is the library's listing of keys, which is a consumer: some
// replica answers with what it has, whatever the bucket says of direct gets.

// errListingEnded means that a listing has ended before the server said that it was complete. The library's own functions take
// that for the end.
var errListingEnded = errors.New("the listing ended before it was complete")

// addElement writes a key that is named after the element.
func (c *kv) addElement(ctx context.Context, o cluster.Op) cluster.Outcome {
	return changed(c.bucket.Put(ctx, o.Key+"."+o.Value.String(), []byte(cluster.Pad("", o.Padding))))
}

func (c *kv) readSet(ctx context.Context, o cluster.Op) cluster.Outcome {
	keys, err := c.list(ctx, o.Key+".*")
	if err != nil {
		return unread(err)
	}
	var elements []history.Value
	for key := range keys {
		elements = append(elements, stored.Value(strings.TrimPrefix(key, o.Key+".")))
	}
	return cluster.Outcome{Type: history.OK, Value: stored.Elements(elements)}
}

// list returns the keys that match, each once: the library may report one again that is written meanwhile.
func (c *kv) list(ctx context.Context, pattern string) (map[string]bool, error) {
	watcher, err := c.bucket.Watch(ctx, pattern, jetstream.IgnoreDeletes(), jetstream.MetaOnly())
	if err != nil {
		return nil, err
	}
	defer func() { _ = watcher.Stop() }()
	keys := map[string]bool{}
	for {
		select {
		case entry, open := <-watcher.Updates():
			switch {
			case !open:
				return nil, errListingEnded
			case entry == nil: // all that there was when the listing began
				return keys, nil
			}
			keys[entry.Key()] = true
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
