package stream_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stream"
)

type program struct{}

func (program) Role() (string, uint64) { return "", 0 }
func (program) Stop() error            { return nil }

// TestNewsFollowAtOnceAndSilenceWaitsForTheBeat: a message takes 10 ms, a beat is every second, and the other node is silent at first.
func TestNewsFollowAtOnceAndSilenceWaitsForTheBeat(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var said []string
		c, err := sim.New(sim.Config{Dir: dir, Nodes: []string{"n1"}, Boot: func(p *sim.Process) (sim.Program, error) {
			m, begin := monitor.New(p), time.Now()
			length, told := 1, 0
			sent, silent := 0, true
			p.Go(func() {
				for p.Sleep(time.Second) {
					m.Lock()
					m.Beat()
					m.Unlock()
				}
			})
			p.Go(func() {
				p.Sleep(1500 * time.Millisecond)
				m.Lock()
				length = 2
				m.Changed()
				m.Unlock()
			})
			p.Go(func() {
				stream.Stream{
					Lasts: func() bool { return told < 3 && !p.Dead() },
					Say: func() rpc.Request {
						said = append(said, fmt.Sprintf("%v: %d", time.Since(begin), length))
						sent = length
						return rpc.NewRequest("copy", 1, "", nil)
					},
					Call: func(rpc.Request) (rpc.Response, error) {
						p.Sleep(10 * time.Millisecond)
						if silent {
							silent = false
							return rpc.Response{}, errors.New("timeout")
						}
						return rpc.Answer(1, "", nil), nil
					},
					Answered: func(_ rpc.Response, done bool) {
						if done {
							told = sent
						}
					},
					News: func() bool { return length > told },
				}.Run(m)
			})
			return program{}, nil
		}})
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2500 * time.Millisecond)
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
		if want := []string{"0s: 1", "1s: 1", "1.5s: 2", "2s: 2"}; !slices.Equal(said, want) {
			t.Errorf("it said %q, want %q", said, want)
		}
	})
}
