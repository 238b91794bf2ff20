package txn

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/txn/internal/direct"
	"faultline/internal/wording"
)

// integrity is the rule that reads return what was written, once: no level of isolation is about anything else.
const integrity = "integrity"

// faults are the anomalies that are no matter of isolation. The store is to blame for those that are invalid, and who made the
// transactions for the others.
var faults = map[string]checker.Validity{
	string(direct.GarbageRead):       checker.Invalid,
	string(direct.DuplicateElements): checker.Invalid,
	string(direct.DuplicateAppends):  checker.Unknown,
}

func fault(anomaly string) bool {
	_, ok := faults[anomaly]
	return ok
}

// judged is what an anomaly that is no matter of isolation makes of the verdict. What was read and nobody wrote may be from a transaction that
// could not be understood.
func (a *analysis) judged(anomaly string) (validity checker.Validity, ok bool) {
	validity, ok = faults[anomaly]
	if anomaly == string(direct.GarbageRead) && a.record.Obscure {
		validity = checker.Unknown
	}
	return validity, ok
}

// faultTitles are the names of faults for people, which other checkers use too.
var faultTitles = map[string]string{string(direct.GarbageRead): "thin-air read"}

// malformed says which transactions could not be understood. Events are counted from 0, as Jepsen's :index does.
func (a *analysis) malformed() []checker.Finding {
	all := a.record.Malformed
	if len(all) == 0 {
		return nil
	}
	m := all[0]
	op := &a.ops[m.Txn]
	sentence := fmt.Sprintf("process %d's transaction, which begins with event %d, is malformed: %s: %s", op.Process, op.Invoked, wording.Line(m.Value.Shown(), longestText), m.Reason)
	transactions := map[int32]bool{}
	for _, other := range all {
		transactions[other.Txn] = true
	}
	if n := len(transactions); n > 1 {
		sentence += fmt.Sprintf("; so are %s more", wording.Grouped(n-1))
	}
	return []checker.Finding{{Rule: "well-formed", Validity: checker.Unknown, Sentence: sentence, Operations: a.involved([]int32{m.Txn})}}
}
