package network

import (
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// arrivals are the instants at which the bytes arrive that are sent over two connections from a to b in
// turn, one each millisecond.
func arrivals(t *testing.T, impair func(*Network)) (at []time.Duration) {
	const messages = 200
	synctest.Test(t, func(t *testing.T) {
		n := New(Config{Seed: 1})
		a, b := n.Attach("a"), n.Attach("b")
		at = make([]time.Duration, messages)
		var senders []net.Conn
		for first := range 2 {
			dialed, accepted := connect(t, a, b)
			senders = append(senders, dialed)
			go func() {
				for i := first; i < messages; i += 2 {
					if _, err := accepted.Read(make([]byte, 1)); err != nil {
						t.Error(err)
					}
					at[i] = n.elapsed()
				}
			}()
		}
		impair(n)
		for i := range messages {
			if _, err := senders[i%2].Write([]byte{1}); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Minute)
		a.Kill()
		b.Kill()
	})
	return at
}

// overtaken counts messages that arrive after the next one, which is of the other connection.
func overtaken(at []time.Duration) (count int) {
	for i := range at[1:] {
		if at[i] > at[i+1] {
			count++
		}
	}
	return count
}

func TestReorderLetsConnectionsOvertakeEachOther(t *testing.T) {
	left := arrivals(t, func(*Network) {})
	strong := arrivals(t, func(n *Network) { n.Reorder("a", "b", 20*time.Millisecond) })
	if few, many := overtaken(left), overtaken(strong); few > len(left)/10 || many < len(strong)/4 {
		t.Errorf("of %d messages %d were overtaken on a good link, %d on one that reorders", len(left), few, many)
	}
	for i := range strong[2:] {
		if strong[i] >= strong[i+2] {
			t.Errorf("message %d arrived at %v and the next of its connection at %v", i, strong[i], strong[i+2])
		}
	}
}

// Three in ten transmissions are lost, so three in ten messages wait for a timer, and some for several.
func TestLossIsRepairedByTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(Config{Seed: 1})
		a, b := n.Attach("a"), n.Attach("b")
		dialed, accepted := connect(t, a, b)
		n.Lose("a", "b", 0.3)
		const messages = 1000
		var late time.Duration
		count := 0
		for range messages {
			sent := n.elapsed()
			_, _ = dialed.Write([]byte{1})
			if _, err := accepted.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if waited := n.elapsed() - sent; waited >= firstRetransmission {
				count++
				late = max(late, waited)
			}
		}
		if count < messages*2/10 || count > messages*4/10 || late < 3*firstRetransmission {
			t.Errorf("of %d messages %d were late, the latest by %v", messages, count, late)
		}
		a.Kill()
		b.Kill()
	})
}
