package export

import (
	"slices"
	"strings"
	"time"

	"faultline/cluster/report"
	"faultline/results"
)

// nodesOf are the nodes of a run, in order. Crash, under which a world that crashed has left its last words, is none.
func nodesOf(r *results.Run) []string {
	var nodes []string
	for _, l := range r.Logs {
		if l.Node != "crash" {
			nodes = append(nodes, l.Node)
		}
	}
	for _, t := range r.Track {
		if !slices.Contains(nodes, t.Node) {
			nodes = append(nodes, t.Node)
		}
	}
	return nodes
}

// isClient tells a client's name in a message from a node's.
func isClient(name string) bool {
	return strings.HasPrefix(name, "process ") || strings.HasPrefix(name, "client ")
}

// lastInstant is the end of what is known.
func lastInstant(r *results.Run, messages []report.Message) time.Duration {
	end := r.History.End()
	for _, t := range r.Track {
		end = max(end, t.Time)
	}
	for _, p := range r.Progress {
		end = max(end, p.Time)
	}
	for i := range messages {
		end = max(end, messages[i].Sent, messages[i].Received)
	}
	return end
}
