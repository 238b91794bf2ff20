package checker

import (
	"slices"

	"faultline/history"
)

// answerNothing are functions that have nothing to answer. Jepsen's clients complete them with the argument once more, which is
// not worth telling. The viewer has the same list, in rundata.js.
var answerNothing = []string{"write", "put", "add", "append", "insert", "enqueue", "push", "inc", "dec", "delete", "remove", "acquire", "release"}

// Answered reports whether the output of an operation says something: that of a swap does even where it equals the argument.
func Answered(op *history.Operation) bool {
	return op.Output.Kind() != history.None && !(op.Output.Equal(op.Input) && slices.Contains(answerNothing, op.F))
}
