//go:build faultline_overlay

package raftlog

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/raft"

	"faultline"
)

// node is a host with its raft, which another process of the host replaces.
type node struct {
	*faultline.Host
	raft *raft.Raft
	list *List
}

// What was acknowledged is in every list, and all lists are the same.
func TestList(t *testing.T) {
	faultline.Worlds(t, 5, func(w *faultline.W) {
		names := []string{"n1", "n2", "n3"}
		var nodes []*node
		for _, name := range names {
			n := &node{}
			nodes = append(nodes, n)
			n.Host = w.Host(name, func() (err error) {
				list := &List{}
				n.raft, err = Start(name, names, list)
				n.list = list
				return err
			})
		}
		w.Leader(func() string {
			for _, n := range nodes {
				if n.raft != nil && n.Up() && n.raft.State() == raft.Leader {
					return n.Name()
				}
			}
			return ""
		})
		time.Sleep(3 * time.Second)

		w.Fault("crash leader")
		time.Sleep(3 * time.Second)
		w.Heal()
		w.Nemesis([]string{"partition", "crash", "pause", "disk-slow", "crash-at"}, 30*time.Second, 4*time.Second)
		var acknowledged []string
		for i := range 150 {
			time.Sleep(200 * time.Millisecond)
			item := fmt.Sprint(i)
			for _, n := range nodes {
				_ = n.Do(func() { // one that goes down leaves the item unknown
					if n.raft.State() == raft.Leader && n.raft.Apply([]byte(item), time.Second).Error() == nil {
						acknowledged = append(acknowledged, item)
					}
				})
			}
		}
		w.Heal()
		time.Sleep(30 * time.Second)

		for _, n := range nodes {
			items := n.list.Items()
			if !slices.Equal(items, nodes[0].list.Items()) {
				w.Errorf("%s has %v, and n1 %v", n.Name(), items, nodes[0].list.Items())
			}
			for _, item := range acknowledged {
				if !slices.Contains(items, item) {
					w.Errorf("%s was acknowledged, and %s does not have it", item, n.Name())
				}
			}
		}
		w.Logf("%d items were acknowledged", len(acknowledged))
	})
}
