package world

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/history"
	"faultline/nemesis"
	"faultline/workloads"
)

// test is one run in progress.
type test struct {
	spec     Spec
	kind     cluster.Kind
	schedule nemesis.Schedule
	system   cluster.System
	workload workloads.Workload
	start    time.Time
	recorder *recorder
	pressure *pressure
	quit     <-chan struct{} // closed when nobody wants the result any more; nil in a world of its own

	// mu guards the workload, which on the real clock is asked by many threads at once.
	mu     sync.Mutex
	owners []int // of the clients that were opened, by number: the process whose client it is, or nobody
}

const nobody = -1

func newTest(in Input, dir string, progress func(time.Duration)) (*test, error) {
	schedule, err := nemesis.Parse(in.Schedule)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	spec, err := in.Spec.WithDefaults()
	if err != nil {
		return nil, err
	}
	kind, err := spec.Kind()
	if err != nil {
		return nil, err
	}
	system, err := kind.Open(cluster.Env{Seed: spec.Seed, Dir: dir, Nodes: spec.Nodes, Mode: spec.Mode, Config: spec.Config,
		Bug: spec.Bug, Trace: in.Trace})
	if err != nil {
		return nil, err
	}
	options := in.Spec.Options
	options.Threads = in.Spec.Concurrency
	workload, ok := openWorkload(in.Spec.Workload, options)
	if !ok {
		return nil, fmt.Errorf("unknown workload %q", in.Spec.Workload)
	}
	t := &test{spec: spec, kind: kind, schedule: schedule, system: system, workload: workload, start: time.Now()}
	t.recorder = &recorder{start: t.start, progress: progress, events: make([]history.Event, 0, expectedEvents(in.Spec))}
	return t, nil
}

// expectedEvents is about how many events a run records. To grow the list as it fills would copy it, and
// touch several times the memory, which is not collected in a world.
func expectedEvents(s Spec) int {
	const most = 1 << 22
	return int(min(most, 2.2*s.Rate*s.TimeLimit.Seconds()))
}

// openWorkload is a variable so that the tests of this package can bring workloads that misbehave.
var openWorkload = workloads.Open

// The bounds on waiting for the cluster to serve, before the test and after the faults.
const (
	startupLimit  = 30 * time.Second
	recoveryLimit = 60 * time.Second
)

// run conducts the test: start, load and faults at once, heal, wait, read everything.
func (t *test) run() (*Result, error) {
	if err := t.system.Start(); err != nil {
		return nil, fmt.Errorf("start the cluster: %w", err)
	}
	t.await(startupLimit)
	faults := t.system.Faults()
	t.pressure = newPressure(t)
	faults.Load = t.pressure
	n := nemesis.New(faults, t.system.Nodes(), generator(t.spec.Seed, "nemesis"), t.recorder.add)
	n.End = t.spec.TimeLimit
	var load sync.WaitGroup
	for i := range t.spec.Concurrency {
		load.Go(func() { t.load(i) })
	}
	load.Go(func() { n.Run(t.start, t.schedule, t.sleep) })
	load.Wait()
	n.Heal()
	t.pressure.leaving.Wait()
	served := t.await(recoveryLimit)
	var behind []string
	if served {
		behind = t.catchUp(recoveryLimit)
	}
	settled := time.Since(t.start)
	t.final()
	report := t.system.Report()
	t.nameClients(report.Messages)
	return &Result{History: &history.History{Events: t.recorder.events}, Report: report, Served: served,
		Behind: behind, Settled: settled, Resolved: n.Resolved().String(), Virtual: time.Since(t.start)}, nil
}

// open returns a client that nobody has used, near the node that is the thread's turn. It is that of a process, or of
// nobody.
func (t *test) open(thread, owner int) cluster.Client {
	t.mu.Lock()
	id := len(t.owners)
	t.owners = append(t.owners, owner)
	t.mu.Unlock()
	nodes := t.system.Nodes()
	return t.system.Open(id, nodes[thread%len(nodes)])
}

// await asks until the cluster serves, with operations that are not part of the history.
func (t *test) await(limit time.Duration) bool {
	for begin, thread := time.Now(), 0; time.Since(begin) < limit; thread++ {
		c := t.open(thread, nobody)
		out := c.Do(t.kind.Probe(nil))
		c.Close()
		if out.Type == history.OK {
			return true
		}
		t.recorder.alive()
		if !t.sleep(100 * time.Millisecond) {
			break
		}
	}
	return false
}

// catchUp waits until all nodes have what is committed, and returns those that do not get there. Nobody writes
// meanwhile.
func (t *test) catchUp(limit time.Duration) []string {
	replicas, ok := t.system.(cluster.Replicas)
	if !ok {
		return nil
	}
	for begin := time.Now(); ; {
		behind := replicas.Behind()
		if len(behind) == 0 || time.Since(begin) >= limit {
			return behind
		}
		t.recorder.alive()
		if !t.sleep(100 * time.Millisecond) {
			return nil
		}
	}
}

// sleep waits, and reports whether the test goes on.
func (t *test) sleep(d time.Duration) bool {
	if t.quit == nil {
		time.Sleep(d)
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-t.quit:
		return false
	}
}

// final reads everything near each node, by as many clients as there were before, all at once: by then all that is
// committed is everywhere, and whoever may answer has to say the same.
func (t *test) final() {
	ops := t.workload.Final()
	nodes := len(t.system.Nodes())
	atEach := max(1, t.spec.Concurrency/nodes)
	share := max(1, (len(ops)+atEach-1)/atEach)
	var readers sync.WaitGroup
	for node := range nodes {
		for _, part := range slices.Collect(slices.Chunk(ops, share)) {
			readers.Go(func() {
				p := t.newProcess(node)
				defer func() { p.client.Close() }() // the one it has by then
				for _, op := range part {
					p.do(op)
				}
			})
		}
	}
	readers.Wait()
}
