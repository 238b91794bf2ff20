package results

import (
	"fmt"

	"faultline/checker"
)

// Suites are the comparison for a CI system: a suite for each level, with a case for each model that it is to keep.
func (c *Comparison) Suites() []Suite {
	var all []Suite
	for i := range c.Tables {
		t := &c.Tables[i]
		for j := range t.Rows {
			r := &t.Rows[j]
			s := Suite{Name: fmt.Sprintf("%s: %s", t.Condition, r.Setup), Settings: c.Settings}
			for _, model := range r.Keeps {
				s.Cases = append(s.Cases, r.kept(model, c.Runs))
			}
			if len(s.Cases) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// kept says whether a model was kept that is to be kept.
func (r *ComparisonRow) kept(model string, runs int) Case {
	a := r.Answer(model)
	test := Case{Name: model, Validity: checker.Valid, Reason: "no run refuted it"}
	switch {
	case a.Refuted > 0:
		test.Validity, test.Reason, test.Picture = checker.Invalid, a.Reason, a.Picture
		test.Commands = []Setting{{"again", a.Again}}
	case a.Unknown > 0 || r.Judged < runs:
		test.Validity, test.Reason = checker.Unknown, fmt.Sprintf("%d runs came to no answer", a.Unknown+runs-r.Judged)
	}
	return test
}
