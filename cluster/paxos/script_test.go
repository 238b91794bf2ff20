package paxos

import (
	"fmt"
	"testing"

	"faultline/cluster"
	"faultline/internal/kindtest"
)

// TestScripts shows what the protocol does. Shown are what each node has promised, accepted and learned.
func TestScripts(t *testing.T) {
	kindtest.Script{Kind: Kind(), Show: show, Plant: func(s cluster.System, bug string) { s.(*system).plant = bugs.Planting(bug) }}.
		Run(t, "testdata/script")
}

func show(s cluster.System, node string) string {
	r, _ := s.(*system).Program(node).(*replica)
	if r == nil {
		return "down"
	}
	r.Lock()
	defer r.Unlock()
	text := fmt.Sprintf("%s, promised %d, chosen %d", r.role, r.promised, r.chosen)
	for _, p := range r.log.after(r.chosen) {
		text += fmt.Sprintf("; %s %s accepted in ballot %d", p.Command.F, p.Command.New, p.Ballot)
	}
	return text
}
