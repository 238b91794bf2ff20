package recorded

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/catalog"
)

// hint adds to an invalid verdict which reading of the same operations, if any, asks for less and is kept. It reads the file once
// more for each that it tries.
func (c *check) hint() {
	e, err := catalog.ByName(c.result.Model)
	if err != nil || c.result.Verdict.Validity != checker.Invalid || len(c.result.Consistency) > 0 {
		return
	}
	for _, name := range e.Weaker {
		verdict, ok := c.under(name)
		if !ok || verdict.Validity != checker.Valid {
			continue
		}
		findings := c.result.Verdict.Parts[0].Findings
		for i := range findings {
			if findings[i].Validity == checker.Invalid {
				findings[i].Hint = fmt.Sprintf("with --model %s it is valid: %s", name, verdict.Reason)
				return
			}
		}
	}
}

// under is the verdict with another model; false if that makes nothing of the file.
func (c *check) under(model string) (checker.Verdict, bool) {
	again := &check{options: c.options, input: c.input, result: &Result{File: c.result.File}, start: c.start}
	again.options.Model, again.options.ModelOptions = model, nil
	again.options.Check.SecondOpinion, again.options.Keep = checker.NoSecondOpinion, false
	err := again.run()
	return again.result.Verdict, err == nil
}
