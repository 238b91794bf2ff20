package workloads

import (
	"math/rand/v2"
	"testing"

	"faultline/cluster"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/ops"
	"faultline/history"
)

// What clients ask for can be done: each update has a name of its own, is made in view of what its client was told, and has an argument that its type
// takes. Some operations fail, some are done and not acknowledged.
func TestReplicatedUpdatesCanBeMade(t *testing.T) {
	for _, family := range replicatedFamilies {
		t.Run(family.Name, func(t *testing.T) {
			w := family.Open(Options{Keys: 3})
			store := replicatedStore{draw: rand.New(rand.NewPCG(1, 1)), objects: map[string]*datatypes.Object{}, done: map[string]int{}}
			clients := []Generator{during(w, 0, 2), during(w, 1, 2)}
			for i := range 600 {
				client := clients[i%len(clients)]
				op, _ := client.Next()
				client.Done(op, store.do(t, op))
			}
			for _, name := range family.Ops {
				if store.done[name] == 0 {
					t.Errorf("nobody asked for %s", name)
				}
			}
			if len(store.objects) <= 3 {
				t.Errorf("no object had enough updates: there are %d", len(store.objects))
			}
		})
	}
}

// replicatedStore is one replica.
type replicatedStore struct {
	draw    *rand.Rand
	objects map[string]*datatypes.Object
	done    map[string]int // by the names of operations
}

func (s *replicatedStore) do(t *testing.T, op cluster.Op) cluster.Outcome {
	o := s.objects[op.Key]
	if o == nil {
		var err error
		if o, err = datatypes.New(op.Object); err != nil {
			t.Fatal(err)
		}
		s.objects[op.Key] = o
	}
	s.done[op.Name()]++
	if op.F == ops.Read {
		return cluster.Outcome{Type: history.OK, Value: ops.Seen{Value: o.Value(), Version: o.Seen.Vector}.Encode()}
	}
	u, err := ops.DecodeUpdate(op.Value)
	if err != nil || o.Seen.Includes(u.Dot) {
		t.Fatalf("%v: %v, or there was another of this name", op, err)
	}
	delta, err := o.Delta(datatypes.Update{F: op.F, Update: u})
	if err != nil {
		t.Fatal(err)
	}
	switch s.draw.IntN(20) {
	case 0:
		return cluster.Outcome{Type: history.Fail}
	case 1:
		o.Join(delta)
		return cluster.Outcome{Type: history.Info}
	}
	o.Join(delta)
	return cluster.Outcome{Type: history.OK, Value: ops.Seen{Version: o.Seen.Vector}.Encode()}
}
