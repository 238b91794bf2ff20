package sets

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/elements"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// IDsPart is the name of the part.
const IDsPart = "unique-ids"

// UniqueIDs asks whether no id was handed out twice, as Jepsen's unique-ids does. An id is any value but null: 8 is another one than
// "8". What an operation returns that is not ok is nobody's id.
//
//	duplicated  two operations were answered with the same id
func UniqueIDs() checker.Checker {
	return perkey.Kind{Part: IDsPart, Noun: "generator of ids", Functions: []string{"generate"}, Begin: func() perkey.Judge { return new(ids) }}.Checker()
}

// ids judges generators of ids.
type ids struct{ distinct int }

func (j *ids) Judge(o *perkey.Object) []checker.Finding {
	var numbers elements.Numbers
	var owners []*history.Operation // by number, who got an id first
	var first, again *history.Operation
	twice := 0
	for i := range o.Clock.UpTo(len(o.Operations)) {
		op := o.Operations[i]
		if op.Outcome != history.OK {
			continue
		}
		if k := op.Output.Kind(); k == history.None || k == history.Nil {
			return []checker.Finding{o.Unreadable(op, "it is ok and returns no id")}
		}
		id := numbers.Of(op.Output)
		if int(id) == len(owners) {
			owners = append(owners, op)
			continue
		}
		if twice++; again == nil {
			first, again = owners[id], op
		}
	}
	j.distinct += len(owners)
	if twice == 0 {
		return nil
	}
	return []checker.Finding{o.Found("duplicated", fmt.Sprintf("%s and %s both returned %s%s", perkey.Who(first), perkey.Who(again), perkey.Short(again.Output),
		perkey.More(twice, "duplicate")), first, again)}
}

func (j *ids) Held() (string, bool) {
	if j.distinct == 0 {
		return "no id was handed out", false
	}
	return wording.Count(j.distinct, "id") + " handed out, none of them twice", true
}
