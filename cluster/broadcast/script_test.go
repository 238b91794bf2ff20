package broadcast

import (
	"fmt"
	"testing"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/kindtest"
)

// TestScripts shows what the modes do. Shown is what each node has delivered, and an ellipsis if it is not done. A message is broadcast by
//
//	broadcast 5 near n1
func TestScripts(t *testing.T) {
	kindtest.Script{Kind: Kind(), Show: show, Operation: operation,
		Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) }}.Run(t, "testdata/script")
}

func show(s cluster.System, name string) string {
	n, _ := s.(*system).Program(name).(*node)
	if n == nil {
		return "down"
	}
	n.monitor.Lock()
	text := fmt.Sprintf("%s", n.delivered)
	n.monitor.Unlock()
	if !n.Settled() {
		text += " …"
	}
	return text
}

func operation(words ...string) (cluster.Op, error) {
	if words[0] != ops.Broadcast {
		return kindtest.OnKey(words...)
	}
	v, err := history.ParseValue([]byte(words[1]))
	return cluster.Op{F: words[0], Value: v}, err
}
