package workloads

import (
	"fmt"
	"slices"

	"faultline/checker/catalog"
	"faultline/checker/clocks"
	"faultline/checker/ladder"
	"faultline/checker/order"
	"faultline/checker/txn/models"
	"faultline/cluster"
)

// Models says which consistency models the histories of a workload can be held to, see Options.ConsistencyModels.
type Models uint8

const (
	OwnRules        Models = iota // none: it is judged by rules of its own
	EventualModel                 // eventual consistency, and no other
	RegisterModels                // those of package ladder; they can be held to Options.Staleness, too
	IsolationLevels               // those of package checker/txn/models
	BroadcastModels               // those of package checker/order
	Clocks                        // those of package checker/clocks
)

// NamedModels are the consistency models with these names that the histories of a workload can be held to; all stands for every
// one. Those of registers are those of a workload that is judged by rules of its own, or is not known: see CheckModels.
func NamedModels(workload string, names []string) ([]string, error) {
	switch w, _ := ByName(workload); w.Models {
	case IsolationLevels:
		return catalog.IsolationLevels.Models(names)
	case BroadcastModels:
		return catalog.BroadcastModels.Models(names)
	case Clocks:
		return catalog.Clocks.Models(names)
	default:
		return catalog.RegisterModels.Models(names)
	}
}

// CheckModels refuses to hold histories of the workload to consistency models that nobody can judge them by.
func (w Info) CheckModels(o Options) error {
	if _, err := NamedModels(w.Name, o.ConsistencyModels); err != nil {
		return err
	}
	asked := len(o.ConsistencyModels) > 0 || o.Staleness > 0
	switch eventual := slices.Equal(o.ConsistencyModels, []string{ladder.Eventual}); {
	case w.Models == RegisterModels, !asked:
		return nil
	case w.Models == IsolationLevels && o.Staleness > 0:
		return fmt.Errorf("workload %s is held to levels of isolation: staleness is for registers", w.Name)
	case w.Models >= BroadcastModels && o.Staleness > 0:
		return fmt.Errorf("workload %s is held to models of its own: staleness is for registers", w.Name)
	case w.Models == IsolationLevels, w.Models >= BroadcastModels:
		return nil
	case w.Models == EventualModel && (o.Staleness > 0 || !eventual):
		return fmt.Errorf("workload %s is judged by rules of its own: of the consistency models it has %s, and staleness is for registers", w.Name, ladder.Eventual)
	case w.Models == EventualModel:
		return nil
	default:
		return fmt.Errorf("workload %s is judged by rules of its own: consistency models and staleness are for registers and transactions", w.Name)
	}
}

// In are the options for a mode of a system. Transactions are held to the level of isolation that the mode claims, and broadcasts to
// the models that it keeps. Where it claims none transactions are strictly serializable, as registers are linearizable, and broadcasts
// reliable. Of clocks the logical ones are judged. What has rules of its own, and eventual ones, is held to these where the mode claims no more.
func (o Options) In(mode cluster.Mode, w Info) Options {
	switch {
	case len(o.ConsistencyModels) > 0:
	case w.Models == EventualModel && mode.Model == ladder.Eventual:
		o.ConsistencyModels = []string{ladder.Eventual}
	case w.Models == IsolationLevels:
		o.ConsistencyModels = []string{models.StrictSerializable}
		if m, err := models.ByName(mode.Model); err == nil {
			o.ConsistencyModels = []string{m.Name}
		}
	case w.Models == BroadcastModels:
		o.ConsistencyModels = []string{order.Reliable}
		if _, err := catalog.BroadcastModels.Models(mode.Keeps); err == nil && len(mode.Keeps) > 0 {
			o.ConsistencyModels = mode.Keeps
		}
	case w.Models == Clocks:
		o.ConsistencyModels = clocks.Logical()
	}
	return o
}
