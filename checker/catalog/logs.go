package catalog

import (
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster/ops"
)

// logs give what is written to them positions that grow, and readers everything in that order.
var logs = []Entry{
	{
		Name:      "log",
		Doc:       "a log whose records have offsets, read from an offset on",
		Functions: []string{ops.Send, ops.Fetch, ops.Poll},
		Judged:    "whether what was acknowledged reaches every reader in order and once",
		Checker:   func(Settings) checker.Checker { return delivery.Log() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Send) || g.steps() != 0 || g.of(ops.Send).out.elements == 0 {
				return ""
			}
			return "a log with offsets (send returns " + edn(g.of(ops.Send).out.first) + ")"
		},
	},
	{
		Name:      "watch",
		Doc:       "watches tell of every change of a key in order and once",
		Functions: []string{ops.Put, ops.Remove, ops.Watch},
		Judged:    "whether watches tell of what was acknowledged, by etcd's guarantees",
		Checker:   func(Settings) checker.Checker { return delivery.Watch() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Watch) {
				return ""
			}
			return "watches (watch)"
		},
	},
	{
		Name: "kafka", Aliases: []string{"queue-txn"},
		Doc: "a log with producers and consumers",
		unmistakable: func(g *Guesser) string {
			if !g.used("send") && !g.used("poll") && g.steps()&(stepsSend|stepsPoll) == 0 {
				return ""
			}
			return "a log with producers and consumers, as Kafka's (send and poll)"
		},
	},
}
