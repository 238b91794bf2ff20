package txn

import (
	"faultline/checker"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/models"
	"faultline/internal/timebound"
)

// byUpdates decides update serializability of lists: the transactions that write are serializable, and so they are with each one of the others
// (Adya 1999, PL-3U). Only those that are on some cycle have to be looked at.
func byUpdates(a *analysis) answer {
	relation := a.data.views(models.Data)[0].relation()
	in := a.input(relation)
	for _, component := range graph.Components(&in, models.Data) {
		keep := make([]bool, a.record.Len())
		var readers []int32
		for _, t := range component {
			if keep[t] = a.writes(t); !keep[t] {
				readers = append(readers, t)
			}
		}
		if found := a.circular(relation, keep); found != nil {
			return answer{validity: checker.Invalid, finding: a.finding(*found)}
		}
		for _, t := range readers {
			if a.stopped() {
				return answer{finding: checker.Finding{Bound: checker.TimeBound, Sentence: "what each transaction sees of those that write was not looked at everywhere"}}
			}
			keep[t] = true
			if found := a.circular(relation, keep); found != nil {
				return answer{validity: checker.Invalid, finding: a.finding(*found)}
			}
			keep[t] = false
		}
	}
	return answer{validity: checker.Valid}
}

// circular finds a cycle of some transactions.
func (a *analysis) circular(r graph.Relation, keep []bool) *example {
	in := a.input(among{r, keep})
	in.Committed = keep
	cycles, _ := graph.Find(&in, graph.Classes(models.Data), graph.DefaultWork)
	if len(cycles) == 0 {
		return nil
	}
	return &example{anomaly: "G-update", cycle: &cycles[0]}
}

func (a *analysis) stopped() bool { return timebound.Closed(a.stop) }

// among is a relation among some transactions.
type among struct {
	graph.Relation
	keep []bool
}

// Out implements graph.Relation.
func (m among) Out(node int32, arcs []graph.Arc) []graph.Arc {
	txns := int32(m.Txns())
	if node < txns && !m.keep[node] {
		return arcs
	}
	for _, arc := range m.Relation.Out(node, nil) {
		if arc.To >= txns || m.keep[arc.To] {
			arcs = append(arcs, arc)
		}
	}
	return arcs
}
