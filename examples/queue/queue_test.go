//go:build faultline_overlay

package queue

import (
	"testing"

	"faultline"
)

func TestQueue(t *testing.T) {
	faultline.Worlds(t, 10, func(w *faultline.W) { Test(w, func() *Queue { return &Queue{} }) })
}
