package checker

import (
	"slices"
	"strings"
)

// Verdict is what is stored and shown of a history: one answer, why, and the parts it was merged from.
type Verdict struct {
	Validity Validity `json:"validity"`
	Reason   string   `json:"reason"`
	Parts    []Part   `json:"parts"`
}

// Part is the answer to one of the questions that a verdict is merged from.
type Part struct {
	Name     string   `json:"name"` // the question: linearizable, tested, …
	Validity Validity `json:"validity"`
	Reason   string   `json:"reason"`

	// The rest is for parts that check a model key by key.
	Model      string       `json:"model,omitempty"`
	Stage      string       `json:"stage,omitempty"` // the algorithms that decided, by key the first that could
	Keys       int          `json:"keys,omitempty"`
	Operations int          `json:"operations,omitempty"`
	NotValid   []KeyVerdict `json:"not_valid,omitempty"` // the keys that are invalid or unknown, by name
}

// KeyVerdict is the answer for one key.
type KeyVerdict struct {
	Key        string   `json:"key"`
	Validity   Validity `json:"validity"`
	Reason     string   `json:"reason"`
	Operations int      `json:"operations"`

	Explanation *Explanation `json:"explanation,omitempty"` // of an invalid key, if one was found in time
}

// Conclude merges parts into a verdict. Its reason is that of the parts that decided it.
func Conclude(parts ...Part) Verdict {
	answers := make([]Validity, len(parts))
	for i, p := range parts {
		answers[i] = p.Validity
	}
	v := Verdict{Validity: Merge(answers...), Parts: slices.Clone(parts)}
	var reasons []string
	for _, p := range parts {
		if p.Validity == v.Validity {
			reasons = append(reasons, p.Reason)
		}
	}
	if v.Reason = strings.Join(reasons, "; "); v.Reason == "" {
		v.Reason = "nothing was checked"
	}
	return v
}
