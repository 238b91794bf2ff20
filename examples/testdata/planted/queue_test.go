//go:build faultline_overlay

package planted

import (
	"testing"

	"example.com/stores/queue"
	"faultline"
)

// The queue answers before a job is on the disk.
func TestQueue(t *testing.T) {
	faultline.Worlds(t, 10, func(w *faultline.W) {
		queue.Test(w, func() *queue.Queue { return &queue.Queue{Hasty: true} })
	})
}
