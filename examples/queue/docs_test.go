//go:build faultline_overlay

package queue

import (
	"testing"
	"time"

	"faultline"
)

// A job that was pushed outlives its queue's machine.
func TestPowerLoss(t *testing.T) {
	faultline.Worlds(t, 20, func(w *faultline.W) {
		w.Host("queue", func() error { // a machine, and its program: it runs again after a restart
			var q Queue
			if err := q.Open("journal"); err != nil { // on the machine's own disk
				return err
			}
			return q.Serve(":4000")
		})
		client := w.Client("client") // a machine for code of the test

		time.Sleep(time.Second) // of the world, in no time
		client.Do(func() {
			if err := Call("queue:4000", "Push", "clean up", &struct{}{}, time.Second); err != nil {
				w.Fatal(err)
			}
		})
		w.Fault("powerloss queue")
		w.Fault("restart queue")
		time.Sleep(time.Second)
		client.Do(func() {
			var job string
			if err := Call("queue:4000", "Take", struct{}{}, &job, time.Second); err != nil || job != "clean up" {
				w.Errorf("the queue has %q: %v", job, err)
			}
		})
	})
}
