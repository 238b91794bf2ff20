package results

import (
	"fmt"

	"faultline/checker"
)

// Suites are the comparison as CI systems show it: a suite for each table, in which each setup has a case for each model that
// it is to keep, and one for coming to an end. What setups are not bound to keep is no test.
func (c *Comparison) Suites() []Suite {
	var all []Suite
	for i := range c.Tables {
		t := &c.Tables[i]
		s := Suite{Name: t.Condition, Settings: c.Settings}
		for j := range t.Rows {
			r := &t.Rows[j]
			s.Cases = append(s.Cases, r.ended(c.Runs))
			for _, model := range r.Keeps {
				s.Cases = append(s.Cases, r.keeps(model))
			}
		}
		all = append(all, s)
	}
	return all
}

func (r *ComparisonRow) ended(runs int) Case {
	test := Case{Name: r.Setup + ": every run comes to an end", Validity: checker.Valid}
	if r.Judged < runs {
		test.Validity = checker.Unknown
		test.Reason = fmt.Sprintf("%d of %d runs crashed", runs-r.Judged, runs)
	}
	return test
}

func (r *ComparisonRow) keeps(model string) Case {
	a := r.Answer(model)
	test := Case{Name: r.Setup + ": keeps " + model, Validity: checker.Valid}
	switch {
	case a.Refuted > 0:
		test.Validity, test.Reason, test.Picture = checker.Invalid, fmt.Sprintf("seed %d: %s", a.Seed, a.Reason), a.Picture
		test.Commands = []Setting{{"again", a.Again}}
	case a.Unknown > 0:
		test.Validity, test.Reason = checker.Unknown, fmt.Sprintf("%d runs could not be decided", a.Unknown)
	}
	return test
}
