package network

import (
	"fmt"
	"net"
	"testing"
	"time"
)

// A record tells what was written, by whom, when, and when the last byte of it was read; what never arrives was
// written all the same.
func TestWritesAreRecorded(t *testing.T) {
	pair(t, Config{Record: true, Delay: Delay{Base: time.Millisecond, Tail: 1}}, func(t *testing.T, n *Network, dialed, accepted net.Conn) {
		begin := n.elapsed()
		say := func(c net.Conn, what string) {
			if _, err := c.Write([]byte(what)); err != nil {
				t.Fatal(err)
			}
		}
		hear := func(c net.Conn, bytes int) {
			if _, err := c.Read(make([]byte, bytes)); err != nil {
				t.Fatal(err)
			}
		}
		say(dialed, "ab")
		hear(accepted, 1)
		time.Sleep(time.Second)
		hear(accepted, 1)
		say(accepted, "c")
		n.Cut("a", "b")
		say(dialed, "d")
		time.Sleep(time.Second)

		writes, missed := n.Recorded()
		got := ""
		for _, w := range writes {
			got += fmt.Sprintf("%d %s>%s:%s %v %q %d ", w.Conn, w.From, w.To, w.Port, w.Dialer, w.Bytes, (w.Sent - begin).Milliseconds())
			if w.Read == Unread {
				got += "unread\n"
			} else {
				got += fmt.Sprintf("%d\n", (w.Read - begin).Milliseconds())
			}
		}
		const want = `1 a>b:1 true "ab" 0 1001
1 b>a:1 false "c" 1001 unread
1 a>b:1 true "d" 1001 unread
`
		if got != want || missed != 0 {
			t.Errorf("recorded, and %d missed:\n%swant\n%s", missed, got, want)
		}
	})
}

// Datagrams are recorded too, by socket and port; what a host says to itself over a Unix socket is not.
func TestDatagramsAreRecorded(t *testing.T) {
	pair(t, Config{Record: true}, func(t *testing.T, n *Network, _, _ net.Conn) {
		a, b := n.current["a"], n.current["b"]
		from, _ := a.ListenPacket("0")
		to, _ := b.ListenPacket("9")
		unix, _ := a.ListenUnix("@s")
		local, _ := a.DialUnix("@s")
		_, _ = local.Write([]byte("local"))
		for _, port := range []string{"9", "8", "9"} {
			if err := from.SendTo(Endpoint{"b", port}, []byte("to "+port)); err != nil {
				t.Fatal(err)
			}
		}
		_, _, _ = to.Receive(make([]byte, 10))
		_ = unix.Close()

		writes, _ := n.Recorded()
		got := ""
		for _, w := range writes {
			got += fmt.Sprintf("%d %s>%s:%s %v %q %v\n", w.Conn, w.From, w.To, w.Port, w.Datagram, w.Bytes, w.Read != Unread)
		}
		const want = `2 a>b:9 true "to 9" true
3 a>b:8 true "to 8" false
2 a>b:9 true "to 9" false
`
		if got != want {
			t.Errorf("recorded:\n%swant\n%s", got, want)
		}
	})
}

func TestARecordHasBounds(t *testing.T) {
	for name, fill := range map[string]func(*record){
		"writes": func(r *record) {
			for range MaxWrites {
				r.write(0, 1, nil)
			}
		},
		"bytes": func(r *record) {
			r.write(0, 1, make([]byte, MaxWrittenBytes-1))
			r.write(0, 1, make([]byte, 2))
		},
	} {
		r := record{wanted: true}
		fill(&r)
		before, missed := r.writes, r.missed
		r.read(r.write(0, 1, []byte("x")), 1) // a smaller one that would fit: there would be a gap before it
		if r.writes != before || r.missed != missed+1 {
			t.Errorf("%s: %d are recorded and not %d, %d are missed", name, r.writes, before, r.missed)
		}
	}
}
