package main

import (
	"runtime"
	"sync"
	"time"
)

func init() { programs["allocate"] = allocate }

// object is what allocate makes: some are kept for a while, some in a pool, and some by their address.
type object struct {
	next *object
	text []byte
}

// allocate allocates 600 MB, of which it needs a few at a time, and tells the order of a map of pointers, which is that of addresses.
func allocate([]string) {
	var (
		pool     = sync.Pool{New: func() any { return new(object) }}
		kept     [64]*object
		named    = map[*object]int{}
		order    = uint64(0)
		recycled int
	)
	for i := range 60 {
		for k := range 1000 {
			o := pool.Get().(*object)
			if o.text != nil {
				recycled++
			}
			o.text = make([]byte, 1+(i*k*7919)%20_000)
			if k%16 == 0 {
				o.next, kept[k/16] = kept[(k/16+1)%64], o
				o.next.cut()
				named[o] = i*1000 + k
				continue
			}
			pool.Put(o)
		}
		for o, n := range named {
			order = order*31 + uint64(n)
			if n < (i-3)*1000 {
				delete(named, o)
			}
		}
		time.Sleep(time.Millisecond)
	}
	say("order %016x, recycled %d", order, recycled)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	say("allocated %d MB, has %d MB, collected %d times, paused %d ns", m.TotalAlloc>>20, m.Sys>>20, m.NumGC, m.PauseTotalNs)
}

// cut keeps the list short.
func (o *object) cut() {
	for n := 0; o != nil; n++ {
		next := o.next
		if n == 8 {
			o.next = nil
		}
		o = next
	}
}
