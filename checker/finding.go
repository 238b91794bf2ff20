package checker

import (
	"cmp"
	"time"
)

// Finding is one thing that is wrong, or that could not be decided.
type Finding struct {
	Rule    string `json:"rule"`              // what is broken: "linearizable", "monotonic-reads", "election safety", "recovered"
	Anomaly string `json:"anomaly,omitempty"` // the known pattern that breaks it: "stale read", "WriteCORead"; empty if it is none
	// On is the object: a key or a node. It is empty if the finding is about the history as a whole, or about an object without
	// a name.
	On       string   `json:"on,omitempty"`
	Validity Validity `json:"validity"`        // Invalid or Unknown
	Sentence string   `json:"sentence"`        // what is wrong, or why it is not known, for people
	Bound    Bound    `json:"bound,omitempty"` // the bound that was met, if it is not known for that reason
	// Cause says what in the system led to it. It is no part of the verdict.
	Cause   string `json:"cause,omitempty"`
	Picture string `json:"picture,omitempty"` // the intervals of the operations, a line each
	// Operations are those that show it. They show it by themselves, as a history of their own, unless the checker says that its rules
	// are about the whole history. Those of linear and ladder are as few as can be, if there was time; other checkers add what tells the
	// reader how it came: a failed operation, or the release after which a lock is free.
	Operations []Involved `json:"operations,omitempty"`
	// Held are the values of which the object held one before the operations; none if that is what the model says.
	Held  []string `json:"held,omitempty"`
	Steps []Step   `json:"steps,omitempty"` // why each of them comes before the next: a cycle
	// Initial is what the object would have to hold at first for the same operations to be right, as EDN. It is empty unless such a
	// value is known.
	Initial string `json:"initial,omitempty"`
	// Hint says under which other reading the operations are right.
	Hint  string        `json:"hint,omitempty"`
	At    time.Duration `json:"at_ns,omitempty"` // when it came to light, where no operations show it; since the start of the test
	Total int           `json:"total,omitempty"` // how many operations the object has
}

// String is the sentence, behind the name of the anomaly if it has one.
func (f Finding) String() string {
	if f.Anomaly == "" {
		return f.Sentence
	}
	return f.Anomaly + ": " + f.Sentence
}

// Kind groups findings that are the same kind of violation: "linearizable: stale read".
func (f Finding) Kind() string {
	if f.Anomaly == "" {
		return f.Rule
	}
	return f.Rule + ": " + f.Anomaly
}

// Involved is an operation of a finding.
type Involved struct {
	Process int `json:"process"`
	// Name is what sentences call it: "T1". It is empty if they call it by what it did.
	Name string `json:"name,omitempty"`
	Text string `json:"text"` // what it did and saw, in a few words
	// MicroOps are those of a transaction, in order. Other operations have none.
	MicroOps []MicroOp `json:"micro_ops,omitempty"`
	Invoked  int       `json:"invoked"`  // position in the history
	Returned int       `json:"returned"` // -1 if nothing completes it or its outcome is unknown
	// Write says that a cas stands for no more than a write of its value: the rule is broken whatever it expects.
	Write bool `json:"write,omitempty"`
}

// MicroOp is a step of a transaction: a read, a write, an append or a scan.
type MicroOp struct {
	Key  string `json:"key"`  // of a scan the prefix
	Text string `json:"text"` // what it did and saw: "append x 1", "r y → [2]"
}

// Called is what sentences call an operation of the finding, by its position in Operations; -1 is the initial value.
func (f *Finding) Called(i int) string {
	if i < 0 {
		return "initial value"
	}
	return cmp.Or(f.Operations[i].Name, f.Operations[i].Text)
}
