package confirm

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/network"
	"faultline/cluster/sim/rpc"
)

// voters are the other nodes as a confirmer sees them: they answer questions about terms. A question and
// its answer take a millisecond each.
type voters struct {
	network *network.Network
	leader  *network.Host
	hosts   []*network.Host
	own     uint64 // the leader's term
	voting  []string

	mu    sync.Mutex
	terms []uint64 // by voter
	asked []int    // how often
}

const (
	oneWay = time.Millisecond
	port   = "8000"
)

// peerOf asks a voter. The question is the term, and the answer begins with a byte that is 1 for yes.
func peerOf(host *network.Host, name string) Peer {
	conn := &rpc.Conn{}
	return Peer{Name: name, Close: conn.Close, Ask: func(q Question) bool {
		frame := rpc.Frame(binary.BigEndian.AppendUint64(make([]byte, rpc.FrameHead), q.Term))
		answer, err := conn.Call(host, name+":"+port, frame, Wait)
		return err == nil && answer[0] == 1
	}}
}

// withVoters runs a test with a confirmer that leads in term 5, and voters that know of the given terms.
func withVoters(t *testing.T, terms []uint64, f func(t *testing.T, v *voters, c *Confirmer)) {
	synctest.Test(t, func(t *testing.T) {
		v := &voters{network: network.New(network.Config{Delay: network.Delay{Base: oneWay}}), own: 5,
			terms: terms, asked: make([]int, len(terms))}
		v.leader = v.network.Attach("n1")
		var names []string
		var peers []Peer
		for i := range terms {
			name := fmt.Sprintf("n%d", i+2)
			names, peers = append(names, name), append(peers, peerOf(v.leader, name))
			v.hosts = append(v.hosts, v.network.Attach(name))
			l, err := v.hosts[i].Listen(port)
			if err != nil {
				t.Fatal(err)
			}
			go v.serve(i, l)
		}
		c := New(peers, Standing{Name: "n1", CurrentTerm: func() uint64 { return v.own },
			Voters: func() []string { return v.voting }, Now: time.Now})
		v.voting = append([]string{"n1"}, names...)
		stop, group := make(chan struct{}), sync.WaitGroup{}
		c.Start(stop, &group)
		f(t, v, c)
		close(stop)
		for _, h := range append(v.hosts, v.leader) {
			h.Kill()
		}
		group.Wait()
		time.Sleep(time.Second)
	})
}

func (v *voters) serve(i int, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			r := bufio.NewReader(conn)
			for {
				b, err := rpc.ReadFrame(r)
				if err != nil {
					return
				}
				answer := make([]byte, rpc.FrameHead+1)
				if v.agrees(i, binary.BigEndian.Uint64(b)) {
					answer[rpc.FrameHead] = 1
				}
				if _, err := conn.Write(rpc.Frame(answer)); err != nil {
					return
				}
			}
		}()
	}
}

func (v *voters) agrees(i int, term uint64) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked[i]++
	return v.terms[i] <= term
}

// elect has all voters know of a later term.
func (v *voters) elect(term uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.terms {
		v.terms[i] = term
	}
}

func TestAMajorityConfirms(t *testing.T) {
	for _, test := range []struct {
		name  string
		own   uint64
		terms []uint64 // of the others; 0 for one that is cut off
		want  bool
	}{
		{"all know of no later term", 5, []uint64{5, 5, 5, 5}, true},
		{"who lags behind agrees", 5, []uint64{3, 4, 5, 1}, true},
		{"two of five others are enough", 5, []uint64{5, 5, 6, 0}, true},
		{"one of five others is not", 5, []uint64{5, 6, 6, 6}, false},
		{"silence is no consent", 5, []uint64{5, 0, 0, 0}, false},
		{"three nodes", 5, []uint64{5, 0}, true},
		{"three nodes, alone", 5, []uint64{0, 0}, false},
		{"of four nodes two are no majority", 5, []uint64{5, 0, 0}, false},
		{"of two nodes one is none", 5, []uint64{0}, false},
		{"one node", 5, nil, true},
		{"the node itself knows better", 6, []uint64{5, 5, 5, 5}, false},
		{"and has no one to ask", 6, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			withVoters(t, test.terms, func(t *testing.T, v *voters, c *Confirmer) {
				v.own = test.own
				for i, term := range test.terms {
					if term == 0 {
						v.network.Cut(v.hosts[i].Name(), "n1")
					}
				}
				for range 3 { // with a new connection, and with an old one
					if got := c.Majority(5); got != test.want {
						t.Errorf("confirmed: %v", got)
					}
				}
			})
		})
	}
}

// TestOnlyVotersCount: those of the configuration as it is when they are asked.
func TestOnlyVotersCount(t *testing.T) {
	for _, test := range []struct {
		name   string
		voters []string
		terms  []uint64 // of n2 to n5; 0 for one that is cut off
		want   bool
	}{
		{"two of three, the others were removed", []string{"n1", "n2", "n3"}, []uint64{5, 6, 5, 5}, true},
		{"who was removed knows of nothing", []string{"n1", "n2", "n3"}, []uint64{6, 6, 5, 5}, false},
		{"a leader that is being removed has no vote", []string{"n2", "n3", "n4"}, []uint64{5, 6, 6, 5}, false},
		{"and needs a majority of the others", []string{"n2", "n3", "n4"}, []uint64{5, 5, 6, 6}, true},
		{"it is the only one left", []string{"n1"}, []uint64{0, 0, 0, 0}, true},
		{"it is gone, and one is left", []string{"n2"}, []uint64{5, 0, 0, 0}, true},
		{"no configuration yet", nil, []uint64{5, 5, 5, 5}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			withVoters(t, test.terms, func(t *testing.T, v *voters, c *Confirmer) {
				v.voting = test.voters
				for i, term := range test.terms {
					if term == 0 {
						v.network.Cut(v.hosts[i].Name(), "n1")
					}
				}
				if got := c.Majority(5); got != test.want {
					t.Errorf("confirmed: %v", got)
				}
			})
		})
	}
}

// TestConfirmingTakesARoundTrip, once the connections are there, and no longer than the faster half.
func TestConfirmingTakesARoundTrip(t *testing.T) {
	withVoters(t, []uint64{5, 5, 5, 5}, func(t *testing.T, v *voters, c *Confirmer) {
		c.Majority(5)
		v.hosts[0].Pause()
		v.hosts[3].Kill()
		begin := time.Now()
		if !c.Majority(5) || time.Since(begin) != 2*oneWay {
			t.Errorf("took %v", time.Since(begin))
		}
	})
}

func TestNoMajorityIsKnownAfterTheWait(t *testing.T) {
	withVoters(t, []uint64{5, 5}, func(t *testing.T, v *voters, c *Confirmer) {
		v.hosts[0].Pause()
		v.hosts[1].Pause()
		begin := time.Now()
		if c.Majority(5) || time.Since(begin) != Wait {
			t.Errorf("took %v", time.Since(begin))
		}
	})
}

// ask has a read begin now. Its result is there when done is called.
func ask(c *Confirmer, term uint64) (done func() (ok bool, at time.Time)) {
	var ok bool
	var at time.Time
	ended := make(chan struct{})
	go func() {
		ok = c.Majority(term)
		at = time.Now()
		close(ended)
	}()
	synctest.Wait()
	return func() (bool, time.Time) { <-ended; return ok, at }
}

// TestReadsThatComeTogetherShareARound: however many come while one is under way, there is one more.
func TestReadsThatComeTogetherShareARound(t *testing.T) {
	withVoters(t, []uint64{5, 5}, func(t *testing.T, v *voters, c *Confirmer) {
		c.Majority(5)
		before := v.asked[0]
		reads := []func() (bool, time.Time){ask(c, 5)}
		time.Sleep(oneWay / 2)
		for range 10 {
			reads = append(reads, ask(c, 5))
		}
		_, first := reads[0]()
		for i, done := range reads {
			ok, at := done()
			if want := min(i, 1) * int(2*oneWay); !ok || at.Sub(first) != time.Duration(want) {
				t.Errorf("read %d: %v, %v after the first", i, ok, at.Sub(first))
			}
		}
		time.Sleep(oneWay)
		if asked := v.asked[0] - before; asked != 2 {
			t.Errorf("a voter was asked %d times", asked)
		}
	})
}

// TestARoundIsNeverUsedForALaterRead. The voters have answered the first read's question when they elect
// another leader; their answers are on the way. A second read begins: the new leader may have acknowledged
// a write by now, and the answers say nothing about that.
func TestARoundIsNeverUsedForALaterRead(t *testing.T) {
	withVoters(t, []uint64{5, 5, 5, 5}, func(t *testing.T, v *voters, c *Confirmer) {
		c.Majority(5)
		first := ask(c, 5)
		time.Sleep(oneWay * 3 / 2)
		v.elect(6)
		second := ask(c, 5)
		if ok, _ := first(); !ok {
			t.Error("the first read was refused, though no other leader was elected before it began")
		}
		if ok, _ := second(); ok {
			t.Error("the second read was confirmed by answers from before it began")
		}
	})
}

// TestReadsOfAnotherTermDoNotShare: a read that began under the leader of term 5 gets no answer about term 7.
func TestReadsOfAnotherTermDoNotShare(t *testing.T) {
	withVoters(t, []uint64{6, 6}, func(t *testing.T, v *voters, c *Confirmer) {
		running := ask(c, 5)
		old := ask(c, 5)
		v.own = 7
		leads := ask(c, 7)
		if ok, _ := old(); ok {
			t.Error("the read of term 5 was confirmed")
		}
		if ok, _ := running(); ok {
			t.Error("the one before it was confirmed")
		}
		if ok, _ := leads(); !ok {
			t.Error("the read of term 7 was refused")
		}
	})
}

// TestAPeerThatComesBackIsAskedAnew: the connection is lost, and the round after that makes another.
func TestAPeerThatComesBackIsAskedAnew(t *testing.T) {
	withVoters(t, []uint64{5}, func(t *testing.T, v *voters, c *Confirmer) {
		if !c.Majority(5) {
			t.Fatal("refused")
		}
		v.hosts[0].Kill()
		if c.Majority(5) {
			t.Error("confirmed by a dead node")
		}
		v.hosts[0] = v.network.Attach("n2")
		l, err := v.hosts[0].Listen(port)
		if err != nil {
			t.Fatal(err)
		}
		go v.serve(0, l)
		if !c.Majority(5) {
			t.Error("refused")
		}
	})
}
