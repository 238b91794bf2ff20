//go:build faultline_overlay

package queue

import (
	"fmt"
	"time"

	"faultline"
)

// Test pushes jobs to a queue whose process is killed and paused, and whose machine loses its power. When all is well again it does the
// jobs that are left: each that was pushed must have been done.
func Test(w *faultline.W, q func() *Queue) {
	const addr, jobs, timeout = "queue:4000", 200, time.Second
	w.Host("queue", func() error {
		q := q()
		if err := q.Open("journal"); err != nil {
			return err
		}
		return q.Serve(":4000")
	})
	client := w.Client("client")
	pushed, done := map[string]bool{}, map[string]bool{}
	call := func(method string, arg, result any) (err error) {
		if failed := client.Do(func() { err = Call(addr, method, arg, result, timeout) }); failed != nil {
			w.Fatal(failed)
		}
		return err
	}
	work := func() bool {
		var job string
		if call("Take", struct{}{}, &job) != nil || job == "" {
			return false
		}
		done[job] = true // and whether the queue hears of it does not matter
		return call("Done", job, &struct{}{}) == nil
	}

	w.Nemesis([]string{"crash", "pause", "disk-slow"}, 30*time.Second, 3*time.Second)
	for i := range jobs {
		time.Sleep(150 * time.Millisecond)
		job := fmt.Sprintf("job %d", i)
		if call("Push", job, &struct{}{}) == nil {
			pushed[job] = true
		}
		if i%2 == 0 {
			work()
		}
	}
	w.Heal()
	time.Sleep(2 * Lease) // whoever was to do a job has lost it
	for work() {
	}
	for i := range jobs {
		if job := fmt.Sprintf("job %d", i); pushed[job] && !done[job] {
			w.Errorf("%s was pushed and never done", job)
		}
	}
	w.Logf("%d of %d jobs were pushed", len(pushed), jobs)
}
