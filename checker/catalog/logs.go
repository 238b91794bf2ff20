package catalog

import (
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/effects"
	"faultline/checker/logs"
	"faultline/checker/views"
	"faultline/cluster/ops"
)

// streams give what is written to them positions that grow, and readers everything in that order.
var streams = []Entry{
	{
		Name: "effects", Aliases: []string{"processing", "exactly-once"},
		Doc:       "workers of groups that process the records of logs, each of which has its result in another log",
		Functions: []string{ops.Send, ops.Process, ops.Fetch, ops.Poll},
		Judged:    "whether there are two results of a record, or one of nothing, and all read the same",
		Unjudged:  "which results are missing",
		Checker:   func(Settings) checker.Checker { return effects.InProgress() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Process) {
				return ""
			}
			return "workers that process the records of logs (process)"
		},
	},
	{
		Name: "views", Aliases: []string{"derived"},
		Doc:       "views, such as an index or a cache, that are derived from a log of updates",
		Functions: []string{ops.UpdateViews, ops.View, ops.Fetch},
		Judged:    "whether each view has what a prefix of the log makes, and the log what was acknowledged",
		Unjudged:  "whether views agree in the end",
		Checker:   func(Settings) checker.Checker { return views.InProgress() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.View) {
				return ""
			}
			return "views that are derived from a log (view)"
		},
	},
	{
		Name:      "log",
		Doc:       "logs whose records have offsets, read from an offset on, and sent one by one or several in a transaction",
		Functions: []string{ops.Send, ops.SendAll, ops.Abandon, ops.Fetch, ops.Poll},
		Judged:    "whether readers get what was acknowledged in order and once, and all the same, and nothing that was aborted",
		Unjudged:  "what is lost in the end",
		Checker:   func(Settings) checker.Checker { return delivery.LogInProgress() },
		unmistakable: func(g *Guesser) string {
			if g.used(ops.SendAll) || g.used(ops.Abandon) {
				return "logs with offsets and transactions (send-all, abandon)"
			}
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
