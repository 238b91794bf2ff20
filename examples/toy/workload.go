package toy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"faultline"
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

func init() {
	faultline.RegisterWorkload(workloads.Info{
		Name: "toy-count", Doc: "numbers that grow", Ops: []string{"next"},
		Open: func(workloads.Options) workloads.Workload { return counting{} },
	})
}

// counting has every client count for as long as there are faults.
type counting struct{}

func (counting) Phases() []workloads.Phase {
	return []workloads.Phase{{When: workloads.During, Generator: func(workloads.Client) workloads.Generator { return forever{} }}}
}

func (counting) Checkers() []checker.Checker { return []checker.Checker{growing{}} }

type forever struct{}

func (forever) Next() (cluster.Op, bool)         { return cluster.Op{F: "next"}, true }
func (forever) Done(cluster.Op, cluster.Outcome) {}

// growing asks whether every number is new, and larger than all that had been returned before it was asked for.
type growing struct{}

func (growing) Name() string { return "growing" }

func (g growing) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	counted := slices.DeleteFunc(slices.Clone(in.Operations), func(op history.Operation) bool { return op.Outcome != history.OK })
	returned := slices.SortedFunc(slices.Values(counted), func(a, b history.Operation) int { return cmp.Compare(a.Returned, b.Returned) })
	part := checker.Part{Name: g.Name(), Validity: checker.Valid, Reason: "every number is new and larger than those before", Operations: len(counted)}
	var largest history.Operation // of those that had returned
	given := map[int64]history.Operation{}
	for _, op := range counted { // in the order in which they were invoked
		for ; returned[0].Returned < op.Invoked; returned = returned[1:] {
			if number(returned[0]) > number(largest) {
				largest = returned[0]
			}
		}
		if other, twice := given[number(op)]; twice {
			part.Findings = append(part.Findings, finding(other, op, "%d was given out twice", number(op)))
		} else if number(op) < number(largest) {
			part.Findings = append(part.Findings, finding(largest, op, "%d was given out after %d", number(op), number(largest)))
		}
		given[number(op)] = op
	}
	if len(part.Findings) > 0 {
		part.Validity, part.Reason = checker.Invalid, part.Findings[0].Sentence
	}
	return part
}

func number(op history.Operation) int64 {
	n, _ := op.Output.Int()
	return n
}

func finding(earlier, later history.Operation, format string, args ...any) checker.Finding {
	f := checker.Finding{Rule: "growing", Validity: checker.Invalid, Sentence: fmt.Sprintf(format, args...)}
	f.Show(earlier, later)
	return f
}
