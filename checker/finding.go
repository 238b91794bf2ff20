package checker

// Explanation shows why a history has no order: operations that have none among themselves, in which no
// operation can be left out. Porcupine confirmed that they have none.
type Explanation struct {
	Sentence   string     `json:"sentence"`
	Picture    string     `json:"picture"` // the intervals, a line each
	Operations []Involved `json:"operations"`
}

// Involved is an operation of an explanation.
type Involved struct {
	Process  int    `json:"process"`
	Text     string `json:"text"`     // what it did and saw, in a few words
	Invoked  int    `json:"invoked"`  // position in the history
	Returned int    `json:"returned"` // -1 if nothing completes it or its outcome is unknown
	// Write says that a cas stands for no more than a write of its value: there is no order even if it expects nothing.
	Write bool `json:"write,omitempty"`
}
