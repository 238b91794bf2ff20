package jetstream

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"faultline/campaign/remote/queue"
)

// Trials a second through the embedded server, with trials that do nothing: each is published, fetched, answered, finished, taken and
// settled. A thousand cores make about two trials a second each.
//
//	go test -run '^$' -bench Trials -benchtime 200000x ./jetstream
func BenchmarkTrials(b *testing.B) {
	at := queue.Server{URL: queue.Embedded, Dir: b.TempDir()}
	q, err := Open(b.Context(), at)
	if err != nil {
		b.Fatal(err)
	}
	defer q.Close()
	task, answer := bytes.Repeat([]byte("t"), 500), bytes.Repeat([]byte("a"), 1500)
	b.ResetTimer()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var workers sync.WaitGroup
	const fetched = 200
	for range 4 {
		workers.Go(func() {
			for ctx.Err() == nil {
				all, err := q.Fetch(ctx, []string{"lane"}, fetched)
				if err != nil {
					if ctx.Err() == nil {
						b.Error(err)
					}
					return
				}
				var each sync.WaitGroup
				for _, t := range all {
					each.Go(func() {
						err := q.Answer(ctx, queue.Answer{Campaign: t.Campaign, Key: t.Key, Digest: "d", Body: answer})
						if err == nil {
							err = q.Finish(ctx, t)
						}
						if err != nil && ctx.Err() == nil {
							b.Error(err)
						}
					})
				}
				each.Wait()
			}
		})
	}
	var next atomic.Int64
	var publishers sync.WaitGroup
	for range 2000 {
		publishers.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := q.Publish(ctx, queue.Task{Lane: "lane", Campaign: "c", Key: fmt.Sprint(n), Body: task}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for taken := 0; taken < b.N; {
		all, err := q.Answers(ctx, "c")
		if err != nil {
			b.Fatal(err)
		}
		if err := q.Settle(ctx, all...); err != nil {
			b.Fatal(err)
		}
		taken += len(all)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trials/s")
	publishers.Wait()
	cancel()
	workers.Wait()
}
