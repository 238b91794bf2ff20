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
		Doc:       "workers of groups that process the records of logs, and write a result of each to another log",
		Functions: []string{ops.Send, ops.Process, ops.Fetch, ops.Poll},
		Judged:    "whether a record has two results, a result belongs to no record, or readers disagree",
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
		Judged:    "whether each view is what a prefix of the log makes, and the log has every acknowledged update",
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
		Doc:       "logs whose records have offsets, read from an offset on, and sent one by one or in transactions",
		Functions: []string{ops.Send, ops.SendAll, ops.Abandon, ops.Fetch, ops.Poll},
		Judged:    "whether all readers get the same acknowledged records, in order and once, and no aborted ones",
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
		Doc:       "watches that report every change of a key, in order and once",
		Functions: []string{ops.Put, ops.Remove, ops.Watch},
		Judged:    "whether watches report every acknowledged change, by etcd's guarantees",
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
		Unjudged:  "cycles between transactions, what others send between two sends, and what failed or unknown operations were told",
		Checker:   func(Settings) checker.Checker { return logs.Checker() },
		unmistakable: func(g *Guesser) string {
			if !g.used("send") && !g.used("poll") && g.steps()&(stepsSend|stepsPoll) == 0 {
				return ""
			}
			return "a log with producers and consumers, as Kafka's (send and poll)"
		},
	},
}
