package network

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

// TestPollersReadWhatWaitingReadersRead: the same bytes at the same instants, and the same end, whatever happens.
func TestPollersReadWhatWaitingReadersRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Config{Seed: rapid.Uint64().Draw(rt, "seed"), Window: 4000, UserTimeout: time.Second}
		s := steps(harmful).Draw(rt, "steps")
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

// TestAPollerWaitsUntilAnInstantOrUntilItIsWoken, whichever comes first, and while its host is paused not at all.
func TestAPollerWaitsUntilAnInstantOrUntilItIsWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(Config{})
		h := n.Attach("a")
		p := h.NewPoller()
		wait := func(until time.Time) time.Duration {
			t.Helper()
			before := n.elapsed()
			if events, err := p.Wait(until); err != nil || len(events) > 0 {
				t.Errorf("%d events, %v", len(events), err)
			}
			return n.elapsed() - before
		}
		if d := wait(time.Now().Add(time.Second)); d != time.Second {
			t.Errorf("waited for %v", d)
		}
		if d := wait(time.Now().Add(-time.Second)); d != 0 {
			t.Errorf("an instant that has passed: waited for %v", d)
		}
		time.AfterFunc(time.Second, p.Wake)
		if d := wait(time.Time{}); d != time.Second {
			t.Errorf("woken after %v", d)
		}
		p.Wake()
		if d := wait(time.Time{}); d != 0 {
			t.Errorf("woken before: waited for %v", d)
		}
		h.Pause()
		time.AfterFunc(time.Minute, h.Resume)
		if d := wait(time.Now().Add(time.Second)); d != time.Minute {
			t.Errorf("paused: waited for %v", d)
		}
		time.AfterFunc(time.Second, h.PowerOff)
		if _, err := p.Wait(time.Time{}); !errors.Is(err, net.ErrClosed) {
			t.Errorf("without power: %v", err)
		}
	})
}

func TestAPollerIsForItsHost(t *testing.T) {
	n := New(Config{})
	p, l := n.Attach("a").NewPoller(), listen(t, n.Attach("b"))
	defer func() {
		if recover() == nil {
			t.Error("a source of another host was added")
		}
	}()
	p.Add(l, 1)
}

// TestAPollerOnTheRealClock has one goroutine serve many clients, for the race detector to see.
func TestAPollerOnTheRealClock(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := New(Config{Delay: Delay{Base: 20 * time.Microsecond, Tail: 20 * time.Microsecond}})
	server := n.Attach("server")
	l, p := listen(t, server), server.NewPoller()
	p.Add(l, 0)
	served := make(chan struct{})
	go func() {
		defer close(served)
		echoEvents(p, l)
	}()
	var all sync.WaitGroup
	for i := range 8 {
		client := n.Attach(fmt.Sprint("client", i))
		all.Go(func() {
			defer client.Kill()
			converse(t, client, 200)
			p.Wake()
		})
	}
	all.Wait()
	server.Kill()
	<-served
}

// echoEvents answers whoever says something with the same, in one goroutine.
func echoEvents(p *Poller, l *Listener) {
	var conns []*Conn // by key, from 1
	b := make([]byte, 100)
	for {
		events, err := p.Wait(time.Now().Add(time.Second))
		if err != nil {
			return
		}
		for _, e := range events {
			if e.Key == 0 {
				for c, err := l.TryAccept(); err == nil; c, err = l.TryAccept() {
					conns = append(conns, c)
					p.Add(c, uint64(len(conns)))
				}
				continue
			}
			c := conns[e.Key-1]
			for k, err := c.TryRead(b); err == nil; k, err = c.TryRead(b) {
				_, _ = c.TryWrite(b[:k])
			}
		}
	}
}
