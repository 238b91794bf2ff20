package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"faultline/history"
)

// network is the subject of faults of the links in a history.
const network = "network"

const partitionUsage = "partition n1,n2 | n3,n4,n5, or n1 > n2,n3 to cut one way; " +
	"a group is names or a symbol: leader, one, minority, majority, rest"

var partitionVerb = verb{name: "partition", usage: partitionUsage, parse: parsePartition}

var groupSymbols = []symbol{theLeader, one, minority, majority, theRest}

// partition cuts links, and mends those that an earlier partition cut and this one does not.
//
// Two nodes that are in groups, and never in the same one, do not hear each other. Groups may overlap,
// so that the same rule says more than which halves there are. A bridge, where only n3 sees everybody:
//
//	partition n1,n2,n3 | n3,n4,n5
//
// and a ring, where each node sees a majority, itself and its two neighbours, and no two nodes the same:
//
//	partition n1,n2 | n2,n3 | n3,n4 | n4,n5 | n5,n1
//
// A node in no group hears everybody. With > in place of |, messages from the left to the right are
// lost and the other direction works.
type partition struct {
	groups []targets
	oneWay bool // from the first of the two groups to the second
}

func (p partition) String() string { return "partition " + p.detail() }

// detail is what follows the verb.
func (p partition) detail() string {
	words := make([]string, len(p.groups))
	for i, g := range p.groups {
		words[i] = g.String()
	}
	if p.oneWay {
		return strings.Join(words, " > ")
	}
	return strings.Join(words, " | ")
}

func parsePartition(l *line) (Action, error) {
	var p partition
	add := func() error {
		g, err := parseTargets(l, "partition", groupSymbols)
		if err == nil && g.symbol == theRest && slices.ContainsFunc(p.groups, isRest) {
			err = l.errorf("rest stands for all that no other group holds; it can stand once")
		}
		p.groups = append(p.groups, g)
		return err
	}
	if err := add(); err != nil {
		return nil, err
	}
	if l.skip(">") {
		p.oneWay = true
		return p, add()
	}
	for l.skip("|") {
		if err := add(); err != nil {
			return nil, err
		}
	}
	if len(p.groups) == 1 {
		l.next()
		return nil, l.errorf("a partition needs a second group; usage: %s", partitionUsage)
	}
	return p, nil
}

func isRest(t targets) bool { return t.symbol == theRest }

func (p partition) check(f *forecast) error {
	left := len(f.nodes) // for symbols to stand for
	taken := make([]bool, len(f.nodes))
	for _, g := range p.groups {
		for _, name := range g.names {
			n, err := f.node(name, groupSymbols)
			if err != nil {
				return err
			}
			if !taken[n] {
				taken[n] = true
				left--
			}
		}
	}
	named := true
	for _, g := range p.groups {
		if g.symbol == noSymbol {
			continue
		}
		named = false
		if left--; left < 0 || g.symbol.random() && g.symbol.size(len(f.nodes)) == 0 {
			return f.refuse(g.String(), "certainly no node is left for %s", g)
		}
	}
	if named && p.links(f.nodes).empty() {
		return f.refuse(partitionVerb.name, "no link is cut: every two of these nodes are together in a group")
	}
	return nil
}

func (p partition) carryOut(r *Runner) Action {
	q, err := p.resolve(r)
	if err != nil {
		r.note(partitionVerb.name, network, history.TextValue(p.detail()), err.Error())
		return nil
	}
	r.cutOnly(q.links(r.nodes))
	r.note(partitionVerb.name, network, history.TextValue(q.detail()), "")
	return q
}

// resolve is the partition with nodes for symbols, if it can be carried out. The leader is looked up
// before chance chooses among those who are left, and the rest is what is left then.
func (p partition) resolve(r *Runner) (partition, error) {
	if r.faults.Links == nil {
		return partition{}, errors.New("this system cannot suffer partition")
	}
	order := inOrder(len(p.groups))
	slices.SortStableFunc(order, func(i, j int) int { return int(p.groups[i].symbol) - int(p.groups[j].symbol) })

	q := partition{groups: make([]targets, len(p.groups)), oneWay: p.oneWay}
	taken := make([]bool, len(r.nodes))
	for _, i := range order {
		g := p.groups[i]
		chosen, err := r.choose(g, func(n int) bool { return !taken[n] })
		if err != nil {
			return partition{}, err
		}
		if len(chosen) == 0 {
			return partition{}, fmt.Errorf("no node is left for %s", g)
		}
		for _, n := range chosen {
			if g.symbol == theLeader && taken[n] {
				return partition{}, fmt.Errorf("the leader, %s, is in another group", r.nodes[n])
			}
			taken[n] = true
			q.groups[i].names = append(q.groups[i].names, r.nodes[n])
		}
	}
	if q.links(r.nodes).empty() {
		return partition{}, errors.New("no link is cut: every two of these nodes are together in a group")
	}
	return q, nil
}

// links are the links that a partition without symbols cuts.
func (p partition) links(nodes []string) links {
	in := func(group, n int) bool { return slices.Contains(p.groups[group].names, nodes[n]) }
	cut := newLinks(len(nodes))
	for a := range nodes {
		for b := range nodes {
			if p.oneWay {
				cut[a][b] = a != b && in(0, a) && in(1, b)
				continue
			}
			namedA, namedB, together := false, false, false
			for g := range p.groups {
				namedA = namedA || in(g, a)
				namedB = namedB || in(g, b)
				together = together || in(g, a) && in(g, b)
			}
			cut[a][b] = namedA && namedB && !together
		}
	}
	return cut
}
