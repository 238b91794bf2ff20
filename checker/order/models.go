package order

import (
	"fmt"
	"slices"

	"faultline/internal/nearest"
)

// Model is what a broadcast promises: some properties.
type Model struct {
	Name  string
	Doc   string
	Rules []Rule
}

// Rule is a property, by the name that findings have.
type Rule string

// The properties.
const (
	NoCreation    Rule = "no-creation"
	NoDuplication Rule = "no-duplication"
	Stability     Rule = "stability"
	Validity      Rule = "validity"
	Agreement     Rule = "agreement"
	FIFOOrder     Rule = "fifo-order"
	CausalOrder   Rule = "causal-order"
	TotalOrder    Rule = "total-order"
)

// Reliable is the name of the model that promises no order.
const Reliable = "reliable"

var (
	bestEffort = []Rule{NoCreation, NoDuplication, Stability, Validity}
	reliable   = append(slices.Clone(bestEffort), Agreement)
	fifo       = append(slices.Clone(reliable), FIFOOrder)
)

// models are all there are, the stronger before the weaker; total order implies reliable, and is otherwise independent of the others.
var models = []Model{
	{"total-order", "all nodes deliver the same messages in one order", append(slices.Clone(reliable), TotalOrder)},
	{"causal-order", "all nodes deliver the same messages, none before one that happened before it", append(slices.Clone(fifo), CausalOrder)},
	{"fifo-order", "all nodes deliver the same messages, those of one node in its order", fifo},
	{Reliable, "all nodes deliver the same messages, in any order", reliable},
	{"byzantine-reliable", "all honest nodes deliver the same messages, those of honest nodes among them, and perhaps what nobody has broadcast",
		[]Rule{NoDuplication, Stability, Validity, Agreement}},
	{"best-effort", "all nodes deliver the messages of a node that does not die", bestEffort},
}

// Names are the names of all models, the stronger before the weaker.
func Names() []string {
	var names []string
	for _, m := range models {
		names = append(names, m.Name)
	}
	return names
}

// ModelByName finds a model. The error says which there are.
func ModelByName(name string) (Model, error) {
	for _, m := range models {
		if m.Name == name {
			return m, nil
		}
	}
	return Model{}, fmt.Errorf("unknown model of broadcasts %q; %s", name, nearest.Hint(name, Names(), "there are"))
}

// Weaker returns the names of the other models whose properties the model has.
func (m Model) Weaker() (names []string) {
	for _, other := range models {
		lacks := func(r Rule) bool { return !slices.Contains(m.Rules, r) }
		if other.Name != m.Name && !slices.ContainsFunc(other.Rules, lacks) {
			names = append(names, other.Name)
		}
	}
	return names
}

// rules are those of some models, each once, in the order in which they are judged.
func rules(names []string) []Rule {
	var all []Rule
	for _, m := range models {
		if slices.Contains(names, m.Name) {
			all = append(all, m.Rules...)
		}
	}
	asked := []Rule{NoCreation, NoDuplication, Stability, Validity, Agreement, FIFOOrder, CausalOrder, TotalOrder}
	return slices.DeleteFunc(asked, func(r Rule) bool { return !slices.Contains(all, r) })
}
