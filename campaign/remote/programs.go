package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"faultline/cluster/foreign/build"
	"faultline/world"
)

// programsObject names programs that were built.
func programsObject(digest string) string { return "programs." + digest }

// carry puts the programs of a spec's worlds where workers find them. It returns when they are there.
func (c *Coordinator) carry(ctx context.Context, s world.Spec) error {
	digest := s.Build()
	c.mu.Lock()
	put, ok := c.carried[digest]
	if !ok {
		put = sync.OnceValue(func() error { return c.putPrograms(ctx, s) })
		c.carried[digest] = put
	}
	c.mu.Unlock()
	err := put()
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.carried, digest)
	}
	return err
}

func (c *Coordinator) putPrograms(ctx context.Context, s world.Spec) error {
	dir, err := s.Programs()
	if err != nil {
		return err
	}
	packed, err := build.Pack(dir)
	if err != nil {
		return err
	}
	err = c.insist(ctx, func() error { return c.queue.Put(ctx, programsObject(s.Build()), packed) })
	if err != nil {
		return fmt.Errorf("hand the programs to workers: %w", err)
	}
	return nil
}

var errNoPrograms = errors.New("this worker takes no programs")

// fetchPrograms gets the programs of a spec's worlds, if it needs any and they are not here.
func (w *worker) fetchPrograms(ctx context.Context, s world.Spec) error {
	digest := s.Build()
	if digest == "" || s.HasPrograms() {
		return nil
	}
	if !w.options.Programs {
		return errNoPrograms
	}
	w.mu.Lock()
	defer w.mu.Unlock() // the other slots need the same
	if s.HasPrograms() {
		return nil
	}
	packed, err := w.queue.Get(ctx, programsObject(digest))
	if err != nil {
		return fmt.Errorf("get the programs %s: %w", digest, err)
	}
	return build.Unpack(digest, packed)
}
