package world

import (
	"errors"
	"testing"

	"faultline/cluster"
)

const whyRefused = "n1 cannot make a pipe"

// refusing is a system that cannot be tested.
type refusing struct{ fakeSystem }

func (*refusing) Start() error { return &cluster.RefusedError{Reason: whyRefused} }

func registerRefusing() {
	kind := fakeKind
	kind.Name, kind.Nodes, kind.Modes, kind.Ops = "refusing", 3, []cluster.Mode{{Name: "default"}}, []string{"read", "write", "cas"}
	kind.Suffers = []cluster.Fault{cluster.SuffersProcesses}
	kind.Open = func(cluster.Env) (cluster.System, error) { return &refusing{}, nil }
	cluster.Register(kind)
}

// A system that cannot be tested is no world that has crashed: whoever asked for it is told.
func TestARefusedSystem(t *testing.T) {
	in := Input{Spec: shortSpec(1)}
	in.Spec.System, in.Spec.Nemesis = "refusing", nil
	r, err := Run(t.Context(), in, Bounds{})
	var refused *cluster.RefusedError
	if !errors.As(err, &refused) || refused.Reason != whyRefused {
		t.Errorf("got %v, %v", r, err)
	}
}
