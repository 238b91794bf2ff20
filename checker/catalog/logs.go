package catalog

import (
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/logs"
	"faultline/cluster/ops"
)

// streams give what is written to them positions that grow, and readers everything in that order.
var streams = []Entry{
	{
		Name:      "log",
		Doc:       "a log whose records have offsets, read from an offset on",
		Functions: []string{ops.Send, ops.Fetch, ops.Poll},
		Judged:    "whether readers get what was acknowledged in order and once, and all the same",
		Unjudged:  "what is lost in the end",
		Checker:   func(Settings) checker.Checker { return delivery.LogInProgress() },
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
		Unjudged:  "what is lost in the end",
		Checker:   func(Settings) checker.Checker { return delivery.WatchInProgress() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Watch) {
				return ""
			}
			return "watches (watch)"
		},
	},
	{
		Name:      "kafka",
		Doc:       "logs with producers and consumers, by Jepsen's rules for Kafka",
		Functions: []string{"send", "poll", "txn", "assign", "subscribe", "crash", "debug-topic-partitions"},
		Judged:    "whether acknowledged records are lost, duplicated, reordered, skipped or aborted, by offsets",
		Unjudged:  "cycles between transactions, what others send between two sends, and what operations were told that failed or are unknown",
		Checker:   func(Settings) checker.Checker { return logs.Checker() },
		unmistakable: func(g *Guesser) string {
			if !g.used("send") && !g.used("poll") && g.steps()&(stepsSend|stepsPoll) == 0 {
				return ""
			}
			return "a log with producers and consumers, as Kafka's (send and poll)"
		},
	},
}
