package nemesis

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// hears returns, for each node, the set of those it hears, itself included, as bits.
func hears(cut links) []uint {
	sets := make([]uint, len(cut))
	for to := range cut {
		for from := range cut {
			if !cut[from][to] {
				sets[to] |= 1 << from
			}
		}
	}
	return sets
}

func ones(set uint) int {
	n := 0
	for ; set != 0; set &= set - 1 {
		n++
	}
	return n
}

func TestInARingEachNodeSeesAMajorityOfItsOwn(t *testing.T) {
	for n := 4; n <= 12; n++ {
		nodes := names(n)
		seen := map[uint]int{}
		for i, set := range hears(scope(ring(rand.New(rand.NewPCG(uint64(n), 0)), nodes)).links(nodes)) {
			if ones(set) < majority.size(n) || ones(set) == n {
				t.Errorf("of %d nodes, %s hears %d", n, nodes[i], ones(set))
			}
			if j, ok := seen[set]; ok {
				t.Errorf("of %d nodes, %s and %s hear the same", n, nodes[i], nodes[j])
			}
			seen[set] = i
		}
	}
}

func TestABridgeIsTheOnlyOneWhoSeesEverybody(t *testing.T) {
	for n := 3; n <= 12; n++ {
		nodes := names(n)
		bridges := 0
		for _, set := range hears(scope(bridge(rand.New(rand.NewPCG(uint64(n), 0)), nodes)).links(nodes)) {
			if ones(set) == n {
				bridges++
			}
		}
		if bridges != 1 {
			t.Errorf("of %d nodes, %d see everybody", n, bridges)
		}
	}
}

// Every shape of partition is drawn, and cuts something: the leader is whoever leads.
func TestEveryShapeCutsLinks(t *testing.T) {
	for _, s := range partitionShapes {
		t.Run(s.name, rapid.MakeCheck(func(t *rapid.T) {
			nodes := names(rapid.IntRange(s.nodes, 9).Draw(t, "nodes"))
			p := s.draw(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), nodes)
			f := newFake(nodes)
			r := New(f.faults(), nodes, nil, f.record)
			if p.carryOut(r) == nil || f.cut.empty() {
				t.Errorf("%v cuts nothing: %v", p, f.trace)
			}
		}))
	}
}
