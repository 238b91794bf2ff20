package ladder

import (
	"fmt"
	"slices"

	"faultline/internal/nearest"
)

// Model is a rung of the ladder.
type Model struct {
	Name string
	Doc  string // what a history must have to be of this model, in a line
	// Implies names the next weaker models: whatever keeps this one keeps those too.
	Implies []string
}

// The names of the models.
const (
	Linearizable      = "linearizable"
	Sequential        = "sequential"
	CausalMemory      = "causal-memory"
	CausalConvergence = "causal-convergence"
	Causal            = "causal"
	PRAM              = "pram"
	WritesFollowReads = "writes-follow-reads"
	MonotonicReads    = "monotonic-reads"
	ReadYourWrites    = "read-your-writes"
	BoundedStaleness  = "bounded-staleness"
	ConsistentPrefix  = "consistent-prefix"
	MonotonicWrites   = "monotonic-writes"
	Eventual          = "eventual"
)

// Models lists the models, stronger ones before the weaker ones that they imply.
func Models() []Model { return slices.Clone(models) }

var models = []Model{
	{Linearizable, "one order of all operations, in which an operation that returned before another was invoked comes first",
		[]string{Sequential, BoundedStaleness, Eventual}},
	{Sequential, "one order of all operations, which keeps the order of each session",
		[]string{CausalMemory, CausalConvergence, ConsistentPrefix}},
	{CausalMemory, "for each session one order of its reads and all writes, which keeps causality",
		[]string{Causal, PRAM}},
	{CausalConvergence, "one order of all writes, which keeps causality; a read sees the last of those causally before it",
		[]string{Causal, MonotonicReads}},
	{Causal, "no read sees a value that was causally overwritten before it",
		[]string{WritesFollowReads, ReadYourWrites, MonotonicWrites}},
	{PRAM, "for each session one order of its reads and all writes, which keeps the order of each session",
		[]string{MonotonicReads, ReadYourWrites, MonotonicWrites}},
	{WritesFollowReads, "the writes of a session come, for everyone, after the writes that it had read", nil},
	{MonotonicReads, "the reads of a session never go back to an earlier version", nil},
	{ReadYourWrites, "a session never reads what its own writes had replaced", nil},
	{BoundedStaleness, "linearizable, except that a read may see the state of up to the bound earlier",
		[]string{ConsistentPrefix}},
	{ConsistentPrefix, "one order of all writes, which keeps the order of each session; each read by itself sees a prefix of it",
		[]string{MonotonicWrites}},
	{MonotonicWrites, "the writes of a session come in their order, for everyone", nil},
	{Eventual, "reads agree once writes and faults are over and replicas had time to hear of them", nil},
}

// Names returns the names of all models.
func Names() []string {
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	return names
}

// ModelByName finds a model by its name.
func ModelByName(name string) (Model, error) {
	for _, m := range models {
		if m.Name == name {
			return m, nil
		}
	}
	return Model{}, fmt.Errorf("unknown consistency model %q; %s", name, nearest.Hint(name, append(Names(), "all"), "there are"))
}

// Weaker returns the names of all models that a model implies, itself not among them, as Models has them.
func (m Model) Weaker() []string {
	implied := map[string]bool{}
	var visit func(names []string)
	visit = func(names []string) {
		for _, name := range names {
			if !implied[name] {
				implied[name] = true
				next, _ := ModelByName(name) // the edges name models
				visit(next.Implies)
			}
		}
	}
	visit(m.Implies)
	var weaker []string
	for _, name := range Names() {
		if implied[name] {
			weaker = append(weaker, name)
		}
	}
	return weaker
}
