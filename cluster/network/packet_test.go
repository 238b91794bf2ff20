package network

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// sending is what was sent over one link as datagrams, numbered from 0, and what was received of it.
type sending struct {
	sent     int
	received []uint32
	instants []time.Duration
}

// datagrams has a send to b while the steps happen.
func datagrams(t *testing.T, c Config, steps []step) (o sending) {
	synctest.Test(t, func(t *testing.T) {
		n := New(c)
		hosts := map[string]*Host{"a": n.Attach("a"), "b": n.Attach("b")}
		from, _ := hosts["a"].ListenPacket("9")
		to, _ := hosts["b"].ListenPacket("9")
		go func() {
			b := make([]byte, maxDatagram)
			for {
				k, _, err := to.Receive(b)
				if err != nil {
					return
				}
				if k >= 4 {
					o.received = append(o.received, binary.LittleEndian.Uint32(b))
				}
				o.instants = append(o.instants, n.elapsed())
			}
		}()
		for _, s := range steps {
			time.Sleep(s.After)
			synctest.Wait() // what else is due at this instant comes first
			if s.What != "write" {
				(&transferred{}).do(n, hosts, s, 0)
				continue
			}
			b := binary.LittleEndian.AppendUint32(nil, uint32(o.sent))
			if from.SendTo(Endpoint{"b", "9"}, append(b, make([]byte, s.Bytes)...)) == nil {
				o.sent++
			}
		}
		hosts["a"].Resume()
		hosts["b"].Resume()
		time.Sleep(time.Hour)
		hosts["a"].Kill()
		hosts["b"].Kill()
		time.Sleep(time.Second)
	})
	return o
}

// TestDatagramsArriveOnceOnAGoodLink says that without faults nothing is lost, and that late ones are only late.
func TestDatagramsArriveOnceOnAGoodLink(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Config{Seed: rapid.Uint64().Draw(rt, "seed")}
		o := datagrams(t, c, steps([]string{"write", "slow", "delay", "limit", "unlimit", "reorder"}).Draw(rt, "steps"))
		slices.Sort(o.received)
		if len(o.received) != o.sent || len(slices.Compact(o.received)) != o.sent {
			rt.Fatalf("%d were sent, and these arrived: %v", o.sent, o.received)
		}
	})
}

// TestDatagramsArriveAtMostTwice holds for whatever happens. The same calls have the same outcome.
func TestDatagramsArriveAtMostTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := Config{Seed: rapid.Uint64().Draw(rt, "seed")}
		whats := []string{"write", "cut a b", "mend a b", "pause b", "resume b", "slow", "delay", "lose", "limit", "unlimit", "reorder", "double",
			"power off a", "kill b"}
		s := steps(whats).Draw(rt, "steps")
		o := datagrams(t, c, s)
		times := map[uint32]int{}
		for _, number := range o.received {
			if times[number]++; times[number] > 2 || int(number) >= o.sent {
				rt.Fatalf("%d were sent, and these arrived: %v", o.sent, o.received)
			}
		}
		if again := datagrams(t, c, s); !slices.Equal(o.instants, again.instants) || !slices.Equal(o.received, again.received) {
			rt.Fatalf("the same calls:\n%v %v\n%v %v", o.received, o.instants, again.received, again.instants)
		}
	})
}

// TestDatagramsLeaveConnectionsAlone: they have generators of their own.
func TestDatagramsLeaveConnectionsAlone(t *testing.T) {
	impair := func(n *Network) {
		n.Lose("a", "b", 0.2)
		n.Reorder("a", "b", 20*time.Millisecond)
		n.Delay("a", "b", time.Millisecond, time.Millisecond)
		n.Duplicate("b", 0.5)
	}
	alone := arrivals(t, impair)
	beside := arrivals(t, func(n *Network) {
		impair(n)
		p, _ := n.current["a"].ListenPacket("9")
		for range 100 {
			_ = p.SendTo(Endpoint{"b", "9"}, []byte("hello"))
		}
	})
	if !slices.Equal(alone, beside) {
		t.Errorf("arrivals at\n%v and beside datagrams at\n%v", alone, beside)
	}
}

func TestADatagramIsCutToTheBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{}).Attach("a")
		p, err := h.ListenPacket("9")
		if err != nil {
			t.Fatal(err)
		}
		_ = p.SendTo(p.Local(), []byte("hello"))
		_ = p.SendTo(p.Local(), nil)
		time.Sleep(time.Second)
		b := make([]byte, 3)
		if k, from, err := p.Receive(b); k != 3 || from != p.Local() || err != nil {
			t.Errorf("%d bytes from %v, %v", k, from, err)
		}
		if k, _, err := p.TryReceive(b); k != 0 || err != nil {
			t.Errorf("of the empty one %d bytes, %v", k, err)
		}
		if _, _, err := p.TryReceive(b); !errors.Is(err, syscall.EAGAIN) {
			t.Errorf("nothing left, but: %v", err)
		}
		_ = p.SetReadDeadline(time.Now().Add(time.Second))
		if _, _, err := p.Receive(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after the deadline: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}
