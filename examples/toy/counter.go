// Package toy is the smallest system and the smallest workload that there can be: a counter with one operation, and clients
// that check that it counts.
package toy

import (
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"

	"faultline"
	"faultline/cluster"
	"faultline/cluster/disk"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

func init() {
	faultline.Register(cluster.Kind{
		Name: "toy-counter", Doc: "a counter on one machine", Nodes: 1,
		Modes:   []cluster.Mode{{Name: "durable", Doc: "a number is on disk before it is given out", Claims: "linearizable"}},
		Ops:     []string{"next"},
		Suffers: sim.Suffers(),
		Probe:   func(*rand.Rand) cluster.Op { return cluster.Op{F: "next"} },
		Open:    open,
	})
}

const port = "9000"

// system is one machine, with what every machine suffers.
type system struct{ *sim.Cluster }

func open(env cluster.Env) (cluster.System, error) {
	machines, err := sim.New(sim.Config{Seed: env.Seed, Dir: env.Dir, Nodes: cluster.NodeNames(env.Nodes), Boot: boot})
	return system{machines}, err
}

// Open implements cluster.System.
func (s system) Open(id int, node string) cluster.Client {
	return client{rpc.NewClient(s.Client(id), port, s.Nodes(), node,
		rpc.Timeouts{Operation: time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond})}
}

type client struct{ *rpc.Client }

// Do implements cluster.Client. Its outcome is unknown when no answer comes: the counter may have counted.
func (c client) Do(op cluster.Op) cluster.Outcome {
	return c.Client.Do(rpc.Operation{Request: rpc.NewRequest(op.F, 0, "", nil), Answered: func(r rpc.Response) cluster.Outcome {
		var n int64
		if err := r.Decode(&n); err != nil {
			return cluster.Outcome{Type: history.Info, Error: err.Error()}
		}
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(n)}
	}})
}

// counter is the program. It has counted as far as its file is long.
type counter struct {
	file *disk.File
	n    atomic.Int64
}

func boot(p *sim.Process) (sim.Program, error) {
	file, err := p.Volume().OpenFile("count", os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	size, err := file.Size()
	if err != nil {
		return nil, err
	}
	c := &counter{file: file}
	c.n.Store(size)
	return c, rpc.Serve(p, port, c.next)
}

// next counts, and answers when that is on disk.
func (c *counter) next(string, rpc.Request) rpc.Response {
	n := c.n.Add(1)
	_, err := c.file.WriteAt([]byte{1}, n-1)
	if err == nil {
		err = c.file.Sync()
	}
	if err != nil {
		return rpc.Unsure(0, err.Error())
	}
	return rpc.Answer(0, "", n)
}

// Role implements sim.Program.
func (*counter) Role() (role string, term uint64) { return sim.Leader, 0 }

// Stop implements sim.Program.
func (*counter) Stop() error { return nil }
