// Package parallel does things on all processors at once, with results that do not depend on how many there are.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each does something for each number below n.
func Each(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

// Collect puts together what is found for the numbers below n, in their order. They are handed out in runs.
func Collect[T any](n int, find func(i int, found []T) []T) []T {
	const run = 1 << 12
	runs := make([][]T, (n+run-1)/run)
	Each(len(runs), func(r int) {
		for i := r * run; i < min(n, (r+1)*run); i++ {
			runs[r] = find(i, runs[r])
		}
	})
	var all []T
	for _, found := range runs {
		all = append(all, found...)
	}
	return all
}
