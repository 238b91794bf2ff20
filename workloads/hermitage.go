package workloads

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/txn"
	"faultline/cluster/ops"
)

// hermitage has two or three transactions go through the steps that make an anomaly where nothing prevents it, a case after the
// other: Martin Kleppmann's Hermitage, for lists. What was appended to a list tells who saw what, and in which order it was written.
type hermitage struct{ held isolation }

var scriptedAnomalies = Info{
	Name: "hermitage",
	Doc:  "two or three transactions that go step by step towards an anomaly, one case after another (Kleppmann's Hermitage)",
	Clients: "Two or three clients take the steps of their transactions in the order of a script, each script on keys of its own. A step that " +
		"has to wait waits, and the other clients go on. `faultline hermitage` shows the outcome at every level.",
	Holds: "As for `list-append`.",
	Breaks: "Whatever is wrong with the isolation level as such: locks that are missing or released early, snapshots that are not kept, " +
		"validation that is skipped.",
	Ops:    append([]string{ops.Of(ops.Transaction, ops.Begin)}, transactionOps...),
	Models: IsolationLevels,
	Open:   func(o Options) Workload { return &hermitage{o.ConsistencyModels} },
}

func (w *hermitage) Phases() []Phase {
	var scripts []Script
	for _, c := range Anomalies() {
		scripts = append(scripts, c.script())
	}
	return []Phase{{When: During, Scripts: scripts}}
}

func (w *hermitage) Checkers() []checker.Checker {
	return []checker.Checker{wholeTransactions{txn.ListAppend(w.held...)}}
}

// Anomaly is a case of Hermitage.
type Anomaly struct {
	Name string // as there
	Doc  string
	// Is names what shows that it has occurred, as in package checker/txn/models: one of these, or a case of one.
	Is []string
	// Lines are what the transactions do, see ParseLine. Before there is [10] in x, [20] in y and [1] in p/1.
	Lines string
}

// Anomalies are the cases of Hermitage, the ones that weaker levels prevent first. Its rows of a table are the keys p/1, p/2, … here, and its
// predicates are prefixes. G0 is written crosswise, so that an order of the writes to x and another one to y would show.
func Anomalies() []Anomaly {
	return []Anomaly{
		{"G0", "dirty write: two transactions write the same two keys, each of them first on one", []string{"G0"}, `
T1 append x 11
T2 append x 12
T2 append y 22
T1 append y 21
T1 commit
T2 commit`},
		{"G1a", "aborted read: a transaction reads a write that another rolls back", []string{"G1a"}, `
T1 append x 101
T2 read x
T1 rollback
T2 read x
T2 commit`},
		{"G1b", "intermediate read: a transaction reads a value that its writer then replaces", []string{"G1b"}, `
T1 append x 101
T2 read x
T1 append x 11
T1 commit
T2 commit`},
		{"G1c", "circular information flow: each of two transactions reads what the other wrote", []string{"G1c"}, `
T1 append x 11
T2 append y 22
T1 read y
T2 read x
T1 commit
T2 commit`},
		{"OTV", "observed transaction vanishes: a transaction reads one write of another, and then an older version of another key", []string{"G-single-item"}, `
T1 append x 11
T1 append y 19
T2 append x 12
T1 commit
T3 read x
T3 read y
T2 append y 18
T2 commit
T3 commit`},
		{"PMP", "predicate-many-preceders: a repeated scan finds more", []string{"G-single"}, `
T1 scan p/
T2 append p/2 30
T2 commit
T1 scan p/
T1 commit`},
		{"PMP-write", "predicate-many-preceders: a transaction writes a key that its scan did not find", []string{"G-single"}, `
T1 scan p/
T2 append p/2 30
T2 commit
T1 append p/2 31
T1 commit`},
		{"P4", "lost update: two transactions read a key and then both write it", []string{"lost-update", "G-single-item"}, `
T1 read x
T2 read x
T1 append x 11
T2 append x 12
T1 commit
T2 commit`},
		{"G-single", "read skew: a transaction reads one key before another transaction writes two keys, and one after", []string{"G-single-item"}, `
T1 read x
T2 read x
T2 read y
T2 append x 12
T2 append y 18
T2 commit
T1 read y
T1 commit`},
		{"G-single-predicate", "read skew by predicates: one scan misses what another transaction inserted, and a second scan finds it", []string{"G-single"}, `
T1 scan p/
T2 append p/2 12
T2 append q/1 18
T2 commit
T1 scan q/
T1 commit`},
		{"G-single-write", "read skew by a write: a transaction reads what another then replaces, and replaces what the other wrote", []string{"G-single-item"}, `
T1 read x
T2 append x 12
T2 append y 18
T2 commit
T1 append y 21
T1 commit`},
		{"G2-item", "write skew: two transactions read the same two keys, and each writes a different one", []string{"G2-item"}, `
T1 read x
T1 read y
T2 read x
T2 read y
T1 append x 11
T2 append y 21
T1 commit
T2 commit`},
		{"G2", "write skew by predicates: two transactions scan, and each inserts what the other's scan missed", []string{"G2"}, `
T1 scan p/
T2 scan p/
T1 append p/3 30
T2 append p/4 42
T1 commit
T2 commit`},
		{"G2-fekete", "a read-only anomaly (Fekete, O'Neil and O'Neil 2004): a reader sees the second of two transactions and not the first, which has not seen the second", []string{"G2-item"}, `
T1 read x
T1 read y
T2 append y 25
T2 commit
T3 read x
T3 read y
T3 commit
T1 append x 11
T1 commit`},
	}
}

// Keys is the prefix of the keys of a case.
func (a Anomaly) Keys() string { return a.Name + "/" }

// script is the case with what there is before and what is read in the end.
func (a Anomaly) script() Script {
	before := a.stage("before append x 10\nbefore append y 20\nbefore append p/1 1\nbefore commit")
	after := a.stage("after read x\nafter read y\nafter scan p/\nafter scan q/\nafter commit")
	return Script{Name: a.Name, Stages: [][]Line{before, a.stage(a.Lines), after}}
}

func (a Anomaly) stage(text string) []Line {
	var lines []Line
	for line := range strings.Lines(strings.TrimSpace(text)) {
		l, err := ParseLine(line)
		if err != nil {
			panic(fmt.Sprintf("workloads: %s: %v", a.Name, err))
		}
		if l.Do == ops.OneStep {
			l.Step.Key = a.Keys() + l.Step.Key
		}
		lines = append(lines, l)
	}
	return lines
}
