package world

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"faultline/checker"
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

func newTest(in Input, dir string, l listener) (*test, error) {
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
	workload, err := spec.Open()
	if err != nil {
		return nil, err
	}
	t := &test{spec: spec, kind: kind, schedule: schedule, system: system, workload: workload, start: time.Now()}
	t.recorder = &recorder{start: t.start, listener: l}
	return t, nil
}

// The bounds on waiting for the cluster to serve, before the test and after the faults.
const (
	startupLimit  = 30 * time.Second
	recoveryLimit = 60 * time.Second
)

// run conducts the test: start, load and faults at once, heal, wait, read everything. The result has no history: the listener has.
func (t *test) run() (*Result, error) {
	if err := t.system.Start(); err != nil {
		return nil, fmt.Errorf("start the cluster: %w", err)
	}
	t.await(startupLimit)
	faults := t.system.Faults()
	t.pressure = newPressure(t)
	faults.Load = t.pressure
	t.before()
	n := nemesis.New(faults, t.system.Nodes(), generator(t.spec.Seed, "nemesis"), t.recorder.add)
	n.End = t.spec.TimeLimit
	t.disturbed(n)
	n.Heal()
	t.pressure.leaving.Wait()
	served := t.await(recoveryLimit)
	var behind []string
	if served {
		behind = t.catchUp(recoveryLimit)
	}
	settled := time.Since(t.start)
	t.after()
	report := t.system.Report()
	report.TermNoun = t.kind.TermNoun
	t.nameClients(report.Messages)
	return &Result{Report: report, Ending: checker.Ending{
		Served: served, Behind: behind, Settled: settled, Virtual: time.Since(t.start), Resolved: n.Resolved().String()}}, nil
}

// disturbed conducts the phases under load, one after the other, and the nemesis at the same time.
func (t *test) disturbed(n *nemesis.Runner) {
	var working sync.WaitGroup
	working.Go(t.underLoad)
	working.Go(func() { n.Run(t.start, t.schedule, t.sleep) })
	working.Wait()
}

// underLoad conducts the phases under load. A client that has come to the end of its operations stays until all have: if it left, a
// store might take from it what it still holds, such as a lock that depends on a lease.
func (t *test) underLoad() {
	for _, phase := range t.phases(workloads.During) {
		t.conduct(phase.Scripts)
		if phase.Generator == nil {
			continue
		}
		var load sync.WaitGroup
		staying := make([]*process, t.spec.Concurrency)
		for thread := range staying {
			load.Go(func() { staying[thread] = t.load(phase, thread) })
		}
		load.Wait()
		for _, p := range staying {
			if p != nil {
				p.client.Close()
			}
		}
	}
}

// before conducts the phases before any fault.
func (t *test) before() {
	for _, phase := range t.phases(workloads.Before) {
		var working sync.WaitGroup
		for thread := range t.spec.Concurrency {
			working.Go(func() {
				t.inTurn(phase, workloads.Client{Thread: thread, Threads: t.spec.Concurrency, Node: thread,
					Draw: generator(t.spec.Seed, fmt.Sprintf("client %d, before", thread))})
			})
		}
		working.Wait()
	}
}

// after conducts the phases in which everything is healed. It uses as many clients as before, spread over all nodes: by then
// every node has all that is committed, so all must give the same answers.
func (t *test) after() {
	nodes := len(t.system.Nodes())
	atEach := max(1, t.spec.Concurrency/nodes)
	for _, phase := range t.phases(workloads.After) {
		var working sync.WaitGroup
		for node := range nodes {
			for thread := range atEach {
				working.Go(func() {
					t.inTurn(phase, workloads.Client{Thread: thread, Threads: atEach, Node: node,
						Draw: generator(t.spec.Seed, fmt.Sprintf("client %d of node %d, after", thread, node))})
				})
			}
		}
		working.Wait()
	}
}

// phases are those of the workload at that time.
func (t *test) phases(when workloads.When) []workloads.Phase {
	return slices.DeleteFunc(t.workload.Phases(), func(p workloads.Phase) bool { return p.When != when })
}

// open returns a new client, near the node whose turn it is for the thread. Its owner is a process, or nobody.
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
		t.settle(limit)
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

// settle gives the nodes of a system that cannot tell how far they are that time to agree, if models are asked for: one of them may say
// nothing until then. No store promises to be faster.
func (t *test) settle(limit time.Duration) {
	if len(t.spec.Options.ConsistencyModels) == 0 {
		return
	}
	for begin := time.Now(); time.Since(begin) < limit && t.sleep(100*time.Millisecond); {
		t.recorder.alive()
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
