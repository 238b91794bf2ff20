package workloads

import (
	"faultline/checker"
	"faultline/checker/sets"
	"faultline/cluster"
	"faultline/cluster/ops"
)

// generated has clients ask for ids that nobody else is given.
type generated struct{}

var uniqueIDs = Info{
	Name:    "unique-ids",
	Doc:     "clients ask for ids; no id is given out twice",
	Clients: "Clients ask for ids.",
	Holds:   "No id is given out twice.",
	Breaks:  "Ids counted in memory and not in the log, blocks of ids reserved without a sync, random ids that are too short.",
	Ops:     []string{ops.Of(ops.IDs, ops.Generate)},
	Open:    func(Options) Workload { return generated{} },
}

// idsKey is the name of the generator of ids.
const idsKey = "ids"

func (generated) Phases() []Phase {
	return []Phase{{When: During, Generator: func(Client) Generator { return idThread{} }}}
}

func (generated) Checkers() []checker.Checker { return []checker.Checker{sets.UniqueIDs()} }

// idThread asks for ids.
type idThread struct{ indifferent }

func (idThread) Next() (cluster.Op, bool) {
	return cluster.Op{Object: ops.IDs, F: ops.Generate, Key: idsKey}, true
}
