package workloads

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// keyGroups are groups of keys with a prefix in common. Few are in use at a time, so that transactions on one meet, and each is used up
// after some transactions.
type keyGroups struct {
	hotKey
	life  int // how many transactions a group gets
	inUse []*group
	all   []*group
}

// group is some keys, "g3/1", "g3/2", …
type group struct {
	number  int
	name    string // the prefix
	left    int
	written int64    // how many appends there were
	names   []string // the keys that were ever appended to
}

func newKeyGroups(o Options, usual, life int) *keyGroups {
	g := &keyGroups{hotKey: hotKey{usual: o.HotKey}, life: life}
	for range cmp.Or(o.Keys, usual) {
		g.inUse = append(g.inUse, g.create())
	}
	return g
}

func (g *keyGroups) create() *group {
	n := len(g.all) + 1
	fresh := &group{number: n, name: groupName(n) + "/", left: g.life}
	g.all = append(g.all, fresh)
	return fresh
}

// next draws the group of a transaction.
func (g *keyGroups) next(draw *rand.Rand) *group {
	k := g.pick(draw, len(g.inUse))
	chosen := g.inUse[k]
	if chosen.left--; chosen.left == 0 {
		g.inUse[k] = g.create()
	}
	return chosen
}

// names are all keys that were ever appended to.
func (g *keyGroups) names() []string {
	var all []string
	for _, one := range g.all {
		all = append(all, one.names...)
	}
	return all
}

// key is the nth key of the group.
func (g *group) key(n int) string { return fmt.Sprintf("%s%d", g.name, n) }

// append appends to the list of the nth key what nothing has appended before.
func (g *group) append(n int) ops.Step {
	key := g.key(n)
	if !slices.Contains(g.names, key) {
		g.names = append(g.names, key)
	}
	g.written++
	return ops.AppendTo(key, history.IntValue(g.written))
}

// insert begins the list of a key that was never there.
func (g *group) insert() ops.Step { return g.append(len(g.names) + 1) }
