package workloads

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/checker/effects"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// processing has clients send to the logs of a group, and its workers append a result of each record to other logs. In the end the workers
// process what is left, and the results are read near every node.
type processing struct{ ends []int64 }

var processings = Info{
	Name: "processing",
	Also: []string{"exactly-once"},
	Doc:  "clients send records to logs, and workers of a group process them; each record has its effect once",
	Clients: "Clients send unique records to three logs. They also process records, as workers of a group, and append a result of each to " +
		"another log. In the end workers near every node process the remaining records, and the results are read.",
	Holds: "Every acknowledged record has one result, and nothing else has a result: see [effects](#effects).",
	Breaks: "A worker that commits its progress before its results are stored, or afterwards while repeated results are not recognized; a " +
		"worker that begins at the end of the log.",
	Ops:  []string{ops.Send, ops.Process, ops.Fetch},
	Open: func(Options) Workload { return newProcessing() },
}

// The group, its results, and how many logs each has.
const (
	processedGroup   = "in"
	processedResults = "out"
	processedLogs    = 3
)

func newProcessing() *processing {
	w := &processing{}
	for range processedLogs {
		w.ends = append(w.ends, -1)
	}
	return w
}

// shareOfWork is the share of steps of workers in all operations; the rest are sends.
const shareOfWork = 0.5

func (w *processing) Phases() []Phase {
	phases := []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &processingThread{numbers: newNumbers(c.Thread, c.Threads), draw: c.Draw}
		}},
		{When: After, Generator: func(c Client) Generator {
			if c.Thread > 0 {
				return nil
			}
			return &workToTheEnd{}
		}},
	}
	for i := range processedLogs {
		phases = append(phases, ReadToTheEnd(ops.Fetch, fmt.Sprintf("%s/%d", processedResults, i+1), 0, &w.ends[i]))
	}
	return phases
}

func (*processing) Checkers() []checker.Checker { return []checker.Checker{effects.Checker()} }

// work is a step of a worker.
var work = cluster.Op{F: ops.Process, Key: processedGroup, Value: history.TextValue(processedResults)}

// processingThread is a producer and a worker.
type processingThread struct {
	indifferent
	numbers
	draw *rand.Rand
}

func (t *processingThread) Next() (cluster.Op, bool) {
	if t.draw.Float64() < shareOfWork {
		return work, true
	}
	log := fmt.Sprintf("%s/%d", processedGroup, 1+t.draw.IntN(processedLogs))
	return cluster.Op{F: ops.Send, Key: log, Value: history.IntValue(t.unique())}, true
}

// workToTheEnd is a worker until there has been nothing to do for long: the work of another one that is gone comes to it late.
type workToTheEnd struct{ vain int }

// How often a worker asks in vain at the end, and how long it rests in between: not so long that the group takes it for gone.
const (
	idleMost = 6
	idleRest = 1500 * time.Millisecond
)

func (w *workToTheEnd) Next() (cluster.Op, bool) { return work, w.vain < idleMost }

// Rest implements Resting.
func (w *workToTheEnd) Rest() time.Duration {
	if w.vain == 0 {
		return 0
	}
	return idleRest
}

func (w *workToTheEnd) Done(_ cluster.Op, out cluster.Outcome) {
	w.vain++
	if out.Type == history.OK && ops.Processed(out.Value) > 0 {
		w.vain = 0
	}
}
