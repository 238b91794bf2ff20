package checker

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"faultline/history"
)

// explain says of an invalid key where it went wrong: at the first return until which there is no
// order any more. It looks for that by halves, because every prefix of a linearizable history is
// linearizable. If it meets a bound on the way, the reason stays general.
func (k *keyCheck) explain(deadline time.Time, opts Options) {
	k.example = Counterexample{Key: k.name, question: k.question, opts: opts}
	k.reason = fmt.Sprintf("no order of its %s explains what clients saw", count(len(k.ops), "operation"))

	returns := k.returns()
	decided := true
	first := sort.Search(len(returns), func(i int) bool {
		if !decided {
			return true // any answer brings the search to its end
		}
		q := k.mustCompile(prefix(k.ops, returns[i].Returned))
		answer, _ := newSearch(q, opts.Memory).run(time.Until(deadline))
		decided = answer != Unknown
		return answer == Invalid
	})
	if !decided || first == len(returns) {
		return
	}
	culprit := &returns[first]
	until := prefix(k.ops, culprit.Returned)
	k.example.question = k.mustCompile(until)
	k.reason = fmt.Sprintf("%s (%s) fits into no order of the %s until then",
		describe(culprit), circumstances(culprit), count(len(until), "operation"))
}

// mustCompile states the question for a part of the operations, which were compiled as a whole before.
func (k *keyCheck) mustCompile(ops []history.Operation) question {
	q, err := k.model.compile(ops)
	if err != nil {
		panic(err)
	}
	return q
}

// returns are the operations that a prefix of the history can end with, by position of their return.
func (k *keyCheck) returns() []history.Operation {
	var returned []history.Operation
	for _, op := range k.ops {
		if op.Outcome != history.Info {
			returned = append(returned, op)
		}
	}
	slices.SortFunc(returned, func(a, b history.Operation) int { return a.Returned - b.Returned })
	return returned
}

// prefix is what is known of ops at a position of the history. An operation that has not returned
// there may still take effect, so it is pending; one that will fail never does and is left out.
//
// A linearization of a longer prefix, cut off before the first operation that is invoked after the
// position, is one of this prefix: what is cut off comes after everything that has returned there. So
// once a prefix has no linearization, no longer one has.
func prefix(ops []history.Operation, position int) []history.Operation {
	var known []history.Operation
	for _, op := range ops {
		switch {
		case op.Invoked > position:
			continue
		case op.Outcome == history.Info || op.Returned <= position:
		case op.Outcome == history.Fail:
			continue
		default:
			op.Outcome, op.Output = history.Info, history.Value{}
		}
		known = append(known, op)
	}
	return known
}
