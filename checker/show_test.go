package checker_test

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
)

// A checker of one's own says what is wrong in a sentence, and shows the operations.
func ExampleFinding_Show() {
	ops := []history.Operation{
		{Process: 1, F: "acquire", Key: "a", Outcome: history.OK, Output: history.IntValue(7), Invoked: 0, Returned: 2},
		{Process: 4, F: "acquire", Key: "a", Outcome: history.OK, Output: history.IntValue(7), Invoked: 3, Returned: 5},
		{Process: 2, F: "release", Key: "a", Outcome: history.Info, Invoked: 1, Returned: -1},
	}
	f := checker.Finding{Rule: "tokens grow", On: "a", Validity: checker.Invalid, Sentence: "token 7 was given twice"}
	f.Show(ops...)
	fmt.Print(f.Sentence, "\n", f.Picture)
	// Output:
	// token 7 was given twice
	// process 1  acquire a → 7     |-----|
	// process 2  release a (info)     |-----------…
	// process 4  acquire a → 7              |--|
}
