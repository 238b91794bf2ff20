package audit

import (
	"faultline/checker"
	"faultline/internal/audit/oracle"
)

// unexplained says which finding of an object does not show what it should.
func unexplained(s sample, findings []checker.Finding) string {
	for _, f := range findings {
		if f.Validity != checker.Invalid {
			continue
		}
		ops, d := involved(s, f)
		switch {
		case d != "":
			return d
		case len(ops) == 0:
			return "an invalid key without an explanation"
		case oracle.Linearizable(s.spec(), ops):
			return "the explanation is linearizable by itself"
		}
	}
	return ""
}

// involved are the operations of a finding as the sample has them.
func involved(s sample, f checker.Finding) (ops []oracle.Operation, difference string) {
	byPosition := map[int]oracle.Operation{}
	for _, op := range oracle.Operations(s.events) {
		byPosition[op.Invoked] = op
	}
	for _, i := range f.Operations {
		op, ok := byPosition[i.Invoked]
		if !ok || op.Process != i.Process || i.Write && op.F != "cas" {
			return nil, "the explanation names an operation that there is not"
		}
		if i.Write {
			op.F, op.Input, op.Compared = "write", op.Input.Items()[1], false
		}
		ops = append(ops, op)
	}
	return ops, ""
}
