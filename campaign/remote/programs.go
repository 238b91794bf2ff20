package remote

import (
	"context"
	"errors"
	"fmt"

	"faultline/cluster/foreign/build"
	"faultline/world"
)

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
