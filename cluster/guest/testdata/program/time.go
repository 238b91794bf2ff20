package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname

	"golang.org/x/sys/unix"
)

func init() {
	programs["clocks"] = clocks
	programs["ticks"] = ticks
	programs["two"] = two
	programs["work"] = work
}

//go:linkname nanotime runtime.nanotime
func nanotime() int64

//go:linkname now time.now
func now() (sec int64, nsec int32, mono int64)

// clocks prints each second what the clocks show: the wall clock, and how much time has passed by the others.
func clocks([]string) {
	begun := nanotime()
	for range 4 {
		t := time.Now()
		sec, _, _ := now()
		var by [3]int64
		var ts unix.Timespec
		must(unix.ClockGettime(unix.CLOCK_REALTIME, &ts))
		by[0] = ts.Sec
		var tv unix.Timeval
		must(unix.Gettimeofday(&tv))
		by[1] = tv.Sec
		var old syscall.Timeval
		must(syscall.Gettimeofday(&old))
		by[2] = old.Sec
		agree := sec == t.Unix() && by == [3]int64{sec, sec, sec}
		fmt.Printf("%s, %v by timers, %v by the runtime; system calls agree: %v\n", t.UTC().Format(time.DateTime),
			time.Since(start).Round(time.Millisecond), time.Duration(nanotime()-begun).Round(time.Millisecond), agree)
		time.Sleep(time.Second)
	}
}

// ticks prints each tick.
func ticks([]string) {
	t := time.NewTicker(100 * time.Millisecond)
	for i := range 8 {
		<-t.C
		say("tick %d", i+1)
	}
}

// two goroutines take a mutex in turn, unless something comes in between.
func two([]string) {
	var mu sync.Mutex
	order := ""
	var done sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		done.Go(func() {
			for range 20 {
				mu.Lock()
				order += name
				mu.Unlock()
			}
		})
	}
	done.Wait()
	fmt.Println(order)
}

// work depends on whatever could differ from run to run: the order of goroutines, of maps, of select, chance and time.
func work([]string) {
	m := map[*int]int{}
	for i := range 100 {
		m[new(int)] = i
	}
	c, d := make(chan int, 100), make(chan int, 100)
	for i := range 100 {
		go func() { c <- i }()
		go func() { d <- i }()
	}
	sum := 0
	for k := range 200 {
		select {
		case v := <-c:
			sum += k * v
		case v := <-d:
			sum -= k * v
		}
	}
	order := 0
	for _, i := range m {
		order = order*31 + i
	}
	say("%d %d %d", sum, order, runtime.NumCPU())
	time.Sleep(time.Duration(uint(order)%1000) * time.Millisecond)
	info, err := os.Stat(".")
	say("%v %v", info != nil, errors.Is(err, os.ErrNotExist))
}
