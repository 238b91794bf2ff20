package network

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// pair is a connection on a new network, in a bubble. Both hosts are killed in the end.
func pair(t *testing.T, c Config, f func(t *testing.T, n *Network, dialed, accepted net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		n := New(c)
		a, b := n.Attach("a"), n.Attach("b")
		defer time.Sleep(time.Minute)
		defer a.Kill()
		defer b.Kill()
		dialed, accepted := connect(t, a, b)
		f(t, n, dialed, accepted)
	})
}

func TestErrorsAreThoseOfNet(t *testing.T) {
	pair(t, Config{}, func(t *testing.T, n *Network, dialed, accepted net.Conn) {
		h := n.Attach("c")
		defer h.Kill()
		_, refused := h.Dial("a:9", time.Second)
		_, silent := h.Dial("nowhere:9", time.Second)
		_ = accepted.SetReadDeadline(time.Now())
		_, late := accepted.Read(make([]byte, 1))
		_ = dialed.Close()
		_, closed := dialed.Read(make([]byte, 1))
		n.current["a"].Kill()
		_, down := n.current["a"].Dial("b:1", time.Second)
		for _, test := range []struct {
			err, is error
			timeout bool
			text    string
		}{
			{refused, syscall.ECONNREFUSED, false, "dial tcp a:9: connection refused"},
			{silent, os.ErrDeadlineExceeded, true, "dial tcp nowhere:9: i/o timeout"},
			{late, os.ErrDeadlineExceeded, true, "read tcp b:1->a: i/o timeout"},
			{closed, net.ErrClosed, false, "read tcp a->b:1: use of closed network connection"},
			{down, errHostDown, false, "dial tcp b:1: host is down"},
		} {
			var e net.Error
			if !errors.Is(test.err, test.is) || !errors.As(test.err, &e) || e.Timeout() != test.timeout || test.err.Error() != test.text {
				t.Errorf("got %q, want %q", test.err, test.text)
			}
		}
	})
}

func TestAnAddressIsAHostAndAPort(t *testing.T) {
	pair(t, Config{}, func(t *testing.T, n *Network, dialed, accepted net.Conn) {
		got := fmt.Sprintf("%v to %v, %v to %v", dialed.LocalAddr(), dialed.RemoteAddr(), accepted.LocalAddr(), accepted.RemoteAddr())
		if want := "a to b:1, b:1 to a"; got != want || dialed.LocalAddr().Network() != "tcp" {
			t.Errorf("got %s, want %s", got, want)
		}
		if _, err := n.current["a"].Dial("b", time.Second); err == nil {
			t.Error("an address without a port was dialed")
		}
	})
}

func TestAPortHasOneListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{}).Attach("a")
		l, err := h.Listen("1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Listen("1"); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("a second listener on the port: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed again: %v", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept after close: %v", err)
		}
		if _, err := h.Listen("1"); err != nil {
			t.Errorf("the port is free again, but: %v", err)
		}
	})
}

// TestConnectionsWaitToBeAccepted: so many, and no more; those that nobody accepts are reset with the listener, as on Linux.
func TestConnectionsWaitToBeAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(Config{})
		a, l := n.Attach("a"), listen(t, n.Attach("b"))
		var waiting []net.Conn
		for range backlog {
			c, err := a.Dial("b:1", time.Second)
			if err != nil {
				t.Fatal(err)
			}
			waiting = append(waiting, c)
		}
		if _, err := a.Dial("b:1", time.Second); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("one more: %v", err)
		}
		if _, err := l.Accept(); err != nil {
			t.Error(err)
		}
		if _, err := a.Dial("b:1", time.Second); err != nil {
			t.Errorf("there is room again, but: %v", err)
		}
		_ = l.Close()
		if _, err := waiting[backlog-1].Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("never accepted: %v", err)
		}
	})
}

func listen(t *testing.T, h *Host) *Listener {
	t.Helper()
	l, err := h.Listen("1")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAHostThatIsUpCannotBeAttachedAgain(t *testing.T) {
	n := New(Config{})
	h := n.Attach("a")
	defer func() {
		if recover() == nil {
			t.Error("attached twice")
		}
		if h.Down() {
			t.Error("the first is down")
		}
	}()
	n.Attach("a")
}

// TestCloseNeverWaits matters because raft closes connections while it holds the mutex of its pool: if
// Close waited for a paused host, whoever wants the mutex would stop the clock, and with it the resuming.
func TestCloseNeverWaits(t *testing.T) {
	pair(t, Config{}, func(t *testing.T, n *Network, dialed, accepted net.Conn) {
		n.current["a"].Pause()
		before := n.elapsed()
		if err := dialed.Close(); err != nil {
			t.Error(err)
		}
		if n.elapsed() != before {
			t.Errorf("waited for %v", n.elapsed()-before)
		}
	})
}

// TestLinksDrawApart: what happens on one link has no influence on another, nor on the same the other way.
func TestLinksDrawApart(t *testing.T) {
	s := []step{{What: "write", Bytes: 10}, {After: time.Second, What: "write", Bytes: 10}}
	busy := slices.Insert(slices.Clone(s), 1, step{What: "answer", Bytes: 10})
	alone, beside := transfer(t, Config{Seed: 5}, s), transfer(t, Config{Seed: 5}, busy)
	if !slices.Equal(alone.there.instants, beside.there.instants) {
		t.Errorf("arrivals at %v, but beside other traffic at %v", alone.there.instants, beside.there.instants)
	}
}

func TestTrafficCountsSegmentsAndBytes(t *testing.T) {
	pair(t, Config{}, func(t *testing.T, n *Network, dialed, accepted net.Conn) {
		_, _ = dialed.Write([]byte("ping"))
		_, _ = accepted.Write([]byte("pong!"))
		if segments, bytes := n.Traffic(); segments != 2 || bytes != 9 {
			t.Errorf("%d segments, %d bytes", segments, bytes)
		}
	})
}

// TestOnTheRealClock has many talk at once while a link is cut, the server is paused and, in the end,
// killed, for the race detector to see.
func TestOnTheRealClock(t *testing.T) {
	defer goleak.VerifyNone(t)
	n := New(Config{Delay: Delay{Base: 20 * time.Microsecond, Tail: 20 * time.Microsecond}})
	server := n.Attach("server")
	l := listen(t, server)
	var all sync.WaitGroup
	all.Go(func() { echo(l, &all) })
	for i := range 8 {
		client := n.Attach(fmt.Sprint("client", i))
		all.Go(func() {
			defer client.Kill()
			converse(t, client, 1000)
		})
	}
	for range 20 {
		n.Cut("client0", "server")
		server.Pause()
		time.Sleep(time.Millisecond)
		server.Resume()
		n.Mend("client0", "server")
		time.Sleep(time.Millisecond)
	}
	server.Kill()
	all.Wait()
}

// echo answers every line with the same line.
func echo(l net.Listener, all *sync.WaitGroup) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		all.Go(func() { _, _ = io.Copy(c, c) })
	}
}

// converse says lines until one is not answered.
func converse(t *testing.T, h *Host, lines int) {
	c, err := h.Dial("server:1", 100*time.Millisecond)
	if err != nil {
		return // the server may be dead by now
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for i := range lines {
		_ = c.SetDeadline(time.Now().Add(100 * time.Millisecond))
		line := fmt.Sprintf("%s says %d\n", h.Name(), i)
		if _, err := io.WriteString(c, line); err != nil {
			return
		}
		switch answer, err := r.ReadString('\n'); {
		case err != nil:
			return
		case answer != line:
			t.Errorf("said %q, heard %q", line, answer)
		}
	}
}
