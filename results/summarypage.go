package results

import (
	"fmt"
	"io"
	"slices"

	"faultline/checker"
	"faultline/internal/wording"
)

// summaryPage writes the page of a campaign.
func summaryPage(w io.Writer, s *Summary) error {
	view := summaryView{Summary: s}
	view.count()
	return execute(w, "campaign.html", view)
}

// count sorts the runs by their verdicts, and comes to the one of all.
func (v *summaryView) count() {
	for _, r := range v.Runs {
		switch r.Validity {
		case checker.Valid:
			v.Valid++
			continue
		case checker.Invalid:
			v.Invalid++
		default:
			v.Unknown++
		}
		v.Failures = append(v.Failures, r)
	}
	slices.SortStableFunc(v.Failures, func(a, b Row) int { return int(b.Validity) - int(a.Validity) }) // invalid first
	v.conclude()
}

// summaryView is what the template of a campaign sees.
type summaryView struct {
	*Summary
	Valid, Invalid, Unknown int
	Validity                checker.Validity
	Conclusion              string
	Failures                []Row
}

func (v *summaryView) conclude() {
	var answers []checker.Validity
	for _, r := range v.Runs {
		answers = append(answers, r.Validity)
	}
	v.Validity = checker.Merge(answers...)
	if v.CanaryLost {
		v.Validity = checker.Merge(v.Validity, checker.Unknown)
	}
	done := len(v.Runs)
	switch {
	case v.Validity == checker.Invalid:
		v.Conclusion = fmt.Sprintf("%s of %s runs found a violation.", wording.Grouped(v.Invalid), wording.Grouped(done))
	case done == 0:
		v.Conclusion = "No run has finished."
	case v.Unknown == 0 && v.CanaryLost:
		v.Conclusion = "The canary was not found, so that the silence of these runs means nothing."
	case v.Validity == checker.Unknown:
		v.Conclusion = fmt.Sprintf("%s of %s runs came to no verdict, which is not a pass.", wording.Grouped(v.Unknown), wording.Grouped(done))
	default:
		v.Conclusion = fmt.Sprintf("%s runs found no violation.", wording.Grouped(done))
	}
	if done < v.Planned {
		v.Conclusion += fmt.Sprintf(" %s are not finished.", wording.Grouped(v.Planned-done))
	}
}
