// Package digest judges whether nodes have the same state once everything is healed, by what each says of its own, see ops.Digest.
//
//	agreed   states of one revision have one hash, and every node reaches the newest revision
//
// It needs no operation of a client to have gone wrong: a replica that has applied something else shows here before anybody
// reads it. A node that is behind has a minute to reach the others. A node without an answer, or one whose state cannot be compared
// with any other, makes the answer unknown.
package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "digest"

// patience is how long a node may be behind the others once everything is healed.
const patience = time.Minute

// Checker asks whether nodes have the same state in the end.
func Checker() checker.Checker { return digests{} }

type digests struct{}

func (digests) Name() string { return Part }

func (digests) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	part := checker.Part{Name: Part}
	nodes, err := asked(in)
	if err != nil || len(nodes) == 0 {
		part.Reason = "no node was asked for its state once everything was healed"
		if err != nil {
			part.Reason = err.Error()
		}
		return part
	}
	part.Objects = len(nodes)
	for _, n := range nodes {
		part.Operations += n.asked
	}
	broken, unknown := compare(nodes, in.Settled)
	newest := slices.MaxFunc(nodes, byRevision)
	return part.Judged(append(broken, unknown...), fmt.Sprintf("%s had the same state at revision %d", wording.Count(len(nodes), "node"), newest.state.Revision))
}

// node is what a node has said of its state.
type node struct {
	name  string
	asked int
	last  *history.Operation // the last that it was asked
	said  *history.Operation // the last that it has answered; nil if it has not
	state ops.State          // by that answer
}

// asked are the nodes in the order in which they were asked for the last time. A client asks one node.
func asked(in checker.Input) ([]*node, error) {
	var all []*node
	byName := map[string]*node{}
	for i := range in.Operations {
		op := &in.Operations[i]
		if op.F != ops.Digest || in.Settled <= 0 || op.Invoke < in.Settled {
			continue
		}
		name := op.Where()
		n := byName[name]
		if n == nil {
			n = &node{name: name}
			byName[name] = n
			all = append(all, n)
		}
		n.asked++
		n.last = op
		if op.Outcome != history.OK {
			continue
		}
		state, err := ops.DecodeState(op.Output)
		if err != nil {
			return nil, fmt.Errorf("process %d's digest cannot be read: %w", op.Process, err)
		}
		n.said, n.state = op, state
	}
	return all, nil
}

func byRevision(a, b *node) int { return cmp.Compare(a.state.Revision, b.state.Revision) }

// compare finds nodes that differ from the first with the newest state, and those of which that is not known.
func compare(nodes []*node, settled time.Duration) (broken, unknown []checker.Finding) {
	newest := slices.MaxFunc(nodes, byRevision)
	for _, n := range nodes {
		switch {
		case n.said == nil || n.last != n.said:
			unknown = append(unknown, undecided(n, fmt.Sprintf("%s did not tell its state in the end: %s", n.name, reason(n.last))))
		case n.state.Revision < newest.state.Revision:
			waited := n.said.Return - settled
			if waited < patience {
				unknown = append(unknown, undecided(n, fmt.Sprintf("%s was at revision %d and %s at %d, and it was asked for %s only",
					n.name, n.state.Revision, newest.name, newest.state.Revision, wording.Duration(waited))))
				continue
			}
			broken = append(broken, found("behind", n, newest, fmt.Sprintf("%s is at revision %d and %s at %d, %s after everything was healed",
				n.name, n.state.Revision, newest.name, newest.state.Revision, wording.Duration(waited))))
		case n.state.Compacted != newest.state.Compacted:
			unknown = append(unknown, undecided(n, fmt.Sprintf("%s has compacted up to revision %d and %s up to %d, so that their hashes cannot be compared",
				n.name, n.state.Compacted, newest.name, newest.state.Compacted)))
		case n.state.Hash != newest.state.Hash:
			broken = append(broken, found("diverged", newest, n, fmt.Sprintf("%s and %s have different states at revision %d: their hashes are %d and %d",
				newest.name, n.name, n.state.Revision, newest.state.Hash, n.state.Hash)))
		}
	}
	return broken, unknown
}

func reason(op *history.Operation) string {
	if op.Reason() == "" {
		return "it had no answer"
	}
	return op.Reason()
}

func found(anomaly string, a, b *node, sentence string) checker.Finding {
	f := checker.Finding{Rule: "agreed", Anomaly: anomaly, On: a.name, Validity: checker.Invalid, Sentence: sentence}
	f.Show(*a.said, *b.said)
	return f
}

func undecided(n *node, why string) checker.Finding {
	f := checker.Finding{Rule: "agreed", On: n.name, Sentence: why}
	f.Show(*n.last)
	return f
}
