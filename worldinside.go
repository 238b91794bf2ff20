package faultline

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/guest"
	"faultline/cluster/sim"
	"faultline/world"
)

// W is a closed world, and the test that it is for: a W is a testing.TB. Times are the world's, so package time is used as
// ever, and to wait costs nothing.
//
// Its hosts are machines. All code that a host's program runs, and the goroutines that come of it, see the network of their
// machine in package net, and its clock in package time. What is called from the test's own goroutines belongs to no host, and has
// no network.
type W struct {
	*testing.T
	seed    uint64
	start   time.Time
	cluster *sim.Cluster // nil until there is a host
	faults  faults

	// mu guards what follows. Nobody waits while holding it.
	mu      sync.Mutex
	hosts   []*Host
	clients int
}

// enter goes on with a test as its world, and ends the process.
func enter(t *testing.T, f func(w *W)) {
	seed, err := world.OwnSeed()
	if err != nil {
		t.Fatalf("faultline: %v", err)
	}
	tell, err := world.Progress()
	if err != nil {
		t.Fatalf("faultline: %v", err)
	}
	synctest.Test(t, func(*testing.T) {
		w := &W{T: t, seed: seed, start: time.Now()}
		fmt.Println(worldBegins)
		go w.progress(tell)
		defer w.end()
		f(w)
	})
}

// Seed is the seed of the world.
func (w *W) Seed() uint64 { return w.seed }

// Rand returns the generator of one source of randomness, which is the test's to name. What it draws depends on the seed and the
// name alone.
func (w *W) Rand(source string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte("test: " + source))
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// Since is how old the world is.
func (w *W) Since() time.Duration { return guest.Now().Sub(w.start) }

const (
	// tick is the time between two signs of life. It is not round, so that it does not meet what the test does at round times.
	tick = time.Second + time.Nanosecond
	// longest is the time after which a world is taken for one that waits for ever.
	longest = time.Hour
)

// progress tells that the world goes on, and ends one that does not.
func (w *W) progress(tell func(time.Duration)) {
	for w.Since() < longest {
		tell(w.Since())
		time.Sleep(tick)
	}
	w.Errorf("faultline: the test waits for ever: an hour has passed in its world")
	_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 2)
	w.leave()
}

// end is called when f has returned, or panics, or was ended by FailNow.
func (w *W) end() {
	if r := recover(); r != nil {
		w.Errorf("panic: %v\n\n%s", r, debug.Stack())
	}
	cleanUp(w.T)
	w.leave()
}

// leave ends the process from within the bubble: what is left of the hosts cannot be shut down.
func (w *W) leave() {
	text, err := json.Marshal(ending{Failed: w.Failed(), Skipped: w.Skipped(), Faults: w.faults.resolved()})
	if err == nil {
		err = world.Leave(text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
