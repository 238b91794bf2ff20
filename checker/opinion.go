package checker

import (
	"fmt"
	"strings"

	"faultline/internal/wording"
)

// Opinion is what another checker, by another algorithm, says about the objects of a part.
type Opinion struct {
	By       string    `json:"by"`      // the name of the other checker
	Objects  int       `json:"objects"` // that the part judged
	Agreed   int       `json:"agreed"`  // of these, those on which both came to the same answer; about all others it was not asked, or gave up
	Disputes []Dispute `json:"disputes,omitempty"`
}

// Dispute is an object about which two checkers disagree, so one of them is wrong.
type Dispute struct {
	On     string   `json:"on,omitempty"` // as in Finding
	Ours   Validity `json:"ours"`
	Theirs Validity `json:"theirs"`
}

// Add sums up the opinions about several histories.
func (o *Opinion) Add(p Opinion) {
	o.By = p.By
	o.Objects += p.Objects
	o.Agreed += p.Agreed
	o.Disputes = append(o.Disputes, p.Disputes...)
}

// String is the opinion as a sentence.
func (o Opinion) String() string {
	if len(o.Disputes) > 0 {
		return fmt.Sprintf("%s disagrees about %s", o.By, wording.Count(len(o.Disputes), "key"))
	}
	return fmt.Sprintf("%s agrees on %d of %s", o.By, o.Agreed, wording.Count(o.Objects, "key"))
}

// DisputeKind is the kind of a verdict that two checkers disagree about. It is an internal error.
const DisputeKind = "second opinion"

// dispute says which answers of a part another checker disputes; empty if it disputes none.
func (p Part) dispute() string {
	if p.Opinion == nil || len(p.Opinion.Disputes) == 0 {
		return ""
	}
	var all []string
	for _, d := range p.Opinion.Disputes {
		on := "the history"
		if d.On != "" {
			on = "key " + d.On
		}
		all = append(all, fmt.Sprintf("%s is %v by %s, and %v by %s", on, d.Ours, p.Stage, d.Theirs, p.Opinion.By))
	}
	return "one of two checkers is wrong: " + strings.Join(all, "; ") + ". This is a bug of Faultline, please report it with the history"
}

// Opinion sums up the second opinions about the parts; nil if there is none.
func (v Verdict) Opinion() *Opinion {
	var sum *Opinion
	for _, p := range v.Parts {
		if p.Opinion == nil {
			continue
		}
		if sum == nil {
			sum = new(Opinion)
		}
		sum.Add(*p.Opinion)
	}
	return sum
}

// Disputed tells whether two checkers disagree about a part.
func (v Verdict) Disputed() bool {
	for _, p := range v.Parts {
		if p.dispute() != "" {
			return true
		}
	}
	return false
}
