package checker

import (
	"slices"
	"strings"
)

// Verdict is the answer about a run, with its reason and the parts that it was merged from.
type Verdict struct {
	Validity Validity `json:"validity"`
	Reason   string   `json:"reason"`
	Parts    []Part   `json:"parts"`
}

// Part is the answer to one of the questions that a verdict is merged from.
type Part struct {
	Name     string   `json:"name"` // the question: LinearizablePart, TestedPart, …
	Validity Validity `json:"validity"`
	Reason   string   `json:"reason"`

	Model      string    `json:"model,omitempty"`
	Stage      string    `json:"stage,omitempty"`      // the algorithms that decided: for each object the first that could
	Objects    int       `json:"objects,omitempty"`    // how many objects, such as keys, were judged separately
	Operations int       `json:"operations,omitempty"` // how many were judged
	Findings   []Finding `json:"findings,omitempty"`   // what is invalid, and what could not be decided
	// Opinion is what another checker says; nil if none was asked.
	Opinion *Opinion `json:"second_opinion,omitempty"`
}

// Judged is the part with the answer that its findings give: invalid if one of them is, else unknown if one is, else valid. Its reason
// is the first finding that decided it, or what is said of a part without findings.
func (p Part) Judged(findings []Finding, valid string) Part {
	p.Findings, p.Validity, p.Reason = findings, Valid, valid
	for _, f := range findings {
		if merged := Merge(p.Validity, f.Validity); merged != p.Validity {
			p.Validity, p.Reason = merged, f.String()
		}
	}
	return p
}

// The names of parts.
const (
	LinearizablePart = "linearizable"
	StalenessPart    = "bounded staleness"
	ConsistencyPart  = "consistency" // models weaker than linearizable
	InvariantsPart   = "invariants"
	TestedPart       = "tested"
	RecoveredPart    = "recovered"
	CaughtUpPart     = "caught up"
	AvailablePart    = "available"
	HistoryPart      = "history" // whether there is one that can be judged
	WorldPart        = "world"   // whether the test came to its end
)

// Conclude merges parts into a verdict. Its reason is that of the parts that decided it. What two checkers disagree about is unknown,
// whatever else is known.
func Conclude(parts ...Part) Verdict {
	for _, p := range parts {
		if dispute := p.dispute(); dispute != "" {
			return Verdict{Reason: dispute, Parts: slices.Clone(parts)}
		}
	}
	answers := make([]Validity, len(parts))
	for i, p := range parts {
		answers[i] = p.Validity
	}
	v := Verdict{Validity: Merge(answers...), Parts: slices.Clone(parts)}
	var reasons []string
	for _, p := range v.deciding() {
		reasons = append(reasons, p.Reason)
	}
	if v.Reason = strings.Join(reasons, "; "); v.Reason == "" {
		v.Reason = "nothing was checked"
	}
	return v
}

// deciding are the parts whose answer is that of the verdict.
func (v Verdict) deciding() []Part {
	var parts []Part
	for _, p := range v.Parts {
		if p.Validity == v.Validity {
			parts = append(parts, p)
		}
	}
	return parts
}

// Kind is the kind of the first finding that decided the verdict or, where a part has none, the name of the part. It is empty if the
// verdict is valid.
func (v Verdict) Kind() string {
	switch {
	case v.Validity == Valid:
		return ""
	case v.Disputed():
		return DisputeKind
	}
	deciding := v.deciding()
	if len(deciding) == 0 {
		return ""
	}
	for _, f := range deciding[0].Findings {
		if f.Validity == v.Validity {
			return f.Kind()
		}
	}
	return deciding[0].Name
}

// Shown is the first finding that has a picture; zero if none has.
func (v Verdict) Shown() Finding {
	for _, p := range v.Parts {
		for _, f := range p.Findings {
			if f.Picture != "" {
				return f
			}
		}
	}
	return Finding{}
}
