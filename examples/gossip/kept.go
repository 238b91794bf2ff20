package gossip

import (
	"context"
	"fmt"

	"faultline/checker"
	"faultline/history"
)

// kept asks whether every read of the end, when all nodes had told each other everything, found each element that was
// acknowledged, and none that nobody had added.
type kept struct{}

// Name implements checker.Checker.
func (kept) Name() string { return "kept" }

// Check implements checker.Checker. Without a read it cannot say.
func (k kept) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	var reads, adds []history.Operation
	for _, op := range in.Operations {
		switch {
		case op.F == "add":
			adds = append(adds, op)
		case op.Outcome == history.OK && op.Invoke >= in.Settled:
			reads = append(reads, op)
		}
	}
	part := checker.Part{Name: k.Name(), Operations: len(adds)}
	if len(reads) == 0 {
		part.Reason = "nobody read the set in the end"
		return part
	}
	for _, read := range reads {
		part.Findings = append(part.Findings, judge(adds, read)...)
	}
	part.Validity, part.Reason = checker.Valid, fmt.Sprintf("%d reads found all that was acknowledged", len(reads))
	if len(part.Findings) > 0 {
		part.Validity, part.Reason = checker.Invalid, part.Findings[0].Sentence
	}
	return part
}

// judge finds what is wrong with a read. Of the elements that it lacks it shows the first.
func judge(adds []history.Operation, read history.Operation) []checker.Finding {
	var found []checker.Finding
	seen := map[int64]bool{}
	elements, _ := read.Output.Set()
	for _, v := range elements {
		e, _ := v.Int()
		seen[e] = true
	}
	var lost []history.Operation
	for _, add := range adds {
		e, _ := add.Input.Int()
		if add.Outcome == history.OK && !seen[e] {
			lost = append(lost, add)
		}
		delete(seen, e)
	}
	if len(lost) > 0 {
		f := checker.Finding{Rule: "nothing is lost", Validity: checker.Invalid, Sentence: fmt.Sprintf(
			"%d elements that were acknowledged are not on %s, %v by %s among them", len(lost), read.Node(), lost[0].Input, lost[0].Node())}
		f.Show(lost[0], read)
		found = append(found, f)
	}
	if len(seen) > 0 {
		found = append(found, checker.Finding{Rule: "nothing is made up", Validity: checker.Invalid, Sentence: fmt.Sprintf(
			"%d elements that nobody has added are on %s", len(seen), read.Node())})
	}
	return found
}
