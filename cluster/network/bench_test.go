package network

import (
	"fmt"
	"net"
	"testing"
	"time"
)

// BenchmarkSegment is a write and the read of it, of bytes that have arrived: the network's own work, without the timers.
func BenchmarkSegment(b *testing.B) {
	for _, size := range []int{64, 4096} {
		b.Run(fmt.Sprint(size, "B"), func(b *testing.B) {
			dialed, accepted := benchPair(b, New(Config{Delay: Delay{Base: 1}}), "a")
			out, in := make([]byte, size), make([]byte, size)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = dialed.Write(out)
				if k, err := accepted.Read(in); k != size || err != nil {
					b.Fatal(k, err)
				}
			}
		})
	}
}

// BenchmarkBacklog is what a segment costs where many wait to be read.
func BenchmarkBacklog(b *testing.B) {
	for _, segments := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprint(segments), func(b *testing.B) {
			dialed, accepted := benchPair(b, New(Config{Delay: Delay{Base: 1}}), "a")
			out, in := make([]byte, 64), make([]byte, 64)
			for range segments {
				_, _ = dialed.Write(out)
			}
			for b.Loop() {
				_, _ = dialed.Write(out)
				_, _ = accepted.Read(in)
			}
		})
	}
}

// BenchmarkPoller is the same where one goroutine waits for many connections.
func BenchmarkPoller(b *testing.B) {
	for _, conns := range []int{1, 100} {
		b.Run(fmt.Sprint(conns), func(b *testing.B) {
			n := New(Config{Delay: Delay{Base: 1}})
			var dialed []net.Conn
			var accepted []*Conn
			var p *Poller
			for i := range conns {
				d, a := benchPair(b, n, fmt.Sprint("a", i))
				if p == nil {
					p = a.host.NewPoller()
				}
				p.Add(a, uint64(i))
				dialed, accepted = append(dialed, d), append(accepted, a)
			}
			out, in := make([]byte, 64), make([]byte, 4096)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				_, _ = dialed[i%conns].Write(out)
				events, _ := p.Wait(time.Time{})
				if k, err := accepted[events[0].Key].TryRead(in); k != len(out) || err != nil {
					b.Fatal(k, err)
				}
			}
		})
	}
}

// benchPair is a connection from a new host to b.
func benchPair(b *testing.B, n *Network, from string) (*Conn, *Conn) {
	to := n.current["b"]
	if to == nil {
		to = n.Attach("b")
	}
	l, err := to.Listen("1")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	dialed, err := n.Attach(from).Dial("b:1", time.Second)
	if err != nil {
		b.Fatal(err)
	}
	accepted, err := l.TryAccept()
	if err != nil {
		b.Fatal(err)
	}
	return dialed.(*Conn), accepted
}
