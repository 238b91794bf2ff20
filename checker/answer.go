package checker

import (
	"slices"

	"faultline/history"
)

// answerNothing are functions without a result. Jepsen's clients complete them with the argument once more, which is not worth showing.
// The viewer has the same list, in rundata.js.
var answerNothing = []string{"write", "put", "add", "append", "insert", "enqueue", "push", "inc", "dec", "delete", "remove", "acquire", "release", "attach", "revoke"}

// Answered reports whether the output of an operation is a result. That of a swap is one even if it equals the argument.
func Answered(op *history.Operation) bool {
	return op.Output.Kind() != history.None && !(op.Output.Equal(op.Input) && slices.Contains(answerNothing, op.F))
}
