package nemesis

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// Runner carries out one schedule. It keeps its own idea of what is cut, down and paused, since a system
// need not tell.
type Runner struct {
	faults cluster.Faults
	nodes  []string
	rng    *rand.Rand
	record func(history.Event)

	start    time.Time
	states   []states // of each node, the one it is in
	resolved Schedule

	// End is when the test is over. Until then Run goes on with faults that take longer than an event.
	End    time.Duration
	agenda []appointment

	cuts       [cutters]links     // what each verb wants cut
	cut        links              // what is cut
	pulses     [cutters]*pulse    // of verbs that act again and again; nil for those that do not
	chased     string             // the node that is cut off as the leader; "" if none is
	impaired   [impairments]links // by impairVerb.kind
	duplicated []string
	loaded     [loadKinds]bool // which burdens are in effect

	members     []states // of each node, what it is to the others
	wrongClocks []bool   // of each node, whether it was changed and not set right

	downBy []string   // what took a node down that is to be started again when that ends; else empty
	spells [][]*spell // by the ids of conditions: to make a map would draw from the runtime's generator

	mu     sync.Mutex // guards deaths
	deaths []cluster.Death
}

// New returns a Runner for a system whose nodes are all running and connected. It draws from rng for
// symbols that leave the choice to chance. It calls record from the goroutine that calls Run or Heal, and
// from that of a process that dies of itself.
func New(faults cluster.Faults, nodes []string, rng *rand.Rand, record func(history.Event)) *Runner {
	r := &Runner{
		faults: faults,
		nodes:  slices.Clone(nodes),
		rng:    rng,
		record: record,
		states: slices.Repeat([]states{running}, len(nodes)),
		downBy: make([]string, len(nodes)),
		spells: make([][]*spell, len(conditions)),
		cut:    newLinks(len(nodes)),

		wrongClocks: make([]bool, len(nodes)),
		members:     slices.Repeat([]states{voter}, len(nodes)),
	}
	for _, c := range conditions {
		r.spells[c.id] = make([]*spell, len(nodes))
	}
	if faults.Deaths != nil {
		faults.Deaths.OnDeath(r.died)
	}
	return r
}

// Run sleeps until each event is due, counted from start, and carries it out. An event that is due while
// an action takes its time follows at once. It ends early when sleep returns false. Run is called once.
func (r *Runner) Run(start time.Time, s Schedule, sleep func(time.Duration) bool) {
	r.start = start
	for _, e := range s {
		if !r.keep(e.At, sleep) || !sleep(time.Until(start.Add(e.At))) {
			return
		}
		r.learn()
		r.effected(e.At, e.Action.carryOut(r))
	}
	r.keep(r.End, sleep)
}

// effected notes an action that had an effect; nil is none.
func (r *Runner) effected(at time.Duration, a Action) {
	if a != nil {
		r.resolved = append(r.resolved, Event{At: at, Action: a})
	}
}

// Heal ends everything in effect after Run, and records it: it mends all links and makes them as good as they
// were, then ends what may still kill, mends and repairs disks, restarts the nodes that are down, resumes those
// that are paused, sets clocks right, and makes all nodes voters again, each in the order of nodes. A node that
// the system does not restart or resume stays as it is, and the error is recorded.
func (r *Runner) Heal() {
	r.learn()
	for _, v := range verbs {
		if v.mend != nil {
			v.mend(r)
		}
	}
}

// Resolved is what Run carried out: the schedule with nodes for symbols, and without the actions, or the
// nodes of an action, on which it had no effect. On a system that behaves the same it does the same.
func (r *Runner) Resolved() Schedule { return slices.Clone(r.resolved) }

// choose returns positions of nodes: those named, the leader, or of the nodes that are eligible as many as
// the symbol asks for, or as there are, in the order of nodes.
func (r *Runner) choose(t targets, eligible func(int) bool) ([]int, error) {
	switch {
	case t.symbol == noSymbol:
		return r.named(t.names)
	case t.symbol == theLeader:
		return r.leader()
	}
	// Chance shuffles all nodes, and only then does it matter which are eligible. So the generator moves on by the
	// same steps whatever happened before, and a schedule chooses the same nodes at another read level
	// until the effects of its faults differ.
	order, size := inOrder(len(r.nodes)), len(r.nodes)
	if t.symbol.random() {
		order, size = r.rng.Perm(len(r.nodes)), t.symbol.size(len(r.nodes))
	}
	var chosen []int
	for _, n := range order {
		if len(chosen) < size && eligible(n) {
			chosen = append(chosen, n)
		}
	}
	slices.Sort(chosen)
	return chosen, nil
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func (r *Runner) named(names []string) ([]int, error) {
	var chosen []int
	for _, name := range names {
		n := slices.Index(r.nodes, name)
		if n < 0 {
			return nil, fmt.Errorf("there is no node %q", name)
		}
		chosen = append(chosen, n)
	}
	return chosen, nil
}

var errNoLeadership = errors.New("this system does not tell who leads")

func (r *Runner) leader() ([]int, error) {
	if r.faults.Leadership == nil {
		return nil, errNoLeadership
	}
	name, ok := r.faults.Leadership.Leader()
	if !ok {
		return nil, errors.New("no leader is known")
	}
	return r.named([]string{name})
}

// note records an action on a subject in the form that history.Faults reads.
func (r *Runner) note(verb, subject string, detail history.Value, problem string) {
	r.record(history.Event{
		Time:    time.Since(r.start),
		Process: history.Nemesis,
		Type:    history.Info,
		F:       verb,
		Key:     subject,
		Value:   detail,
		Error:   problem,
	})
}
