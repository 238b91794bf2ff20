package versioned

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/cluster/logical"
)

// execution is some replicas of one object, whose clients write and which tell each other what they have, in any order.
type execution struct {
	replicas []Object
	contexts [][]string                 // what each client has read last
	vectors  []logical.Vector           // of these reads
	replaced map[string]map[string]bool // by a value, those that were written in its place, at last by others in turn
	written  int
}

// TestKeepSiblings: each replica holds exactly the values that it knows of and that none which it knows of has replaced.
func TestKeepSiblings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "replicas")
		e := &execution{replicas: make([]Object, n), contexts: make([][]string, 3), vectors: make([]logical.Vector, 3), replaced: map[string]map[string]bool{}}
		known := make([]map[string]bool, n) // what each replica has heard of
		for i := range known {
			known[i] = map[string]bool{}
		}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			at, client := rapid.IntRange(0, n-1).Draw(t, "replica"), rapid.IntRange(0, 2).Draw(t, "client")
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				e.write(at, client, known[at])
			case 1:
				e.contexts[client], e.vectors[client] = e.replicas[at].Result().Values, e.replicas[at].Seen
			default:
				from := rapid.IntRange(0, n-1).Draw(t, "from")
				e.replicas[at] = KeepSiblings(e.replicas[at], e.replicas[from])
				for v := range known[from] {
					known[at][v] = true
				}
			}
			if got, want := sorted(e.replicas[at].Result().Values), e.left(known[at]); !slices.Equal(got, want) {
				t.Fatalf("a replica has %v, want %v", got, want)
			}
		}
		lattice(t, KeepSiblings, e.replicas)
	})
}

func (e *execution) write(at, client int, known map[string]bool) {
	e.written++
	value := fmt.Sprint(e.written)
	e.replicas[at] = e.replicas[at].Put(value, fmt.Sprint("n", at), logical.Hybrid{Wall: time.Duration(e.written % 3)}, e.vectors[client])
	known[value] = true
	e.replaced[value] = map[string]bool{}
	for _, old := range e.contexts[client] {
		e.replaced[value][old] = true
		for older := range e.replaced[old] {
			e.replaced[value][older] = true
		}
		known[old] = true
	}
	e.contexts[client], e.vectors[client] = nil, nil
}

// left are those of some values that none of them has replaced.
func (e *execution) left(known map[string]bool) []string {
	var all []string
	for v := range known {
		gone := false
		for w := range known {
			gone = gone || e.replaced[w][v]
		}
		if !gone {
			all = append(all, v)
		}
	}
	return sorted(all)
}

func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return values
}

// TestLastWriteWins is a lattice whatever the times are.
func TestLastWriteWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Object
		for range 3 {
			if rapid.Bool().Draw(t, "nothing") {
				all = append(all, Object{})
				continue
			}
			all = append(all, Stamped(fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "value")), fmt.Sprint(rapid.IntRange(0, 1).Draw(t, "node")),
				logical.Hybrid{Wall: time.Duration(rapid.IntRange(0, 2).Draw(t, "time"))}))
		}
		lattice(t, LastWriteWins, all)
	})
}

// lattice checks that replicas agree however they hear of each other.
func lattice(t *rapid.T, rule Rule, all []Object) {
	for _, a := range all {
		if !rule(a, a).Equal(a) {
			t.Errorf("%v with itself is %v", a, rule(a, a))
		}
		for _, b := range all {
			if !rule(a, b).Equal(rule(b, a)) {
				t.Errorf("%v and %v depend on the order", a, b)
			}
			for _, c := range all {
				if !rule(rule(a, b), c).Equal(rule(a, rule(b, c))) {
					t.Errorf("%v, %v and %v depend on the order", a, b, c)
				}
			}
		}
	}
	if rule(all[0], all[1]).Digest() != rule(all[1], all[0]).Digest() {
		t.Error("one state has two digests")
	}
}
