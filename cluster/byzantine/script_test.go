package byzantine

import (
	"fmt"
	"testing"

	"faultline/cluster"
	"faultline/history"
	"faultline/internal/kindtest"
)

// TestScripts shows what the modes do. The last node lies. Shown is what each node has delivered.
func TestScripts(t *testing.T) {
	for nodes, dir := range map[int]string{4: "testdata/four", 3: "testdata/three"} {
		kindtest.Script{Kind: Kind(), Nodes: nodes, Show: show, Operation: operation,
			Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) }}.Run(t, dir)
	}
}

func show(s cluster.System, name string) string {
	n := s.(*system).Program(name).(*node)
	n.mu.Lock()
	defer n.mu.Unlock()
	return fmt.Sprintf("%s", n.delivered)
}

func operation(words ...string) (cluster.Op, error) {
	v, err := history.ParseValue([]byte(words[1]))
	return cluster.Op{F: words[0], Value: v}, err
}
