package network

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPollersReadWhatWaitingReadersRead: the same bytes at the same instants, and the same end, whatever happens.
func TestPollersReadWhatWaitingReadersRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Config{Seed: rapid.Uint64().Draw(rt, "seed"), Window: 4000, UserTimeout: time.Second}
		s := steps(append([]string{"kill a", "kill b", "power off a", "power off b", "reset a", "reset b"}, harmless...)).Draw(rt, "steps")
		waiting, polling := transfer(t, c, s), transferTo(t, c, s, (*direction).poll)
		for i, w := range []direction{waiting.there, waiting.back} {
			p := []direction{polling.there, polling.back}[i]
			if !slices.Equal(w.read, p.read) {
				rt.Fatalf("a waiting reader read %d bytes, a poller %d", len(w.read), len(p.read))
			}
			if w, p := slices.Compact(w.instants), slices.Compact(p.instants); !slices.Equal(w, p) {
				rt.Fatalf("a waiting reader read at\n%v and a poller at\n%v", w, p)
			}
			if explain(w.err) != explain(p.err) {
				rt.Fatalf("a waiting reader ended with %v, a poller with %v", w.err, p.err)
			}
		}
	})
}

// poll reads at the other end until an error, by a poller.
func (d *direction) poll(n *Network, to *Conn) {
	p := to.host.NewPoller()
	p.Add(to, 1)
	for d.err == nil {
		var events []Event
		if events, d.err = p.Wait(time.Time{}); d.err == nil && len(events) != 1 {
			d.err = fmt.Errorf("woken for %d events", len(events))
		}
		for again := true; again && d.err == nil; {
			d.take(n, func(b []byte) (k int, err error) {
				if k, err = to.TryRead(b); errors.Is(err, syscall.EAGAIN) {
					again, err = false, nil
				}
				return k, err
			})
		}
	}
}
