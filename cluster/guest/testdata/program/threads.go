package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
)

func init() { programs["threads"] = threads }

// threads draws numbers on goroutines that are bound to threads, each of its own.
func threads([]string) {
	const bound = 4
	drawn, release := make(chan uint64), make(chan bool)
	for range bound {
		go func() {
			runtime.LockOSThread()
			drawn <- rand.Uint64()
			<-release
		}()
	}
	different := map[uint64]bool{}
	for range bound {
		different[<-drawn] = true
	}
	close(release)
	fmt.Printf("%d threads draw %d numbers\n", bound, len(different))
}
